"""What came of a year of mentoring, and whether access was fair: for programme managers, each over units of theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from mentorlink.insights.models import FigureSheet, sheet_of_year
from mentorlink.insights.queries.programme import covered
from mentorlink.insights.rules import Mean, Sums, mean_from
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.groups import Count, harmless, hidden_parts
from mentorlink.people.models import Tier, Unit


@dataclass(frozen=True)
class Moved:
    """Mean levels over people before and after, and how far they moved; None together where too few stand behind them."""

    before: Mean
    after: Mean
    change: Mean


@dataclass(frozen=True)
class Access:
    """A tier, a unit or a place: its people, those of them who looked for a mentor, and those of these who had one."""

    group: Any
    """Code of the tier, id of the unit, the place; None for people of whom it is not known, or for several groups together."""
    people: int
    groups: int
    """More than one where groups that may not be told of alone are told of together."""
    told: Count | None
    """Who looked, and who of them was paired; None where it may not be told."""

    @property
    def looking(self) -> float | None:
        """Share of the people who looked."""
        return self.told.people / self.people if self.told and self.people else None

    @property
    def paired(self) -> float | None:
        """Share of those who looked who had one."""
        return self.told.part / self.told.people if self.told and self.told.people else None


@dataclass(frozen=True)
class ProgrammeOutcome:
    """How levels moved in a year, beside those without a mentor, and who came to be paired."""

    made_at: datetime
    as_of: date
    """The day whose units, tiers and places access is told by: today, or the last of a year that is over."""
    year: int
    paired: Moved | None
    alone: Moved | None
    access: dict[str, list[Access]]
    """By tier, by unit, by place."""
    names: dict[str, dict[Any, dict[str, str]]]
    """Words for tiers and units."""


def outcome_for(actor: Actor, year: int) -> ProgrammeOutcome | None:
    """What came of the year in the units that the actor's role covers; None where it was not worked out. Three queries."""
    units = {unit.id: unit for unit in db.session.scalars(sa.select(Unit).where(covered(actor)))}
    found = db.session.get(FigureSheet, sheet_of_year(year))
    if found is None:
        return None
    sums = found.body["outcome"]
    rows = [(units[row[0]], *row[1:]) for row in found.body["access"] if row[0] in units]
    tiers = {tier.code: tier.name for tier in db.session.scalars(sa.select(Tier))}
    return ProgrammeOutcome(
        found.made_at,
        date.fromisoformat(found.body["as_of"]),
        found.body["year"],
        _moved(sums["paired"], units),
        _moved(sums["alone"], units),
        {
            "tier": _access((tier, *rest) for _unit, tier, _place, *rest in rows),
            "unit": _access((_branch(units, unit).id, *rest) for unit, _tier, _place, *rest in rows),
            "place": _access((place, *rest) for _unit, _tier, place, *rest in rows),
        },
        {"tier": tiers, "unit": {number: unit.name for number, unit in units.items()}},
    )


def _moved(by_unit: Mapping[str, list[float]], units: Mapping[int, Unit]) -> Moved | None:
    every = Sums.together(numbers for unit, numbers in by_unit.items() if int(unit) in units)
    n = round(every.n)
    before = mean_from(n, every.before, every.before_squares, bounds=(0, 5))
    after = mean_from(n, every.after, every.after_squares, bounds=(0, 5))
    change = mean_from(n, every.change, every.change_squares, bounds=(-5, 5))
    return Moved(before, after, change) if before and after and change else None


def _branch(units: Mapping[int, Unit], unit: Unit) -> Unit:
    """The unit right below the highest that is covered under which ``unit`` lies; the highest itself for its own people."""
    while unit.parent_id in units and units[unit.parent_id].parent_id in units:
        unit = units[unit.parent_id]
    return unit


def _access(rows: Iterable[tuple[Any, ...]]) -> list[Access]:
    """Groups with most people first; those that would tell of few come together at the end, with as many others as it takes.

    Neither who looked among all nor who was paired among those who looked may be few: held back for either is held back for both,
    which leaves no harmful remainder, since what remains of the one then only grows by harmless groups.
    """
    sizes: dict[Any, int] = defaultdict(int)
    found: dict[Any, Count] = defaultdict(lambda: Count(0))
    for group, people, looked, paired in rows:
        sizes[group] += people
        found[group] += Count(looked, paired)
    hidden = hidden_parts(found) | hidden_parts({group: Count(sizes[group], found[group].people) for group in found})
    order = sorted(found, key=lambda group: (group is None, -sizes[group], str(group)))
    rows = [Access(group, sizes[group], 1, found[group]) for group in order if group not in hidden]
    if hidden:
        people, rest = sum(sizes[group] for group in hidden), sum((found[group] for group in hidden), Count(0))
        told = rest if harmless(rest) and harmless(Count(people, rest.people)) else None
        rows.append(Access(None, people, len(hidden), told))
    return rows
