"""Who is told of coaching."""

from __future__ import annotations

from typing import Any

from mentorlink.kernel.db import db
from mentorlink.notifications.effects.telling import tell
from mentorlink.people.models import Person
from mentorlink.sessions.coaching.events import (
    CheckedIn,
    CommitmentDue,
    ConversationBegun,
    Engaged,
    EngagementClosed,
    EngagementDeclined,
    EngagementEndedEarly,
    EngagementEvent,
    EngagementRested,
    EngagementResumed,
    GoalScaled,
    GoalWritten,
    ReviewWritten,
    SuperiorAnswered,
    SuperiorAsked,
    WishSaid,
)


def _tell_of_coaching(event: EngagementEvent, by_id: int | None, kind: str, **facts: Any) -> None:
    for person_id in (event.coach_id, event.coachee_id):
        if person_id != by_id:
            other = event.coachee_id if person_id == event.coach_id else event.coach_id
            tell(person_id, kind, "engagement", event.engagement_id, who=other, **facts)


def tell_of_first_talk(event: ConversationBegun) -> None:
    """The coachee learns that the coach is ready for a first talk; the coach said so themself."""
    tell(event.coachee_id, "coaching_talk", "engagement", event.engagement_id, who=event.coach_id)


def tell_of_wish(event: WishSaid) -> None:
    """The other learns that this one would like to go on."""
    _tell_of_coaching(event, event.by_id, "coaching_wish")


def tell_of_engagement(event: Engaged) -> None:
    """The other learns that it begins."""
    _tell_of_coaching(event, event.by_id, "coaching_begun")


def tell_of_parting(event: EngagementDeclined) -> None:
    """The other learns that it will not be, never why; unless it is that one of the two has left."""
    if not _tell_of_leaving(event, event.by_id):
        _tell_of_coaching(event, event.by_id, "coaching_declined")


def tell_of_goal(event: GoalWritten) -> None:
    """The coach learns that there is a goal to read, not what it says."""
    kind = "goal_written" if event.number == 1 else "goal_reworded"
    tell(event.coach_id, kind, "engagement", event.engagement_id, who=event.coachee_id)


def tell_of_number(event: GoalScaled) -> None:
    """The other learns that a number was said, not which."""
    _tell_of_coaching(event, event.by_id, "numbers_open" if event.both else "number_said")


def tell_of_superior_question(event: SuperiorAsked) -> None:
    """The superior learns that somebody of theirs asks for one number."""
    tell(event.superior_id, "superior_asked", "question", event.question_id, who=event.coachee_id)


def tell_of_superior_answer(event: SuperiorAnswered) -> None:
    """The coachee learns that the superior answered."""
    tell(event.coachee_id, "superior_answered", "engagement", event.engagement_id, who=event.superior_id)


def remind_of_commitment(event: CommitmentDue) -> None:
    """The coachee is asked how it stands, once for each day it was to be looked at."""
    once = f"commitment:{event.commitment_id}:{event.day}"
    tell(event.coachee_id, "commitment_due", "commitment", event.commitment_id, who=event.coach_id, once=once)


def tell_of_check_in(event: CheckedIn) -> None:
    """The coach learns how a commitment stands."""
    kind = {"done": "commitment_done", "partly": "commitment_partly"}.get(event.answer, "commitment_not_yet")
    tell(event.coach_id, kind, "engagement", event.engagement_id, who=event.coachee_id)


def tell_of_review(event: ReviewWritten) -> None:
    """The other learns that a review was written, not what it says."""
    _tell_of_coaching(event, event.by_id, "reviews_open" if event.both else "review_written")


def tell_of_coaching_close(event: EngagementClosed) -> None:
    """Both learn that it is done."""
    _tell_of_coaching(event, None, "coaching_closed")


def tell_of_coaching_end(event: EngagementEndedEarly) -> None:
    """The other learns that it ended, never why; unless it is that one of the two has left."""
    if not _tell_of_leaving(event, event.by_id):
        _tell_of_coaching(event, event.by_id, "coaching_ended")


def _tell_of_leaving(event: EngagementDeclined | EngagementEndedEarly, by_id: int | None) -> bool:
    """True when who ended it has left the agency: a coachee is led to other coaches, a coach learns that the place is free."""
    leaver = db.session.get(Person, by_id) if by_id is not None else None
    if leaver is None or leaver.state != "disabled":
        return False
    if leaver.id == event.coach_id:
        tell(event.coachee_id, "coach_left", "find_coach", event.engagement_id, who=leaver.id)
    else:
        tell(event.coach_id, "coachee_left", "engagement", event.engagement_id, who=leaver.id)
    return True


def tell_of_coaching_rest(event: EngagementRested) -> None:
    """The other learns of the rest."""
    _tell_of_coaching(event, event.by_id, "coaching_rests")


def tell_of_coaching_return(event: EngagementResumed) -> None:
    """The other learns that it goes on; both when the day of return came."""
    _tell_of_coaching(event, event.by_id, "coaching_goes_on")
