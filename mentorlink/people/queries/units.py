"""Reads about units and jobs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import settings
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.prepared import Prepared
from mentorlink.people import policy
from mentorlink.people.models import Job, Person, Unit
from mentorlink.people.shapes import Branch


def root_unit() -> Unit | None:
    """The highest unit, which is the agency itself; None before anybody has begun."""
    query = sa.select(Unit).where(Unit.parent_id.is_(None), Unit.closed_at.is_(None)).order_by(Unit.id).limit(1)
    return db.session.scalar(query)


def agency_names() -> dict[str, str]:
    """What the agency is called, by language: as it is configured, or as its highest unit is."""
    configured = settings.current().agency_name
    if configured:
        return {"id": configured, "en": configured}
    return _root_name.scalar({}) or {"id": "MentorLink", "en": "MentorLink"}


@Prepared
def _root_name() -> sa.Select[Any]:
    unit = Unit.__table__.c
    return sa.select(unit.name).where(unit.parent_id.is_(None), unit.closed_at.is_(None)).order_by(unit.id).limit(1)


def agency_is_named() -> bool:
    """Whether anything says what the agency is called."""
    return bool(settings.current().agency_name) or root_unit() is not None


def unit_for(actor: Actor, unit_id: int) -> Unit:
    """A unit; every colleague may know the tree."""
    unit = db.session.get(Unit, unit_id)
    if unit is None or not (actor.is_system or policy.may_use_own_account(actor)):
        raise NotFound()
    return unit


def unit_to_manage_for(actor: Actor, unit_id: int) -> Unit:
    """A unit that the actor looks after; any other does not exist on those pages."""
    unit = unit_for(actor, unit_id)
    if not policy.may_manage_unit(actor, unit):
        raise NotFound()
    return unit


def units_for(actor: Actor, *, closed: bool = False) -> list[Unit]:
    """Every open unit (with ``closed`` every one), parents before children, siblings in order of their code. One query."""
    if not (actor.is_system or policy.may_use_own_account(actor)):
        return []
    chosen = sa.select(Unit).order_by(Unit.code)
    return _as_tree(list(db.session.scalars(chosen if closed else chosen.where(Unit.closed_at.is_(None)))))


def units_to_manage_for(actor: Actor) -> list[Unit]:
    """The open units that the actor looks after, as a tree."""
    return [unit for unit in units_for(actor) if policy.may_manage_unit(actor, unit)]


def branches_for(actor: Actor) -> list[Branch]:
    """The tree of open units with heads and numbers of people. Three queries, however many units."""
    units = units_for(actor)
    heads = {
        person.id: person
        for person in db.session.scalars(sa.select(Person).join(Unit, Unit.head_id == Person.id).where(Unit.closed_at.is_(None)))
    }
    counts = dict(
        db.session.execute(
            sa.select(Person.unit_id, sa.func.count()).where(Person.state != "disabled").group_by(Person.unit_id)
        ).all()
    )
    below: dict[int, int] = {}
    for unit in units:
        for above in ids_of(unit.path):
            below[above] = below.get(above, 0) + counts.get(unit.id, 0)
    parents = {unit.parent_id for unit in units}
    return [
        Branch(
            unit,
            len(ids_of(unit.path)) - 1,
            heads.get(unit.head_id or 0),
            counts.get(unit.id, 0),
            below.get(unit.id, 0),
            unit.id in parents,
        )
        for unit in units
    ]


def units_above(unit: Unit) -> list[Unit]:
    """The unit and those above it, from the root down. One query."""
    return list(db.session.scalars(sa.select(Unit).where(Unit.id.in_(ids_of(unit.path))).order_by(Unit.path)))


def units_by_id(ids: Iterable[int]) -> dict[int, Unit]:
    """Units by id; unknown ids are left out. One query."""
    wanted = set(ids)
    return {unit.id: unit for unit in db.session.scalars(sa.select(Unit).where(Unit.id.in_(wanted)))} if wanted else {}


def people_of_unit_for(actor: Actor, unit: Unit, *, limit: int = 200) -> list[Person]:
    """Who works in the unit itself, by name."""
    if not (actor.is_system or policy.may_use_own_account(actor)):
        return []
    return list(
        db.session.scalars(
            sa.select(Person)
            .where(Person.unit_id == unit.id, Person.state != "disabled")
            .order_by(Person.folded_name, Person.id)
            .limit(limit)
        )
    )


def jobs_for(actor: Actor) -> list[Job]:
    """Every job, by code. One query."""
    if not (actor.is_system or policy.may_use_own_account(actor)):
        return []
    return list(db.session.scalars(sa.select(Job).order_by(Job.code)))


def ids_of(path: str) -> list[int]:
    """The ids in a unit's path, from the root down."""
    return [int(part) for part in path.split("/") if part]


def _as_tree(units: list[Unit]) -> list[Unit]:
    shown = {unit.id for unit in units}
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in shown else None, []).append(unit)
    ordered: list[Unit] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        unit = waiting.pop()
        ordered.append(unit)
        waiting.extend(reversed(below.get(unit.id, [])))
    return ordered
