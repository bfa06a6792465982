"""Moving through the stages: each move is looked up in the table and taken by an UPDATE that names where it began."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.competencies.actions import confirm_levels
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.meetings.actions import call_off_until, set_series_state
from mentorlink.sessions.mentoring.actions.closing import agreed_levels
from mentorlink.sessions.mentoring.actions.ground import begin, ids, refusal
from mentorlink.sessions.mentoring.events import (
    MentorshipClosed,
    MentorshipEndedEarly,
    MentorshipPaused,
    MentorshipResumed,
    StageEntered,
)
from mentorlink.sessions.mentoring.inputs import LEFT, SILENCE, EarlyEndInput, PauseInput, StepBack, StepInput
from mentorlink.sessions.mentoring.models import EarlyEnd, Mentorship, Pause, StagePeriod
from mentorlink.sessions.mentoring.policy import may_change_mentorship, may_end_for_leaver, may_take_step
from mentorlink.sessions.mentoring.queries.gates import facts_of
from mentorlink.sessions.mentoring.rules import gate
from mentorlink.sessions.mentoring.stages import Step, step

LONGEST_PAUSE_DAYS = 184


@action
def advance_stage(actor: Actor, mentorship: Mentorship, data: StepInput) -> Mentorship:
    """Go on to the next stage when its gate is open."""
    ensure(may_change_mentorship, actor, mentorship)
    _same_page(mentorship, data)
    taken = _take(mentorship, "advance")
    _enter(actor, mentorship, taken)
    return mentorship


@action
def step_back(actor: Actor, mentorship: Mentorship, data: StepBack) -> Mentorship:
    """Return to the stage before, saying why. What was written stays."""
    ensure(may_change_mentorship, actor, mentorship)
    _same_page(mentorship, data)
    taken = _take(mentorship, "back")
    _enter(actor, mentorship, taken, reason=data.reason)
    return mentorship


@action
def pause_mentorship(actor: Actor, mentorship: Mentorship, data: PauseInput) -> Mentorship:
    """Rest until a day; on that day it goes on by itself. What is planned until then is called off, if that is wanted."""
    ensure(may_change_mentorship, actor, mentorship)
    days = (data.returns_on - clock.today(actor.timezone)).days
    if days < 1:
        raise Invalid(Fault("returns_on", "return_in_the_past"))
    if days > LONGEST_PAUSE_DAYS:
        raise Invalid(Fault("returns_on", "pause_too_long"))
    _take(mentorship, "pause")
    pause = Pause(
        mentorship_id=mentorship.id,
        since=clock.now(),
        returns_on=data.returns_on,
        by_id=actor.person_id,
        reason=data.reason or None,
    )
    db.session.add(pause)
    db.session.flush()
    set_series_state(actor, mentorship.series, "paused")
    morning = datetime.combine(data.returns_on, time(6), ZoneInfo(actor.timezone))
    if data.call_off:
        call_off_until(actor, mentorship.series, morning)
    jobs.enqueue("mentoring.resume", {"pause_id": pause.id}, run_at=morning, dedupe_key=f"mentoring.resume:{pause.id}")
    record(MentorshipPaused(*ids(mentorship), by_id=actor.person_id))
    return mentorship


@action
def resume_mentorship(actor: Actor, mentorship: Mentorship) -> Mentorship:
    """Go on where the pair stood."""
    ensure(may_take_step, actor, mentorship)
    _take(mentorship, "resume")
    _end_pause(mentorship)
    set_series_state(actor, mentorship.series, "open")
    record(MentorshipResumed(*ids(mentorship), by_id=actor.person_id))
    return mentorship


@action
def end_early(actor: Actor, mentorship: Mentorship, data: EarlyEndInput) -> Mentorship:
    """Part before the end, without blame: the reason is kept for the one who writes it, and shown to nobody else."""
    ensure(may_change_mentorship, actor, mentorship)
    _take(mentorship, "end_early")
    db.session.add(
        EarlyEnd(mentorship_id=mentorship.id, by_id=actor.person_id, code=data.code, text=data.text or None, ended_at=clock.now())
    )
    _finish(actor, mentorship)
    record(MentorshipEndedEarly(*ids(mentorship), by_id=actor.person_id))
    return mentorship


@action
def end_for_leaver(actor: Actor, mentorship: Mentorship, person_id: int) -> Mentorship:
    """End a mentorship of which one side has left the agency. The reason is the house's own: nobody failed."""
    ensure(may_end_for_leaver, actor)
    _take(mentorship, "end_early")
    db.session.add(EarlyEnd(mentorship_id=mentorship.id, by_id=None, code=LEFT, ended_at=clock.now()))
    _finish(actor, mentorship)
    record(MentorshipEndedEarly(*ids(mentorship), by_id=person_id))
    return mentorship


