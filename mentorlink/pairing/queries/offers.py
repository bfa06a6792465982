"""Reads about offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from mentorlink.competencies.models import Competency, CurrentLevel
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.pairing import rules
from mentorlink.pairing.models import Offer, OfferCompetency, Request
from mentorlink.pairing.policy import may_see_offer
from mentorlink.people.queries import blocked_with


def offer_for(actor: Actor, offer_id: int) -> Offer:
    """An open offer, or the actor's own. Between people who blocked each other there is none."""
    offer = db.session.get(Offer, offer_id)
    if offer is None or not may_see_offer(actor, offer):
        raise NotFound()
    if actor.person_id is not None and offer.person_id in blocked_with(actor.person_id):
        raise NotFound()
    return offer


def own_offers(actor: Actor) -> dict[str, Offer]:
    """The actor's open offers by kind, with the competencies they name."""
    rows = db.session.scalars(
        sa.select(Offer)
        .where(Offer.person_id == actor.person_id, Offer.closed_at.is_(None))
        .options(selectinload(Offer.chosen).joinedload(OfferCompetency.competency))
    )
    return {offer.kind: offer for offer in rows}


def offers_of(person_id: int) -> Sequence[Offer]:
    """What somebody offers now, mentoring first; for their public page."""
    return db.session.scalars(
        sa.select(Offer).where(Offer.person_id == person_id, Offer.closed_at.is_(None)).order_by(Offer.kind.desc())
    ).all()


@dataclass(frozen=True)
class HeldLevel:
    """A competency in which somebody has a level."""

    code: str
    name: Mapping[str, str]
    level: int


@dataclass(frozen=True)
class OfferView:
    """What stands around one's own offer of a kind, open or not yet."""

    held: Sequence[HeldLevel]
    """Every competency in which one has a level, the highest first."""
    brings: Sequence[HeldLevel]
    """Those that the offer shows now."""
    pairs: Sequence[Request]
    """Accepted requests whose pair lasts."""


def offer_view(actor: Actor, kind: str) -> OfferView:
    """The actor's own offer of this kind and what it rests on."""
    rows = db.session.execute(
        sa.select(Competency.code, Competency.name, CurrentLevel.level)
        .join(Competency, CurrentLevel.competency_id == Competency.id)
        .where(CurrentLevel.person_id == actor.person_id, CurrentLevel.level > 0, Competency.retired_at.is_(None))
        .order_by(CurrentLevel.level.desc(), Competency.framework_id, Competency.position)
    )
    held = [HeldLevel(*row) for row in rows]
    offer = own_offers(actor).get(kind)
    shown = rules.offered(
        {each.code: each.level for each in held}, [row.competency.code for row in offer.chosen] if offer else ()
    )
    pairs = db.session.scalars(
        sa.select(Request)
        .join(Offer, Request.offer_id == Offer.id)
        .where(Offer.person_id == actor.person_id, Offer.kind == kind, Request.state == "accepted", Request.ended_at.is_(None))
        .order_by(Request.closed_at)
        .limit(50)
    )
    return OfferView(held, [each for each in held if each.code in shown], pairs.all())
