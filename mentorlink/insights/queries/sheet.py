"""Working out the figures of the whole agency: gaps by unit and competency, hours against the law, who came to be paired, and
how levels moved beside those who were not. A constant number of queries, however many people."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.models import Assessment, Competency, CurrentLevel
from mentorlink.competencies.queries import effective_standards
from mentorlink.kernel.db import db
from mentorlink.learning.models import HoursEntry
from mentorlink.learning.queries import newest_rule
from mentorlink.learning.queries.rights import objecting
from mentorlink.learning.rules.year import CEILING_PPPK, FLOOR_PNS
from mentorlink.pairing.models import Offer, Request
from mentorlink.people.models import Job, Person, Tier
from mentorlink.sessions.mentoring.models import Mentorship, Target


def work_out(today: date) -> dict[str, Any]:
    """Every figure that the pages of heads and programme managers show."""
    required = _required()
    needs = _needs(required)
    return {
        "year": today.year,
        "needs": {str(unit_id): row for unit_id, row in needs.items()},
        "competencies": _names({int(each) for row in needs.values() for each in row}),
        "hours": {str(unit_id): row for unit_id, row in _hours(today.year).items()},
        "uncovered": _uncovered(required),
        "fairness": _fairness(today.year),
        "outcome": _outcome(today.year, required),
    }


def _required() -> dict[tuple[int, int], int]:
    """(job, competency) → the level that the job asks."""
    jobs = dict(db.session.execute(sa.select(Job.id, Job.tier_id)).all())
    return {(job, asked.competency_id): asked.required for job, every in effective_standards(jobs).items() for asked in every}


def _needs(required: dict[tuple[int, int], int]) -> dict[int, dict[str, list[int]]]:
    """Unit → competency → people assessed whose job asks for it, those with a gap, and the sum of their gaps."""
    found: dict[int, dict[str, list[int]]] = defaultdict(dict)
    query = (
        sa.select(Person.unit_id, Person.job_id, CurrentLevel.competency_id, CurrentLevel.level, sa.func.count())
        .join(Person, CurrentLevel.person_id == Person.id)
        .where(Person.state != "disabled", Person.job_id.is_not(None))
        .group_by(Person.unit_id, Person.job_id, CurrentLevel.competency_id, CurrentLevel.level)
    )
    for unit_id, job_id, competency_id, level, people in db.session.execute(query):
        asked = required.get((job_id, competency_id), 0)
        if asked:
            row = found[unit_id].setdefault(str(competency_id), [0, 0, 0])
            gap = max(0, asked - level)
            row[0] += people
            row[1] += people if gap else 0
            row[2] += people * gap
    return found


def _names(ids: set[int]) -> list[dict[str, Any]]:
    rows = db.session.execute(
        sa.select(Competency.id, Competency.code, Competency.name)
        .where(Competency.id.in_(ids))
        .order_by(Competency.framework_id, Competency.position, Competency.id)
    )
    return [{"id": number, "code": code, "name": name} for number, code, name in rows]


def _hours(year: int) -> dict[int, dict[str, int]]:
    """Unit → permanent staff, those at the floor, contract staff, those above the ceiling, and JP of all."""
    rule = newest_rule()
    floor, ceiling = (rule.floor, rule.ceiling) if rule else (FLOOR_PNS, CEILING_PPPK)
    sums = (
        sa.select(HoursEntry.person_id, sa.func.sum(HoursEntry.jp).label("jp"))
        .where(HoursEntry.happened_on >= date(year, 1, 1), HoursEntry.happened_on < date(year + 1, 1, 1))
        .group_by(HoursEntry.person_id)
        .subquery()
    )
    jp = sa.func.coalesce(sums.c.jp, 0)
    pns, pppk = Person.contract == "pns", Person.contract == "pppk"
    query = (
        sa.select(
            Person.unit_id, sa.func.count(), _count(pns), _count(sa.and_(pns, jp >= floor)), _count(pppk),
            _count(sa.and_(pppk, jp > ceiling)), sa.func.sum(jp),
        )
        .outerjoin(sums, sums.c.person_id == Person.id)
        .where(Person.state != "disabled")
        .group_by(Person.unit_id)
    )  # fmt: skip
    names = ("people", "pns", "at_floor", "pppk", "above_ceiling", "jp")
    return {row[0]: dict(zip(names, map(int, row[1:]), strict=True)) for row in db.session.execute(query)}


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _uncovered(required: dict[tuple[int, int], int]) -> list[dict[str, int]]:
    """Competency and level that people need and nobody with a place to give holds; most people first."""
    best = dict(
        db.session.execute(
            sa.select(CurrentLevel.competency_id, sa.func.max(CurrentLevel.level))
            .join(Offer, Offer.person_id == CurrentLevel.person_id)
            .where(Offer.closed_at.is_(None), Offer.kind == "mentor", Offer.taken < Offer.capacity)
            .group_by(CurrentLevel.competency_id)
        ).all()
    )
    people: dict[tuple[int, int], int] = defaultdict(int)
    query = (
        sa.select(Person.job_id, CurrentLevel.competency_id, CurrentLevel.level, sa.func.count())
        .join(Person, CurrentLevel.person_id == Person.id)
        .where(Person.state != "disabled", Person.job_id.is_not(None))
        .group_by(Person.job_id, CurrentLevel.competency_id, CurrentLevel.level)
    )
    for job_id, competency_id, level, number in db.session.execute(query):
        asked = required.get((job_id, competency_id), 0)
        if level < asked and best.get(competency_id, 0) < asked:
            people[competency_id, asked] += number
    rows = [{"competency": key[0], "level": key[1], "people": number} for key, number in people.items()]
    return sorted(rows, key=lambda row: (-row["people"], row["competency"], row["level"]))


def _fairness(year: int) -> dict[str, dict[str, list[int]]]:
    """Tier, unit and place → people who asked for a mentor in the year, and those of them who have had one."""
    begins = datetime(year, 1, 1, tzinfo=UTC)
    paired = sa.select(Mentorship.id).where(Mentorship.mentee_id == Person.id, Mentorship.started_at >= begins).exists()
    asked = sa.select(Request.person_id).where(Request.sent_at >= begins).distinct()
    query = (
        sa.select(Tier.code, Person.unit_id, Person.place, sa.func.count(), _count(paired))
        .outerjoin(Job, Person.job_id == Job.id)
        .outerjoin(Tier, Job.tier_id == Tier.id)
        .where(Person.id.in_(asked), Person.state != "disabled")
        .group_by(Tier.code, Person.unit_id, Person.place)
    )
    found: dict[str, dict[str, list[int]]] = {"tier": {}, "unit": {}, "place": {}}
    for tier, unit_id, place, people, matched in db.session.execute(query):
        for kind, name in (("tier", tier), ("unit", str(unit_id)), ("place", place)):
            if name:
                row = found[kind].setdefault(name, [0, 0])
                row[0] += people
                row[1] += int(matched)
    return found


def _outcome(year: int, required: dict[tuple[int, int], int]) -> dict[str, list[int]]:
    """How many levels competencies moved since the year began: of those that a mentorship worked on, and of people with a gap
    in the same competencies who had no mentor. As counts by change, so that means and intervals can be told."""
    begins = datetime(year, 1, 1, tzinfo=UTC)
    pairs = set(
        db.session.execute(
            sa.select(Mentorship.mentee_id, Target.competency_id)
            .join(Target, Target.mentorship_id == Mentorship.id)
            .where(sa.or_(Mentorship.ended_at.is_(None), Mentorship.ended_at >= begins), Mentorship.state != "ended_early")
        ).all()
    )
    mentees = {person_id for person_id, _competency in pairs}
    worked_on = {competency_id for _person, competency_id in pairs}
    newest = (
        sa.select(Assessment.person_id, Assessment.competency_id, sa.func.max(Assessment.id).label("id"))
        .where(Assessment.assessed_on < date(year, 1, 1), Assessment.competency_id.in_(worked_on))
        .group_by(Assessment.person_id, Assessment.competency_id)
        .subquery()
    )
    query = (
        sa.select(Assessment.person_id, Assessment.competency_id, Person.job_id, Assessment.level, CurrentLevel.level)
        .join(newest, newest.c.id == Assessment.id)
        .join(Person, Person.id == Assessment.person_id)
        .join(
            CurrentLevel,
            sa.and_(CurrentLevel.person_id == Assessment.person_id, CurrentLevel.competency_id == Assessment.competency_id),
        )
        .where(Person.state != "disabled", Person.id.not_in(objecting("comparison")))
    )
    found: dict[str, dict[int, int]] = {"paired": defaultdict(int), "alone": defaultdict(int)}
    for person_id, competency_id, job_id, before, now in db.session.execute(query):
        if before >= required.get((job_id, competency_id), 0):
            continue
        if (person_id, competency_id) in pairs:
            found["paired"][now - before] += 1
        elif person_id not in mentees:
            found["alone"][now - before] += 1
    return {side: [number for change in range(-5, 6) for number in (counts.get(change, 0),)] for side, counts in found.items()}
