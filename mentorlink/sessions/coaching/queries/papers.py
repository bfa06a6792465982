"""What the two wrote and said, each as far as the reader may read it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.sessions.coaching.models import (
    Commitment,
    Engagement,
    EngagementEnd,
    Goal,
    Question,
    Review,
    Scale,
    Sheet,
)
from mentorlink.sessions.coaching.policy import may_answer_question, may_see_engagement
from mentorlink.sessions.coaching.queries.facts import facts_of
from mentorlink.sessions.coaching.rules import BOTH, current_moment, shown_moments
from mentorlink.sessions.coaching.stages import MOMENTS, SUPERIOR, open_moments
from mentorlink.sessions.meetings.models import Meeting


def _for_the_two(actor: Actor, engagement: Engagement) -> None:
    if not may_see_engagement(actor, engagement):
        raise NotFound()


def goals_for(actor: Actor, engagement: Engagement) -> list[Goal]:
    """Every version of the goal, newest first."""
    _for_the_two(actor, engagement)
    return list(
        db.session.scalars(sa.select(Goal).where(Goal.engagement_id == engagement.id).order_by(Goal.number.desc()))
    )  # fmt: skip


@dataclass(frozen=True)
class Numbers:
    """The numbers said at one moment, as the reader may see them: side → number, None while it is hidden or not said."""

    moment: str
    values: dict[str, int | None]
    said: frozenset[str]
    """Sides that have said a number, shown or not."""
    mine_open: bool
    """The reader may say a number for this moment now."""


def numbers_for(actor: Actor, engagement: Engagement) -> list[Numbers]:
    """Before, midway, after. The other's number shows once both have said theirs; the superior's shows to both with them."""
    _for_the_two(actor, engagement)
    rows = db.session.execute(
        sa.select(Scale.moment, Scale.person_id, Scale.value).where(Scale.engagement_id == engagement.id)
    ).all()
    said: dict[str, dict[str, int]] = {moment: {} for moment in MOMENTS}
    for moment, person_id, value in rows:
        said[moment][engagement.side_of(person_id) or SUPERIOR] = value
    side = str(engagement.side_of(actor.person_id))
    shown = shown_moments({moment: frozenset(sides) for moment, sides in said.items()})
    mine = open_moments({moment for moment, sides in said.items() if side in sides})
    return [
        Numbers(
            moment=moment,
            values={each: value if moment in shown or each == side else None for each, value in sides.items()},
            said=frozenset(sides),
            mine_open=moment in mine,
        )
        for moment, sides in said.items()
    ]


def question_of(actor: Actor, engagement: Engagement) -> Question | None:
    """The question that stands with the coachee's superior, for the two."""
    _for_the_two(actor, engagement)
    return db.session.scalar(
        sa.select(Question)
        .where(Question.engagement_id == engagement.id, Question.withdrawn_at.is_(None))
        .options(joinedload(Question.superior))
    )


@dataclass(frozen=True)
class Asked:
    """A question as the superior sees it: who asks, the sentence, the moment, and what they themself said. Nothing else."""

    id: int
    coachee_id: int
    name: str
    text: str
    moment: str
    mine: int | None
    """What they said for this moment."""


def question_for(actor: Actor, question_id: int) -> Question:
    """The question, for the superior it was put to, while it stands."""
    question = db.session.get(Question, question_id)
    if question is None or not may_answer_question(actor, question):
        raise NotFound()
    return question


def asked_for(actor: Actor, question: Question) -> Asked:
    """What the superior sees of it."""
    if not may_answer_question(actor, question):
        raise NotFound()
    engagement = question.engagement
    moment = current_moment(facts_of([engagement])[engagement.id].scaled)
    mine = db.session.get(Scale, (engagement.id, moment, actor.person_id))
    return Asked(
        id=question.id, coachee_id=engagement.coachee_id, name=engagement.coachee.full_name, text=question.text, moment=moment,
        mine=mine.value if mine else None,
    )  # fmt: skip


def questions_for(actor: Actor) -> list[Question]:
    """The questions that stand with the actor as a superior, newest first."""
    query = (
        sa.select(Question)
        .where(Question.superior_id == actor.person_id, Question.withdrawn_at.is_(None))
        .options(joinedload(Question.engagement).joinedload(Engagement.coachee))
    )
    return list(db.session.scalars(query.order_by(Question.asked_at.desc(), Question.id.desc())))


def sheet_for(actor: Actor, engagement: Engagement, meeting: Meeting) -> Sheet | None:
    """The session's sheet, if it was begun."""
    _for_the_two(actor, engagement)
    return db.session.scalar(sa.select(Sheet).where(Sheet.meeting_id == meeting.id, Sheet.engagement_id == engagement.id))


def sheeted(actor: Actor, engagement: Engagement, meetings: list[Meeting]) -> dict[int, Sheet]:
    """Meeting → its sheet, of those that have one."""
    _for_the_two(actor, engagement)
    rows = sa.select(Sheet).where(Sheet.engagement_id == engagement.id, Sheet.meeting_id.in_([m.id for m in meetings]))
    return {sheet.meeting_id: sheet for sheet in db.session.scalars(rows)}


def commitments_for(
    actor: Actor, engagement: Engagement, *, meeting: Meeting | None = None, open_only: bool = False, limit: int = 100
) -> list[Commitment]:
    """Commitments with their check-ins, open ones first, soonest due first."""
    _for_the_two(actor, engagement)
    query = sa.select(Commitment).where(Commitment.engagement_id == engagement.id).options(selectinload(Commitment.check_ins))
    if meeting is not None:
        query = query.where(Commitment.meeting_id == meeting.id)
    if open_only:
        query = query.where(Commitment.state == "open")
    query = query.order_by((Commitment.state == "open").desc(), Commitment.due_on, Commitment.id)
    return list(db.session.scalars(query.limit(limit)))


def commitment_for(actor: Actor, commitment_id: int) -> Commitment:
    """The commitment, if it is of the actor's coaching."""
    commitment = db.session.get(Commitment, commitment_id)
    if commitment is None or not may_see_engagement(actor, commitment.engagement):
        raise NotFound()
    return commitment


def reviews_for(actor: Actor, engagement: Engagement) -> dict[str, Review]:
    """Side → review, as far as the reader may read it: the other's once both are there."""
    _for_the_two(actor, engagement)
    rows = db.session.scalars(sa.select(Review).where(Review.engagement_id == engagement.id))
    reviews = {str(engagement.side_of(row.person_id)): row for row in rows}
    side = str(engagement.side_of(actor.person_id))
    return reviews if set(reviews) == BOTH else {each: row for each, row in reviews.items() if each == side}


def end_for(actor: Actor, engagement: Engagement) -> EngagementEnd | None:
    """Why it ended, for the one who wrote it."""
    _for_the_two(actor, engagement)
    end = db.session.get(EngagementEnd, engagement.id)
    return end if end is not None and actor.is_person(end.by_id) else None
