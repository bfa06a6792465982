"""Places for who waits: kept, asked for, given back, lapsed.

What is kept stands in ``offer.held``, beside ``taken``; the database refuses more than there is. Every change of it is a
conditional UPDATE in the transaction of the place's own row, so two processes never give one place twice.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict
from mentorlink.pairing import rules
from mentorlink.pairing.events import OfferRoomChanged, PlaceGone, PlaceLapsed, PlaceOffered
from mentorlink.pairing.models import HeldPlace, Offer, Request, Waiting
from mentorlink.pairing.policy import may_decline_place, may_give_places
from mentorlink.pairing.queries.line import next_in_line
from mentorlink.pairing.stages import HOLDING


class _NotHad(Exception):
    """The place or the person was had by somebody else a moment ago."""


@action
def give_places(actor: Actor, offer_ids: list[int]) -> list[HeldPlace]:
    """Keep the free places of these offers for the first in line whom they fit, for a set time each.

    Whoever joined first comes first. A place is kept once, and for nobody who has another one waiting for an answer.
    """
    ensure(may_give_places, actor)
    offers = _locked(offer_ids)
    given = []
    for waiting, offer in next_in_line(offers):
        if (place := _keep(waiting, offer)) is not None:
            given.append(place)
    return given


@action
def decline_place(actor: Actor, place: HeldPlace) -> HeldPlace:
    """Leave an offered place to the next in line and stay where one is in it. Twice is once."""
    ensure(may_decline_place, actor, place)
    if lock(place).state == "asked":
        raise Conflict("place_asked")
    let_go(place, "declined")
    return place


@action
def lapse_place(actor: Actor, place: HeldPlace) -> HeldPlace:
    """Give an offered place whose time is up to the next in line; who let it pass goes to the line's end."""
    ensure(may_give_places, actor)
    if lock(place).is_offered and place.until <= clock.now() and let_go(place, "lapsed"):
        record(PlaceLapsed(place.id, place.person_id, place.offer.person_id))
    return place


def withdraw_places(which: sa.ColumnElement[bool]) -> None:
    """Take back places that are offered and not yet asked for. For use inside an action or effect."""
    rows = sa.select(HeldPlace).where(which, HeldPlace.state == "offered").order_by(HeldPlace.id)
    for place in db.session.scalars(rows).all():
        if let_go(lock(place), "gone"):
            record(PlaceGone(place.id, place.person_id, place.offer.person_id))


def ask_for_place(place: HeldPlace, request: Request) -> None:
    """The request goes for the place that is kept; it stays kept until the request is answered."""
    if not _to(HeldPlace, place.id, ("offered",), {"state": "asked", "request_id": request.id}):
        raise Conflict("no_room")
    _to(Waiting, place.waiting_id, ("offered",), {"state": "asked"})
    db.session.expire(place)


def place_of(request: Request) -> HeldPlace | None:
    """The place that is kept for a request."""
    return db.session.scalar(sa.select(HeldPlace).where(HeldPlace.request_id == request.id, HeldPlace.state == "asked"))


def take_kept(place: HeldPlace) -> bool:
    """Turn a kept place into a taken one, in one statement; False when it was not kept any more."""
    now = clock.now()
    if not _to(HeldPlace, place.id, ("asked",), {"state": "paired", "closed_at": now}):
        return False
    _to(Waiting, place.waiting_id, ("asked",), {"state": "done", "closed_at": now})
    taken = db.session.execute(
        sa.update(Offer)
        .where(Offer.id == place.offer_id, Offer.held > 0, Offer.closed_at.is_(None))
        .values(held=Offer.held - 1, taken=Offer.taken + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("no_room")
    db.session.refresh(place)
    db.session.get_one(Offer, place.offer_id, populate_existing=True)
    return True


def let_go(place: HeldPlace, state: str) -> bool:
    """Give a kept place back to its offer; who waited keeps their place in line, or goes to its end when it lapsed."""
    now = clock.now()
    if not _to(HeldPlace, place.id, HOLDING, {"state": state, "closed_at": now}):
        return False
    db.session.execute(
        sa.update(Offer)
        .where(Offer.id == place.offer_id, Offer.held > 0)
        .values(held=Offer.held - 1)
        .execution_options(synchronize_session=False)
    )
    back: dict[str, object] = {"state": "waiting"} | ({"since": now} if state == "lapsed" else {})
    _to(Waiting, place.waiting_id, HOLDING, back)
    offer = db.session.get_one(Offer, place.offer_id, populate_existing=True)
    db.session.refresh(place)
    record(OfferRoomChanged(offer.id, offer.person_id, offer.free))
    return True


def _keep(waiting: Waiting, offer: Offer) -> HeldPlace | None:
    now = clock.now()
    place = HeldPlace(
        waiting_id=waiting.id, offer_id=offer.id, person_id=waiting.person_id, state="offered", offered_at=now,
        until=now + rules.PLACE_KEPT,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            if not (_hold(offer) and _to(Waiting, waiting.id, ("waiting",), {"state": "offered"})):
                raise _NotHad
            db.session.add(place)
            db.session.flush()
    except (_NotHad, IntegrityError):
        return None
    db.session.refresh(offer)
    jobs.enqueue("pairing.lapse_place", {"place_id": place.id}, run_at=place.until, dedupe_key=f"pairing.lapse_place:{place.id}")
    record(PlaceOffered(place.id, place.person_id, offer.person_id))
    record(OfferRoomChanged(offer.id, offer.person_id, offer.free))
    return place


def _hold(offer: Offer) -> bool:
    held = db.session.execute(
        sa.update(Offer)
        .where(Offer.id == offer.id, Offer.gives())
        .values(held=Offer.held + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(held.rowcount == 1)  # type: ignore[attr-defined]  # an UPDATE answers with a cursor


def _to(table: type[HeldPlace] | type[Waiting], id_: int, sources: tuple[str, ...], values: dict[str, object]) -> bool:
    moved = db.session.execute(
        sa.update(table)
        .where(table.id == id_, table.state.in_(sources))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(moved.rowcount == 1)  # type: ignore[attr-defined]  # an UPDATE answers with a cursor


def _locked(offer_ids: list[int]) -> list[Offer]:
    query = sa.select(Offer).where(Offer.id.in_(offer_ids), Offer.closed_at.is_(None)).order_by(Offer.id)
    query = query.with_for_update(of=Offer).execution_options(populate_existing=True)
    today = clock.today()
    return [
        offer
        for offer in db.session.scalars(query)
        if offer.free > 0 and offer.person.is_active and not rules.is_paused(offer.paused_until, today)
    ]
