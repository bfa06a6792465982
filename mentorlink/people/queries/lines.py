"""Reads about the line of command, which follows from the tree of units and its heads, and about blocks."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from mentorlink.kernel.db import db
from mentorlink.people.models import Block, Person, Unit
from mentorlink.people.queries.units import ids_of


def superior_of(person: Person) -> Person | None:
    """Who heads the person's unit, or the nearest unit above where they head it themself or nobody does."""
    return superiors_of([person]).get(person.id)


def superiors_of(people: Iterable[Person]) -> dict[int, Person]:
    """``superior_of`` for many, by person id; who has none is left out. Two queries."""
    people = list(people)
    wanted = {unit_id for person in people for unit_id in ids_of(person.unit.path)}
    heads = dict(db.session.execute(sa.select(Unit.id, Unit.head_id).where(Unit.id.in_(wanted), Unit.head_id.is_not(None))).all())
    found = {}
    for person in people:
        upward = (heads.get(unit_id) for unit_id in reversed(ids_of(person.unit.path)))
        found[person.id] = next((head for head in upward if head not in (None, person.id)), None)
    wanted_heads = {head for head in found.values() if head is not None}
    rows = {row.id: row for row in db.session.scalars(sa.select(Person).where(Person.id.in_(wanted_heads)))}
    return {person_id: rows[head_id] for person_id, head_id in found.items() if head_id in rows}


def line_heads(unit_path: str) -> list[int]:
    """Ids of who heads the unit at ``unit_path`` and each one above it, from the root down."""
    return list(
        db.session.scalars(
            sa.select(Unit.head_id).where(Unit.id.in_(ids_of(unit_path)), Unit.head_id.is_not(None)).order_by(Unit.path)
        )
    )


def line_of(person: Person) -> set[int]:
    """Everyone up and down the person's line of command at any depth, without the person.

    Up: who heads the person's unit or one above it. Down: everyone in a unit that the person heads, or below it.
    """
    line = set(line_heads(person.unit.path))
    headed = list(db.session.scalars(sa.select(Unit.path).where(Unit.head_id == person.id)))
    if headed:
        below = sa.or_(*(Unit.path.startswith(path, autoescape=True) for path in headed))
        line.update(db.session.scalars(sa.select(Person.id).join(Unit, Person.unit_id == Unit.id).where(below)))
        line.update(db.session.scalars(sa.select(Unit.head_id).where(below, Unit.head_id.is_not(None))))
    return line - {person.id}


def kept_away_by(person_id: int) -> set[int]:
    """Everyone whom the person blocked, so does not wish to hear; what they did to the person, nobody is told."""
    return set(db.session.scalars(sa.select(Block.blocked_id).where(Block.person_id == person_id)))


def blocks_around(person_ids: Iterable[int]) -> dict[int, set[int]]:
    """Person → of ``person_ids`` those with whom there is a block, either way; only people with one. One query."""
    wanted = set(person_ids)
    rows = db.session.execute(
        sa.select(Block.person_id, Block.blocked_id).where(sa.or_(Block.person_id.in_(wanted), Block.blocked_id.in_(wanted)))
    ).all()
    found: dict[int, set[int]] = {}
    for one, other in [*rows, *((row[1], row[0]) for row in rows)]:
        if other in wanted:
            found.setdefault(one, set()).add(other)
    return found


def blocked_with(person_id: int) -> set[int]:
    """Everyone whom the person blocked or who blocked the person."""
    return set(
        db.session.scalars(
            sa.union(
                sa.select(Block.blocked_id).where(Block.person_id == person_id),
                sa.select(Block.person_id).where(Block.blocked_id == person_id),
            )
        )
    )
