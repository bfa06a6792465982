"""Working out a year of mentoring: who looked for a mentor and came to be paired, and how levels moved beside those without.

Numbers by unit, so that a programme manager of some units sees theirs alone; what may be told of them is decided on reading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.models import CurrentLevel
from mentorlink.competencies.queries.then import levels_before
from mentorlink.insights.queries.looking import who_looked
from mentorlink.insights.queries.sheet import counted, required_levels
from mentorlink.insights.rules import Sums, span_of
from mentorlink.kernel.db import db
from mentorlink.learning.queries.rights import usable
from mentorlink.people.models import AuditEntry, Job, Person, Tier
from mentorlink.sessions.mentoring.models import Mentorship, Target


def work_out_year(year: int, today: date, kept: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The figures of one year. ``kept`` is what stood before: who had access in a year that is over is not asked anew, because
    people work elsewhere by then."""
    if kept and year < today.year and date.fromisoformat(kept.get("as_of", "2000-01-01")) >= date(year, 12, 1):
        access = {"as_of": kept["as_of"], "access": kept["access"]}
    else:
        access = {"as_of": today.isoformat(), "access": _access(year)}
    return {"year": year, **access, "outcome": _outcome(year, today)}


def _running(year: int) -> sa.ColumnElement[bool]:
    since, until = span_of(year)
    return sa.and_(Mentorship.started_at < until, sa.or_(Mentorship.ended_at.is_(None), Mentorship.ended_at >= since))


def _access(year: int) -> list[list[Any]]:
    """Unit, tier, place → people, those who looked for a mentor in the year, and those of them who had one in it."""
    since, until = span_of(year)
    every = who_looked(since, until).subquery()
    looked = sa.select(every.c.person_id).distinct().subquery()
    paired = sa.select(Mentorship.mentee_id).where(_running(year)).distinct().subquery()
    query = (
        sa.select(
            Person.unit_id, Tier.code, Person.place, sa.func.count(), sa.func.count(looked.c.person_id),
            counted(sa.and_(looked.c.person_id.is_not(None), paired.c.mentee_id.is_not(None))),
        )
        .outerjoin(looked, looked.c.person_id == Person.id)
        .outerjoin(paired, paired.c.mentee_id == Person.id)
        .outerjoin(Job, Person.job_id == Job.id)
        .outerjoin(Tier, Job.tier_id == Tier.id)
        .where(sa.or_(_there(since, until), looked.c.person_id.is_not(None)))
        .group_by(Person.unit_id, Tier.code, Person.place)
    )  # fmt: skip
    return [[unit_id, tier, place, *map(int, rest)] for unit_id, tier, place, *rest in db.session.execute(query)]


def _there(since: datetime, until: datetime) -> sa.ColumnElement[bool]:
    """Who belonged to the agency in that time: had come before its end, and had not left before it began."""
    left_since = sa.exists().where(
        AuditEntry.act == "person_disabled",
        AuditEntry.thing == "person",
        AuditEntry.thing_id == Person.id,
        AuditEntry.at >= since,
    )
    return sa.and_(Person.created_at < until, sa.or_(Person.state != "disabled", left_since))


def _outcome(year: int, today: date) -> dict[str, dict[str, list[float]]]:
    """``paired`` and ``alone`` → unit → sums over people of what was their level before, after, and the change.

    Each person is one value: the mean of the competencies in which they had a gap when the year began, and which, of those
    paired, a mentorship worked on. Those without had no mentorship in the year at all, and count in the same competencies.
    """
    worked = db.session.execute(
        sa.select(Mentorship.mentee_id, Target.competency_id)
        .join(Target, Target.mentorship_id == Mentorship.id)
        .where(_running(year), Mentorship.state != "ended_early")
    ).all()
    pairs = {(person_id, competency_id) for person_id, competency_id in worked}
    mentees = set(db.session.scalars(sa.select(Mentorship.mentee_id).where(_running(year))))
    found: dict[str, dict[int, list[tuple[int, int]]]] = {"paired": defaultdict(list), "alone": defaultdict(list)}
    units: dict[int, int] = {}
    for person_id, competency_id, unit_id, before, after in _levels(year, today, {competency for _person, competency in pairs}):
        side = "paired" if (person_id, competency_id) in pairs else "" if person_id in mentees else "alone"
        if side:
            found[side][person_id].append((before, after))
            units[person_id] = unit_id
    sums: dict[str, dict[str, list[float]]] = {"paired": {}, "alone": {}}
    for side, people in found.items():
        for person_id, levels in people.items():
            before, after = (sum(values) / len(levels) for values in zip(*levels, strict=True))
            unit = str(units[person_id])
            sums[side][unit] = list(Sums(*sums[side].get(unit, ())).and_one(before, after))
    return sums


def _levels(year: int, today: date, competencies: set[int]) -> Iterator[tuple[int, int, int, int, int]]:
    """Person, competency, unit, level when the year began and at its end (or now), of who had a gap when it began."""
    required: Mapping[tuple[int, int], int] = required_levels()
    before = levels_before(date(year, 1, 1), competencies)
    after: Any = CurrentLevel.__table__ if year == today.year else levels_before(date(year + 1, 1, 1), competencies)
    query = (
        sa.select(Person.id, before.c.competency_id, Person.unit_id, Person.job_id, before.c.level, after.c.level)
        .join(before, before.c.person_id == Person.id)
        .join(after, sa.and_(after.c.person_id == Person.id, after.c.competency_id == before.c.competency_id))
        .where(Person.state != "disabled", usable("comparison", Person.id))
    )
    for person_id, competency_id, unit_id, job_id, was, now in db.session.execute(query):
        if was < required.get((job_id, competency_id), 0):
            yield person_id, competency_id, unit_id, was, now


def years_of_mentoring(today: date) -> list[int]:
    """This year and those before it in which there were mentorships, newest first; three at most."""
    first: datetime | None = db.session.scalar(sa.select(sa.func.min(Mentorship.started_at)))
    begun = today.year if first is None else first.year
    return [year for year in range(today.year, today.year - 3, -1) if year >= begun]
