"""Who is told of gatherings and decisions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.community.events.decisions import DecisionOpened, DecisionTaken
from mentorlink.community.events.gatherings import (
    FollowUpAgreed,
    GatheringCancelled,
    GatheringMoved,
    GatheringPlanned,
    PlaceFreed,
)
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.gatherings import Attendance, Gathering
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.actions import Told, notify_many
from mentorlink.notifications.effects.telling import tell, tell_members


def tell_of_gathering(event: GatheringPlanned) -> None:
    """Members learn when the community meets."""
    tell_members(event.community_id, "gathering_planned", "gathering", event.gathering_id, but=event.by_id, **_meets(event))


def tell_of_moved_gathering(event: GatheringMoved) -> None:
    """Who means to come learns that it is at another time or place."""
    _tell_coming(event, "gathering_moved")


def tell_of_cancelled_gathering(event: GatheringCancelled) -> None:
    """Who means to come learns that it does not take place."""
    _tell_coming(event, "gathering_cancelled")


def tell_of_freed_place(event: PlaceFreed) -> None:
    """Who waited has a place."""
    tell(event.person_id, "place_freed", "gathering", event.gathering_id, **_meets(event))


def tell_of_follow_up(event: FollowUpAgreed) -> None:
    """A member learns what they do after a gathering."""
    tell(event.person_id, "follow_up_agreed", "gathering", event.gathering_id, who=event.by_id, **_meets(event))


def tell_of_decision(event: DecisionOpened) -> None:
    """Members learn that something is to be decided."""
    question = db.session.get_one(Decision, event.decision_id).question
    tell_members(event.community_id, "decision_opened", "decision", event.decision_id, but=event.by_id, question=question)


def tell_of_outcome(event: DecisionTaken) -> None:
    """Members learn what was decided."""
    question = db.session.get_one(Decision, event.decision_id).question
    tell_members(event.community_id, "decision_taken", "decision", event.decision_id, but=event.by_id, question=question)


def _meets(event: Any) -> dict[str, Any]:
    row = db.session.get_one(Gathering, event.gathering_id)
    return {"title": row.title, "starts_at": row.starts_at.isoformat()}


def _tell_coming(event: GatheringMoved | GatheringCancelled, kind: str) -> None:
    coming = sa.select(Attendance.person_id).where(
        Attendance.gathering_id == event.gathering_id, Attendance.state.in_(("going", "waiting"))
    )
    facts = _meets(event)
    told = [Told(one, event.gathering_id, facts) for one in db.session.scalars(coming.order_by(Attendance.person_id))]
    notify_many(Actor.system(), [one for one in told if one.person_id != event.by_id], kind=kind, about="gathering")
