"""Places that are taken and given back because a round of HR's says so, not because two people asked and answered."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.pairing.events import OfferRoomChanged
from mentorlink.pairing.models import Offer
from mentorlink.pairing.policy import may_use_places


@action
def take_place(actor: Actor, offer: Offer) -> Offer:
    """One place of the offer is in use; refused when none is free, however many take one at once."""
    ensure(may_use_places, actor)
    taken = db.session.execute(
        sa.update(Offer)
        .where(
            Offer.id == offer.id,
            Offer.taken + Offer.held < Offer.capacity,
            Offer.closed_at.is_(None),
            sa.or_(Offer.paused_until.is_(None), Offer.paused_until <= clock.today()),
        )
        .values(taken=Offer.taken + 1)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("no_room")
    db.session.refresh(offer)
    record(OfferRoomChanged(offer.id, offer.person_id, offer.free))
    return offer


@action
def return_place(actor: Actor, offer: Offer) -> Offer:
    """One place of the offer is free again."""
    ensure(may_use_places, actor)
    db.session.execute(sa.update(Offer).where(Offer.id == offer.id, Offer.taken > 0).values(taken=Offer.taken - 1))
    db.session.refresh(offer)
    record(OfferRoomChanged(offer.id, offer.person_id, offer.free))
    return offer
