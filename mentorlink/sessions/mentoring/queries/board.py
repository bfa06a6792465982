"""A mentor's view over all mentees, time in stage against the usual, and the tip that only the mentor sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.programmes.models import Programme
from mentorlink.programmes.queries import rules_of
from mentorlink.sessions.meetings.models import ActionItem, Meeting
from mentorlink.sessions.meetings.notes.queries import open_afterthoughts
from mentorlink.sessions.mentoring.models import Mentorship, Pause, StagePeriod
from mentorlink.sessions.mentoring.policy import may_see_style
from mentorlink.sessions.mentoring.queries.standings import Standing, standings_for
from mentorlink.sessions.mentoring.rules import BOTH, LATEST, still_steered


@dataclass(frozen=True)
class StageTime:
    """How long a pair has been in its stage, rests left out, and how long its programme usually takes."""

    days: int
    usual: int

    @property
    def long(self) -> bool:
        """Half as long again as usual."""
        return self.days > self.usual * 1.5


def stage_times(mentorships: Iterable[Mentorship]) -> dict[int, StageTime]:
    """Mentorship → time in its stage, of those that run: three queries for any number. The caller may see them."""
    rows = {mentorship.id: mentorship for mentorship in mentorships if mentorship.is_open}
    if not rows:
        return {}
    entered = {
        period.mentorship_id: period.entered_at
        for period in db.session.scalars(
            sa.select(StagePeriod).where(StagePeriod.mentorship_id.in_(rows), StagePeriod.left_at.is_(None))
        )
    }
    rests: dict[int, float] = {}
    for pause in db.session.scalars(sa.select(Pause).where(Pause.mentorship_id.in_(rows))):
        since = max(pause.since, entered[pause.mentorship_id])
        rests[pause.mentorship_id] = rests.get(pause.mentorship_id, 0.0) + max(0.0, _days(since, pause.resumed_at))
    programmes = {row.programme_id for row in rows.values() if row.programme_id}
    rules = {row.id: rules_of(row) for row in db.session.scalars(sa.select(Programme).where(Programme.id.in_(programmes)))}
    usual = rules_of(None)
    return {
        id_: StageTime(
            days=max(0, int(_days(entered[id_], None) - rests.get(id_, 0.0))),
            usual=getattr(rules.get(row.programme_id or 0, usual).usual_days, row.stage),
        )
        for id_, row in rows.items()
    }


def _days(since: datetime, until: datetime | None) -> float:
    return ((until or clock.now()) - since).total_seconds() / 86_400


@dataclass(frozen=True)
class BoardRow:
    """One mentee of the mentor's."""

    standing: Standing
    time: StageTime
    open_actions: int

    @property
    def needs_me(self) -> bool:
        """The mentor can do something now."""
        return self.standing.my_turn or self.standing.meetings.unsettled is not None


def board_for(actor: Actor) -> list[BoardRow]:
    """Every running mentorship of the actor as mentor: who needs them first, then the quietest."""
    standings = [standing for standing in standings_for(actor, open_only=True) if standing.side == "mentor"]
    times = stage_times([standing.mentorship for standing in standings])
    series = [standing.mentorship.series_id for standing in standings]
    open_ones = sa.select(ActionItem.series_id, sa.func.count()).where(
        ActionItem.series_id.in_(series), ActionItem.state == "open"
    )
    counts = dict(db.session.execute(open_ones.group_by(ActionItem.series_id)).all())
    rows = [
        BoardRow(standing, times[standing.mentorship.id], counts.get(standing.mentorship.series_id, 0)) for standing in standings
    ]
    return sorted(rows, key=lambda row: (not row.needs_me, -row.standing.silent_days, row.standing.mentorship.id))


def style_tip_for(actor: Actor, mentorship: Mentorship) -> bool:
    """True for the mentor whose late stage both say is still steered by them; to anybody else never."""
    if not may_see_style(actor, mentorship):
        return False
    current = sa.select(StagePeriod.entered_at).where(StagePeriod.mentorship_id == mentorship.id, StagePeriod.left_at.is_(None))
    held = db.session.scalars(
        sa.select(sa.func.coalesce(Meeting.of_id, Meeting.id))
        .where(Meeting.series_id == mentorship.series_id, Meeting.state == "held", Meeting.starts_at >= current.scalar_subquery())
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(LATEST * 3)
    ).all()
    said = open_afterthoughts(held)
    meetings = [
        {str(mentorship.side_of(person_id)): answers for person_id, answers in both.items()}
        for meeting_id in held
        if len(both := {id_: answers for id_, answers in said.get(meeting_id, {}).items() if mentorship.side_of(id_)})
        == len(BOTH)
    ]
    return still_steered(mentorship.stage, meetings)
