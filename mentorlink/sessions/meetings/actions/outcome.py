"""How a meeting ended: held, cancelled, missed."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.meetings.actions.holding import let_time_go, refuse_two_at_once
from mentorlink.sessions.meetings.actions.several import say_who_was_there
from mentorlink.sessions.meetings.actions.standing import must_not_be_closed
from mentorlink.sessions.meetings.events import MeetingCancelled, MeetingHeld, MeetingMissed, MeetingUndone
from mentorlink.sessions.meetings.inputs import Absence, Cancelling, MeetingOutcome, Reason
from mentorlink.sessions.meetings.models import Meeting, TimeProposal
from mentorlink.sessions.meetings.notes.actions import keep_state
from mentorlink.sessions.meetings.notes.events import RoomChanged
from mentorlink.sessions.meetings.policy import may_steer_meeting
from mentorlink.sessions.meetings.queries.meetings import later_ones
from mentorlink.sessions.meetings.stages import UNDONE, came_from

EARLY = timedelta(hours=1)
"""A meeting may be recorded as held that long before it was to begin: people start early."""


UNDO_WITHIN = timedelta(days=1)
"""So long what was noted as held can be taken back."""


@action
def hold_meeting(actor: Actor, meeting: Meeting, data: MeetingOutcome) -> Meeting:
    """Say that the meeting took place, and what it came to."""
    ensure(may_steer_meeting, actor, meeting)
    must_not_be_closed(meeting.series)
    if meeting.starts_at - EARLY > clock.now():
        raise Conflict("meeting_ahead", from_when=(meeting.starts_at - EARLY).isoformat())
    settle(actor, meeting, "held", absent_id=None)
    there = say_who_was_there(actor, meeting, data.chosen)
    refuse_two_at_once(actor, meeting, there)
    if data.summary:
        meeting.summary = data.summary
        keep_state(actor, "summary", meeting.id, data.summary)
    record(MeetingHeld(meeting.id, meeting.series_id, actor.person_id))
    return meeting


@action
def undo_meeting(actor: Actor, meeting: Meeting) -> Meeting:
    """Take back that a meeting was held, within a day: it counts no more, in hours and for the stage. Twice is once.

    Either of the two may: who was not there does not have to live with what the other wrote down.
    """
    ensure(may_steer_meeting, actor, meeting)
    must_not_be_closed(meeting.series)
    if lock(meeting).undone_at is not None:
        return meeting
    if meeting.state != "held" or meeting.of_id is not None:
        raise Conflict("meeting_not_held")
    if meeting.settled_at is None or meeting.settled_at + UNDO_WITHIN < clock.now():
        raise Conflict("too_late_to_undo", hours=int(UNDO_WITHIN.total_seconds() // 3600))
    settle(actor, meeting, UNDONE[1], before=UNDONE[:1], undone_at=clock.now())
    stood_for = list(db.session.scalars(sa.select(Meeting).where(Meeting.of_id == meeting.id).order_by(Meeting.id)))
    for each in stood_for:
        each.of_id = None
        db.session.flush()
        settle(actor, each, UNDONE[1], before=UNDONE[:1], undone_at=clock.now())
    record(MeetingUndone(meeting.id, meeting.series_id, actor.person_id, tuple(each.id for each in stood_for)))
    record(RoomChanged(meeting.id, meeting.series_id, "room"))
    return meeting


@action
def write_summary(actor: Actor, meeting: Meeting, data: MeetingOutcome) -> Meeting:
    """Put the summary of a held meeting into better words."""
    ensure(may_steer_meeting, actor, meeting)
    must_not_be_closed(meeting.series)
    if lock(meeting).state != "held":
        raise Conflict("meeting_not_held")
    meeting.summary = data.summary or None
    keep_state(actor, "summary", meeting.id, data.summary)
    record(RoomChanged(meeting.id, meeting.series_id, "room"))
    return meeting


@action
def cancel_meeting(actor: Actor, meeting: Meeting, data: Reason) -> Meeting:
    """Call a planned meeting off, saying why; as ``Cancelling`` it may take those with it that would have repeated it."""
    ensure(may_steer_meeting, actor, meeting)
    later = later_ones(meeting) if isinstance(data, Cancelling) and data.later_too else []
    for each in (meeting, *later):
        settle(actor, each, "cancelled", reason=data.reason)
    record(MeetingCancelled(meeting.id, meeting.series_id, actor.person_id, tuple(each.id for each in later)))
    return meeting


@action
def miss_meeting(actor: Actor, meeting: Meeting, data: Absence) -> Meeting:
    """Say that the meeting did not take place because somebody did not come."""
    ensure(may_steer_meeting, actor, meeting)
    if data.absent_id is not None and data.absent_id not in {member.person_id for member in meeting.series.members}:
        raise Invalid(Fault("absent_id", "not_a_member"))
    if meeting.starts_at > clock.now():
        raise Conflict("meeting_ahead", from_when=meeting.starts_at.isoformat())
    settle(actor, meeting, "missed", reason=data.reason or None, absent_id=data.absent_id)
    record(MeetingMissed(meeting.id, meeting.series_id, actor.person_id))
    return meeting


def settle(actor: Actor, meeting: Meeting, state: str, *, before: tuple[str, ...] = (), **columns: object) -> None:
    """Bring the meeting into ``state`` from ``before``, or from where the table lets it come.

    Its time is free again, and nobody is asked to move it.
    """
    if state == "cancelled":
        columns |= {"revision": Meeting.revision + 1, "changed_at": clock.now()}
    with or_refuse(Conflict("meeting_at_that_time")):
        settled = db.session.execute(
            sa.update(Meeting)
            .where(Meeting.id == meeting.id, Meeting.state.in_(before or came_from(state)))
            .values(state=state, settled_at=clock.now(), settled_by_id=actor.person_id, **columns)
            .execution_options(synchronize_session=False)
        )
    db.session.refresh(meeting)
    if settled.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("meeting_settled", state=meeting.state)
    let_time_go(meeting)
    db.session.execute(
        sa.update(TimeProposal)
        .where(TimeProposal.meeting_id == meeting.id, TimeProposal.state == "open")
        .values(state="withdrawn", settled_at=clock.now(), settled_by_id=actor.person_id)
        .execution_options(synchronize_session=False)
    )
