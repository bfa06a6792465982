"""Requests: send, accept, decline, ask back and answer, withdraw, expire."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from mentorlink.competencies.models import Competency
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.pairing.actions.asker import locked_person
from mentorlink.pairing.actions.kept import ask_for_place, let_go, place_of, take_kept
from mentorlink.pairing.events import (
    OfferRoomChanged,
    RequestAccepted,
    RequestAnsweredBack,
    RequestAskedBack,
    RequestDeclined,
    RequestExpired,
    RequestReminded,
    RequestSent,
    RequestWithdrawn,
)
from mentorlink.pairing.inputs import AnswerInput, AskInput, DeclineInput, QuestionInput
from mentorlink.pairing.models import Offer, Request, RequestCompetency, RequestMessage
from mentorlink.pairing.policy import (
    may_accept_request,
    may_answer_back,
    may_ask_back,
    may_decline_request,
    may_expire_request,
    may_send_request,
    may_withdraw_request,
)
from mentorlink.pairing.queries.line import kept_place
from mentorlink.pairing.queries.mentees import asking, barriers
from mentorlink.pairing.queries.requests import open_request_to, open_requests, own_request
from mentorlink.pairing.queries.terms import terms_of
from mentorlink.pairing.stages import OFFER_ENDED, OPEN, QUESTIONS, STEPS, turn_of
from mentorlink.people.models import Person
from mentorlink.sessions.coaching.actions import begin_engagement
from mentorlink.sessions.mentoring.actions.start import start_mentorship

REMIND_BEFORE = timedelta(days=1)


@action
def send_request(actor: Actor, offer: Offer, data: AskInput) -> Request:
    """Ask somebody. The same form sent twice is one request.

    Refused when a rule forbids the pair, when no place is free, when this person was asked already, or when too many
    requests are open. A place that is kept for who asks goes with the request, whatever else is open.
    """
    ensure(may_send_request, actor, offer)
    asker = locked_person(actor)
    if (same := own_request(actor, data.client_id)) is not None:
        return same
    terms = terms_of(offer.kind, asker)
    if open_request_to(actor, offer) is not None:
        raise Conflict("already_asked")
    kept = kept_place(asker.id, offer.id)
    if kept is None and open_requests(actor) >= terms.most_open:
        raise Conflict("too_many_open", most=terms.most_open)
    refuse_barriers(offer, asker)
    if kept is None and offer.free <= 0:
        raise Conflict("no_room")
    instant = clock.now()
    request = Request(
        offer_id=offer.id, person_id=asker.id, programme_id=offer.programme_id or terms.programme_id, client_id=data.client_id,
        state="sent", message=data.message, sent_at=instant, expires_at=instant + terms.answer_within,
    )  # fmt: skip
    request.competencies = [RequestCompetency(competency_id=id_) for id_ in competency_ids(data.competencies)]
    with or_refuse(Conflict("already_asked")):
        db.session.add(request)
    if kept is not None:
        ask_for_place(kept, request)
    _watch(request)
    record(RequestSent(request.id, asker.id, offer.person_id))
    return request


@action
def accept_request(actor: Actor, request: Request) -> Request:
    """Say yes: take a place and begin. Accepting twice is accepting once.

    The hard rules are checked again and the place is taken in this transaction, so nobody gets one too many, however
    many say yes at once.
    """
    ensure(may_accept_request, actor, request)
    if not _open_for("accept", request):
        return request
    offer = request.offer
    refuse_barriers(offer, request.person)
    kept = place_of(request)
    if kept is None or not take_kept(kept):
        take_place(offer)
    begin_pair(actor, request)
    _close(request, "accept")
    request.replied_at = request.replied_at or clock.now()
    record(RequestAccepted(request.id, request.person_id, offer.person_id, request.mentorship_id, request.engagement_id))
    record(OfferRoomChanged(offer.id, offer.person_id, offer.free))
    return request


@action
def decline_request(actor: Actor, request: Request, data: DeclineInput) -> Request:
    """Say no with a reason, which the asker sees as it was chosen. Saying it twice is saying it once."""
    ensure(may_decline_request, actor, request)
    if not _open_for("decline", request):
        return request
    request.decline_reason, request.decline_words = data.reason, data.words or None
    request.replied_at = request.replied_at or clock.now()
    _close(request, "decline")
    record(RequestDeclined(request.id, request.person_id, request.mentor_id))
    return request


@action
def ask_back(actor: Actor, request: Request, data: QuestionInput) -> Request:
    """Ask one question before saying yes or no. The asker's answer gives the mentor the full time again."""
    ensure(may_ask_back, actor, request)
    if _said_already(lock(request), actor, data.body, "asked_back"):
        return request
    _check_step("ask_back", request)
    if sum(message.kind == "question" for message in request.thread) >= QUESTIONS:
        raise Conflict("enough_questions", most=QUESTIONS)
    request.replied_at = request.replied_at or clock.now()
    _say(request, actor, "question", data.body)
    _move_on(request, "ask_back")
    record(RequestAskedBack(request.id, request.person_id, request.mentor_id))
    return request


@action
def answer_back(actor: Actor, request: Request, data: AnswerInput) -> Request:
    """Answer the mentor's question; then it is the mentor's turn again."""
    ensure(may_answer_back, actor, request)
    if _said_already(lock(request), actor, data.body, "sent"):
        return request
    _check_step("answer_back", request)
    _say(request, actor, "answer", data.body)
    _move_on(request, "answer_back")
    record(RequestAnsweredBack(request.id, request.person_id, request.mentor_id))
    return request


