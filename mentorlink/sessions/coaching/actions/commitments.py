"""Commitments: made at the end of a session, looked at between sessions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.coaching.actions.ground import begin, ids
from mentorlink.sessions.coaching.actions.sheets import must_be_of
from mentorlink.sessions.coaching.events import CheckedIn, CommitmentDue, PairWrote
from mentorlink.sessions.coaching.inputs import CheckInSaid, CommitmentText
from mentorlink.sessions.coaching.models import CheckIn, Commitment, Engagement, Sheet
from mentorlink.sessions.coaching.policy import may_change_engagement, may_check_in, may_remind_of_commitment
from mentorlink.sessions.coaching.stages import OPTIONS_NEEDED, State
from mentorlink.sessions.meetings.models import Meeting

LONGEST_DAYS = 366
AGAIN = timedelta(days=7)
"""What was partly done or not yet is asked about again a week later, as long as it is answered."""

MORNING = time(8)


@action
def commit(actor: Actor, engagement: Engagement, meeting: Meeting, data: CommitmentText) -> Commitment:
    """Write down what the coachee will do until when. There is no will before at least two options are on the sheet."""
    ensure(may_change_engagement, actor, engagement)
    begin(engagement, "commit")
    must_be_of(engagement, meeting)
    sheet = db.session.get(Sheet, meeting.id)
    if sheet is None or len(sheet.options) < OPTIONS_NEEDED:
        raise Conflict("options_first", needed=OPTIONS_NEEDED)
    days = (data.due_on - clock.today(actor.timezone)).days
    if days < 0:
        raise Invalid(Fault("due_on", "commitment_in_the_past"))
    if days > LONGEST_DAYS:
        raise Invalid(Fault("due_on", "too_far_ahead"))
    commitment = Commitment(
        engagement_id=engagement.id, meeting_id=meeting.id, text=data.text, due_on=data.due_on, made_at=clock.now()
    )
    db.session.add(commitment)
    db.session.flush()
    _remind(engagement, commitment, data.due_on)
    record(PairWrote(*ids(engagement)))
    return commitment


@action
def check_in(actor: Actor, commitment: Commitment, data: CheckInSaid) -> CheckIn:
    """Say in one word how it stands, with a line or without. Said again on the same day, the last word counts."""
    ensure(may_check_in, actor, commitment)
    engagement = begin(commitment.engagement, "check_in")
    if lock(commitment).state == "dropped":
        raise Conflict("commitment_dropped")
    today = clock.today(actor.timezone)
    said = db.session.get(CheckIn, (commitment.id, today))
    if said is None:
        said = CheckIn(commitment_id=commitment.id, day=today)
        db.session.add(said)
    elif (said.answer, said.line) == (data.answer, data.line or None):
        return said
    said.answer, said.line, said.said_at = data.answer, data.line or None, clock.now()
    commitment.state = "done" if data.answer == "done" else "open"
    commitment.settled_at = clock.now() if data.answer == "done" else None
    db.session.flush()
    if commitment.state == "open":
        _remind(engagement, commitment, max(commitment.due_on, today + AGAIN))
    record(CheckedIn(*ids(engagement), commitment_id=commitment.id, answer=data.answer))
    return said


@action
def drop_commitment(actor: Actor, commitment: Commitment) -> Commitment:
    """Let go of what no longer fits. Twice is once."""
    ensure(may_check_in, actor, commitment)
    engagement = begin(commitment.engagement, "check_in")
    if lock(commitment).state == "open":
        commitment.state, commitment.settled_at = "dropped", clock.now()
        record(PairWrote(*ids(engagement)))
    return commitment


@action
def remind_of_commitment(actor: Actor, commitment: Commitment, day: date) -> None:
    """Ask how it stands, unless it is settled, was said on that day already, or the coaching is over; while it rests, later."""
    ensure(may_remind_of_commitment, actor)
    engagement = lock(commitment.engagement)
    said = db.session.get(CheckIn, (commitment.id, day))
    if lock(commitment).state != "open" or said is not None or engagement.state != State.ENGAGED:
        return
    if engagement.paused_until is not None:
        _remind(engagement, commitment, max(engagement.paused_until, day + timedelta(days=1)))
    else:
        record(CommitmentDue(*ids(engagement), commitment_id=commitment.id, day=day.isoformat()))


def _remind(engagement: Engagement, commitment: Commitment, day: date) -> None:
    """On the morning of ``day`` as the coachee's clock shows it; at once when that has passed is not wanted, so then not."""
    morning = datetime.combine(day, MORNING, ZoneInfo(engagement.coachee.timezone))
    if morning > clock.now():
        fact = {"commitment_id": commitment.id, "day": day.isoformat()}
        jobs.enqueue("coaching.remind", fact, run_at=morning, dedupe_key=f"coaching.remind:{commitment.id}:{day.isoformat()}")
