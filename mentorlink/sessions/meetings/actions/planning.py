"""Putting meetings into the calendar, moving them, writing one down afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.meetings.actions.standing import must_be_open
from mentorlink.sessions.meetings.events import MeetingHeld, MeetingMoved, MeetingPlanned
from mentorlink.sessions.meetings.inputs import MeetingLog, MeetingPlan, MeetingTime
from mentorlink.sessions.meetings.models import AgendaItem, Meeting, Series
from mentorlink.sessions.meetings.policy import may_change_meeting, may_plan_meeting

AHEAD = timedelta(days=400)
AGENDA_ITEMS = 30


@action
def plan_meeting(actor: Actor, series: Series, data: MeetingPlan) -> Meeting:
    """Put a meeting to come into the series, with its agenda."""
    ensure(may_plan_meeting, actor, series)
    starts_at = _to_come(data, actor.timezone)
    meeting = _add(actor, series, starts_at, data, place=data.place or None)
    lines = [line.strip(" -•\t") for line in data.agenda.splitlines()]
    for position, line in enumerate([line for line in lines if line][:AGENDA_ITEMS], start=1):
        db.session.add(AgendaItem(meeting_id=meeting.id, position=position, text=line[:300], added_by_id=actor.person_id))
    record(MeetingPlanned(meeting.id, series.id, actor.person_id))
    return meeting


@action
def log_meeting(actor: Actor, series: Series, data: MeetingLog) -> Meeting:
    """Write down a talk that took place without having been planned; it counts like any held meeting."""
    ensure(may_plan_meeting, actor, series)
    starts_at = data.instant(actor.timezone)
    if starts_at > clock.now():
        raise Invalid(Fault("day", "not_yet_happened"))
    if starts_at < series.created_at - timedelta(days=1):
        raise Invalid(Fault("day", "before_the_pair"))
    meeting = _add(
        actor, series, starts_at, data, state="held", logged=True, summary=data.summary, settled_at=clock.now(),
        settled_by_id=actor.person_id,
    )  # fmt: skip
    record(MeetingHeld(meeting.id, series.id, actor.person_id))
    return meeting


@action
def move_meeting(actor: Actor, meeting: Meeting, data: MeetingTime) -> Meeting:
    """Give a planned meeting another time, length, mode or place."""
    ensure(may_change_meeting, actor, meeting)
    must_be_open(meeting.series)
    starts_at = _to_come(data, actor.timezone)
    with or_refuse(Conflict("meeting_at_that_time")):
        changed = db.session.execute(
            sa.update(Meeting)
            .where(Meeting.id == meeting.id, Meeting.state == "planned")
            .values(
                starts_at=starts_at, minutes=data.minutes, mode=data.mode, place=data.place or None, revision=Meeting.revision + 1
            )
            .execution_options(synchronize_session=False)
        )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("meeting_settled", state=meeting.state)
    db.session.refresh(meeting)
    record(MeetingMoved(meeting.id, meeting.series_id, actor.person_id))
    return meeting


def _add(actor: Actor, series: Series, starts_at: datetime, data: MeetingPlan | MeetingLog, **columns: object) -> Meeting:
    must_be_open(series)
    last = db.session.scalar(sa.select(sa.func.coalesce(sa.func.max(Meeting.number), 0)).where(Meeting.series_id == series.id))
    meeting = Meeting(
        series_id=series.id, number=(last or 0) + 1, starts_at=starts_at, minutes=data.minutes, mode=data.mode,
        planned_by_id=actor.person_id, created_at=clock.now(), **columns,
    )  # fmt: skip
    with or_refuse(Conflict("meeting_at_that_time")):
        db.session.add(meeting)
    return meeting


def _to_come(data: MeetingTime, timezone: str) -> datetime:
    starts_at = data.instant(timezone)
    if starts_at < clock.now():
        raise Invalid(Fault("day", "in_the_past"))
    if starts_at > clock.now() + AHEAD:
        raise Invalid(Fault("day", "too_far_ahead"))
    return starts_at
