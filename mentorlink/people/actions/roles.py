"""Giving and taking roles."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor, Grant, Role
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict, NotFound
from mentorlink.people import policy
from mentorlink.people.actions.audit import record_audit
from mentorlink.people.events import RoleGranted, RoleRevoked
from mentorlink.people.models import Person, RoleGrant, Unit


@action
def grant_role(actor: Actor, person: Person, role: str, unit: Unit | None = None) -> RoleGrant:
    """Give ``role`` for the agency, or for ``unit`` and all below it; Conflict if the person has just that already."""
    ensure(policy.may_grant_role, actor, person, Grant(Role(role), unit.path if unit else None))
    if person.state == "disabled":
        raise Conflict("person_left")
    grant = RoleGrant(
        person_id=person.id,
        role=str(Role(role)),
        unit_id=unit.id if unit else None,
        granted_by_id=actor.person_id,
        granted_at=clock.now(),
    )
    with or_refuse(Conflict("role_held")):
        db.session.add(grant)
    record_audit(actor, "role_granted", "person", person.id, role=grant.role, unit_id=grant.unit_id)
    record(RoleGranted(person.id, grant.role, actor.person_id))
    return grant


@action
def revoke_role(actor: Actor, person: Person, grant_id: int) -> None:
    """Take a role away again. The last administrator of the agency stays one, however many try at once."""
    ensure(policy.may_see_directory, actor)
    administrators = lock_administrators()
    grant = db.session.get(RoleGrant, grant_id)
    if grant is None or grant.person_id != person.id:
        raise NotFound()
    ensure(policy.may_revoke_role, actor, person, Grant(Role(grant.role), grant.unit.path if grant.unit else None))
    if grant.person_id in administrators and grant.role == Role.ADMINISTRATOR and grant.unit_id is None:
        keep_an_administrator(administrators - {grant.person_id})
    db.session.delete(grant)
    db.session.flush()
    record_audit(actor, "role_revoked", "person", person.id, role=grant.role, unit_id=grant.unit_id)
    record(RoleRevoked(person.id, grant.role))


def lock_administrators() -> set[int]:
    """Hold all grants of the agency's administration until the action ends; ids of the active people who hold them.

    Whoever takes one away holds these rows first, so two who each take one of the last two come one after the other.
    """
    holders = set(
        db.session.scalars(
            sa.select(RoleGrant.person_id)
            .where(RoleGrant.role == str(Role.ADMINISTRATOR), RoleGrant.unit_id.is_(None))
            .order_by(RoleGrant.id)
            .with_for_update()
        )
    )
    return set(db.session.scalars(sa.select(Person.id).where(Person.id.in_(holders), Person.state == "active")))


def keep_an_administrator(remaining: set[int]) -> None:
    """Refuse to go on when nobody would be left to administer the agency."""
    if not remaining:
        raise Conflict("last_administrator")
