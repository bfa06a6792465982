"""Engagements as they stand. To anybody but the two an engagement does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.queries import line_heads
from mentorlink.sessions.coaching.models import Commitment, Engagement
from mentorlink.sessions.coaching.policy import may_see_engagement
from mentorlink.sessions.coaching.queries.facts import facts_of
from mentorlink.sessions.coaching.rules import Condition, Facts, Sides, conditions, is_closing, turn
from mentorlink.sessions.coaching.stages import OPEN_STATES, State
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.queries import SeriesSummary, summaries_of


@dataclass(frozen=True)
class Engaging:
    """One engagement as it stands, for one of its two."""

    engagement: Engagement
    side: str
    """The reader's side: coach or coachee."""
    facts: Facts
    meetings: SeriesSummary
    due: Commitment | None
    """The open commitment that is due soonest."""
    today: date

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What the next step needs, as it stands."""
        return conditions(self.engagement.state, self.facts)

    @property
    def turn(self) -> Sides:
        """Whose turn it is."""
        return turn(self.engagement.state, self.facts)

    @property
    def next_act(self) -> str:
        """The one next thing for the reader: a check's code, or settle_meeting, choose_time, plan_talk, prepare_talk, check_in,
        close, plan_meeting, prepare_meeting, await_choice, begin_closing, wait, resting, or the state when it is over."""
        state = self.engagement.state
        if not self.engagement.is_open:
            return str(state)
        if self.engagement.paused_until is not None:
            return "resting"
        if self.meetings.unsettled is not None:
            return "settle_meeting"
        if self.meetings.asks(self._reader_id):
            return "choose_time"
        if state == State.CONVERSATION:
            return self._before_it_begins()
        if not self.facts.goal:
            return "goal_set" if self.side == "coachee" else "wait"
        if self.side == "coachee" and self.due is not None and self.due.due_on <= self.today:
            return "check_in"
        if is_closing(self.facts):
            return self._closing()
        if self.side not in self.facts.scaled.get("before", frozenset()):
            return "scale_before"
        return "prepare_meeting" if self.meetings.next is not None else self._to_plan("plan_meeting")

    @property
    def working(self) -> bool:
        """The two are engaged and do not rest: sheets, commitments, numbers and reviews are written."""
        return self.engagement.state == State.ENGAGED and self.engagement.paused_until is None

    @property
    def my_turn(self) -> bool:
        """The reader can do something that the other or the day waits for."""
        return self.engagement.is_open and self.next_act not in (
            "wait",
            "resting",
            "prepare_meeting",
            "prepare_talk",
            "plan_meeting",
            "await_choice",
        )

    @property
    def _reader_id(self) -> int:
        return self.engagement.coach_id if self.side == "coach" else self.engagement.coachee_id

    def _to_plan(self, act: str) -> str:
        """Who has proposed times waits for the other to choose."""
        return act if self.meetings.times is None else "await_choice"

    def _before_it_begins(self) -> str:
        if not self.facts.held:
            return "prepare_talk" if self.meetings.next is not None else self._to_plan("plan_talk")
        return "wait" if self.side in self.facts.yes else "both_said_yes"

    def _closing(self) -> str:
        missing = [condition for condition in self.conditions if not condition.done]
        if not missing:
            return "close"
        return next((str(condition.code) for condition in missing if self.side in condition.turn), "wait")


def engagement_for(actor: Actor, engagement_id: int) -> Engagement:
    """The engagement, if the actor is one of its two."""
    engagement = db.session.get(Engagement, engagement_id)
    if engagement is None or not may_see_engagement(actor, engagement):
        raise NotFound()
    return engagement


def engagements_for(actor: Actor, *, open_only: bool = False) -> list[Engaging]:
    """The actor's engagements as they stand, running ones first, then the newest; six queries for any number."""
    query = (
        sa.select(Engagement)
        .where(sa.or_(Engagement.coach_id == actor.person_id, Engagement.coachee_id == actor.person_id))
        .options(selectinload(Engagement.coach), selectinload(Engagement.coachee))
        .order_by(Engagement.state.in_(OPEN_STATES).desc(), Engagement.started_at.desc(), Engagement.id.desc())
    )
    if open_only:
        query = query.where(Engagement.state.in_(OPEN_STATES))
    return _stand(actor, list(db.session.scalars(query)))


def engaging_for(actor: Actor, engagement: Engagement) -> Engaging:
    """One engagement as it stands."""
    if not may_see_engagement(actor, engagement):
        raise NotFound()
    return _stand(actor, [engagement])[0]


def engagement_of_series(series_id: int) -> Engagement | None:
    """The engagement whose meetings are this series; for effects and for pages that have shown that the reader meets there."""
    return db.session.scalar(sa.select(Engagement).where(Engagement.series_id == series_id))


def session_for(actor: Actor, meeting_id: int) -> tuple[Engagement, Meeting]:
    """A meeting of the actor's coaching, with the engagement it belongs to."""
    meeting = db.session.get(Meeting, meeting_id)
    engagement = engagement_of_series(meeting.series_id) if meeting is not None else None
    if meeting is None or engagement is None or not may_see_engagement(actor, engagement):
        raise NotFound()
    return engagement, meeting


def superior_coaches(engagement: Engagement) -> bool:
    """True when the coach stands above the coachee in the line of command: both should know what that means."""
    return engagement.coach_id in line_heads(engagement.coachee.unit.path)


def _stand(actor: Actor, engagements: list[Engagement]) -> list[Engaging]:
    if not engagements:
        return []
    facts = facts_of(engagements)
    summaries = summaries_of({engagement.series_id for engagement in engagements})
    due: dict[int, Commitment] = {}
    for commitment in db.session.scalars(
        sa.select(Commitment)
        .where(Commitment.engagement_id.in_(facts), Commitment.state == "open")
        .order_by(Commitment.due_on, Commitment.id)
    ):
        due.setdefault(commitment.engagement_id, commitment)
    return [
        Engaging(
            engagement=engagement,
            side=str(engagement.side_of(actor.person_id)),
            facts=facts[engagement.id],
            meetings=summaries[engagement.series_id],
            due=due.get(engagement.id),
            today=clock.today(actor.timezone),
        )
        for engagement in engagements
    ]
