"""Many people at once, for tests about figures: one statement for each table, whatever the number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.models import Assessment, CurrentLevel
from mentorlink.kernel.db import db
from mentorlink.learning.models import ContractTerm, HoursEntry, HoursRule
from mentorlink.people.models import Person, Unit
from mentorlink.sessions.meetings.models import Meeting, Series
from mentorlink.sessions.mentoring.models import Mentorship, StagePeriod, Target
from tests.cast import Cast

BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
EARLIER = date(2025, 6, 1)


def add(table: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Rows of one table; their ids where it has any."""
    if "id" not in table.__table__.columns:
        db.session.execute(sa.insert(table), rows)
        return []
    return list(db.session.scalars(sa.insert(table).returning(table.id, sort_by_parameter_order=True), rows))


def people(cast: Cast, unit: Unit, number: int, *levels: int, **columns: Any) -> list[int]:
    """So many people of a unit, each assessed at these levels."""
    first = db.session.scalar(sa.select(sa.func.coalesce(sa.func.max(Person.id), 0))) or 0
    ids = add(Person, [
        {"email": f"c{first + turn}@a.example", "name": f"C{first + turn}", "folded_name": f"c{first + turn}", "unit_id": unit.id,
         "job_id": cast.job.id, "state": "active", "languages": ["id"], "locale": "en", "timezone": "Asia/Jakarta",
         "created_at": BEGAN} | columns
        for turn in range(number)
    ])  # fmt: skip
    for competency, level in zip(cast.competencies, levels, strict=False):
        assess(ids, competency.id, level)
    return ids


def assess(ids: Sequence[int], competency_id: int, level: int, day: date = EARLIER) -> None:
    """Each of them is found at this level on a day, and stands there now."""
    found = add(Assessment, [
        {"person_id": person, "competency_id": competency_id, "source": "assessment_centre", "level": level, "assessed_on": day,
         "created_at": datetime(day.year, day.month, day.day, tzinfo=UTC)}
        for person in ids
    ])  # fmt: skip
    db.session.execute(
        sa.delete(CurrentLevel).where(CurrentLevel.person_id.in_(ids), CurrentLevel.competency_id == competency_id)
    )
    add(CurrentLevel, [
        {"person_id": person, "competency_id": competency_id, "level": level, "assessment_id": assessment}
        for person, assessment in zip(ids, found, strict=True)
    ])  # fmt: skip


def learned(ids: Sequence[int], day: date, jp: int) -> None:
    """So many JP of a day for each."""
    rule = db.session.scalars(sa.select(HoursRule.id).order_by(HoursRule.number)).first()
    add(HoursEntry, [
        {"person_id": person, "path": "technical", "happened_on": day, "minutes": 0, "jp": jp, "rule_id": rule,
         "origin": f"claim:{day}", "created_at": BEGAN}
        for person in ids
    ])  # fmt: skip


def contracted(ids: Sequence[int], begins_on: date) -> None:
    """Their contract years begin there."""
    add(ContractTerm, [{"person_id": person, "begins_on": begins_on, "noted_at": BEGAN} for person in ids])


def mentorships(mentor_id: int, mentees: Sequence[int], competency_id: int, began: datetime, **columns: Any) -> list[int]:
    """A mentorship for each of the mentees, at work on one competency."""
    series = add(Series, [{"state": "open", "created_at": began} for _mentee in mentees])
    ids = add(Mentorship, [
        {"mentor_id": mentor_id, "mentee_id": mentee, "series_id": number, "stage": "persuasive", "state": "active",
         "started_at": began, "touched_at": began} | columns
        for mentee, number in zip(mentees, series, strict=True)
    ])  # fmt: skip
    left = columns.get("ended_at")
    add(StagePeriod, [
        {"mentorship_id": number, "stage": "persuasive", "entered_at": began, "left_at": left, "back": False} for number in ids
    ])  # fmt: skip
    add(Target, [{"mentorship_id": number, "competency_id": competency_id, "position": 0} for number in ids])
    return ids


def met(series: Sequence[int], when: datetime, **columns: Any) -> list[int]:
    """An hour together in each of the series."""
    return add(Meeting, [
        {"series_id": number, "number": 1, "starts_at": when, "minutes": 60, "mode": "video", "state": "held", "created_at": when}
        | columns
        for number in series
    ])  # fmt: skip
