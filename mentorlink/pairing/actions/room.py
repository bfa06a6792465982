"""Places that are taken and given back because a round of HR's says so, not because two people asked and answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa

from mentorlink.competencies.queries import among
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.pairing.events import OfferRoomChanged, PlacesTaken
from mentorlink.pairing.models import Offer
from mentorlink.pairing.policy import may_use_places


@action
def take_places(actor: Actor, wanted: Mapping[int, int]) -> set[int]:
    """Take so many places of each offer, by its id; returns those that gave them. All of an offer's places or none.

    The offers are locked in the order of their ids, so two who take many at once wait for each other and never both for ever.
    """
    ensure(may_use_places, actor)
    db.session.execute(sa.select(Offer.id).where(among(Offer.id, wanted)).order_by(Offer.id).with_for_update())
    by_number: dict[int, list[int]] = defaultdict(list)
    for offer_id, number in wanted.items():
        by_number[number].append(offer_id)
    rooms: list[tuple[int, int, int]] = []
    for number, ids in sorted(by_number.items()):
        taken = db.session.execute(
            sa.update(Offer)
            .where(among(Offer.id, ids), Offer.gives(number))
            .values(taken=Offer.taken + number)
            .returning(Offer.id, Offer.person_id, Offer.capacity - Offer.taken - Offer.held)
            .execution_options(synchronize_session=False)
        )
        rooms += [(offer_id, person_id, free) for offer_id, person_id, free in taken]
    if rooms:
        record(PlacesTaken(tuple(sorted(rooms))))
    return {offer_id for offer_id, _person_id, _free in rooms}


@action
def return_place(actor: Actor, offer: Offer) -> Offer:
    """One place of the offer is free again."""
    ensure(may_use_places, actor)
    db.session.execute(sa.update(Offer).where(Offer.id == offer.id, Offer.taken > 0).values(taken=Offer.taken - 1))
    db.session.refresh(offer)
    record(OfferRoomChanged(offer.id, offer.person_id, offer.free))
    return offer
