"""Who may do what with competencies."""

from __future__ import annotations

from mentorlink.competencies.models import PeerReview, PeerVoice
from mentorlink.kernel.actor import Actor, Role
from mentorlink.people.models import Person


def may_see_map(actor: Actor, person: Person) -> bool:
    """The person, whoever heads their unit or one above it, and HR over their unit."""
    path = person.unit.path
    return actor.is_person(person.id) or actor.heads_over(path) or actor.has_over(path, Role.MANAGER)


def may_record_assessment(actor: Actor, person: Person, source: str) -> bool:
    """Oneself as oneself, a superior of one's own people, HR what an assessment centre or colleagues found.

    A closed mentorship speaks for itself: nobody enters its levels by hand.
    """
    if actor.is_system:
        return True
    path = person.unit.path
    match source:
        case "self":
            return actor.is_person(person.id)
        case "superior":
            return actor.heads_over(path) and not actor.is_person(person.id)
        case "assessment_centre" | "peer":
            return actor.has_over(path, Role.MANAGER) and not actor.is_person(person.id)
    return False


def may_confirm_levels(actor: Actor) -> bool:
    """The house alone, when both sides of a mentorship have confirmed."""
    return actor.is_system


def may_edit_frameworks(actor: Actor) -> bool:
    """HR and administrators of the whole agency: a dictionary belongs to everybody."""
    return actor.has_over(None, Role.MANAGER, Role.ADMINISTRATOR)


def may_edit_standards(actor: Actor) -> bool:
    """HR and administrators of the whole agency."""
    return actor.has_over(None, Role.MANAGER, Role.ADMINISTRATOR)


def may_save_assessments(actor: Actor) -> bool:
    """Whoever loads files of assessments: HR and administrators of the whole agency."""
    return actor.has_over(None, Role.MANAGER, Role.ADMINISTRATOR)


def may_refresh_levels(actor: Actor) -> bool:
    """The house alone, every night."""
    return actor.is_system


def may_note_changes(actor: Actor, person: Person) -> bool:
    """Only the person themselves has seen their own map."""
    return actor.is_person(person.id)


def may_ask_colleagues(actor: Actor, person: Person) -> bool:
    """The person, whoever heads their unit or one above it, and HR over their unit."""
    return actor.person_id is not None and may_see_map(actor, person)


def may_withdraw_review(actor: Actor, review: PeerReview) -> bool:
    """Whoever asked."""
    return actor.is_person(review.asked_by_id)


def may_answer_review(actor: Actor, voice: PeerVoice) -> bool:
    """Each colleague for themselves."""
    return actor.is_person(voice.person_id)


def may_end_reviews(actor: Actor) -> bool:
    """The house alone, when their time is over."""
    return actor.is_system
