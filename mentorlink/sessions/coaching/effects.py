"""What coaching does by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.events import ErasureGranted, PersonLeft
from mentorlink.sessions.coaching.actions import end_engagement_for_leaver, remind_of_commitment, resume_engagement
from mentorlink.sessions.coaching.models import Commitment, Engagement, EngagementEnd, Question
from mentorlink.sessions.coaching.stages import OPEN_STATES


def remind_when_due(payload: dict[str, Any]) -> None:
    """Job ``coaching.remind``: the day of a commitment has come."""
    if (commitment := db.session.get(Commitment, payload["commitment_id"])) is not None:
        remind_of_commitment(Actor.system(), commitment, date.fromisoformat(payload["day"]))


def resume_on_return(payload: dict[str, Any]) -> None:
    """Job ``coaching.resume``: on the day of return a rest ends, unless it ended or was taken anew."""
    engagement = db.session.get(Engagement, payload["engagement_id"])
    if engagement is not None and engagement.paused_until == date.fromisoformat(payload["returns_on"]):
        resume_engagement(Actor.system(), engagement)


def end_what_a_leaver_had(event: PersonLeft) -> None:
    """Engagements of somebody who left end, and what they were asked as a superior is asked no more."""
    of_leaver = sa.or_(Engagement.coach_id == event.person_id, Engagement.coachee_id == event.person_id)
    rows = sa.select(Engagement).where(of_leaver, Engagement.state.in_(OPEN_STATES)).order_by(Engagement.id)
    for engagement in db.session.scalars(rows).all():
        end_engagement_for_leaver(Actor.system(), engagement, event.person_id)
    db.session.execute(
        sa.update(Question)
        .where(Question.superior_id == event.person_id, Question.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )


def erase_why_ended(event: ErasureGranted) -> None:
    """Within: the words with which somebody ended a coaching early go; that it ended stays."""
    if "private" in event.parts:
        db.session.execute(sa.update(EngagementEnd).where(EngagementEnd.by_id == event.person_id).values(text=None))