@action
def end_for_silence(actor: Actor, mentorship: Mentorship) -> Mentorship:
    """End a mentorship that stayed quiet after its end was announced. Nobody is blamed."""
    ensure(may_end_for_leaver, actor)
    _take(mentorship, "end_early")
    db.session.add(EarlyEnd(mentorship_id=mentorship.id, by_id=None, code=SILENCE, ended_at=clock.now()))
    _finish(actor, mentorship)
    record(MentorshipEndedEarly(*ids(mentorship), by_id=None))
    return mentorship


@action
def say_still_on(actor: Actor, mentorship: Mentorship) -> Mentorship:
    """Give a sign of life; what was announced to a quiet pair is off."""
    ensure(may_change_mentorship, actor, mentorship)
    return begin(mentorship, "sign")


@action
def close_mentorship(actor: Actor, mentorship: Mentorship, data: StepInput) -> Mentorship:
    """Close when the last gate is open; the after-levels both said count as the mentee's levels from that moment."""
    ensure(may_change_mentorship, actor, mentorship)
    _same_page(mentorship, data)
    _take(mentorship, "close")
    _finish(actor, mentorship)
    confirm_levels(
        Actor.system(), mentorship.mentee_id, agreed_levels(mentorship), origin=f"mentorship:{mentorship.id}",
        assessed_on=clock.today(mentorship.mentee.timezone), confirmed_with=mentorship.mentor_id,
    )  # fmt: skip
    record(MentorshipClosed(*ids(mentorship), by_id=actor.person_id))
    return mentorship


def _same_page(mentorship: Mentorship, data: StepInput) -> None:
    if lock(mentorship).stage != data.stage:
        raise Conflict("stage_moved_on", shown=data.stage, stage=mentorship.stage)


def _take(mentorship: Mentorship, code: str) -> Step:
    lock(mentorship)
    found = step(code, mentorship.stage, mentorship.state)
    if found is None:
        raise refusal(mentorship)
    if found.gated:
        conditions = gate(mentorship.stage, facts_of([mentorship])[mentorship.id])
        missing = [str(condition.code) for condition in conditions if not condition.done]
        if missing:
            raise Conflict("gate_closed", missing=missing)
    taken = db.session.execute(
        sa.update(Mentorship)
        .where(Mentorship.id == mentorship.id, Mentorship.stage == found.stage, Mentorship.state == found.state)
        .values(stage=str(found.to_stage), state=str(found.to_state), touched_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("stage_moved_on", shown=str(found.stage), stage=str(found.stage))
    db.session.refresh(mentorship)
    return found


def _enter(actor: Actor, mentorship: Mentorship, taken: Step, reason: str | None = None) -> None:
    _leave_stage(mentorship)
    db.session.add(
        StagePeriod(
            mentorship_id=mentorship.id, stage=str(taken.to_stage), entered_at=clock.now(), entered_by_id=actor.person_id,
            back=taken.code == "back", reason=reason,
        )
    )  # fmt: skip
    db.session.flush()
    record(StageEntered(*ids(mentorship), stage=str(taken.to_stage), back=taken.code == "back", by_id=actor.person_id))


def _finish(actor: Actor, mentorship: Mentorship) -> None:
    mentorship.ended_at = clock.now()
    _leave_stage(mentorship)
    _end_pause(mentorship)
    set_series_state(actor, mentorship.series, "closed")


def _leave_stage(mentorship: Mentorship) -> None:
    db.session.execute(
        sa.update(StagePeriod)
        .where(StagePeriod.mentorship_id == mentorship.id, StagePeriod.left_at.is_(None))
        .values(left_at=clock.now())
    )


def _end_pause(mentorship: Mentorship) -> None:
    db.session.execute(
        sa.update(Pause).where(Pause.mentorship_id == mentorship.id, Pause.resumed_at.is_(None)).values(resumed_at=clock.now())
    )
