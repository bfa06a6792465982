"""Figures for one person: how their own map moved, what they gave as a mentor, how their people stand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.competencies.models import Assessment, Competency
from mentorlink.competencies.queries import among, map_for, team_for
from mentorlink.competencies.queries.team import TeamMember
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.models import Claim, DevelopmentPlan
from mentorlink.learning.queries import jp_of, target_in
from mentorlink.learning.rules import YearTarget
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.models import Mentorship, Target


@dataclass(frozen=True)
class Moved:
    """One competency over time: the level at each assessment, what the job asks now, and what counts now."""

    competency: str
    name: dict[str, str]
    points: list[tuple[date, int]]
    required: int | None
    now: int | None


def map_over_time(actor: Actor, person: Person) -> list[Moved]:
    """How the levels of ``person`` moved, those with a gap first."""
    chart = map_for(actor, person)
    rows = db.session.execute(
        sa.select(Competency.code, Assessment.assessed_on, Assessment.level)
        .join(Competency, Assessment.competency_id == Competency.id)
        .where(Assessment.person_id == person.id)
        .order_by(Assessment.assessed_on, Assessment.id)
    )
    points: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for code, day, level in rows:
        points[code].append((day, level))
    return [
        Moved(row.code, row.name, points[row.code], row.required, row.actual)
        for row in sorted(chart.rows, key=lambda row: -(row.gap or 0))
    ]


@dataclass(frozen=True)
class Given:
    """What a mentor gave, and what moved with their mentees."""

    mentorships: int
    mentees: int
    sessions: int
    minutes: int
    moved: list[tuple[dict[str, str], int, int, int]]
    """Competency, targets that were closed, those that rose, levels gained in all."""

    @property
    def levels(self) -> int:
        """Levels gained in all."""
        return sum(row[3] for row in self.moved)


def given_by(actor: Actor) -> Given:
    """What the actor gave as a mentor; a session with several mentees is one. Three queries."""
    me = actor.person_id
    pairs, mentees = db.session.execute(
        sa.select(sa.func.count(), sa.func.count(sa.distinct(Mentorship.mentee_id))).where(Mentorship.mentor_id == me)
    ).one()
    session = sa.func.coalesce(Meeting.of_id, Meeting.id)
    held = (
        sa.select(session.label("id"), sa.func.max(Meeting.minutes).label("minutes"))
        .join(Mentorship, Mentorship.series_id == Meeting.series_id)
        .where(Mentorship.mentor_id == me, Meeting.state == "held")
        .group_by(session)
        .subquery()
    )
    sessions, minutes = db.session.execute(sa.select(sa.func.count(), sa.func.sum(held.c.minutes)).select_from(held)).one()
    targets = db.session.scalars(
        sa.select(Target)
        .join(Mentorship)
        .options(joinedload(Target.competency), selectinload(Target.after_levels))
        .where(Mentorship.mentor_id == me, Mentorship.state == "closed")
    ).all()
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    names: dict[int, dict[str, str]] = {}
    for target in targets:
        names[target.competency_id] = target.competency.name
        said = {after.level for after in target.after_levels}
        rise = said.pop() - target.baseline if len(said) == 1 and target.baseline is not None else 0
        row = sums[target.competency_id]
        row[0] += 1
        row[1] += rise > 0
        row[2] += max(0, rise)
    moved = [(names[number], *row) for number, row in sums.items()]
    return Given(pairs, mentees, sessions, int(minutes or 0), sorted(moved, key=lambda row: -row[3]))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Member:
    """One of somebody's own people: gaps, the plan of the year, hours, and what waits."""

    who: TeamMember
    plan: str | None
    jp: int
    target: YearTarget
    waiting: int


def team_figures_for(actor: Actor) -> list[Member]:
    """The people who report to the actor, those who need something first. A constant number of queries."""
    team = team_for(actor)
    ids = [each.person.id for each in team]
    today = clock.today(actor.timezone)
    plans = dict(
        db.session.execute(
            sa.select(DevelopmentPlan.person_id, DevelopmentPlan.state).where(
                among(DevelopmentPlan.person_id, ids), DevelopmentPlan.year == today.year
            )
        ).all()
    )
    jp = jp_of(ids, today.year)
    waiting = dict(
        db.session.execute(
            sa.select(Claim.person_id, sa.func.count())
            .where(among(Claim.person_id, ids), Claim.state == "sent")
            .group_by(Claim.person_id)
        ).all()
    )
    targets = {kind: target_in(each.person, today) for kind, each in {each.person.contract: each for each in team}.items()}
    found = [
        Member(
            each,
            plans.get(each.person.id),
            jp.get(each.person.id, 0),
            targets[each.person.contract],
            waiting.get(each.person.id, 0),
        )
        for each in team
    ]
    return sorted(found, key=lambda row: (row.plan == "approved", -row.who.gaps, row.who.person.folded_name))
