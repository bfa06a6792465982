"""The goal, the numbers said about it, and the one question a superior may be asked."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.people.queries import superior_of
from mentorlink.sessions.coaching.actions.ground import begin, ids
from mentorlink.sessions.coaching.events import GoalScaled, GoalWritten, SuperiorAnswered, SuperiorAsked
from mentorlink.sessions.coaching.inputs import AnswerNumber, GoalDraft, QuestionText, ScaleSaid
from mentorlink.sessions.coaching.models import Engagement, Goal, Question, Scale
from mentorlink.sessions.coaching.policy import (
    may_answer_question,
    may_ask_superior,
    may_change_engagement,
    may_write_goal,
)
from mentorlink.sessions.coaching.queries.facts import facts_of
from mentorlink.sessions.coaching.rules import BOTH, current_moment
from mentorlink.sessions.coaching.stages import open_moments

LONGEST_DAYS = 730


@action
def write_goal(actor: Actor, engagement: Engagement, data: GoalDraft) -> Goal:
    """Write the goal as a new version; earlier ones stay readable. Where the coachee stands now is their first number.

    Refused with ``goal_changed`` when it was written in another window since the writer began.
    """
    ensure(may_write_goal, actor, engagement)
    begin(engagement, "write_goal")
    if data.based_on != engagement.goal_number:
        raise Conflict("goal_changed", number=engagement.goal_number)
    days = (data.by_on - clock.today(actor.timezone)).days
    if days < 1:
        raise Invalid(Fault("by_on", "goal_in_the_past"))
    if days > LONGEST_DAYS:
        raise Invalid(Fault("by_on", "goal_too_far"))
    number = engagement.goal_number + 1
    goal = Goal(
        engagement_id=engagement.id, number=number, written_at=clock.now(), **data.model_dump(exclude={"based_on"})
    )  # fmt: skip
    db.session.add(goal)
    if number == 1:
        db.session.add(
            Scale(engagement_id=engagement.id, moment="before", person_id=actor.person_id, value=data.now, said_at=clock.now())
        )
    engagement.goal_number = number
    db.session.flush()
    record(GoalWritten(*ids(engagement), number=number))
    return goal


@action
def scale_goal(actor: Actor, engagement: Engagement, data: ScaleSaid) -> Scale:
    """Say where the coachee stands, 1 to 10. Said once, and read by the other only after they said theirs."""
    ensure(may_change_engagement, actor, engagement)
    begin(engagement, "scale_goal")
    if not engagement.goal_number:
        raise Conflict("no_goal_yet")
    scale = _say(engagement, actor.person_id, data.moment, data.value)
    both = facts_of([engagement])[engagement.id].scaled[data.moment] >= BOTH
    record(GoalScaled(*ids(engagement), moment=data.moment, by_id=actor.person_id, both=both))
    return scale


@action
def ask_superior(actor: Actor, engagement: Engagement, data: QuestionText) -> Question:
    """Put one question about the goal to the coachee's superior; they see this sentence and nothing else."""
    ensure(may_ask_superior, actor, engagement)
    begin(engagement, "ask_superior")
    if not engagement.goal_number:
        raise Conflict("no_goal_yet")
    superior = superior_of(engagement.coachee)
    if superior is None:
        raise Conflict("no_superior")
    if superior.id == engagement.coach_id:
        raise Conflict("superior_coaches")
    question = Question(engagement_id=engagement.id, superior_id=superior.id, text=data.text, asked_at=clock.now())
    with or_refuse(Conflict("already_asked_superior")):
        db.session.add(question)
    record(SuperiorAsked(*ids(engagement), question_id=question.id, superior_id=superior.id))
    return question


@action
def withdraw_question(actor: Actor, engagement: Engagement) -> None:
    """Take the question back at once: from then on it does not exist for the superior. Twice is once."""
    ensure(may_ask_superior, actor, engagement)
    lock(engagement)
    db.session.execute(
        sa.update(Question)
        .where(Question.engagement_id == engagement.id, Question.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )


@action
def answer_question(actor: Actor, question: Question, data: AnswerNumber) -> Scale:
    """Say a number as superior, once for each moment that the two have come to."""
    ensure(may_answer_question, actor, question)
    engagement = begin(question.engagement, "answer_question")
    if lock(question).withdrawn_at is not None:
        raise Conflict("question_withdrawn")
    if data.moment != current_moment(facts_of([engagement])[engagement.id].scaled):
        raise Conflict("moment_has_passed")
    scale = _say(engagement, actor.person_id, data.moment, data.value)
    record(SuperiorAnswered(*ids(engagement), superior_id=question.superior_id))
    return scale


def _say(engagement: Engagement, person_id: int | None, moment: str, value: int) -> Scale:
    """Add a number under the engagement's lock; one person goes from moment to moment and never back."""
    said = set(
        db.session.scalars(sa.select(Scale.moment).where(Scale.engagement_id == engagement.id, Scale.person_id == person_id))
    )
    if moment not in open_moments(said):
        raise Conflict("already_scaled")
    scale = Scale(engagement_id=engagement.id, moment=moment, person_id=person_id, value=value, said_at=clock.now())
    with or_refuse(Conflict("already_scaled")):
        db.session.add(scale)
    return scale
