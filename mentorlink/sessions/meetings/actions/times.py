"""Times proposed for another to choose from."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict, NotFound
from mentorlink.sessions.meetings.actions.planning import chosen_times, move_meeting, place_of, plan_meeting
from mentorlink.sessions.meetings.actions.standing import must_be_open
from mentorlink.sessions.meetings.events import TimesDeclined, TimesProposed, TimesWithdrawn
from mentorlink.sessions.meetings.inputs import MeetingPlan, MeetingTime, NoTime
from mentorlink.sessions.meetings.models import Meeting, ProposedTime, Series, TimeProposal
from mentorlink.sessions.meetings.policy import may_answer_times, may_propose_times, may_withdraw_times


@action
def propose_times(actor: Actor, series: Series, data: MeetingPlan, *, moving: Meeting | None = None) -> TimeProposal:
    """Let the others choose from one to five times, for a new meeting or one that is to move.

    What was proposed in the series before stands no more: a series has one open proposal.
    """
    ensure(may_propose_times, actor, series)
    must_be_open(series)
    if moving is not None and moving.state != "planned":
        raise Conflict("meeting_settled", state=moving.state)
    instants = chosen_times(actor, data)
    _replace(actor, series)
    proposal = TimeProposal(
        series_id=series.id, meeting_id=moving.id if moving else None, proposed_by_id=actor.person_id, minutes=data.minutes,
        mode=data.mode, place=place_of(data), agenda=data.agenda or None, created_at=clock.now(),
        times=[ProposedTime(starts_at=instant) for instant in instants],
    )  # fmt: skip
    with or_refuse(Conflict("times_changed")):
        db.session.add(proposal)
    record(TimesProposed(proposal.id, series.id, actor.person_id or 0))
    return proposal


@action
def take_time(actor: Actor, proposal: TimeProposal, starts_at: datetime) -> Meeting:
    """Choose one of the times: the meeting is booked, or moved, in the same step. Chosen by two at once it is chosen once."""
    ensure(may_answer_times, actor, proposal)
    if starts_at not in {time.starts_at for time in proposal.times}:
        raise NotFound()
    _settle(actor, proposal, "taken")
    said = {
        "slots": [starts_at], "minutes": proposal.minutes, "mode": proposal.mode, "place": proposal.place or "", "anyway": True,
    }  # fmt: skip
    if proposal.meeting is not None:
        return move_meeting(actor, proposal.meeting, MeetingTime.model_validate(said))
    plan = MeetingPlan.model_validate(said | {"agenda": proposal.agenda or ""})
    meeting = plan_meeting(actor, proposal.series, plan, written_by_id=proposal.proposed_by_id)
    proposal.meeting_id = meeting.id
    return meeting


@action
def decline_times(actor: Actor, proposal: TimeProposal, data: NoTime) -> TimeProposal:
    """Say that none of the times suits."""
    ensure(may_answer_times, actor, proposal)
    _settle(actor, proposal, "declined", words=data.words or None)
    record(TimesDeclined(proposal.id, proposal.series_id, actor.person_id or 0))
    return proposal


@action
def withdraw_times(actor: Actor, proposal: TimeProposal) -> TimeProposal:
    """Take the times back."""
    ensure(may_withdraw_times, actor, proposal)
    _settle(actor, proposal, "withdrawn")
    record(TimesWithdrawn(proposal.id, proposal.series_id, actor.person_id or 0))
    return proposal


def _replace(actor: Actor, series: Series) -> None:
    db.session.execute(
        sa.update(TimeProposal)
        .where(TimeProposal.series_id == series.id, TimeProposal.state == "open")
        .values(state="replaced", settled_at=clock.now(), settled_by_id=actor.person_id)
        .execution_options(synchronize_session=False)
    )


def _settle(actor: Actor, proposal: TimeProposal, state: str, **columns: object) -> None:
    settled = db.session.execute(
        sa.update(TimeProposal)
        .where(TimeProposal.id == proposal.id, TimeProposal.state == "open")
        .values(state=state, settled_at=clock.now(), settled_by_id=actor.person_id, **columns)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(proposal)
    if settled.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("times_settled", state=proposal.state)
