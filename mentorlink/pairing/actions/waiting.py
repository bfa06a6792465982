"""Standing in line for a place."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.competencies.models import Competency
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.pairing import rules
from mentorlink.pairing.actions.asker import locked_person
from mentorlink.pairing.actions.kept import let_go
from mentorlink.pairing.events import WaitingEnded, WaitingJoined
from mentorlink.pairing.inputs import WaitInput
from mentorlink.pairing.models import HeldPlace, Offer, Waiting
from mentorlink.pairing.policy import may_leave_line, may_wait
from mentorlink.pairing.queries.mentees import asking, barriers
from mentorlink.pairing.queries.offers import offer_for
from mentorlink.pairing.stages import IN_LINE
from mentorlink.people.models import Person


@action
def join_line(actor: Actor, data: WaitInput) -> Waiting:
    """Wait for a place with one mentor, for help in one competency, or for anybody who fits. Joining twice is joining once.

    Refused with one mentor while a rule forbids the pair, and when too many lines are stood in already.
    """
    ensure(may_wait, actor)
    person = locked_person(actor)
    offer = offer_for(actor, data.offer_id) if data.offer_id else None
    competency_id = _competency_id(data.competency) if data.competency and offer is None else None
    kind = offer.kind if offer else data.kind
    if (there := _there(person.id, kind, competency_id, offer)) is not None:
        return there
    if offer is not None:
        _refuse(offer, person)
    count = sa.select(sa.func.count()).where(Waiting.person_id == person.id, Waiting.state.in_(IN_LINE))
    if (db.session.scalar(count) or 0) >= rules.MOST_WAITING:
        raise Conflict("too_many_lines", most=rules.MOST_WAITING)
    now = clock.now()
    waiting = Waiting(
        person_id=person.id, kind=kind, competency_id=competency_id, offer_id=offer.id if offer else None, state="waiting",
        joined_at=now, since=now,
    )  # fmt: skip
    with or_refuse(Conflict("waits_already")):
        db.session.add(waiting)
    record(WaitingJoined(waiting.id, person.id))
    return waiting


@action
def leave_line(actor: Actor, waiting: Waiting) -> Waiting:
    """Wait no more; a place that was offered goes to the next in line. A request that is on its way stays. Twice is once."""
    ensure(may_leave_line, actor, waiting)
    if lock(waiting).state not in IN_LINE:
        return waiting
    offered = db.session.scalar(sa.select(HeldPlace).where(HeldPlace.waiting_id == waiting.id, HeldPlace.state == "offered"))
    if offered is not None:
        let_go(offered, "declined")
        db.session.refresh(waiting)
    waiting.state, waiting.closed_at = "left", clock.now()
    db.session.flush()
    return waiting


def end_waiting_for(offer: Offer) -> None:
    """Nobody waits any more for an offer that is closed; each is told. For use inside an action or effect."""
    rows = db.session.scalars(sa.select(Waiting).where(Waiting.offer_id == offer.id, Waiting.state.in_(IN_LINE)))
    for waiting in rows.all():
        leave_line(Actor.system(), waiting)
        record(WaitingEnded(waiting.id, waiting.person_id, offer.person_id))


def _there(person_id: int, kind: str, competency_id: int | None, offer: Offer | None) -> Waiting | None:
    return db.session.scalar(
        sa.select(Waiting).where(
            Waiting.person_id == person_id,
            Waiting.kind == kind,
            Waiting.state.in_(IN_LINE),
            Waiting.competency_id.is_not_distinct_from(competency_id),
            Waiting.offer_id.is_not_distinct_from(offer.id if offer else None),
        )
    )


def _refuse(offer: Offer, person: Person) -> None:
    if offer.closed_at is not None:
        raise Conflict("offer_closed")
    broken = [code for code in barriers(offer, asking(person, offer.kind)) if code != "paused"]
    if offer.person_id == person.id or broken:
        raise Conflict("pair_not_allowed", rules=broken or ["self"])


def _competency_id(code: str) -> int:
    found = db.session.scalar(sa.select(Competency.id).where(Competency.code == code, Competency.retired_at.is_(None)))
    if found is None:
        raise Invalid(Fault("competency", "unknown_competency", {"code": code}))
    return found
