"""Reads of development plans: one, those that wait, how far they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import Claim, DevelopmentPlan, HoursEntry, PlanLine
from mentorlink.learning.policy import may_change_lines, may_plan, may_see_hours
from mentorlink.learning.queries.claims import SHOWN, falls_to, superior_deciding
from mentorlink.learning.rules import progress_of
from mentorlink.people.models import Person, Unit

_WHOLE = (joinedload(DevelopmentPlan.person), selectinload(DevelopmentPlan.lines).joinedload(PlanLine.competency))


def plan_in(actor: Actor, person: Person, year: int) -> DevelopmentPlan | None:
    """Somebody's plan for a year, for whoever may see their hours; None when none was begun."""
    if not may_see_hours(actor, person):
        raise NotFound()
    return db.session.scalar(
        sa.select(DevelopmentPlan).options(*_WHOLE).where(DevelopmentPlan.person_id == person.id, DevelopmentPlan.year == year)
    )


def plan_for(actor: Actor, plan_id: int) -> DevelopmentPlan:
    """One plan: one's own, or of somebody whose hours the actor may see."""
    plan = db.session.get(DevelopmentPlan, plan_id, options=_WHOLE)
    if plan is None or not may_see_hours(actor, plan.person):
        raise NotFound()
    return plan


def plan_to_change_for(actor: Actor, plan_id: int) -> DevelopmentPlan:
    """A plan of the actor's own, or one that the actor decides over."""
    plan = plan_for(actor, plan_id)
    if not may_change_lines(actor, plan, superior_deciding(plan.person)):
        raise NotFound()
    return plan


def line_for(actor: Actor, line_id: int) -> PlanLine:
    """One line of a plan that is the actor's own, or that the actor decides over."""
    line = db.session.get(PlanLine, line_id)
    if line is None:
        raise NotFound()
    plan_to_change_for(actor, line.plan_id)
    return line


def own_lines_for(actor: Actor, person: Person) -> Sequence[PlanLine]:
    """The lines of one's plans of this year and the last, which a claim may be for."""
    if not may_plan(actor, person):
        raise NotFound()
    query = (
        sa.select(PlanLine)
        .join(DevelopmentPlan)
        .options(contains_eager(PlanLine.plan), joinedload(PlanLine.competency))
        .where(DevelopmentPlan.person_id == person.id, DevelopmentPlan.year >= clock.today(person.timezone).year - 1)
        .order_by(DevelopmentPlan.year.desc(), PlanLine.priority, PlanLine.id)
    )
    return db.session.scalars(query).all()


def waiting_plans_for(actor: Actor) -> Sequence[DevelopmentPlan]:
    """Plans that wait for the actor before anybody else, oldest first."""
    mine = falls_to(actor)
    if mine is None:
        return ()
    query = (
        sa.select(DevelopmentPlan)
        .join(Person, DevelopmentPlan.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .options(*_WHOLE)
        .where(DevelopmentPlan.state == "awaiting", DevelopmentPlan.person_id != actor.person_id, mine)
        .order_by(DevelopmentPlan.sent_at, DevelopmentPlan.id)
        .limit(SHOWN)
    )
    return db.session.scalars(query).unique().all()


def waiting_counts_for(actor: Actor) -> tuple[int, int]:
    """How many claims and how many plans wait for the actor before anybody else."""
    mine = falls_to(actor)
    if mine is None:
        return 0, 0

    def waiting(model: type[Claim] | type[DevelopmentPlan], state: str) -> sa.ScalarSelect[int]:
        found = sa.select(sa.func.count()).select_from(model).join(Person, model.person_id == Person.id)
        found = found.join(Unit, Person.unit_id == Unit.id)
        return found.where(model.state == state, model.person_id != actor.person_id, mine).scalar_subquery()

    claims, plans = db.session.execute(sa.select(waiting(Claim, "sent"), waiting(DevelopmentPlan, "awaiting"))).one()
    return claims, plans


def progress_for(actor: Actor, plan: DevelopmentPlan) -> dict[int, int]:
    """Line id → JP that the ledger has for it: what was claimed for it, then what else its path brought in the year."""
    if not may_see_hours(actor, plan.person):
        raise NotFound()
    rows = db.session.execute(
        sa.select(HoursEntry.path, Claim.plan_line_id, sa.func.sum(HoursEntry.jp))
        .outerjoin(Claim, HoursEntry.claim_id == Claim.id)
        .where(
            HoursEntry.person_id == plan.person_id,
            HoursEntry.happened_on >= date(plan.year, 1, 1),
            HoursEntry.happened_on < date(plan.year + 1, 1, 1),
        )
        .group_by(HoursEntry.path, Claim.plan_line_id)
    )
    own = {line.id for line in plan.lines}
    linked: dict[int, int] = {}
    loose: dict[str, int] = defaultdict(int)
    for path, line_id, jp in rows:
        if line_id in own:
            linked[line_id] = linked.get(line_id, 0) + int(jp)
        else:
            loose[path] += int(jp)
    return progress_of(plan.lines, linked, loose)
