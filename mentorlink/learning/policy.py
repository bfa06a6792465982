"""Who may do what with the learning record."""

from __future__ import annotations

from mentorlink.kernel.actor import Actor, Role
from mentorlink.people.models import Person


def may_credit_hours(actor: Actor) -> bool:
    """Only the house itself: hours follow from deeds."""
    return actor.is_system


def may_load_hours_rule(actor: Actor) -> bool:
    """HR of the whole agency, and the house."""
    return actor.has_over(None, Role.MANAGER)


def may_issue_certificate(actor: Actor) -> bool:
    """Only the house itself: certificates follow from closing."""
    return actor.is_system


def may_see_hours(actor: Actor, person: Person) -> bool:
    """The person, their superiors, and HR over their unit."""
    return actor.is_person(person.id) or actor.heads_over(person.unit.path) or actor.has_over(person.unit.path, Role.MANAGER)
