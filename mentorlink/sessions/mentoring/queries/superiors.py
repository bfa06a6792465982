"""What a unit head sees of their people's mentoring: that it is, its stage, how often and how long they met. No text is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Person, Unit
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.models import Mentorship, SuperiorWord
from mentorlink.sessions.mentoring.policy import may_say_superior_word

PAGE = 50
PAST = timedelta(days=365)
"""So long what has ended still shows."""


@dataclass(frozen=True)
class TeamRow:
    """One mentorship of somebody in the head's units."""

    mentorship_id: int
    mentee: str
    unit: dict[str, str]
    mentor: str
    stage: str
    state: str
    started_at: datetime
    sessions: int
    minutes: int
    last_met: datetime | None


@dataclass(frozen=True)
class Team:
    """A page of them, and how many stand where."""

    rows: list[TeamRow]
    total: int
    stages: dict[str, int]


def team_for(actor: Actor, *, page: int = 1, limit: int = PAGE) -> Team:
    """The mentorships of everybody in the units the actor heads, a page at a time: three queries however many there are."""
    if not actor.heads:
        return Team([], 0, {})
    mentor = aliased(Person)
    inside = sa.or_(*(Unit.path.startswith(path, autoescape=True) for path in actor.heads))
    current = sa.or_(Mentorship.state.in_(("active", "paused")), Mentorship.ended_at >= clock.now() - PAST)
    base = (
        sa.select(Mentorship.id)
        .join(Person, Person.id == Mentorship.mentee_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(inside, current, Person.id != actor.person_id)
    )
    running = base.with_only_columns(Mentorship.stage, sa.func.count()).where(Mentorship.state.in_(("active", "paused")))
    stages = dict(db.session.execute(running.group_by(Mentorship.stage)).all())
    total = db.session.scalar(base.with_only_columns(sa.func.count())) or 0
    found = db.session.execute(
        base.join(mentor, mentor.id == Mentorship.mentor_id)
        .with_only_columns(
            Mentorship.id, Mentorship.series_id, Mentorship.stage, Mentorship.state, Mentorship.started_at,
            Person.name.label("mentee"), mentor.name.label("mentor"), Unit.name.label("unit"),
        )
        .order_by(Mentorship.state.in_(("active", "paused")).desc(), Person.name, Mentorship.id)
        .limit(limit)
        .offset((max(1, page) - 1) * limit)
    ).all()  # fmt: skip
    met = _met(row.series_id for row in found)
    rows = [
        TeamRow(
            row.id, row.mentee, row.unit, row.mentor, row.stage, row.state, row.started_at,
            *met.get(row.series_id, (0, 0, None)),
        )
        for row in found
    ]  # fmt: skip
    return Team(rows, total, stages)


def _met(series_ids: Iterable[int]) -> dict[int, tuple[int, int, datetime | None]]:
    query = (
        sa.select(
            Meeting.series_id, sa.func.count(), sa.func.sum(Meeting.minutes),
            sa.type_coerce(sa.func.max(Meeting.starts_at), Meeting.starts_at.type),
        )
        .where(Meeting.series_id.in_(list(series_ids)), Meeting.state == "held")
        .group_by(Meeting.series_id)
    )  # fmt: skip
    return {series_id: (count, minutes, last) for series_id, count, minutes, last in db.session.execute(query)}


@dataclass(frozen=True)
class Wanted:
    """A mentorship that waits for the actor's word as superior."""

    mentorship_id: int
    mentee: str
    mentor: str
    agreed: bool | None
    started_at: datetime


def words_wanted_for(actor: Actor) -> list[Wanted]:
    """The mentorships in their first stage that ask for the actor's word."""
    mentor = aliased(Person)
    query = (
        sa.select(SuperiorWord.mentorship_id, Person.name, mentor.name, SuperiorWord.agreed, Mentorship.started_at)
        .join(Mentorship, Mentorship.id == SuperiorWord.mentorship_id)
        .join(Person, Person.id == Mentorship.mentee_id)
        .join(mentor, mentor.id == Mentorship.mentor_id)
        .where(
            SuperiorWord.superior_id == actor.person_id, Mentorship.stage == "prescriptive",
            Mentorship.state.in_(("active", "paused")),
        )
        .order_by(SuperiorWord.agreed.is_not(None), Mentorship.started_at)
        .limit(100)
    )  # fmt: skip
    return [Wanted(*row) for row in db.session.execute(query)]


def superior_word_for(actor: Actor, mentorship_id: int) -> SuperiorWord:
    """What the actor is asked to say as superior."""
    word = db.session.get(SuperiorWord, mentorship_id)
    if word is None or not may_say_superior_word(actor, word):
        raise NotFound()
    return word
