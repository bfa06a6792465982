"""Reads about units."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Unit


def unit_for(actor: Actor, unit_id: int) -> Unit:
    """A unit; every colleague may know the tree."""
    unit = db.session.get(Unit, unit_id)
    if unit is None or (actor.person_id is None and not actor.is_system):
        raise NotFound()
    return unit


def units_for(actor: Actor) -> list[Unit]:
    """Every unit, parents before children, siblings in order of their code. One query."""
    units = list(db.session.scalars(sa.select(Unit).order_by(Unit.code)))
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id, []).append(unit)
    ordered: list[Unit] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        unit = waiting.pop()
        ordered.append(unit)
        waiting.extend(reversed(below.get(unit.id, [])))
    return ordered
