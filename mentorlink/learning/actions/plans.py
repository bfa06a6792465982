"""Development plans: begun by the person, written, sent, revised, approved, reopened."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.community.actions.knowledge import let_uses_go, point_to
from mentorlink.community.models.knowledge import Material
from mentorlink.competencies.queries import needs_of
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.learning.events import PlanDecided, PlanSent
from mentorlink.learning.inputs import LineInput, PlanDecision
from mentorlink.learning.models import DevelopmentPlan, PlanLine
from mentorlink.learning.policy import may_change_lines, may_plan, may_see_plan_sums
from mentorlink.learning.queries import newest_rule, superior_deciding
from mentorlink.learning.rules.plans import MOST_LINES, plannable_years
from mentorlink.learning.stages import OPEN_TO, plan_step
from mentorlink.people.actions import record_audit
from mentorlink.people.models import Person


@action
def begin_plan(actor: Actor, person: Person, year: int) -> DevelopmentPlan:
    """Begin one's plan for a year; begun already, it is the one that is there."""
    ensure(may_plan, actor, person)
    lock(person)
    if year not in plannable_years(clock.today(actor.timezone)):
        raise Invalid(Fault("year", "year_not_open"))
    plan = db.session.scalar(
        sa.select(DevelopmentPlan).where(DevelopmentPlan.person_id == person.id, DevelopmentPlan.year == year)
    )
    if plan is None:
        plan = DevelopmentPlan(person_id=person.id, year=year, state="not_begun", revision=1, created_at=clock.now())
        db.session.add(plan)
        db.session.flush()
    return plan


@action
def add_line(actor: Actor, plan: DevelopmentPlan, data: LineInput) -> PlanLine:
    """Put one thing to learn into the plan; the same sending twice is one line."""
    ensure(may_change_lines, actor, plan, superior_deciding(plan.person))
    _open_for(actor, lock(plan))
    existing = next((line for line in plan.lines if line.client_id == data.client_id), None)
    if existing is not None:
        return existing
    if len(plan.lines) >= MOST_LINES:
        raise Conflict("plan_full", limit=MOST_LINES)
    line = PlanLine(client_id=data.client_id)
    _write(line, plan, data)
    plan.lines.append(line)
    plan.revision += 1
    db.session.flush()
    return line


@action
def change_line(actor: Actor, line: PlanLine, data: LineInput) -> None:
    """Write a line anew, its levels as they are today."""
    ensure(may_change_lines, actor, line.plan, superior_deciding(line.plan.person))
    _open_for(actor, lock(line.plan))
    _write(lock(line), line.plan, data)
    line.plan.revision += 1


@action
def remove_line(actor: Actor, line: PlanLine) -> None:
    """Take a line out. What was claimed for it stays in the ledger."""
    ensure(may_change_lines, actor, line.plan, superior_deciding(line.plan.person))
    _open_for(actor, lock(line.plan))
    line.plan.revision += 1
    let_uses_go(actor, "plan_line", line.id)
    db.session.delete(lock(line))


@action
def point_line(actor: Actor, line: PlanLine, material: Material) -> None:
    """The line points to material of the library; once more, it does not. What was approved stays approved."""
    ensure(may_change_lines, actor, line.plan, superior_deciding(line.plan.person))
    point_to(actor, material, "plan_line", line.id)


@action
def take_plan_step(actor: Actor, plan: DevelopmentPlan, data: PlanDecision) -> None:
    """Send, take back, approve, return or reopen the plan; over another revision than the one that was read nothing happens."""
    ensure(may_change_lines, actor, plan, superior_deciding(plan.person))
    lock(plan)
    step = plan_step(data.step, plan.state)
    if step is None or step.by != side_of(actor, plan):
        raise Conflict("plan_moved_on")
    if data.revision != plan.revision:
        raise Conflict("plan_changed")
    if step.code == "send" and not plan.lines:
        raise Conflict("plan_empty")
    if step.reason and len(data.note) < 3:
        raise Invalid(Fault("note", "note_needed"))
    plan.state = step.after
    if step.by == "owner":
        plan.sent_at = clock.now() if step.code == "send" else plan.sent_at
        if step.code == "send":
            record(PlanSent(plan_id=plan.id, person_id=plan.person_id))
        return
    plan.decided_by_id, plan.decided_at, plan.decision_note = actor.person_id, clock.now(), data.note
    record(PlanDecided(plan_id=plan.id, person_id=plan.person_id, by_id=actor.person_id or 0, state=plan.state))


def side_of(actor: Actor, plan: DevelopmentPlan) -> str:
    """On which side of a plan somebody stands who may change it."""
    return "owner" if actor.is_person(plan.person_id) else "decider"


def _open_for(actor: Actor, plan: DevelopmentPlan) -> None:
    if side_of(actor, plan) not in OPEN_TO[plan.state]:
        raise Conflict("plan_moved_on")


def _write(line: PlanLine, plan: DevelopmentPlan, data: LineInput) -> None:
    need = next((need for need in needs_of((plan.person_id,))[plan.person_id] if need.competency_id == data.competency_id), None)
    if need is None:
        raise Invalid(Fault("competency_id", "not_asked_by_job"))
    rule = newest_rule()
    if rule is None or data.path not in rule.paths:
        raise Invalid(Fault("path", "literal_error"))
    for name, value in data.model_dump(exclude={"client_id"}).items():
        setattr(line, name, value)
    line.required, line.actual = need.required, need.actual


@action
def note_plans_taken(actor: Actor, year: int, what: str) -> None:
    """The record says who took which file of the year's plans."""
    ensure(may_see_plan_sums, actor)
    record_audit(actor, "plans_taken", "development_plan", None, year=year, what=what)
