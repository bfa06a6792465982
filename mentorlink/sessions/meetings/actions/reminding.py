"""A word a day and an hour before a meeting, and after it the question how it went."""

from __future__ import annotations

from datetime import timedelta

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import lock
from mentorlink.sessions.meetings.events import MeetingNear
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.policy import may_remind

BEFORE = {"day": timedelta(days=1), "hour": timedelta(hours=1)}
AFTER = timedelta(minutes=15)


def remind_later(meeting: Meeting) -> None:
    """Have the house remind of the meeting as it stands now; once it moves or is settled, these reminders are void."""
    due = {which: meeting.starts_at - before for which, before in BEFORE.items()}
    due["after"] = meeting.ends_at + AFTER
    for which, instant in due.items():
        if instant > clock.now():
            payload = {"meeting_id": meeting.id, "revision": meeting.revision, "which": which}
            key = f"meeting:{meeting.id}:{meeting.revision}:{which}"
            jobs.enqueue("meetings.remind", payload, run_at=instant, dedupe_key=key)


@action
def remind_of_meeting(actor: Actor, meeting: Meeting, *, which: str, revision: int) -> None:
    """Remind of the meeting, unless it was moved or settled, the people rest, or the reminder comes too late to be of use."""
    ensure(may_remind, actor)
    if lock(meeting).state != "planned" or meeting.revision != revision or meeting.series.state == "paused":
        return
    instant = clock.now()
    if which != "after" and instant >= meeting.starts_at:
        return
    if which == "day" and instant >= meeting.starts_at - BEFORE["hour"]:
        return
    record(MeetingNear(meeting.id, meeting.series_id, which))
