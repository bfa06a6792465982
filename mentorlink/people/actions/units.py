"""The tree of units."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.stamps import refuse_if_changed
from mentorlink.people import policy
from mentorlink.people.actions.audit import record_audit
from mentorlink.people.events import UnitChanged
from mentorlink.people.inputs import UnitInput
from mentorlink.people.models import Person, Unit

DEEPEST = 30
"""Levels of units; a path of ids stays well inside its column."""


@action
def add_unit(actor: Actor, parent: Unit | None, data: UnitInput) -> Unit:
    """Add a unit below ``parent``, or at the top."""
    ensure(policy.may_manage_unit, actor, parent)
    if parent is not None and lock(parent).closed_at is not None:
        raise Conflict("unit_closed")
    unit = Unit(code=data.code, path="", parent_id=parent.id if parent else None)
    _write(unit, data)
    with or_refuse(Invalid(Fault("code", "unit_code_taken"))):
        db.session.add(unit)
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    _check_depth(unit.path)
    record_audit(actor, "unit_added", "unit", unit.id)
    record(UnitChanged(unit.id))
    return unit


@action
def change_unit(actor: Actor, unit: Unit, data: UnitInput, *, seen: str | None = None) -> Unit:
    """Write a unit's code, name and place; where it hangs is ``move_unit``'s. ``seen``: stamp of what the form began with."""
    ensure(policy.may_manage_unit, actor, unit)
    before = lock(unit).written
    unit.code = data.code
    _write(unit, data)
    refuse_if_changed(seen, before, unit.written)
    with or_refuse(Invalid(Fault("code", "unit_code_taken"))):
        db.session.add(unit)
    record_audit(actor, "unit_changed", "unit", unit.id)
    record(UnitChanged(unit.id))
    return unit


@action
def move_unit(actor: Actor, unit: Unit, parent: Unit | None) -> Unit:
    """Hang a unit, and all below it, elsewhere; never below itself. The tree is held meanwhile, so two moves take turns."""
    ensure(policy.may_manage_unit, actor, unit)
    ensure(policy.may_manage_unit, actor, parent)
    _hold_tree()
    db.session.refresh(unit)
    if parent is not None:
        db.session.refresh(parent)
        if parent.path.startswith(unit.path):
            raise Conflict("unit_below_itself")
        if parent.closed_at is not None:
            raise Conflict("unit_closed")
    old, new = unit.path, f"{parent.path if parent else '/'}{unit.id}/"
    if old == new:
        return unit
    below = list(db.session.scalars(sa.select(Unit).where(Unit.path.startswith(old, autoescape=True))))
    for moved in below:
        moved.path = new + moved.path[len(old) :]
        _check_depth(moved.path)
    unit.parent_id = parent.id if parent else None
    record_audit(actor, "unit_moved", "unit", unit.id, parent_id=unit.parent_id)
    record(UnitChanged(unit.id))
    return unit


@action
def close_unit(actor: Actor, unit: Unit) -> Unit:
    """A unit is no more; it must be empty of people and of open units. It stays in the record."""
    ensure(policy.may_manage_unit, actor, unit)
    _hold_tree()
    if lock(unit).closed_at is not None:
        raise Conflict("unit_closed")
    people = sa.select(Person.id).where(Person.unit_id == unit.id, Person.state != "disabled").limit(1)
    below = sa.select(Unit.id).where(Unit.parent_id == unit.id, Unit.closed_at.is_(None)).limit(1)
    if db.session.scalar(people) is not None:
        raise Conflict("unit_has_people")
    if db.session.scalar(below) is not None:
        raise Conflict("unit_has_units")
    unit.closed_at, unit.head_id = clock.now(), None
    record_audit(actor, "unit_closed", "unit", unit.id)
    record(UnitChanged(unit.id))
    return unit


@action
def set_head(actor: Actor, unit: Unit, person: Person | None) -> Unit:
    """Say who heads a unit, or that nobody does; lines of command follow at once."""
    ensure(policy.may_manage_unit, actor, unit)
    if lock(unit).closed_at is not None:
        raise Conflict("unit_closed")
    if person is not None and lock(person).state == "disabled":
        raise Conflict("person_left")
    unit.head_id = person.id if person else None
    record_audit(actor, "head_set", "unit", unit.id, person_id=unit.head_id)
    record(UnitChanged(unit.id))
    return unit


def _hold_tree() -> None:
    db.session.scalars(sa.select(Unit.id).order_by(Unit.id).with_for_update()).all()


def _write(unit: Unit, data: UnitInput) -> None:
    unit.name = {"id": data.name_id, "en": data.name_en or data.name_id}
    unit.place, unit.timezone = data.place or None, data.timezone


def _check_depth(path: str) -> None:
    if path.count("/") - 1 > DEEPEST:
        raise Conflict("unit_too_deep")
