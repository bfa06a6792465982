"""Figures for facilitators: how each community stands that somebody leads, the one that needs them most first."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from mentorlink.community.models import Community, Membership
from mentorlink.community.queries.figures import counts_for
from mentorlink.community.rules.figures import FEWEST, Counts, Finding, findings
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db

SHOWN = 20
"""Nobody leads more."""


@dataclass(frozen=True)
class Led:
    """A community that somebody leads: what was counted over the last months, and what stands out most."""

    community: Community
    counts: Counts
    finding: Finding | None

    @property
    def told(self) -> bool:
        """Enough members that figures tell of the community and not of persons."""
        return self.counts.members >= FEWEST

    @property
    def active(self) -> float | None:
        """Share of the members who said something."""
        return sum(1 for said in self.counts.said if said) / self.counts.members if self.told else None


def leads_communities(actor: Actor) -> bool:
    """Whether somebody facilitates any."""
    return db.session.scalar(_led(actor).limit(1)) is not None


def led_for(actor: Actor) -> list[Led]:
    """The communities that the actor facilitates; those with something to do come first."""
    found = [_figures(actor, community) for community in db.session.scalars(_led(actor).order_by(Community.id).limit(SHOWN))]
    order = {"warn": 0, "info": 1, "good": 2, None: 3}
    return sorted(found, key=lambda led: (order[led.finding.tone if led.finding else None], led.community.folded_name))


def _led(actor: Actor) -> sa.Select[tuple[Community]]:
    mine = sa.and_(Membership.person_id == actor.person_id, Membership.role == "facilitator")
    return sa.select(Community).join(Membership, Membership.community_id == Community.id).where(mine)


def _figures(actor: Actor, community: Community) -> Led:
    counts = counts_for(actor, community)
    return Led(community, counts, next(iter(findings(counts)), None))