@action
def withdraw_request(actor: Actor, request: Request) -> Request:
    """Take a request back. Twice is once."""
    ensure(may_withdraw_request, actor, request)
    if not _open_for("withdraw", request):
        return request
    _close(request, "withdraw")
    record(RequestWithdrawn(request.id, request.person_id, request.mentor_id))
    return request


@action
def expire_request(actor: Actor, request: Request) -> Request:
    """Return a request whose time is up to who sent it; one that is answered or still has time is left as it is."""
    ensure(may_expire_request, actor)
    lock(request)
    if request.is_open and request.expires_at <= clock.now():
        _close(request, "expire")
        record(RequestExpired(request.id, request.person_id, request.mentor_id))
    return request


@action
def remind_of_request(actor: Actor, request: Request) -> Request:
    """Remind the one whose turn it is, once, when a day is left."""
    ensure(may_expire_request, actor)
    lock(request)
    if request.is_open and request.expires_at - REMIND_BEFORE <= clock.now() < request.expires_at:
        turn = request.mentor_id if turn_of(request.state) == "asked" else request.person_id
        record(RequestReminded(request.id, request.person_id, request.mentor_id, turn))
    return request


def close_requests(which: sa.ColumnElement[bool]) -> None:
    """Return open requests whose offer is there no more, without a cause being named. For use inside an action or effect."""
    for request in db.session.scalars(sa.select(Request).where(which, Request.state.in_(OPEN)).order_by(Request.id)):
        if not lock(request).is_open:
            continue
        request.decline_reason = OFFER_ENDED
        _close(request, "decline")
        record(RequestDeclined(request.id, request.person_id, request.mentor_id))


def free_place(request: Request) -> bool:
    """Give back the place of an accepted request; False when it was given back before."""
    ended = db.session.execute(
        sa.update(Request).where(Request.id == request.id, Request.ended_at.is_(None)).values(ended_at=clock.now())
    )
    if ended.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        return False
    offer = request.offer
    db.session.execute(sa.update(Offer).where(Offer.id == offer.id, Offer.taken > 0).values(taken=Offer.taken - 1))
    db.session.refresh(offer)
    db.session.refresh(request)
    record(OfferRoomChanged(offer.id, offer.person_id, offer.free))
    return True


def begin_pair(actor: Actor, request: Request) -> None:
    """Begin what the request is for: a mentorship, or the first talk of a coaching. For use inside an action."""
    helper = request.offer.person_id
    if request.offer.kind == "coach":
        begun = begin_engagement(actor, coach_id=helper, coachee_id=request.person_id, programme_id=request.programme_id)
        request.engagement_id = begun.id
        return
    started = start_mentorship(
        actor,
        mentor_id=helper,
        mentee_id=request.person_id,
        programme_id=request.programme_id,
        competency_ids=[row.competency_id for row in request.competencies],
    )
    request.mentorship_id = started.id


def take_place(offer: Offer) -> None:
    """Take a place in one statement, or refuse: nobody gets one too many. For use inside an action."""
    taken = db.session.execute(sa.update(Offer).where(Offer.id == offer.id, Offer.gives()).values(taken=Offer.taken + 1))
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("no_room")
    db.session.refresh(offer)


def refuse_barriers(offer: Offer, person: Person) -> None:
    """Refuse a pair that a rule forbids now. For use inside an action."""
    if offer.closed_at is not None:
        raise Conflict("offer_closed")
    broken = barriers(offer, asking(person, offer.kind))
    if broken:
        raise Conflict("pair_not_allowed", rules=list(broken))


def _open_for(verb: str, request: Request) -> bool:
    """Lock the request; False when this step was taken already, refused when another one was."""
    lock(request)
    if request.state == STEPS[verb].target:
        return False
    _check_step(verb, request)
    return True


def _check_step(verb: str, request: Request) -> None:
    if request.state not in STEPS[verb].sources:
        raise Conflict("request_has_moved_on", state=request.state)


def _close(request: Request, verb: str) -> None:
    request.state = STEPS[verb].target
    request.closed_at = clock.now()
    db.session.flush()
    if verb != "accept" and (kept := place_of(request)) is not None:
        let_go(kept, "returned")


def _move_on(request: Request, verb: str) -> None:
    request.state = STEPS[verb].target
    request.expires_at = clock.now() + terms_of(request.offer.kind, request.person).answer_within
    db.session.flush()
    _watch(request)


def _watch(request: Request) -> None:
    """See to the reminder and the end of this turn."""
    mark = f"{request.id}:{int(request.expires_at.timestamp())}"
    fact = {"request_id": request.id}
    jobs.enqueue("pairing.expire", fact, run_at=request.expires_at, dedupe_key=f"pairing.expire:{mark}")
    remind_at = request.expires_at - REMIND_BEFORE
    if remind_at > clock.now():
        jobs.enqueue("pairing.remind", fact, run_at=remind_at, dedupe_key=f"pairing.remind:{mark}")


def _say(request: Request, actor: Actor, kind: str, body: str) -> None:
    request.thread.append(RequestMessage(author_id=actor.person_id, kind=kind, body=body, created_at=clock.now()))


def _said_already(request: Request, actor: Actor, body: str, state: str) -> bool:
    """True when this very text is the last of the thread: the form was sent twice."""
    last = request.thread[-1] if request.thread else None
    return request.state == state and last is not None and last.author_id == actor.person_id and last.body == body


def competency_ids(codes: tuple[str, ...]) -> list[int]:
    """Ids of the competencies of these codes; a fault at the field when there is none of a code."""
    known = dict(db.session.execute(sa.select(Competency.code, Competency.id).where(Competency.code.in_(codes))).all())
    if unknown := [code for code in codes if code not in known]:
        raise Invalid(Fault("competencies", "unknown_competency", {"code": unknown[0]}))
    return [known[code] for code in dict.fromkeys(codes)]
