"""What the plans of units add up to: people, hours, cost, and gaps that no plan covers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from mentorlink.competencies.models import Competency, CurrentLevel
from mentorlink.competencies.queries import effective_standards
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import DevelopmentPlan, PlanLine
from mentorlink.learning.policy import may_see_plan_sums
from mentorlink.learning.rules import LEAST, suppressed
from mentorlink.people.models import Job, Person, Unit

PLANNED = ("awaiting", "approved")
"""Plans in these states are summed; the others are still being written."""


@dataclass
class UnitSum:
    """A unit with all below it."""

    unit: Unit
    people: int = 0
    plans: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    jp: int = 0
    budget: int = 0
    hidden: bool = False

    @property
    def planned(self) -> int:
        """Plans that are summed."""
        return sum(self.plans[state] for state in PLANNED)


@dataclass
class CompetencySum:
    """A competency over all units shown. Hidden where too few people stand behind it."""

    competency: Competency
    needing: int = 0
    planned: int = 0
    jp: int = 0
    budget: int = 0
    uncovered: int = 0
    hidden: bool = False

    @property
    def told(self) -> bool:
        """Whether the gaps without a plan may be told: neither few people, nor all but few of those with a gap."""
        return not 0 < self.uncovered < LEAST and not 0 < self.needing - self.uncovered < LEAST


@dataclass(frozen=True)
class PlanSums:
    """What HR sees of a year's plans."""

    unit: Unit | None
    units: list[UnitSum]
    competencies: list[CompetencySum]
    people: int
    plans: dict[str, int]
    jp: int
    budget: int
    shown: bool
    """Totals are of enough people to be shown."""


def _reach(actor: Actor) -> sa.ColumnElement[bool]:
    over = [grant.unit_path for grant in actor.grants if grant.role is Role.MANAGER]
    if actor.is_system or None in over:
        return sa.true()
    return sa.or_(sa.false(), *(Unit.path.startswith(path, autoescape=True) for path in over if path))


def unit_of_sums_for(actor: Actor, unit_id: int | None) -> Unit | None:
    """The unit that is asked for, where HR's role covers it; None for all that it covers."""
    if not may_see_plan_sums(actor):
        raise NotFound()
    if unit_id is None:
        return None
    unit = db.session.scalar(sa.select(Unit).where(Unit.id == unit_id, _reach(actor)))
    if unit is None:
        raise NotFound()
    return unit


def plan_sums_for(actor: Actor, year: int, *, unit: Unit | None = None) -> PlanSums:
    """The sums of a year over the units that HR looks after, or over one of them with all below. A constant number of queries."""
    if not may_see_plan_sums(actor):
        raise NotFound()
    within = sa.and_(_reach(actor), Unit.closed_at.is_(None))
    if unit is not None:
        within = sa.and_(within, Unit.path.startswith(unit.path, autoescape=True))
    units = _units(within, year)
    competencies = _competencies(within, year)
    plans: dict[str, int] = defaultdict(int)
    for row in units:
        for state, number in row.plans.items():
            plans[state] += number
    for row, gone in zip(units, suppressed([row.planned for row in units]), strict=True):
        row.hidden = gone
    for line, gone in zip(competencies, suppressed([line.planned for line in competencies]), strict=True):
        line.hidden = gone
    planned = sum(plans[state] for state in PLANNED)
    return PlanSums(
        unit, units, competencies, sum(row.people for row in units), plans,
        sum(row.jp for row in units), sum(row.budget for row in units), not 0 < planned < LEAST,
    )  # fmt: skip


def _units(within: sa.ColumnElement[bool], year: int) -> list[UnitSum]:
    """One row for each topmost unit's children; what lies deeper is added to them."""
    every = list(db.session.scalars(sa.select(Unit).where(within).order_by(Unit.path)))
    tops = _shown(every)
    above = {unit.id: top for unit in every for top in tops if unit.path.startswith(top.path) and not _deeper(unit, top, tops)}
    rows = {top.id: UnitSum(top) for top in tops}
    for unit_id, number in db.session.execute(
        sa.select(Person.unit_id, sa.func.count())
        .join(Unit, Person.unit_id == Unit.id)
        .where(within, Person.state != "disabled")
        .group_by(Person.unit_id)
    ):
        rows[above[unit_id].id].people += number
    for unit_id, state, number, jp, budget in db.session.execute(_plan_counts(within, year)):
        row = rows[above[unit_id].id]
        row.plans[state] += number
        if state in PLANNED:
            row.jp += int(jp or 0)
            row.budget += int(budget or 0)
    return list(rows.values())


def _deeper(unit: Unit, top: Unit, tops: list[Unit]) -> bool:
    return any(other is not top and other.path.startswith(top.path) and unit.path.startswith(other.path) for other in tops)


