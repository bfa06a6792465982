"""Who may do what with people, units, roles and accounts."""

from __future__ import annotations

from mentorlink.kernel.actor import Actor, Role
from mentorlink.people.models import Person

HR = (Role.MANAGER, Role.ADMINISTRATOR)


def may_see_profile(actor: Actor, person: Person) -> bool:
    """Every colleague may, until somebody left; then only HR over the unit."""
    if person.state != "disabled":
        return actor.is_system or actor.person_id is not None
    return may_manage_person(actor, person)


def may_see_nip(actor: Actor, person: Person) -> bool:
    """The person themself and HR over the unit: a NIP gives away birth date and sex."""
    return actor.is_person(person.id) or actor.has_over(person.unit.path, *HR)


def may_manage_person(actor: Actor, person: Person) -> bool:
    """HR and administrators over the person's unit."""
    return actor.has_over(person.unit.path, *HR)


def may_edit_own_profile(actor: Actor, person: Person) -> bool:
    """What a person says about themself, nobody else writes."""
    return actor.is_system or actor.is_person(person.id)


def may_use_own_account(actor: Actor) -> bool:
    """Anyone who is somebody."""
    return actor.person_id is not None
