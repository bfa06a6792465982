"""Reads about offers."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.pairing.models import Offer, OfferCompetency
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
