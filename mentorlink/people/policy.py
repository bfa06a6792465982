"""Who may do what with people, units, roles and accounts."""

from __future__ import annotations

from collections.abc import Iterable

from mentorlink.kernel.actor import Actor, Grant, Role
from mentorlink.people.models import Person, Unit

HR = (Role.MANAGER, Role.ADMINISTRATOR)


def anyone(actor: Actor) -> bool:
    """Whoever comes: what happens before signing in is guarded by secrets, not by who one is."""
    return isinstance(actor, Actor)


def may_see_profile(actor: Actor, person: Person) -> bool:
    """Every colleague may, until somebody left; then only HR over the unit."""
    if person.state != "disabled":
        return actor.is_system or actor.person_id is not None
    return may_manage_person(actor, person)


def may_see_nip(actor: Actor, person: Person) -> bool:
    """The person themself and HR over the unit: a NIP gives away birth date and sex. Administrators run the house without it."""
    return actor.is_person(person.id) or actor.has_over(person.unit.path, Role.MANAGER)


def reads_every_nip(actor: Actor) -> bool:
    """HR of the whole agency: what holds anybody's NIP in full holds nothing that is kept from them."""
    return actor.has_over(None, Role.MANAGER)


def may_edit_own_profile(actor: Actor, person: Person) -> bool:
    """What a person says about themself, nobody else writes."""
    return actor.is_system or actor.is_person(person.id)


def may_use_own_account(actor: Actor) -> bool:
    """Anyone who is somebody."""
    return actor.person_id is not None


def may_open_sign_in(actor: Actor, person: Person | None) -> bool:
    """Only who is active gets in."""
    return isinstance(actor, Actor) and person is not None and person.is_active


def may_block_person(actor: Actor, person: Person) -> bool:
    """Anybody may keep anybody else away."""
    return actor.person_id is not None and actor.person_id != person.id


def may_see_directory(actor: Actor) -> bool:
    """HR and administrators, each their own part."""
    return actor.has(*HR)


def may_manage_person(actor: Actor, person: Person) -> bool:
    """HR and administrators over the person's unit."""
    return actor.has_over(person.unit.path, *HR)


def may_change_account(actor: Actor, person: Person, grants: Iterable[Grant]) -> bool:
    """HR over the unit, but nobody's account falls to somebody with less power than its owner has.

    Who may change an e-mail address may have a new password sent there; so a manager must not reach an administrator.
    """
    return may_manage_person(actor, person) and all(
        actor.has_over(grant.unit_path, *((Role.ADMINISTRATOR,) if grant.role is Role.ADMINISTRATOR else HR))
        for grant in grants
        if grant.role in HR
    )


def may_invite_people(actor: Actor, unit: Unit | None) -> bool:
    """HR and administrators over the unit; without one, over whomever they look after."""
    return actor.has(*HR) if unit is None else actor.has_over(unit.path, *HR)


def may_add_person(actor: Actor, unit: Unit) -> bool:
    """HR and administrators over the unit."""
    return actor.has_over(unit.path, *HR)


def may_grant_role(actor: Actor, person: Person, grant: Grant) -> bool:
    """HR gives roles within what they have themselves; only an administrator makes an administrator."""
    makers = (Role.ADMINISTRATOR,) if grant.role is Role.ADMINISTRATOR else HR
    return actor.has_over(grant.unit_path, *makers) and actor.has_over(person.unit.path, *makers)


def may_revoke_role(actor: Actor, person: Person, grant: Grant) -> bool:
    """Who may give a role may take it."""
    return may_grant_role(actor, person, grant)


def may_manage_unit(actor: Actor, unit: Unit | None) -> bool:
    """HR and administrators over the unit; at the top (None) over the agency."""
    return actor.has_over(unit.path if unit else None, *HR)


def may_save_files(actor: Actor) -> bool:
    """HR and administrators of the whole agency take in files."""
    return actor.has_over(None, *HR)


def may_make_first_administrator(actor: Actor) -> bool:
    """Only the house itself, at the console."""
    return actor.is_system


def may_see_audit(actor: Actor) -> bool:
    """Administrators of the whole agency."""
    return actor.has_over(None, Role.ADMINISTRATOR)


def may_load_demo(actor: Actor) -> bool:
    """Only the house itself."""
    return actor.is_system


def may_send_reset_link(actor: Actor) -> bool:
    """Only the house itself, when it does the job that a request left behind."""
    return actor.is_system
