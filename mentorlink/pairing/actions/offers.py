"""Offers: open, change, pause, close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from mentorlink.competencies.models import Competency, CurrentLevel
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.stamps import refuse_if_changed
from mentorlink.pairing import rules
from mentorlink.pairing.actions.invitations import withdraw_invitations
from mentorlink.pairing.actions.kept import withdraw_places
from mentorlink.pairing.actions.requests import close_requests
from mentorlink.pairing.actions.waiting import end_waiting_for
from mentorlink.pairing.events import OfferChanged, OfferClosed, OfferOpened, OfferRoomChanged, OffersSaved
from mentorlink.pairing.inputs import OfferInput, PauseInput
from mentorlink.pairing.models import HeldPlace, Invitation, Offer, OfferCompetency, Request
from mentorlink.pairing.policy import may_change_offer, may_open_offer, may_save_offers
from mentorlink.people.actions import grant_role
from mentorlink.people.models import Person, RoleGrant


@action
def open_offer(actor: Actor, kind: str, data: OfferInput, *, person: Person | None = None) -> Offer:
    """Offer to mentor or coach. Who opens an offer to mentor is a mentor from then on. One open offer of each kind."""
    ensure(may_open_offer, actor, kind)
    person_id = person.id if person is not None and actor.is_system else actor.person_id
    owner = db.session.get_one(Person, person_id)
    _check_pause(data.paused_until)
    competency_ids = _held(owner, data.competencies)
    offer = Offer(person_id=owner.id, kind=kind, opened_at=clock.now(), capacity=data.capacity, taken=0, held=0)
    offer.languages, offer.message, offer.paused_until = list(data.languages), data.message, data.paused_until
    offer.chosen = [OfferCompetency(competency_id=competency_id) for competency_id in competency_ids]
    with or_refuse(Conflict("offer_exists")):
        db.session.add(offer)
    if kind == "mentor":
        _make_mentor(owner)
    record(OfferOpened(offer.id, owner.id))
    return offer


@action
def change_offer(actor: Actor, offer: Offer, data: OfferInput, *, seen: str | None = None) -> Offer:
    """Change places, competencies, languages, words and pause. Places in use are not taken away.

    ``seen`` is the stamp of what the form was filled with.
    """
    ensure(may_change_offer, actor, offer)
    before = lock(offer).said
    _still_open(offer)
    if data.paused_until != offer.paused_until:
        _check_pause(data.paused_until)
    in_use = offer.taken + offer.held
    if data.capacity < in_use:
        raise Invalid(Fault("capacity", "capacity_below_taken", {"taken": in_use}))
    competency_ids = _held(offer.person, data.competencies, already=offer)
    room_changed = offer.capacity != data.capacity
    offer.capacity, offer.message, offer.paused_until = data.capacity, data.message, data.paused_until
    offer.languages = list(data.languages)
    kept = {row.competency_id: row for row in offer.chosen}
    offer.chosen = [kept.get(id_) or OfferCompetency(competency_id=id_) for id_ in competency_ids]
    db.session.flush()
    refuse_if_changed(seen, before, offer.said)
    if rules.is_paused(offer.paused_until, clock.today()):
        _end_what_waits(offer)
    record(OfferChanged(offer.id, offer.person_id))
    if room_changed:
        record(OfferRoomChanged(offer.id, offer.person_id, offer.free))
    return offer


@action
def pause_offer(actor: Actor, offer: Offer, data: PauseInput) -> Offer:
    """Take no requests before a day. Requests that are open stay open, and pairs go on."""
    ensure(may_change_offer, actor, offer)
    lock(offer)
    _still_open(offer)
    _check_pause(data.until, field="until")
    offer.paused_until = data.until
    _end_what_waits(offer)
    record(OfferChanged(offer.id, offer.person_id))
    return offer


@action
def resume_offer(actor: Actor, offer: Offer) -> Offer:
    """Take requests again."""
    ensure(may_change_offer, actor, offer)
    lock(offer)
    _still_open(offer)
    offer.paused_until = None
    record(OfferChanged(offer.id, offer.person_id))
    return offer


@action
def close_offer(actor: Actor, offer: Offer) -> Offer:
    """Take no requests any more. Open ones return to who asked; pairs go on. Closing twice is closing once."""
    ensure(may_change_offer, actor, offer)
    lock(offer)
    if offer.closed_at is None:
        offer.closed_at = clock.now()
        close_requests(Request.offer_id == offer.id)
        _end_what_waits(offer)
        end_waiting_for(offer)
        record(OfferClosed(offer.id, offer.person_id))
    return offer


class OfferRow(NamedTuple):
    """An offer to save in bulk."""

    person_id: int
    kind: str = "mentor"
    capacity: int = 2
    competency_ids: Sequence[int] = ()
    languages: Sequence[str] = ()
    message: str = ""


@action
def save_offers(actor: Actor, rows: Iterable[OfferRow]) -> tuple[int, int]:
    """Open or change many offers at once; how many were opened and how many changed. Unchanged ones are left alone.

    Places are raised to those in use where a row has fewer.
    """
    ensure(may_save_offers, actor)
    wanted = {(row.person_id, row.kind): row for row in rows}
    there = {
        (offer.person_id, offer.kind): offer for offer in db.session.scalars(sa.select(Offer).where(Offer.closed_at.is_(None)))
    }
    chosen: dict[int, set[int]] = {}
    for offer_id, competency_id in db.session.execute(sa.select(OfferCompetency.offer_id, OfferCompetency.competency_id)):
        chosen.setdefault(offer_id, set()).add(competency_id)
    opened = [key for key in wanted if key not in there]
    changed = [key for key in wanted if key in there and _differs(there[key], chosen.get(there[key].id, set()), wanted[key])]
    new = {key: Offer(person_id=key[0], kind=key[1], opened_at=clock.now(), taken=0, held=0, capacity=1) for key in opened}
    db.session.add_all(new.values())
    for key in (*opened, *changed):
        _take_over(new.get(key) or there[key], wanted[key])
    db.session.flush()
    touched = [(new.get(key) or there[key], wanted[key]) for key in (*opened, *changed)]
    db.session.execute(sa.delete(OfferCompetency).where(OfferCompetency.offer_id.in_([there[key].id for key in changed])))
    pairs = [{"offer_id": offer.id, "competency_id": id_} for offer, row in touched for id_ in dict.fromkeys(row.competency_ids)]
    if pairs:
        db.session.execute(sa.insert(OfferCompetency), pairs)
    if touched:
        record(OffersSaved(tuple(sorted({offer.person_id for offer, _row in touched}))))
    return len(opened), len(changed)


def _end_what_waits(offer: Offer) -> None:
    """Places that were offered from the line go back, and so do open invitations."""
    db.session.flush()
    withdraw_places(HeldPlace.offer_id == offer.id)
    withdraw_invitations(Invitation.offer_id == offer.id)
    db.session.refresh(offer)


def _make_mentor(person: Person) -> None:
    of_agency = sa.and_(RoleGrant.role == Role.MENTOR, RoleGrant.unit_id.is_(None))
    if db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.person_id == person.id, of_agency)) is None:
        grant_role(Actor.system(), person, Role.MENTOR)


def _differs(offer: Offer, chosen: set[int], row: OfferRow) -> bool:
    return (
        max(row.capacity, offer.taken + offer.held) != offer.capacity
        or list(row.languages) != list(offer.languages)
        or row.message != offer.message
        or set(row.competency_ids) != chosen
    )


def _take_over(offer: Offer, row: OfferRow) -> None:
    offer.capacity = max(row.capacity, offer.taken + offer.held)
    offer.languages, offer.message = list(row.languages), row.message


def _still_open(offer: Offer) -> None:
    if offer.closed_at is not None:
        raise Conflict("offer_closed")


def _check_pause(until: object, *, field: str = "paused_until") -> None:
    if until is not None and until <= clock.today():  # type: ignore[operator]  # a date
        raise Invalid(Fault(field, "day_has_passed"))


def _held(person: Person, codes: Sequence[str], *, already: Offer | None = None) -> list[int]:
    """Ids of the competencies of these codes; refused where the person has no level in one."""
    if not codes:
        return []
    known = dict(db.session.execute(sa.select(Competency.code, Competency.id).where(Competency.code.in_(codes))).all())
    held = set(
        db.session.scalars(
            sa.select(CurrentLevel.competency_id).where(CurrentLevel.person_id == person.id, CurrentLevel.level > 0)
        )
    )
    held |= {row.competency_id for row in already.chosen} if already else set()
    if any(known.get(code) not in held for code in codes):
        raise Invalid(Fault("competencies", "competency_not_held"))
    return [known[code] for code in dict.fromkeys(codes)]
