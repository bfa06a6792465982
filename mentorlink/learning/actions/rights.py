"""What people may ask about their own data, what HR erases, consent by purpose, and from when contract years are counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.learning.events import DataRequestAnswered, DataRequestDue, DataRequested
from mentorlink.learning.inputs import ConsentInput, ContractInput, DataAnswer, DataRequestInput
from mentorlink.learning.models import (
    BehaviourReview,
    Claim,
    Consent,
    ContractTerm,
    DataRequest,
    Evidence,
    Feedback,
    TestSitting,
)
from mentorlink.learning.policy import may_answer_data_request, may_ask_about_data, may_note_contract, may_watch_clock
from mentorlink.learning.queries.settings import settings_now
from mentorlink.learning.stages import PURPOSES
from mentorlink.people.actions import clear_profile, record_audit
from mentorlink.people.events import ErasureGranted, RankingRefused
from mentorlink.people.models import Person

MOST_OPEN = 5


@action
def ask_about_data(actor: Actor, person: Person, data: DataRequestInput) -> DataRequest:
    """Ask for a correction, a deletion, a halt, or object; the clock runs from now. The same sending twice is one request.

    An objection to being ranked and a halt hold at once: HR confirms what is so already.
    """
    ensure(may_ask_about_data, actor, person)
    lock(person)
    mine = sa.select(DataRequest).where(DataRequest.person_id == person.id)
    existing = db.session.scalar(mine.where(DataRequest.client_id == data.client_id))
    if existing is not None:
        return existing
    if len(db.session.scalars(mine.where(DataRequest.state == "open")).all()) >= MOST_OPEN:
        raise Conflict("data_requests_full", limit=MOST_OPEN)
    asked_at = clock.now()
    due_at = asked_at + timedelta(hours=settings_now().answer_hours)
    row = DataRequest(person_id=person.id, state="open", asked_at=asked_at, due_at=due_at, **data.model_dump())
    db.session.add(row)
    db.session.flush()
    if row.kind in ("halt", "objection"):
        record(RankingRefused(person_id=person.id, unseen=row.kind == "halt"))
    if row.kind == "halt":
        db.session.add_all(Consent(person_id=person.id, purpose=purpose, given=False, said_at=asked_at) for purpose in PURPOSES)
    record(DataRequested(request_id=row.id, person_id=person.id))
    record_audit(actor, "data_requested", "data_request", row.id, kind=row.kind)
    return row


@action
def answer_data_request(actor: Actor, request: DataRequest, data: DataAnswer) -> None:
    """Say what was done, or why not; of two who answer at once, one is first. What is to be erased is erased with it."""
    ensure(may_answer_data_request, actor, request)
    if lock(request).state != "open":
        raise Conflict("data_request_answered")
    if data.erase and request.kind != "deletion":
        raise Invalid(Fault("erase", "literal_error"))
    for part in data.erase:
        gone = _ERASE[part](request.person) if part in _ERASE else None
        record_audit(actor, "data_erased", "person", request.person_id, part=part, rows=gone)
    if data.erase:
        record(ErasureGranted(person_id=request.person_id, parts=tuple(data.erase)))
    request.erased = list(dict.fromkeys(data.erase))
    request.state, request.answer = data.state, data.answer
    request.answered_at, request.answered_by_id = clock.now(), actor.person_id
    record(DataRequestAnswered(request_id=request.id, person_id=request.person_id, by_id=actor.person_id or 0))
    record_audit(actor, "data_request_answered", "data_request", request.id, state=data.state)


@action
def watch_clock(actor: Actor) -> int:
    """Tell HR of requests that are due soon, and once more of those that are overdue; returns of how many."""
    ensure(may_watch_clock, actor)
    now, told = clock.now(), 0
    near = now + timedelta(hours=settings_now().warn_hours)
    due = sa.select(DataRequest).where(DataRequest.state == "open", DataRequest.due_at <= near, DataRequest.warned < 2)
    for row in db.session.scalars(due.order_by(DataRequest.due_at, DataRequest.id).with_for_update()):
        late = row.due_at <= now
        if row.warned < (2 if late else 1):
            row.warned, told = (2 if late else 1), told + 1
            record(DataRequestDue(request_id=row.id, person_id=row.person_id, late=late))
    return told


def _erase_profile(person: Person) -> int:
    clear_profile(Actor.system(), person)
    return 1


def _erase_feedback(person: Person) -> int:
    return _gone(sa.delete(Feedback).where(Feedback.person_id == person.id))


def _erase_tests(person: Person) -> int:
    return _gone(sa.delete(TestSitting).where(TestSitting.person_id == person.id))


def _erase_behaviour(person: Person) -> int:
    """The question stays, closed, so that nobody is asked again; what was answered goes."""
    about = sa.update(BehaviourReview).where(BehaviourReview.person_id == person.id)
    return _gone(about.values(score=None, given_at=None, closes_on=clock.today() - timedelta(days=1)))


def _erase_claims(person: Person) -> int:
    """Claims that never counted, with their files."""
    idle = sa.select(Claim.id).where(Claim.person_id == person.id, Claim.state.in_(("withdrawn", "refused", "returned")))
    db.session.execute(sa.delete(Evidence).where(Evidence.claim_id.in_(idle)), execution_options={"synchronize_session": False})
    return _gone(sa.delete(Claim).where(Claim.id.in_(idle)))


def _gone(statement: sa.Delete | sa.Update) -> int:
    found = db.session.execute(statement, execution_options={"synchronize_session": False})
    return int(found.rowcount)  # type: ignore[attr-defined]  # a cursor answers


_ERASE: dict[str, Callable[[Person], int]] = {
    "profile": _erase_profile,
    "feedback": _erase_feedback,
    "tests": _erase_tests,
    "behaviour": _erase_behaviour,
    "claims": _erase_claims,
}


@action
def say_consent(actor: Actor, person: Person, data: ConsentInput) -> None:
    """Say yes or no to a purpose; from the next page on it is obeyed, and the earlier word stays in the record."""
    ensure(may_ask_about_data, actor, person)
    db.session.add(Consent(person_id=person.id, purpose=data.purpose, given=data.given, said_at=clock.now()))
    record_audit(actor, "consent_said", "person", person.id, purpose=data.purpose, given=data.given)


@action
def note_contract(actor: Actor, person: Person, data: ContractInput) -> None:
    """Note from which day somebody's contract years are counted."""
    ensure(may_note_contract, actor, person)
    if person.contract != "pppk":
        raise Invalid(Fault("begins_on", "no_contract_years"))
    values = {"begins_on": data.begins_on, "noted_by_id": actor.person_id, "noted_at": clock.now()}
    put = insert_into(ContractTerm).values({"person_id": person.id} | values)
    db.session.execute(put.on_conflict_do_update(index_elements=["person_id"], set_=values))
    record_audit(actor, "contract_noted", "person", person.id)


@action
def note_record_taken(actor: Actor, person: Person, form: str) -> None:
    """The record says that somebody took their own data away."""
    ensure(may_ask_about_data, actor, person)
    record_audit(actor, "record_taken", "person", person.id, form=form)
