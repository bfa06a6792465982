"""Who may do what with the learning record."""

from __future__ import annotations

from mentorlink.kernel.actor import Actor, Role
from mentorlink.learning.models import Claim, DevelopmentPlan
from mentorlink.people.models import Person


def may_credit_hours(actor: Actor) -> bool:
    """Only the house itself: hours follow from deeds."""
    return actor.is_system


def may_load_hours_rule(actor: Actor) -> bool:
    """HR of the whole agency, and the house."""
    return actor.has_over(None, Role.MANAGER)


def may_change_hours_rule(actor: Actor) -> bool:
    """HR of the whole agency: the table holds for everybody."""
    return actor.has_over(None, Role.MANAGER)


def may_issue_certificate(actor: Actor) -> bool:
    """Only the house itself: certificates follow from closing."""
    return actor.is_system


def may_see_hours(actor: Actor, person: Person) -> bool:
    """The person, their superiors, and HR over their unit."""
    return actor.is_person(person.id) or actor.heads_over(person.unit.path) or actor.has_over(person.unit.path, Role.MANAGER)


def may_claim_hours(actor: Actor, person: Person) -> bool:
    """Each for themself."""
    return actor.is_person(person.id)


def may_change_claim(actor: Actor, claim: Claim) -> bool:
    """Whose claim it is."""
    return actor.is_person(claim.person_id)


def may_decide(actor: Actor, person: Person, superior: Person | None) -> bool:
    """A superior at any height of the line; where there is none, HR over the unit. Nobody over themself."""
    if actor.is_person(person.id):
        return False
    if superior is None:
        return actor.has_over(person.unit.path, Role.MANAGER)
    return actor.heads_over(person.unit.path)


def may_reverse_claim(actor: Actor, person: Person) -> bool:
    """A superior, or HR over the unit; nobody their own."""
    if actor.is_person(person.id):
        return False
    return actor.heads_over(person.unit.path) or actor.has_over(person.unit.path, Role.MANAGER)


def may_plan(actor: Actor, person: Person) -> bool:
    """Each for themself."""
    return actor.is_person(person.id)


def may_change_plan(actor: Actor, plan: DevelopmentPlan) -> bool:
    """Whose plan it is."""
    return actor.is_person(plan.person_id)


def may_change_lines(actor: Actor, plan: DevelopmentPlan, superior: Person | None) -> bool:
    """Whose plan it is, and whoever decides over it; when, the table of states says."""
    return actor.is_person(plan.person_id) or may_decide(actor, plan.person, superior)


def may_see_plan_sums(actor: Actor) -> bool:
    """HR, each over the units their role covers."""
    return actor.has(Role.MANAGER)