def _shown(every: list[Unit]) -> list[Unit]:
    """The units at the top of what is covered, and those right below them."""
    known = {unit.id for unit in every}
    roots = [unit for unit in every if unit.parent_id not in known]
    return [unit for unit in every if unit in roots or unit.parent_id in {root.id for root in roots}]


def _plan_counts(within: sa.ColumnElement[bool], year: int) -> Any:
    lines = (
        sa.select(PlanLine.plan_id, sa.func.sum(PlanLine.jp).label("jp"), sa.func.sum(PlanLine.budget).label("budget"))
        .group_by(PlanLine.plan_id)
        .subquery()
    )
    return (
        sa.select(Person.unit_id, DevelopmentPlan.state, sa.func.count(), sa.func.sum(lines.c.jp), sa.func.sum(lines.c.budget))
        .join(Person, DevelopmentPlan.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .outerjoin(lines, lines.c.plan_id == DevelopmentPlan.id)
        .where(within, DevelopmentPlan.year == year, Person.state != "disabled")
        .group_by(Person.unit_id, DevelopmentPlan.state)
    )


def _competencies(within: sa.ColumnElement[bool], year: int) -> list[CompetencySum]:
    rows: dict[int, CompetencySum] = {}
    needing, covered = _gaps(within, year)
    planned = db.session.execute(
        sa.select(
            PlanLine.competency_id, sa.func.count(sa.distinct(Person.id)), sa.func.sum(PlanLine.jp), sa.func.sum(PlanLine.budget)
        )
        .join(DevelopmentPlan, PlanLine.plan_id == DevelopmentPlan.id)
        .join(Person, DevelopmentPlan.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .where(within, DevelopmentPlan.year == year, DevelopmentPlan.state.in_(PLANNED), Person.state != "disabled")
        .group_by(PlanLine.competency_id)
    ).all()
    wanted = set(needing) | {row[0] for row in planned}
    for competency in db.session.scalars(sa.select(Competency).where(Competency.id.in_(wanted))):
        number = needing.get(competency.id, 0)
        rows[competency.id] = CompetencySum(competency, number, uncovered=number - covered.get(competency.id, 0))
    for competency_id, people, jp, budget in planned:
        row = rows[competency_id]
        row.planned, row.jp, row.budget = people, int(jp), int(budget)
    return sorted(rows.values(), key=lambda row: (-row.needing, row.competency.code))


def _gaps(within: sa.ColumnElement[bool], year: int) -> tuple[dict[int, int], dict[int, int]]:
    """Competency → people with a gap in it, and → those of them whose plan has a line for it."""
    jobs = db.session.execute(
        sa.select(Job.id, Job.tier_id).where(
            Job.id.in_(sa.select(Person.job_id).join(Unit, Person.unit_id == Unit.id).where(within))
        )
    )
    required = {
        (job_id, asked.competency_id): asked.required
        for job_id, every in effective_standards(dict(jobs.all())).items()
        for asked in every
    }
    query = (
        sa.select(Person.job_id, CurrentLevel.competency_id, CurrentLevel.level, sa.func.count())
        .join(Person, CurrentLevel.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .where(within, Person.state != "disabled", Person.job_id.is_not(None))
        .group_by(Person.job_id, CurrentLevel.competency_id, CurrentLevel.level)
    )
    planned = (
        sa.select(PlanLine.competency_id, DevelopmentPlan.person_id)
        .join(DevelopmentPlan)
        .where(DevelopmentPlan.year == year, DevelopmentPlan.state.in_(PLANNED))
        .distinct()
        .subquery()
    )
    with_line = query.join(
        planned, sa.and_(planned.c.person_id == Person.id, planned.c.competency_id == CurrentLevel.competency_id)
    )
    found: tuple[dict[int, int], dict[int, int]] = (defaultdict(int), defaultdict(int))
    for counts, rows in zip(found, (query, with_line), strict=True):
        for job_id, competency_id, level, number in db.session.execute(rows):
            if level < required.get((job_id, competency_id), 0):
                counts[competency_id] += number
    return found


def planned_lines_for(actor: Actor, year: int, *, unit: Unit | None = None) -> Iterator[tuple[PlanLine, DevelopmentPlan, Person]]:
    """Every line of the year's plans of the people whom HR looks after, unit by unit: the annual plan."""
    if not may_see_plan_sums(actor):
        raise NotFound()
    query = (
        sa.select(PlanLine, DevelopmentPlan, Person)
        .join(DevelopmentPlan, PlanLine.plan_id == DevelopmentPlan.id)
        .join(Person, DevelopmentPlan.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .options(joinedload(PlanLine.competency), joinedload(Person.job), joinedload(Person.unit))
        .where(_reach(actor), DevelopmentPlan.year == year, Person.state != "disabled")
        .order_by(Unit.path, Person.folded_name, Person.id, PlanLine.priority, PlanLine.id)
    )
    if unit is not None:
        query = query.where(Unit.path.startswith(unit.path, autoescape=True))
    yield from db.session.execute(query)  # type: ignore[misc]
