"""What pairing does when others have spoken: note who in the pool is not as they were, free places, end what cannot go on.

A note takes its number under the lock of one row, held until the commit: numbers stand in the order of the commits, so a
process that has seen number 7 has seen all before it. Notes come last in a transaction, so the lock is short.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.events import LevelsChanged
from mentorlink.competencies.queries import among
from mentorlink.kernel import clock, crypto, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into
from mentorlink.pairing.actions import (
    close_offer,
    close_requests,
    end_invitation,
    expire_request,
    forget_shown,
    free_place,
    give_places,
    keep_words,
    lapse_place,
    leave_line,
    leave_ranking,
    propose_model,
    remind_of_request,
    withdraw_invitations,
    withdraw_places,
    withdraw_request,
)
from mentorlink.pairing.events import (
    ChoicesChanged,
    InvitationTaken,
    OfferChanged,
    OfferClosed,
    OfferOpened,
    OfferRoomChanged,
    OffersSaved,
    PlacesTaken,
    RequestAccepted,
    RequestEvent,
    WaitingJoined,
)
from mentorlink.pairing.models import (
    HeldPlace,
    Invitation,
    NeedVoice,
    Offer,
    PoolChange,
    PoolState,
    Request,
    RequestMessage,
    SavedPerson,
    Waiting,
)
from mentorlink.pairing.queries import choices_of, learn_words, offers_that_may_fit, somebody_waits, verdict_of, words_are_due
from mentorlink.pairing.stages import IN_LINE, KINDS, OPEN
from mentorlink.people.events import (
    Blocked,
    ErasureGranted,
    PeopleSaved,
    PersonChanged,
    PersonLeft,
    PersonReturned,
    RankingRefused,
    UnitChanged,
    UnitsSaved,
)
from mentorlink.people.models import Person, Unit
from mentorlink.sessions.coaching.events import EngagementClosed, EngagementDeclined, EngagementEndedEarly
from mentorlink.sessions.mentoring.events import MentorshipClosed, MentorshipEndedEarly

MOST_NOTES = 500
"""More people at once than this, and the pool is built anew instead."""

FEW = 50
"""So many are looked after in one job; more are spread over several."""

REST = 300
"""Seconds: after changes of very many, words are learnt again no more often than this."""


def note_levels(event: LevelsChanged) -> None:
    """Levels are what an offer brings."""
    note_people(event.person_ids)


def note_person(event: PersonChanged | PersonReturned) -> None:
    """Profile, job, unit, languages and texts stand in the pool."""
    note_people((event.person_id,))


def note_saved_people(event: PeopleSaved) -> None:
    """The same for many."""
    note_people(event.changed)


def note_unit(event: UnitChanged) -> None:
    """A unit that moved takes its people along."""
    note_people(_people_of((event.unit_id,)))


def note_saved_units(event: UnitsSaved) -> None:
    """The same for many."""
    note_people(_people_of(event.unit_ids))


def note_offer(event: OfferOpened | OfferChanged | OfferClosed | OfferRoomChanged) -> None:
    """An offer came, went, or has another number of free places."""
    note_people((event.person_id,))


def note_taken_places(event: PlacesTaken) -> None:
    """The same for many. Nobody in a line is looked after: a place that is taken is never one that became free."""
    note_people({person_id for _offer_id, person_id, _free in event.rooms})


def note_saved_offers(event: OffersSaved) -> None:
    """The same for many."""
    note_people(event.person_ids)


def release_place(event: MentorshipClosed | MentorshipEndedEarly) -> None:
    """A mentorship is over: the place it took is free again."""
    for request in db.session.scalars(sa.select(Request).where(Request.mentorship_id == event.mentorship_id)):
        free_place(request)


def release_coaching_place(event: EngagementDeclined | EngagementClosed | EngagementEndedEarly) -> None:
    """A coaching is over, or came to nothing after the first talk: the place it took is free again."""
    for request in db.session.scalars(sa.select(Request).where(Request.engagement_id == event.engagement_id)):
        free_place(request)


def close_what_a_leaver_had(event: PersonLeft) -> None:
    """Who left offers nothing and asks nobody."""
    house = Actor.system()
    for offer in db.session.scalars(sa.select(Offer).where(Offer.person_id == event.person_id, Offer.closed_at.is_(None))):
        close_offer(house, offer)
    for request in db.session.scalars(sa.select(Request).where(Request.person_id == event.person_id, Request.state.in_(OPEN))):
        withdraw_request(house, request)
    waits = sa.select(Waiting).where(Waiting.person_id == event.person_id, Waiting.state.in_(IN_LINE))
    for waiting in db.session.scalars(waits).all():
        leave_line(house, waiting)
    withdraw_invitations(Invitation.person_id == event.person_id)
    db.session.execute(
        sa.delete(SavedPerson).where(sa.or_(SavedPerson.person_id == event.person_id, SavedPerson.saved_id == event.person_id))
    )
    db.session.execute(sa.delete(NeedVoice).where(NeedVoice.person_id == event.person_id, NeedVoice.settled_at.is_(None)))


def end_requests_between(event: Blocked) -> None:
    """Open requests between two of whom one blocked the other go back, and nobody learns why."""
    house = Actor.system()
    one, other = event.person_id, event.blocked_id
    for request in db.session.scalars(sa.select(Request).where(_from_to(one, other), Request.state.in_(OPEN))):
        withdraw_request(house, request)
    close_requests(_from_to(other, one))
    for mentee, mentor in ((one, other), (other, one)):
        withdraw_places(_between(HeldPlace, mentee, mentor))
        withdraw_invitations(_between(Invitation, mentee, mentor))
        waits = sa.select(Waiting).where(_between(Waiting, mentee, mentor), Waiting.state.in_(IN_LINE))
        for waiting in db.session.scalars(waits).all():
            leave_line(house, waiting)


def _between(table: type[HeldPlace] | type[Invitation] | type[Waiting], mentee: int, mentor: int) -> sa.ColumnElement[bool]:
    return sa.and_(table.person_id == mentee, table.offer_id.in_(sa.select(Offer.id).where(Offer.person_id == mentor)))


def close_lines_of_pair(event: RequestAccepted | InvitationTaken) -> None:
    """Who found somebody waits no more for this one, for anybody, or for the competencies that the request was about."""
    request = db.session.get_one(Request, event.request_id)
    wanted = [row.competency_id for row in request.competencies]
    found = sa.or_(
        Waiting.offer_id == request.offer_id,
        sa.and_(Waiting.offer_id.is_(None), Waiting.competency_id.is_(None)),
        Waiting.competency_id.in_(wanted),
    )
    rows = sa.select(Waiting).where(
        Waiting.person_id == request.person_id, Waiting.kind == request.offer.kind, Waiting.state.in_(IN_LINE), found
    )
    for waiting in db.session.scalars(rows).all():
        leave_line(Actor.system(), waiting)


def look_for_next(event: OfferOpened | OfferChanged | OfferRoomChanged | RequestEvent) -> None:
    """A place may have become free: whoever is first in line is asked, as a job, within a second or two."""
    if not somebody_waits():
        return
    offer_id = db.session.get_one(Request, event.request_id).offer_id if isinstance(event, RequestEvent) else event.offer_id
    jobs.enqueue("pairing.find_places", {"offers": [offer_id]})


def look_for_place(event: WaitingJoined) -> None:
    """Somebody joined the line: there may be a place for them already."""
    jobs.enqueue("pairing.find_places", {"waiting": [event.waiting_id]})


def look_after_saving(event: OffersSaved) -> None:
    """Many offers came at once: go through the whole line."""
    if event.person_ids and somebody_waits():
        jobs.enqueue("pairing.find_places", {})


def look_after_levels(event: LevelsChanged) -> None:
    """Levels are what an offer brings and what somebody waits for."""
    if not somebody_waits():
        return
    if len(event.person_ids) > FEW:
        jobs.enqueue("pairing.find_places", {})
        return
    offers = db.session.scalars(sa.select(Offer.id).where(among(Offer.person_id, event.person_ids), Offer.closed_at.is_(None)))
    waits = db.session.scalars(
        sa.select(Waiting.id).where(among(Waiting.person_id, event.person_ids), Waiting.state == "waiting")
    )
    payload = {"offers": offers.all(), "waiting": waits.all()}
    if any(payload.values()):
        jobs.enqueue("pairing.find_places", {name: list(ids) for name, ids in payload.items()})


def find_places(payload: dict[str, Any]) -> None:
    """Job: offer free places to the first in line. Without ids the whole line is gone through, some at a time."""
    if not payload:
        ids = list(
            db.session.scalars(sa.select(Waiting.id).where(Waiting.state == "waiting").order_by(Waiting.since, Waiting.id))
        )
        for start in range(0, len(ids), FEW):
            jobs.enqueue("pairing.find_places", {"waiting": ids[start : start + FEW]})
        return
    offers = {*payload.get("offers", ()), *(offers_that_may_fit(payload["waiting"]) if payload.get("waiting") else ())}
    if offers:
        give_places(Actor.system(), sorted(offers))


def lapse_when_due(payload: dict[str, Any]) -> None:
    """Job: the time of an offered place is up."""
    if (place := db.session.get(HeldPlace, payload["place_id"])) is not None:
        lapse_place(Actor.system(), place)


def end_invitation_when_due(payload: dict[str, Any]) -> None:
    """Job: the time of an invitation is up."""
    if (invitation := db.session.get(Invitation, payload["invitation_id"])) is not None:
        end_invitation(Actor.system(), invitation)


def _from_to(asker_id: int, mentor_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(Request.person_id == asker_id, Request.offer_id.in_(sa.select(Offer.id).where(Offer.person_id == mentor_id)))


def expire_when_due(payload: dict[str, Any]) -> None:
    """Job: the time of a request is up."""
    if (request := db.session.get(Request, payload["request_id"])) is not None:
        expire_request(Actor.system(), request)


def remind_when_due(payload: dict[str, Any]) -> None:
    """Job: a day of a request is left."""
    if (request := db.session.get(Request, payload["request_id"])) is not None:
        remind_of_request(Actor.system(), request)


def refresh_pool(payload: dict[str, Any]) -> None:
    """Job, apart, hourly: learn the words by which all processes read texts, where they are due; with a new edition each of
    them builds its pool anew (years of experience, rarity of words). Told of anything (``{"many": 1}``: very many changed;
    ``{"unread": 1}``: a process cannot read those that are there), it does not ask whether they are due."""
    if payload or words_are_due():
        keep_words(Actor.system(), learn_words())


def stop_ranking(event: RankingRefused) -> None:
    """Who objects to being ranked is ranked no more, from this moment on."""
    leave_ranking(Actor.system(), event.person_id, unseen=event.unseen)


def forget_what_was_shown(event: ChoicesChanged) -> None:
    """Who objects to automated ranking leaves no trace in what it is learned from."""
    if choices_of(event.person_id).unranked:
        forget_shown(Actor.system(), of_person=event.person_id)


def forget_old_lists(_payload: dict[str, Any]) -> None:
    """Job, daily: what lists showed longer ago than the setting says goes."""
    forget_shown(Actor.system())


def fit_rankings(_payload: dict[str, Any]) -> None:
    """Job, apart: learn from what came of lists; what ranks better than policy is proposed to the administrators."""
    for kind in KINDS:
        found = verdict_of(kind)
        if found is not None and found[1].is_better:
            propose_model(Actor.system(), kind, evidence=found[0], verdict=found[1], seed=0)


def note_people(person_ids: Collection[int]) -> None:
    """Note those of ``person_ids`` who ever offered something."""
    if not person_ids:
        return
    concerned = db.session.scalars(
        sa.select(Offer.person_id).where(among(Offer.person_id, person_ids)).distinct().limit(MOST_NOTES + 1)
    ).all()
    if len(concerned) > MOST_NOTES:
        _note([None])
        slot = int(clock.now().timestamp() // REST + 1) * REST
        run_at = datetime.fromtimestamp(slot, UTC)
        jobs.enqueue("pairing.refresh_pool", {"many": 1}, run_at=run_at, dedupe_key=f"pairing.refresh_pool:{slot}")
    elif concerned:
        _note(list(concerned))


def _note(person_ids: list[int | None]) -> None:
    first = insert_into(PoolState).values(id=1, epoch=crypto.new_token()[:32], seq=len(person_ids))
    last = db.session.scalar(
        first.on_conflict_do_update(index_elements=[PoolState.id], set_={"seq": PoolState.seq + len(person_ids)}).returning(
            PoolState.seq
        )
    )
    assert last is not None
    rows = [
        {"seq": last - len(person_ids) + number, "person_id": person_id, "changed_at": clock.now()}
        for number, person_id in enumerate(person_ids, start=1)
    ]
    db.session.execute(sa.insert(PoolChange), rows)


def _people_of(unit_ids: Collection[int]) -> list[int]:
    """Who offers something in these units or below them."""
    paths = db.session.scalars(sa.select(Unit.path).where(among(Unit.id, unit_ids))).all()
    rows = db.session.execute(
        sa.select(Offer.person_id, Unit.path).join(Person, Offer.person_id == Person.id).join(Unit, Person.unit_id == Unit.id)
    )
    return sorted({person_id for person_id, own in rows if any(own.startswith(path) for path in paths)})


def erase_finding(event: ErasureGranted) -> None:
    """Within: what lists showed somebody, whom they saved, what they voiced, and their words in what is settled go."""
    me = event.person_id
    if "finding" not in event.parts:
        return
    forget_shown(Actor.system(), of_person=me)
    for table in (SavedPerson, NeedVoice):
        db.session.execute(sa.delete(table).where(table.person_id == me))
    settled, own = sa.select(Request.id).where(Request.closed_at.is_not(None)), sa.select(Offer.id).where(Offer.person_id == me)
    for change in (
        sa.update(Request).where(Request.person_id == me, Request.closed_at.is_not(None)).values(message=""),
        sa.update(RequestMessage).where(RequestMessage.author_id == me, RequestMessage.request_id.in_(settled)).values(body=""),
        sa.update(Request).where(Request.offer_id.in_(own), Request.closed_at.is_not(None)).values(decline_words=None),
        sa.update(Invitation).where(Invitation.person_id == me, Invitation.closed_at.is_not(None)).values(reply=None),
        sa.update(Invitation).where(Invitation.offer_id.in_(own), Invitation.closed_at.is_not(None)).values(message=""),
        sa.update(Offer).where(Offer.person_id == me, Offer.closed_at.is_not(None)).values(message=""),
    ):
        db.session.execute(change, execution_options={"synchronize_session": False})
