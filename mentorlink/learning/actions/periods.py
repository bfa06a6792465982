"""Closing a period: the recap is built in parts, checked, approved by another, frozen."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.learning.inputs import PeriodInput, PeriodStep
from mentorlink.learning.models import LearningPeriod, PeriodMonth, RecapRow
from mentorlink.learning.policy import may_approve_period, may_close_period, may_see_periods, may_write_recap
from mentorlink.learning.queries.periods import ledger_state, people_in
from mentorlink.learning.queries.recap import recap_rows
from mentorlink.learning.rules.periods import faults_of_period, months_between
from mentorlink.learning.stages import period_step
from mentorlink.people.actions import record_audit

PART = 500
"""People of a recap written in one transaction."""


@action
def add_period(actor: Actor, data: PeriodInput) -> LearningPeriod:
    """Lay down a period of whole months that no other has."""
    ensure(may_close_period, actor)
    if faults := list(faults_of_period(data.begins_on, data.ends_on)):
        raise Invalid(*faults)
    period = LearningPeriod(**data.model_dump(), state="open", revision=1, created_at=clock.now())
    db.session.add(period)
    db.session.flush()
    with or_refuse(Invalid(Fault("begins_on", "period_overlaps"))):
        db.session.add_all(
            PeriodMonth(month=month, period_id=period.id) for month in months_between(data.begins_on, data.ends_on)
        )
    record_audit(actor, "period_added", "learning_period", period.id)
    return period


@action
def drop_period(actor: Actor, period: LearningPeriod) -> None:
    """Take away a period of which no recap was built yet."""
    ensure(may_close_period, actor)
    if lock(period).state != "open":
        raise Conflict("period_moved_on")
    db.session.execute(sa.delete(RecapRow).where(RecapRow.period_id == period.id))
    db.session.execute(sa.delete(PeriodMonth).where(PeriodMonth.period_id == period.id))
    db.session.delete(period)


@action
def take_period_step(actor: Actor, period: LearningPeriod, data: PeriodStep) -> None:
    """Build, check, return, approve or freeze; over another revision than the one that was seen nothing happens."""
    ensure(may_see_periods, actor)
    step = period_step(data.step, lock(period).state)
    if step is None:
        raise Conflict("period_moved_on")
    if data.revision != period.revision:
        raise Conflict("period_changed")
    if step.by == "approver":
        ensure(may_approve_period, actor, period)
    else:
        ensure(may_close_period, actor)
    if step.reason and len(data.note) < 3:
        raise Invalid(Fault("note", "note_needed"))
    _STEPS[step.code](actor, period, data)
    period.revision += 1
    record_audit(actor, f"period_{step.code}", "learning_period", period.id, build=period.build)


def _build(actor: Actor, period: LearningPeriod, _data: PeriodStep) -> None:
    if period.ends_on >= clock.today(actor.timezone):
        raise Conflict("period_not_over", day=period.ends_on.isoformat())
    period.state, period.build = "building", period.build + 1
    period.entries_seen, period.newest_entry = ledger_state(period)
    period.people_done, period.people_total = 0, len(people_in(period, after=0, limit=10**7))
    period.built_by_id, period.built_at = actor.person_id, None
    period.checked_by_id = period.checked_at = period.approved_by_id = period.approved_at = None
    jobs.enqueue("learning.recap", {"period_id": period.id, "build": period.build, "after": 0})


def _check(actor: Actor, period: LearningPeriod, _data: PeriodStep) -> None:
    _refuse_outdated(period)
    period.state, period.checked_by_id, period.checked_at = "checked", actor.person_id, clock.now()


def _return(_actor: Actor, period: LearningPeriod, data: PeriodStep) -> None:
    period.state, period.return_note = "open", data.note
    period.checked_by_id = period.checked_at = period.approved_by_id = period.approved_at = None


def _approve(actor: Actor, period: LearningPeriod, _data: PeriodStep) -> None:
    _refuse_outdated(period)
    period.state, period.approved_by_id, period.approved_at = "approved", actor.person_id, clock.now()
    period.return_note = None


def _freeze(_actor: Actor, period: LearningPeriod, _data: PeriodStep) -> None:
    """Whoever credits a deed of these days holds the period's row until they are done, so nothing slips in between."""
    _refuse_outdated(period)
    period.state, period.frozen_at = "frozen", clock.now()


def _refuse_outdated(period: LearningPeriod) -> None:
    if ledger_state(period) != (period.entries_seen, period.newest_entry):
        raise Conflict("recap_outdated")


_STEPS = {"build": _build, "check": _check, "return": _return, "approve": _approve, "freeze": _freeze}


@action
def write_recap_part(actor: Actor, period_id: int, *, build: int, after: int) -> int | None:
    """Write the recap of the next people beyond ``after``; returns where to go on, None when it is whole.

    A part that was written before is written anew, so whoever begins again doubles nothing.
    """
    ensure(may_write_recap, actor)
    period = lock(db.session.get_one(LearningPeriod, period_id))
    if period.state != "building" or period.build != build:
        return None
    people = people_in(period, after=after, limit=PART)
    if not people:
        _finish(period)
        return None
    db.session.execute(
        sa.delete(RecapRow).where(
            RecapRow.period_id == period.id,
            RecapRow.build == build,
            RecapRow.person_id > after,
            RecapRow.person_id <= people[-1],
        )
    )
    if rows := recap_rows(period, people):
        db.session.execute(sa.insert(RecapRow), rows)
    period.people_done = min(period.people_total, period.people_done + len(people))
    return people[-1]


def _finish(period: LearningPeriod) -> None:
    db.session.execute(sa.delete(RecapRow).where(RecapRow.period_id == period.id, RecapRow.build < period.build))
    period.state, period.built_at, period.people_done = "built", clock.now(), period.people_total
    period.revision += 1


@action
def note_recap_taken(actor: Actor, period: LearningPeriod, what: str) -> None:
    """The record says who took which file of a period."""
    ensure(may_see_periods, actor)
    record_audit(actor, "recap_taken", "learning_period", period.id, what=what)
