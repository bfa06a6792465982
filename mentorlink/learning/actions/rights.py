"""What people may ask about their own data, consent by purpose, and from when contract years are counted."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.learning.events import DataRequestAnswered, DataRequested
from mentorlink.learning.inputs import ConsentInput, ContractInput, DataAnswer, DataRequestInput
from mentorlink.learning.models import Consent, ContractTerm, DataRequest
from mentorlink.learning.policy import may_answer_data_request, may_ask_about_data, may_note_contract
from mentorlink.people.actions import record_audit
from mentorlink.people.models import Person

LEGAL_TIME = timedelta(hours=72)
"""3 × 24 hours: what the law on personal data gives for an answer."""

MOST_OPEN = 5


@action
def ask_about_data(actor: Actor, person: Person, data: DataRequestInput) -> DataRequest:
    """Ask for a correction, a deletion, a halt, or object; the clock runs from now. The same sending twice is one request."""
    ensure(may_ask_about_data, actor, person)
    lock(person)
    mine = sa.select(DataRequest).where(DataRequest.person_id == person.id)
    existing = db.session.scalar(mine.where(DataRequest.client_id == data.client_id))
    if existing is not None:
        return existing
    if len(db.session.scalars(mine.where(DataRequest.state == "open")).all()) >= MOST_OPEN:
        raise Conflict("data_requests_full", limit=MOST_OPEN)
    asked_at = clock.now()
    row = DataRequest(person_id=person.id, state="open", asked_at=asked_at, due_at=asked_at + LEGAL_TIME, **data.model_dump())
    db.session.add(row)
    db.session.flush()
    record(DataRequested(request_id=row.id, person_id=person.id))
    record_audit(actor, "data_requested", "data_request", row.id, kind=row.kind)
    return row


@action
def answer_data_request(actor: Actor, request: DataRequest, data: DataAnswer) -> None:
    """Say what was done, or why not; of two who answer at once, one is first."""
    ensure(may_answer_data_request, actor, request)
    if lock(request).state != "open":
        raise Conflict("data_request_answered")
    request.state, request.answer = data.state, data.answer
    request.answered_at, request.answered_by_id = clock.now(), actor.person_id
    record(DataRequestAnswered(request_id=request.id, person_id=request.person_id, by_id=actor.person_id or 0))
    record_audit(actor, "data_request_answered", "data_request", request.id, state=data.state)


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
    row = db.session.get(ContractTerm, person.id) or ContractTerm(person_id=person.id)
    row.begins_on, row.noted_by_id, row.noted_at = data.begins_on, actor.person_id, clock.now()
    db.session.add(row)
    record_audit(actor, "contract_noted", "person", person.id)


@action
def note_record_taken(actor: Actor, person: Person, form: str) -> None:
    """The record says that somebody took their own data away."""
    ensure(may_ask_about_data, actor, person)
    record_audit(actor, "record_taken", "person", person.id, form=form)
