"""What others than the two may know: counts, dates, stages, competencies and hours. No text of a pair is read here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.people.models import Person, Unit
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.models import Mentorship, StagePeriod, Target
from mentorlink.sessions.mentoring.stages import STAGES

_Mentee = aliased(Person)
_Mentor = aliased(Person)


def stage_counts(actor: Actor, *, programme_id: int | None = None) -> dict[str, int]:
    """Mentorships in each stage, paused, closed and ended early, over the units the actor manages."""
    counts = dict.fromkeys([*map(str, STAGES), "paused", "closed", "ended_early"], 0)
    query = _managed(actor, sa.select(Mentorship.stage, Mentorship.state, sa.func.count())).group_by(
        Mentorship.stage, Mentorship.state
    )
    if programme_id is not None:
        query = query.where(Mentorship.programme_id == programme_id)
    for stage, state, number in db.session.execute(query):
        counts[stage if state == "active" else state] += number
    return counts


@dataclass(frozen=True)
class Stall:
    """A mentorship without a sign of life."""

    mentorship_id: int
    mentor_id: int
    mentor_name: str
    mentee_id: int
    mentee_name: str
    unit_id: int
    stage: str
    stage_since: datetime
    last_sign_at: datetime
    held: int
    competency_ids: tuple[int, ...]

    @property
    def days(self) -> int:
        """Whole days of silence."""
        return (clock.now() - self.last_sign_at).days


def stalls(actor: Actor, *, days: int = 21, limit: int = 100) -> list[Stall]:
    """Active mentorships in which nothing has happened for ``days``, the longest silence first."""
    met = sa.select(sa.func.max(Meeting.starts_at)).where(Meeting.series_id == Mentorship.series_id, Meeting.state == "held")
    held = sa.select(sa.func.count()).where(Meeting.series_id == Mentorship.series_id, Meeting.state == "held").scalar_subquery()
    last_met = sa.func.coalesce(met.correlate(Mentorship).scalar_subquery(), Mentorship.touched_at)
    last = sa.type_coerce(
        sa.case((last_met > Mentorship.touched_at, last_met), else_=Mentorship.touched_at), Mentorship.touched_at.type
    )
    rows = db.session.execute(
        _managed(
            actor,
            sa.select(
                Mentorship.id, Mentorship.mentor_id, Mentorship.mentee_id, Mentorship.stage, _Mentor.name.label("mentor_name"),
                _Mentee.name.label("mentee_name"), _Mentee.unit_id, StagePeriod.entered_at, last.label("last"),
                held.correlate(Mentorship).label("held"),
            ),
        )
        .join(_Mentor, _Mentor.id == Mentorship.mentor_id)
        .join(StagePeriod, sa.and_(StagePeriod.mentorship_id == Mentorship.id, StagePeriod.left_at.is_(None)))
        .where(Mentorship.state == "active", last <= clock.now() - timedelta(days=days))
        .order_by(last, Mentorship.id)
        .limit(limit)
    ).all()  # fmt: skip
    competencies = _competencies([row.id for row in rows])
    return [
        Stall(
            row.id, row.mentor_id, row.mentor_name, row.mentee_id, row.mentee_name, row.unit_id, row.stage, row.entered_at,
            row.last, row.held, competencies.get(row.id, ()),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """What a head of unit may know of one of their people's mentorships."""

    person_id: int
    name: str
    stage: str
    state: str
    held: int
    minutes: int


def progress_for(actor: Actor, *, limit: int = 200, after: str = "") -> list[Progress]:
    """Mentees of the units that the actor heads, by name: stage, meetings and minutes, no more."""
    if not actor.heads:
        return []
    minutes = sa.func.coalesce(sa.func.sum(Meeting.minutes), 0)
    rows = db.session.execute(
        sa.select(_Mentee.id, _Mentee.name, Mentorship.id, Mentorship.stage, Mentorship.state, sa.func.count(Meeting.id), minutes)
        .join(Mentorship, Mentorship.mentee_id == _Mentee.id)
        .join(Unit, Unit.id == _Mentee.unit_id)
        .outerjoin(Meeting, sa.and_(Meeting.series_id == Mentorship.series_id, Meeting.state == "held"))
        .where(
            sa.or_(*(Unit.path.startswith(path, autoescape=True) for path in actor.heads)),
            _Mentee.id != actor.person_id,
            _Mentee.folded_name > after,
        )
        .group_by(_Mentee.id, _Mentee.name, _Mentee.folded_name, Mentorship.id, Mentorship.stage, Mentorship.state)
        .order_by(_Mentee.folded_name, Mentorship.id)
        .limit(limit)
    )
    return [Progress(person_id, name, stage, state, held, total) for person_id, name, _id, stage, state, held, total in rows]


def _managed(actor: Actor, query: sa.Select) -> sa.Select:  # type: ignore[type-arg]  # any columns
    """Only mentees of units over which the actor is programme manager; of none, nothing."""
    query = query.select_from(Mentorship).join(_Mentee, _Mentee.id == Mentorship.mentee_id)
    paths = [grant.unit_path for grant in actor.grants if grant.role == Role.MANAGER]
    if actor.is_system or None in paths:
        return query
    query = query.join(Unit, Unit.id == _Mentee.unit_id)
    return query.where(sa.or_(sa.false(), *(Unit.path.startswith(path, autoescape=True) for path in paths if path)))


def _competencies(mentorship_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for mentorship_id, competency_id in db.session.execute(
        sa.select(Target.mentorship_id, Target.competency_id)
        .where(Target.mentorship_id.in_(list(mentorship_ids)))
        .order_by(Target.position)
    ):
        found[mentorship_id] = (*found.get(mentorship_id, ()), competency_id)
    return found
