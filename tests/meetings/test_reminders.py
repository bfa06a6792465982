"""A word a day and an hour before, and how it went after: once each, late or not, never of what has changed since."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.actions import choose_preferences
from mentorlink.notifications.inputs import PreferencesInput
from mentorlink.notifications.models import Notice
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import MeetingOutcome, MeetingPlan, MeetingTime, Reason
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.queries import meeting_for
from tests.meetings.threads import at_once
from tests.mentoring.pair import Pair

KINDS = ("meeting_day", "meeting_hour", "meeting_after")


def plan(pair: Pair, **ahead: int) -> Meeting:
    slot = (clock.now() + timedelta(**ahead)).replace(second=0, microsecond=0)
    return actions.plan_meeting(pair.mentee, pair.row(pair.mentee).series, MeetingPlan(slots=[slot]))


def work(instant: datetime) -> None:
    """A worker that is awake at that instant."""
    with clock.at(instant):
        while jobs.run_due(only=False):
            pass


def told(person_id: int) -> list[str]:
    db.session.rollback()
    query = sa.select(Notice.kind).where(Notice.person_id == person_id, Notice.kind.in_(KINDS)).order_by(Notice.id)
    return list(db.session.scalars(query))


def test_both_are_reminded_a_day_and_an_hour_before_and_asked_after(pair: Pair) -> None:
    meeting = plan(pair, days=3)
    begins, ends = meeting.starts_at, meeting.ends_at
    expected: list[str] = []
    for instant, kind in ((begins - timedelta(days=1), "day"), (begins - timedelta(hours=1), "hour"), (ends, "after")):
        due = instant + (timedelta(minutes=15) if kind == "after" else timedelta())
        work(due - timedelta(seconds=1))
        assert told(pair.mentor_id) == told(pair.mentee_id) == expected, f"nothing before {kind} is due"
        expected.append(f"meeting_{kind}")
        work(due + timedelta(seconds=1))
        work(due + timedelta(seconds=60))
        assert told(pair.mentor_id) == told(pair.mentee_id) == expected, f"{kind} once"


def test_after_two_days_of_downtime_only_what_is_still_of_use_is_said_and_once(pair: Pair) -> None:
    meeting = plan(pair, days=2)
    work(meeting.ends_at + timedelta(days=2))
    work(meeting.ends_at + timedelta(days=3))
    assert told(pair.mentor_id) == ["meeting_after"], "nobody is told that a meeting of the past is near"


def test_who_wakes_up_half_an_hour_before_is_told_of_the_hour_alone(pair: Pair) -> None:
    meeting = plan(pair, days=2)
    work(meeting.starts_at - timedelta(minutes=30))
    assert told(pair.mentee_id) == ["meeting_hour"]


def test_of_two_workers_after_a_jump_of_the_clock_one_reminds(pair: Pair) -> None:
    meeting = plan(pair, days=30)
    jump = meeting.ends_at + timedelta(days=40)
    at_once(pair.cast.app, lambda: work(jump), lambda: work(jump))
    work(jump + timedelta(hours=2))
    assert told(pair.mentor_id) == told(pair.mentee_id) == ["meeting_after"]


def test_a_moved_meeting_is_reminded_of_at_its_new_time_only(pair: Pair) -> None:
    meeting = plan(pair, days=3)
    before, later = meeting.starts_at, meeting.starts_at + timedelta(days=5)
    actions.move_meeting(pair.mentor, meeting, MeetingTime(slots=[later]))
    work(before + timedelta(hours=2))
    assert told(pair.mentor_id) == []
    work(later - timedelta(hours=1))
    assert told(pair.mentor_id) == ["meeting_hour"]


def test_nothing_is_said_of_what_was_cancelled_or_settled(pair: Pair) -> None:
    cancelled, held = plan(pair, days=3), plan(pair, days=4)
    actions.cancel_meeting(pair.mentor, cancelled, Reason(reason="Ill"))
    with clock.at(held.starts_at):
        actions.hold_meeting(pair.mentee, meeting_for(pair.mentee, held.id), MeetingOutcome(summary="Early and short"))
    work(clock.now() + timedelta(days=10))
    assert told(pair.mentor_id) == told(pair.mentee_id) == []


def test_what_was_planned_within_the_hour_is_only_asked_about(pair: Pair) -> None:
    meeting = plan(pair, minutes=40)
    work(meeting.ends_at + timedelta(hours=1))
    assert told(pair.mentor_id) == ["meeting_after"]


def test_who_wants_no_reminders_gets_none(pair: Pair) -> None:
    choose_preferences(pair.mentor, PreferencesInput(in_app=["meetings"], by_mail=["meetings"]))
    meeting = plan(pair, days=3)
    work(meeting.starts_at - timedelta(hours=20))
    assert told(pair.mentor_id) == []
    assert told(pair.mentee_id) == ["meeting_day"]


def test_the_house_alone_reminds(pair: Pair) -> None:
    meeting = plan(pair, days=3)
    actions.remind_of_meeting(Actor.system(), meeting, which="day", revision=meeting.revision + 1)
    assert told(pair.mentor_id) == []
    actions.remind_of_meeting(Actor.system(), meeting, which="day", revision=meeting.revision)
    actions.remind_of_meeting(Actor.system(), meeting, which="day", revision=meeting.revision)
    assert told(pair.mentor_id) == ["meeting_day"], "a reminder that runs twice is told once"


def test_its_mails_stand_in_the_lane_that_nothing_slow_holds_up(pair: Pair) -> None:
    meeting = plan(pair, days=2)
    work(meeting.starts_at - timedelta(hours=1))
    reminded = [
        (task.kind, task.run_at)
        for task in db.session.scalars(sa.select(jobs.Task))
        if task.payload.get("template") == "meetings/reminder" and task.payload["facts"]["which"] == "hour"
    ]
    assert reminded == [("mail.soon", meeting.starts_at - timedelta(hours=1))] * 2
    assert "mail.soon" in jobs.alone
    assert jobs.alone <= jobs.apart <= set(jobs.handlers)
