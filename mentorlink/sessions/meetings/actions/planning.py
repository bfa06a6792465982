"""Putting meetings into the calendar, moving them, writing one down afterwards."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.kernel import clock, settings
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.meetings.actions.holding import LONGEST, hold_time, let_time_go, refuse_two_at_once, refuse_unfree
from mentorlink.sessions.meetings.actions.reminding import remind_later
from mentorlink.sessions.meetings.actions.several import say_who_was_there
from mentorlink.sessions.meetings.actions.standing import must_be_open, number_by_date
from mentorlink.sessions.meetings.events import MeetingHeld, MeetingMoved, MeetingPlanned
from mentorlink.sessions.meetings.inputs import MeetingLog, MeetingPlan, MeetingTime
from mentorlink.sessions.meetings.models import AgendaItem, Meeting, Series
from mentorlink.sessions.meetings.policy import may_plan_meeting, may_steer_meeting
from mentorlink.sessions.meetings.queries.meetings import later_ones
from mentorlink.sessions.meetings.rules.free import repeated
from mentorlink.sessions.meetings.rules.places import new_room

AHEAD = timedelta(days=400)
AGENDA_ITEMS = 30


@action
def plan_meeting(actor: Actor, series: Series, data: MeetingPlan, *, written_by_id: int | None = None) -> Meeting:
    """Put a meeting to come into the series, with its agenda, or as many as it repeats; returns the first.

    ``written_by_id``: whose agenda it is, where another takes a time that they proposed. Nobody is booked twice: Conflict
    ``person_busy``, and of a repetition ``days_taken``, unless those are to be left out.
    """
    ensure(may_plan_meeting, actor, series)
    must_be_open(series)
    weeks, times = (data.every_weeks, data.times) if data.every_weeks else (1, 1)
    instants = repeated(chosen_time(actor, data), actor.timezone, weeks=weeks, times=times)
    if instants[-1] > clock.now() + AHEAD:
        raise Invalid(Fault("times", "too_far_ahead"))
    if not data.anyway:
        refuse_unfree(actor, series, instants, data.minutes)
    columns = {"place": place_of(data), "zone": actor.timezone}
    if data.every_weeks:
        columns |= {"run_uid": uuid.uuid4().hex, "run_weeks": weeks}
    meetings = _book(actor, series, instants, data, **columns)
    number_by_date(series.id)
    for meeting in meetings:
        _write_agenda(written_by_id or actor.person_id, meeting, data.agenda)
        remind_later(meeting)
    record(MeetingPlanned(meetings[0].id, series.id, actor.person_id, tuple(meeting.id for meeting in meetings[1:])))
    return meetings[0]


@action
def log_meeting(actor: Actor, series: Series, data: MeetingLog) -> Meeting:
    """Write down a talk that took place without having been planned, once it is over; it counts like any held meeting."""
    ensure(may_plan_meeting, actor, series)
    must_be_open(series)
    starts_at = data.instant(actor.timezone)
    over_at = starts_at + timedelta(minutes=data.minutes)
    if starts_at > clock.now():
        raise Invalid(Fault("day", "not_yet_happened", {"over_at": over_at.isoformat()}))
    if over_at > clock.now():
        raise Invalid(Fault("minutes", "not_over_yet", {"over_at": over_at.isoformat()}))
    if starts_at < series.created_at - timedelta(days=1):
        raise Invalid(Fault("day", "before_the_pair"))
    _refuse_what_is_there(series, starts_at, data.minutes)
    meeting = _add(
        actor, series, starts_at, data, state="held", logged=True, summary=data.summary, settled_at=clock.now(),
        settled_by_id=actor.person_id,
    )  # fmt: skip
    number_by_date(series.id)
    there = say_who_was_there(actor, meeting, data.chosen)
    refuse_two_at_once(actor, meeting, there)
    record(MeetingHeld(meeting.id, series.id, actor.person_id))
    return meeting


@action
def move_meeting(actor: Actor, meeting: Meeting, data: MeetingTime) -> Meeting:
    """Give a planned meeting another time, length, mode or place; with ``later_too`` also those that repeat it later.

    Refused with ``meeting_moved`` when it was moved since the mover looked at it, with ``days_taken`` when somebody is booked on
    a day of those that repeat it.
    """
    ensure(may_steer_meeting, actor, meeting)
    must_be_open(meeting.series)
    starts_at = chosen_time(actor, data)
    moves = [(meeting, starts_at), *(_moved_along(actor, meeting, starts_at) if data.later_too else [])]
    if not data.anyway:
        refuse_unfree(actor, meeting.series, [instant for _each, instant in moves], data.minutes)
    refused, taken = Conflict("person_busy"), []
    for each, instant in moves[::-1] if starts_at > meeting.starts_at else moves:  # none onto the time of the next
        try:
            with db.session.begin_nested():
                _move(actor, each, instant, data, data.revision if each is meeting else None)
        except Conflict as error:
            if each is meeting or error.code not in ("person_busy", "meeting_at_that_time"):
                raise
            refused = error
            taken.append(instant.isoformat())
    if taken:
        raise Conflict("days_taken", **({"mine": False, "name": ""} | refused.facts), days=sorted(taken))
    number_by_date(meeting.series_id)
    return meeting


def _moved_along(actor: Actor, meeting: Meeting, starts_at: datetime) -> list[tuple[Meeting, datetime]]:
    """The planned ones that repeat it later, each with its new start: as many days on, at the same hour of the wall."""
    zone = ZoneInfo(meeting.zone or actor.timezone)
    there = starts_at.astimezone(zone)
    days = there.date() - meeting.starts_at.astimezone(zone).date()
    moved = []
    for each in later_ones(meeting):
        instant = datetime.combine(each.starts_at.astimezone(zone).date() + days, there.time(), zone)
        moved.append((each, instant.astimezone(UTC)))
    if moved and moved[-1][1] > clock.now() + AHEAD:
        raise Invalid(Fault("day", "too_far_ahead"))
    return moved


def _move(actor: Actor, meeting: Meeting, starts_at: datetime, data: MeetingTime, revision: int | None) -> None:
    with or_refuse(Conflict("meeting_at_that_time")):
        changed = db.session.execute(
            sa.update(Meeting)
            .where(
                Meeting.id == meeting.id, Meeting.state == "planned",
                sa.true() if revision is None else Meeting.revision == revision,
            )
            .values(
                starts_at=starts_at, minutes=data.minutes, mode=data.mode, place=place_of(data), revision=Meeting.revision + 1,
                changed_at=clock.now(),
            )
            .execution_options(synchronize_session=False)
        )  # fmt: skip
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        db.session.refresh(meeting)
        raise Conflict("meeting_moved" if meeting.state == "planned" else "meeting_settled", state=meeting.state)
    db.session.refresh(meeting)
    let_time_go(meeting)
    hold_time(actor, meeting)
    remind_later(meeting)
    record(MeetingMoved(meeting.id, meeting.series_id, actor.person_id))


def chosen_time(actor: Actor, data: MeetingTime) -> datetime:
    """The one moment that was chosen."""
    instants = chosen_times(actor, data)
    if len(instants) != 1:
        raise Invalid(Fault("slots", "one_time"))
    return instants[0]


def chosen_times(actor: Actor, data: MeetingTime) -> list[datetime]:
    """The moments that were chosen, each to come and not too far off."""
    faults = []
    if (data.day is None) != (data.at is None):
        faults.append(Fault("at" if data.at is None else "day", "missing"))
    instants = data.instants(actor.timezone)
    if not instants and not faults:
        faults.append(Fault("day", "choose_time"))
    if instants and instants[0] < clock.now():
        faults.append(Fault("day", "in_the_past"))
    if instants and instants[-1] > clock.now() + AHEAD:
        faults.append(Fault("day", "too_far_ahead"))
    if faults:
        raise Invalid(*faults)
    return instants


def _refuse_what_is_there(series: Series, starts_at: datetime, minutes: int) -> None:
    """A talk that was planned is noted as held where it stands, not written down beside it."""
    planned = sa.select(Meeting).where(
        Meeting.series_id == series.id, Meeting.state == "planned", Meeting.starts_at < starts_at + timedelta(minutes=minutes),
        Meeting.starts_at > starts_at - LONGEST,
    )  # fmt: skip
    if any(meeting.ends_at > starts_at for meeting in db.session.scalars(planned)):
        raise Conflict("planned_then")


def place_of(data: MeetingTime) -> str | None:
    """Where to meet; a call for which nobody named a link gets a room of its own."""
    if data.mode == "video" and not data.place:
        return new_room(settings.current().video_rooms) or None
    return data.place or None


def _book(
    actor: Actor, series: Series, instants: list[datetime], data: MeetingPlan, **columns: str | int | None
) -> list[Meeting]:
    booked, refused, taken = [], Conflict("person_busy"), []
    for instant in instants:
        begin = {"run_at": instant} if data.every_weeks else {}
        try:
            with db.session.begin_nested():
                meeting = _add(actor, series, instant, data, **columns, **begin)
                hold_time(actor, meeting)
                booked.append(meeting)
        except Conflict as error:
            if not data.every_weeks:
                raise
            refused = error
            taken.append(instant.isoformat())
    if taken and not (data.skip_taken and booked):
        raise Conflict("days_taken", **({"mine": False, "name": ""} | refused.facts), days=taken)
    if len(booked) == 1:
        booked[0].run_uid = booked[0].run_at = booked[0].run_weeks = None
    return booked


def _add(actor: Actor, series: Series, starts_at: datetime, data: MeetingPlan | MeetingLog, **columns: object) -> Meeting:
    last = db.session.scalar(sa.select(sa.func.coalesce(sa.func.max(Meeting.number), 0)).where(Meeting.series_id == series.id))
    meeting = Meeting(
        series_id=series.id, number=(last or 0) + 1, starts_at=starts_at, minutes=data.minutes, mode=data.mode,
        planned_by_id=actor.person_id, created_at=clock.now(), **columns,
    )  # fmt: skip
    with or_refuse(Conflict("meeting_at_that_time")):
        db.session.add(meeting)
    return meeting


def _write_agenda(person_id: int | None, meeting: Meeting, text: str) -> None:
    lines = [line.strip(" -•\t") for line in text.splitlines()]
    for position, line in enumerate([line for line in lines if line][:AGENDA_ITEMS], start=1):
        db.session.add(AgendaItem(meeting_id=meeting.id, position=position, text=line[:300], added_by_id=person_id))
