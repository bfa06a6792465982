"""From the first talk to the end: each move is looked up in the table and taken by an UPDATE that names where it began."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.coaching.actions.ground import begin, ids, refusal
from mentorlink.sessions.coaching.events import (
    ConversationBegun,
    Engaged,
    EngagementClosed,
    EngagementDeclined,
    EngagementEndedEarly,
    ReviewWritten,
    WishSaid,
)
from mentorlink.sessions.coaching.inputs import LEFT, SILENCE, EndText, ReviewText
from mentorlink.sessions.coaching.models import Engagement, EngagementEnd, Question, Review
from mentorlink.sessions.coaching.policy import may_begin_engagement, may_change_engagement, may_end_engagement_for_leaver
from mentorlink.sessions.coaching.queries.facts import facts_of
from mentorlink.sessions.coaching.rules import conditions
from mentorlink.sessions.coaching.stages import State, step
from mentorlink.sessions.meetings.actions import begin_series, set_series_state


@action
def begin_engagement(actor: Actor, *, coach_id: int, coachee_id: int, programme_id: int | None = None) -> Engagement:
    """Let the two talk for a first time; neither is committed by it.

    Refused with ``already_coached`` while the same two have an open engagement in these roles.
    """
    ensure(may_begin_engagement, actor, coach_id, coachee_id)
    if coach_id == coachee_id:
        raise Conflict("coach_of_oneself")
    series = begin_series(actor, (coach_id, coachee_id), takes_actions=False)
    engagement = Engagement(
        coach_id=coach_id, coachee_id=coachee_id, programme_id=programme_id, series_id=series.id, started_at=clock.now()
    )
    with or_refuse(Conflict("already_coached")):
        db.session.add(engagement)
    record(ConversationBegun(*ids(engagement)))
    return engagement


@action
def say_yes(actor: Actor, engagement: Engagement) -> Engagement:
    """Want to go on after the first talk. When both do, the coaching begins. Saying it twice is saying it once."""
    ensure(may_change_engagement, actor, engagement)
    lock(engagement)
    side = engagement.side_of(actor.person_id)
    if getattr(engagement, f"{side}_yes_at") is not None:
        return engagement
    begin(engagement, "say_yes")
    if not facts_of([engagement])[engagement.id].held:
        raise Conflict("talk_first")
    setattr(engagement, f"{side}_yes_at", clock.now())
    db.session.flush()
    if engagement.coach_yes_at is None or engagement.coachee_yes_at is None:
        record(WishSaid(*ids(engagement), by_id=actor.person_id))
        return engagement
    _take(engagement, "engage", engaged_at=clock.now())
    record(Engaged(*ids(engagement), by_id=actor.person_id))
    return engagement


@action
def decline_engagement(actor: Actor, engagement: Engagement, data: EndText) -> Engagement:
    """Say no after the first talk, or instead of it. The reason is the writer's own, and the place is free again."""
    ensure(may_change_engagement, actor, engagement)
    _finish(actor, engagement, "decline", data)
    record(EngagementDeclined(*ids(engagement), by_id=actor.person_id))
    return engagement


@action
def end_engagement_early(actor: Actor, engagement: Engagement, data: EndText) -> Engagement:
    """Part before the end, without blame: the reason is kept for the one who writes it, and shown to nobody else."""
    ensure(may_change_engagement, actor, engagement)
    _finish(actor, engagement, "end_early", data)
    record(EngagementEndedEarly(*ids(engagement), by_id=actor.person_id))
    return engagement


@action
def end_engagement_for_leaver(actor: Actor, engagement: Engagement, person_id: int) -> Engagement:
    """End an engagement of which one side has left the agency. The reason is the house's own: nobody failed."""
    ensure(may_end_engagement_for_leaver, actor)
    early = lock(engagement).state == State.ENGAGED
    _finish(actor, engagement, "end_early" if early else "decline", None)
    news = EngagementEndedEarly if early else EngagementDeclined
    record(news(*ids(engagement), by_id=person_id))
    return engagement


@action
def end_engagement_for_silence(actor: Actor, engagement: Engagement) -> Engagement:
    """End an engagement that stayed quiet after its end was announced. Nobody is blamed."""
    ensure(may_end_engagement_for_leaver, actor)
    early = lock(engagement).state == State.ENGAGED
    _finish(actor, engagement, "end_early" if early else "decline", None, house=SILENCE)
    news = EngagementEndedEarly if early else EngagementDeclined
    record(news(*ids(engagement), by_id=None))
    return engagement


@action
def say_coaching_goes_on(actor: Actor, engagement: Engagement) -> Engagement:
    """Give a sign of life; what was announced to a quiet pair is off."""
    ensure(may_change_engagement, actor, engagement)
    return begin(engagement, "sign")


@action
def write_review(actor: Actor, engagement: Engagement, data: ReviewText) -> Review:
    """Write what it came to. Written once, and read by the other only after they wrote theirs."""
    ensure(may_change_engagement, actor, engagement)
    begin(engagement, "review")
    if actor.is_person(engagement.coachee_id) and not data.onward:
        raise Invalid(Fault("onward", "direction_needed"))
    review = Review(
        engagement_id=engagement.id,
        person_id=actor.person_id,
        body=data.model_dump(exclude_defaults=True),
        written_at=clock.now(),
    )
    with or_refuse(Conflict("already_reviewed")):
        db.session.add(review)
    written = db.session.scalar(sa.select(sa.func.count()).where(Review.engagement_id == engagement.id))
    record(ReviewWritten(*ids(engagement), by_id=actor.person_id, both=written == len(engagement.person_ids)))
    return review


@action
def close_engagement(actor: Actor, engagement: Engagement) -> Engagement:
    """Close when the goal was scaled a last time and reviewed by both."""
    ensure(may_change_engagement, actor, engagement)
    _take(engagement, "close", ended_at=clock.now())
    _shut(actor, engagement)
    record(EngagementClosed(*ids(engagement), by_id=actor.person_id))
    return engagement


def _take(engagement: Engagement, code: str, **columns: Any) -> None:
    lock(engagement)
    found = step(code, engagement.state)
    if found is None:
        raise refusal(engagement)
    if found.needs:
        missing = [
            str(each.code) for each in conditions(engagement.state, facts_of([engagement])[engagement.id]) if not each.done
        ]
        if missing:
            raise Conflict("not_ready", missing=missing)
    taken = db.session.execute(
        sa.update(Engagement)
        .where(Engagement.id == engagement.id, Engagement.state == found.source)
        .values(state=str(found.target), **columns)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise refusal(engagement)
    db.session.refresh(engagement)


def _finish(actor: Actor, engagement: Engagement, code: str, data: EndText | None, *, house: str = LEFT) -> None:
    _take(engagement, code, ended_at=clock.now())
    db.session.add(
        EngagementEnd(
            engagement_id=engagement.id, by_id=actor.person_id if data else None, code=data.code if data else house,
            text=data.text or None if data else None, ended_at=clock.now(),
        )
    )  # fmt: skip
    _shut(actor, engagement)


def _shut(actor: Actor, engagement: Engagement) -> None:
    """Nothing is asked of anybody any more: no meeting to come, no question to a superior."""
    db.session.execute(
        sa.update(Question)
        .where(Question.engagement_id == engagement.id, Question.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )
    set_series_state(actor, engagement.series, "closed")
