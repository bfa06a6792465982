"""Who may do what with an engagement: its two people, a superior for one question, the house where it says so."""

from __future__ import annotations

from mentorlink.kernel.actor import Actor
from mentorlink.sessions.coaching.models import Commitment, Engagement, Question


def may_begin_engagement(actor: Actor, coach_id: int, coachee_id: int) -> bool:
    """One of the two (pairing lets them after both said yes to a first talk), or the house."""
    return actor.is_system or actor.person_id in (coach_id, coachee_id)


def may_see_engagement(actor: Actor, engagement: Engagement) -> bool:
    """The two of them."""
    return engagement.side_of(actor.person_id) is not None


def may_change_engagement(actor: Actor, engagement: Engagement) -> bool:
    """The two of them."""
    return engagement.side_of(actor.person_id) is not None


def may_write_goal(actor: Actor, engagement: Engagement) -> bool:
    """The coachee alone: a goal that somebody else sets is none."""
    return actor.is_person(engagement.coachee_id)


def may_share(actor: Actor, engagement: Engagement) -> bool:
    """The coachee alone decides what their superior sees, and takes it back."""
    return actor.is_person(engagement.coachee_id)


def may_rest(actor: Actor, engagement: Engagement) -> bool:
    """The two, and the house on the day of return."""
    return actor.is_system or engagement.side_of(actor.person_id) is not None


def may_keep_credentials(actor: Actor) -> bool:
    """Everybody their own."""
    return actor.person_id is not None


def may_ask_superior(actor: Actor, engagement: Engagement) -> bool:
    """The coachee alone decides what their superior is asked, and takes it back."""
    return actor.is_person(engagement.coachee_id)


def may_answer_question(actor: Actor, question: Question) -> bool:
    """The superior it was put to, while it stands."""
    return actor.is_person(question.superior_id) and question.withdrawn_at is None


def may_check_in(actor: Actor, commitment: Commitment) -> bool:
    """The coachee, about what they took on themselves."""
    return actor.is_person(commitment.engagement.coachee_id)


def may_end_engagement_for_leaver(actor: Actor) -> bool:
    """The house alone, when somebody left or nobody gave a sign."""
    return actor.is_system


def may_remind_of_commitment(actor: Actor) -> bool:
    """The house's clock alone."""
    return actor.is_system
