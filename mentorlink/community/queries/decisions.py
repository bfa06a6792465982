"""Reads about decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.community.models.communities import Community, Membership
from mentorlink.community.models.decisions import Alternative, Decision, Stance
from mentorlink.community.policy import decisions as policy
from mentorlink.community.policy.lives import may_see_inside
from mentorlink.community.queries.lives import with_person
from mentorlink.community.rules import decisions as rules
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound


@dataclass(frozen=True)
class Ballot:
    """A decision as its page shows it. How one votes stays one's own: there are sums and, by consent, the objections."""

    alternatives: tuple[Alternative, ...]
    votes: dict[int, int]
    agreed: int
    aside: int
    objections: tuple[Stance, ...]
    said: int
    members: int
    needed: int
    mine: Stance | None


def decision_for(actor: Actor, decision_id: int) -> Decision:
    """A decision of a community to which the actor belongs."""
    row = db.session.scalar(
        sa.select(Decision)
        .where(Decision.id == decision_id)
        .options(joinedload(Decision.community), with_person(Decision.opened_by), selectinload(Decision.alternatives))
    )
    if row is None or not policy.may_see_decision(actor, row):
        raise NotFound()
    return row


def decisions_for(actor: Actor, community: Community, *, limit: int = 50) -> list[Decision]:
    """Decisions, the open ones first, then the newest."""
    if not may_see_inside(actor, community):
        raise NotFound()
    return list(
        db.session.scalars(
            sa.select(Decision)
            .where(Decision.community_id == community.id)
            .options(selectinload(Decision.alternatives))
            .order_by(sa.case((Decision.state == "open", 0), else_=1), Decision.id.desc())
            .limit(limit)
        )
    )


def ballot_for(actor: Actor, decision: Decision) -> Ballot:
    """The ways, and where the members stand. Three queries."""
    if not policy.may_see_decision(actor, decision):
        raise NotFound()
    ways = decision.alternatives
    stances = db.session.scalars(
        sa.select(Stance).where(Stance.decision_id == decision.id).options(with_person(Stance.person)).order_by(Stance.said_at)
    ).all()
    members = decision.voters if decision.voters is not None else member_count_of(decision.community_id)
    return Ballot(
        alternatives=tuple(ways),
        votes=dict(rules.tally([way.id for way in ways], said_of(stances))),
        agreed=sum(one.stance == "agree" for one in stances),
        aside=sum(one.stance == "aside" for one in stances),
        objections=tuple(one for one in stances if one.stance == "object"),
        said=len(stances),
        members=members,
        needed=rules.needed(members),
        mine=next((one for one in stances if actor.is_person(one.person_id)), None),
    )


def alternatives_of(decision_id: int) -> list[Alternative]:
    """The ways weighed, in order."""
    return list(
        db.session.scalars(sa.select(Alternative).where(Alternative.decision_id == decision_id).order_by(Alternative.position))
    )


def said_of(stances: Iterable[Stance]) -> list[rules.Said]:
    """Stances as the rules read them."""
    return [rules.Said(one.stance, one.alternative_id) for one in stances]


def member_count_of(community_id: int) -> int:
    """How many belong."""
    return db.session.scalar(sa.select(sa.func.count()).where(Membership.community_id == community_id)) or 0
