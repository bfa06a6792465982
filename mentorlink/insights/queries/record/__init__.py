"""Everything about one person that the house keeps, for that person: rows as they stand, secrets of their own opened.

What others wrote about a third person, and what others keep to themselves, is not theirs and not in it; ``left_out`` says for
every such column why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from mentorlink.insights.queries.record import finding, growth, house, pairs, rooms
from mentorlink.insights.queries.record.left_out import LEFT_OUT, REASONS
from mentorlink.insights.queries.record.part import Part
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.policy import may_ask_about_data
from mentorlink.people.models import Person

__all__ = ["LEFT_OUT", "REASONS", "THEMES", "Kept", "Part", "Section", "parts_of", "record_counts_for", "record_for"]

Row = dict[str, Any]

_AT_ONCE = 60
"""So many kinds are counted in one statement."""

THEMES = {"house": house, "growth": growth, "finding": finding, "pairs": pairs, "rooms": rooms}
"""Under which heading parts stand together, in this order."""


@dataclass(frozen=True)
class Section:
    """One kind of thing: the heading it stands under, its code, who else could see it (a code), its fields, and the rows."""

    theme: str
    code: str
    seen_by: str
    fields: tuple[str, ...]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Kept:
    """How many rows of one kind there are."""

    theme: str
    code: str
    seen_by: str
    count: int


def record_for(actor: Actor, person: Person) -> list[Section]:
    """The record of ``person``, for them alone. One query for each section."""
    if not may_ask_about_data(actor, person):
        raise NotFound()
    profile = Section("house", "profile", "agency_hr", _PROFILE, [{name: _profile(person, name) for name in _PROFILE}])
    return [profile, *(_section(theme, part) for theme, part in parts_of(person.id))]


def record_counts_for(actor: Actor, person: Person) -> list[Kept]:
    """How much of each kind the record holds, without reading it. Three statements."""
    if not may_ask_about_data(actor, person):
        raise NotFound()
    parts = list(parts_of(person.id))
    counts: list[int] = []
    for first in range(0, len(parts), _AT_ONCE):
        some = [part.query.order_by(None).subquery() for _theme, part in parts[first : first + _AT_ONCE]]
        each = [sa.select(sa.func.count()).select_from(rows).scalar_subquery() for rows in some]
        counts += db.session.execute(sa.select(*each)).one()
    kept = [Kept(theme, part.code, part.seen_by, count) for (theme, part), count in zip(parts, counts, strict=True)]
    return [Kept("house", "profile", "agency_hr", 1), *kept]


def parts_of(person_id: int) -> Iterator[tuple[str, Part]]:
    """Every part of somebody's record beside the profile, with its heading."""
    for theme, module in THEMES.items():
        for part in module.parts(person_id):
            yield theme, part


def _section(theme: str, part: Part) -> Section:
    rows = [dict(zip(part.fields, row, strict=True)) for row in db.session.execute(part.query)]
    return Section(theme, part.code, part.seen_by, part.fields, rows)


_PROFILE = (
    "name", "email", "nip", "title_before", "title_after", "contract", "rank", "unit", "job", "in_field_since", "languages",
    "place", "timezone", "locale", "bio", "can_help_with", "wants_to_grow_in", "state", "created_at",
)  # fmt: skip


def _profile(person: Person, name: str) -> Any:
    if name == "unit":
        return person.unit.name
    if name == "job":
        return person.job.name if person.job else None
    return getattr(person, name)
