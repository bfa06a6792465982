"""Where several meet: who joins and leaves, who comes, who was there."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.meetings.actions.holding import hold_time, let_time_go
from mentorlink.sessions.meetings.actions.standing import must_not_be_closed, number_by_date
from mentorlink.sessions.meetings.events import (
    AttendanceSaid,
    MeetingCounted,
    MemberAdded,
    MemberExcused,
    MemberRemoved,
    MemberReturned,
)
from mentorlink.sessions.meetings.models import Meeting, MeetingAttendance, Series, SeriesMember
from mentorlink.sessions.meetings.notes.events import RoomChanged
from mentorlink.sessions.meetings.policy import (
    may_change_members,
    may_count_meeting,
    may_say_whether_one_comes,
    may_steer_meeting,
)


@action
def add_member(actor: Actor, series: Series, person_id: int) -> SeriesMember:
    """Let one more person meet in the series from now on; where they are booked already they count as excused."""
    ensure(may_change_members, actor, series)
    must_not_be_closed(series)
    there = db.session.get(SeriesMember, (series.id, person_id))
    if there is not None:
        return there
    member = SeriesMember(series_id=series.id, person_id=person_id, since=clock.now())
    db.session.add(member)
    db.session.flush()
    db.session.expire(series, ["members"])
    booked = []
    for meeting in _to_come(series):
        try:
            hold_time(actor, meeting, only=[person_id])
            booked.append(meeting.id)
        except Conflict:
            _say(meeting.id, [person_id], "excused")
    record(MemberAdded(series.id, person_id, tuple(booked)))
    return member


@action
def remove_member(actor: Actor, series: Series, person_id: int) -> None:
    """Let somebody meet in the series no more; their time is free again. Said twice it stands once."""
    ensure(may_change_members, actor, series)
    lock(series)
    member = db.session.get(SeriesMember, (series.id, person_id))
    if member is None:
        return
    db.session.delete(member)
    db.session.flush()
    db.session.expire(series, ["members"])
    planned = _to_come(series)
    booked = tuple(meeting.id for meeting in planned if person_id not in meeting.away_ids)
    for meeting in planned:
        let_time_go(meeting, only=[person_id])
        db.session.execute(
            sa.delete(MeetingAttendance).where(
                MeetingAttendance.meeting_id == meeting.id, MeetingAttendance.person_id == person_id
            )
        )
    record(MemberRemoved(series.id, person_id, booked))


@action
def excuse_oneself(actor: Actor, meeting: Meeting) -> None:
    """Say that one cannot come; the time is free again, the others meet. Said twice it stands once."""
    ensure(may_say_whether_one_comes, actor, meeting)
    _must_be_planned(meeting)
    person_id = actor.person_id or 0
    if person_id in meeting.away_ids:
        return
    _say(meeting.id, [person_id], "excused")
    let_time_go(meeting, only=[person_id])
    record(MemberExcused(meeting.id, meeting.series_id, person_id))
    record(RoomChanged(meeting.id, meeting.series_id, "room"))


@action
def come_after_all(actor: Actor, meeting: Meeting) -> None:
    """Say that one comes after all; Conflict ``person_busy`` where another session has the time by now."""
    ensure(may_say_whether_one_comes, actor, meeting)
    _must_be_planned(meeting)
    person_id = actor.person_id or 0
    if person_id not in meeting.away_ids:
        return
    db.session.execute(
        sa.delete(MeetingAttendance).where(MeetingAttendance.meeting_id == meeting.id, MeetingAttendance.person_id == person_id)
    )
    db.session.expire(meeting, ["attendance"])
    hold_time(actor, meeting, only=[person_id])
    record(MemberReturned(meeting.id, meeting.series_id, person_id))
    record(RoomChanged(meeting.id, meeting.series_id, "room"))


@action
def note_present(actor: Actor, meeting: Meeting, person_id: int) -> None:
    """Note that one more was there after all; what was credited to the others stays."""
    ensure(may_steer_meeting, actor, meeting)
    if lock(meeting).state != "held" or meeting.series.host_id is None:
        raise Conflict("meeting_not_held")
    if person_id not in {member.person_id for member in meeting.series.members}:
        raise Invalid(Fault("person_id", "not_a_member"))
    if person_id in meeting.present_ids:
        return
    _say(meeting.id, [person_id], "present")
    record(AttendanceSaid(meeting.id, meeting.series_id, (person_id,), actor.person_id))


@action
def count_meeting(actor: Actor, meeting: Meeting, series: Series) -> Meeting | None:
    """Let a meeting of several count in the series of a pair that was there, without a word of it; twice is once."""
    ensure(may_count_meeting, actor)
    if lock(series).state == "closed":
        return None
    there = sa.select(Meeting).where(Meeting.series_id == series.id)
    if (found := db.session.scalar(there.where(Meeting.of_id == meeting.id))) is not None:
        return found
    last = db.session.scalar(sa.select(sa.func.coalesce(sa.func.max(Meeting.number), 0)).where(Meeting.series_id == series.id))
    counted = Meeting(
        series_id=series.id, number=(last or 0) + 1, starts_at=meeting.starts_at, minutes=meeting.minutes, mode=meeting.mode,
        state="held", of_id=meeting.id, logged=meeting.logged, planned_by_id=meeting.planned_by_id, created_at=clock.now(),
        settled_at=clock.now(), settled_by_id=meeting.settled_by_id,
    )  # fmt: skip
    try:
        with or_refuse(Conflict("meeting_at_that_time")):
            db.session.add(counted)
    except Conflict:  # the two wrote down a talk of their own at that very moment; it counts once
        return None
    number_by_date(series.id)
    record(MeetingCounted(counted.id, series.id, meeting.id, meeting.settled_by_id))
    return counted


def say_who_was_there(actor: Actor, meeting: Meeting, chosen: Collection[int] | None) -> set[int]:
    """Within an action that holds a meeting: who was there. Of two both were, and nothing is written.

    Of several, who leads is always among them; none chosen: all who come.
    """
    members = {member.person_id for member in meeting.series.members}
    host_id = meeting.series.host_id
    if host_id is None:
        return members
    there = (members - meeting.away_ids if chosen is None else set(chosen) & members) | {host_id or 0}
    if len(there) < 2:
        raise Invalid(Fault("present", "nobody_there"))
    _say(meeting.id, sorted(there), "present")
    _say(meeting.id, sorted(members - there - meeting.away_ids), "absent")
    db.session.expire(meeting, ["attendance"])
    record(AttendanceSaid(meeting.id, meeting.series_id, tuple(sorted(there - {host_id})), actor.person_id))
    return there


def _say(meeting_id: int, person_ids: Collection[int], state: str) -> None:
    for person_id in person_ids:
        db.session.merge(MeetingAttendance(meeting_id=meeting_id, person_id=person_id, state=state, said_at=clock.now()))
    db.session.flush()


def _must_be_planned(meeting: Meeting) -> None:
    must_not_be_closed(meeting.series)
    if lock(meeting).state != "planned":
        raise Conflict("meeting_settled", state=meeting.state)


def _to_come(series: Series) -> list[Meeting]:
    planned = sa.select(Meeting).where(
        Meeting.series_id == series.id, Meeting.state == "planned", Meeting.starts_at > clock.now()
    )
    return list(db.session.scalars(planned.order_by(Meeting.starts_at, Meeting.id)))
