"""What a deed counts: the table of paths, the conversion into JP, and the caps."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data"

CONVERSIONS = ("as_stated", "per_session", "per_day", "per_activity", "per_minutes")
CAP_UNITS = ("session", "jp")
CAP_PERIODS = ("day", "month", "year")
SHARES = (10, 20, 70)


@dataclass(frozen=True, slots=True)
class PathRule:
    """One way to learn, and how it turns into JP. ``data/README.md`` tells the columns."""

    name: Mapping[str, str]
    record_id: int | None
    classical: bool
    share: int
    rule: str
    jp: int | None = None
    minutes: int | None = None
    cap: int | None = None
    cap_unit: str | None = None
    cap_period: str | None = None
    abroad_percent: int = 0
    claimable: bool = True
    mentor_earns: bool = False
    retired: bool = False
    """What stands in it stays; nothing new is claimed or planned by it."""


def paths_of(table: Mapping[str, Mapping[str, Any]]) -> dict[str, PathRule]:
    """The table of a rule's version, by path."""
    return {code: PathRule(**row) for code, row in table.items()}


def counts_by_year(paths: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a cap of the table counts by the year: such a table holds for whole years."""
    return any(row["cap_period"] == "year" for row in paths.values())


@cache
def shipped_paths() -> dict[str, dict[str, Any]]:
    """``data/paths.csv`` as a rule's version keeps it."""
    with (DATA / "paths.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: asdict(_shipped(row)) for row in csv.DictReader(file)}


def _shipped(row: Mapping[str, str]) -> PathRule:
    def number(name: str) -> int | None:
        return int(row[name]) if row[name] else None

    return PathRule(
        name={"id": row["name_id"], "en": row["name_en"]},
        record_id=number("record_id"),
        classical=row["classical"] == "yes",
        share=int(row["share"]),
        rule=row["rule"],
        jp=number("jp"),
        minutes=number("minutes"),
        cap=number("cap"),
        cap_unit=row["cap_unit"] or None,
        cap_period=row["cap_period"] or None,
        abroad_percent=int(row["abroad_percent"]),
        claimable=row["claimable"] == "yes",
        mentor_earns=row["mentor_earns"] == "yes",
    )


def full_jp(path: PathRule, *, units: int = 1, minutes: int = 0, stated: int | None = None, abroad: bool = False) -> int:
    """Whole JP of a deed before any cap; what the certificate states wins over the table."""
    if stated is not None:
        return stated
    if path.rule == "per_minutes":
        earned = minutes // (path.minutes or 1) * (path.jp or 0)
    else:
        earned = units * (path.jp or 0)
    return earned * (100 + path.abroad_percent) // 100 if abroad else earned


@dataclass(frozen=True, slots=True)
class Deed:
    """JP of a deed without the cap, and of how many units (sessions, days) it consists."""

    jp: int
    units: int = 1


@dataclass(frozen=True, slots=True)
class Share:
    """What of a deed counts under the cap."""

    jp: int
    units: int


def allocate(deeds: Sequence[Deed], cap: int | None, cap_unit: str | None) -> list[Share]:
    """What counts of each of the deeds that share a cap.

    The sum depends on the deeds alone, never on their order: of sessions the better paid ones count first, and equally paid
    ones in the order given, so that one more deed rarely moves what stands.
    """
    if cap is None:
        return [Share(deed.jp, deed.units) for deed in deeds]
    order = range(len(deeds))
    if cap_unit == "session":
        order = sorted(order, key=lambda place: -Fraction(deeds[place].jp, deeds[place].units))  # type: ignore[assignment]
    found = [Share(0, 0)] * len(deeds)
    left = cap
    for place in order:
        deed = deeds[place]
        if cap_unit == "session":
            units = min(left, deed.units)
            found[place] = Share(deed.jp * units // deed.units, units)
            left -= units
        else:
            jp = min(left, deed.jp)
            found[place] = Share(jp, deed.units if jp else 0)
            left -= jp
    return found


def month_of(day: date) -> tuple[date, date]:
    """First day of the month of ``day``, and first day of the next."""
    first = day.replace(day=1)
    return first, (first.replace(year=first.year + 1, month=1) if first.month == 12 else first.replace(month=first.month + 1))


def period_of(period: str | None, day: date) -> tuple[date, date]:
    """First day of the cap's period in which ``day`` lies, and first day after it."""
    if period == "day":
        return day, day + timedelta(days=1)
    if period == "month":
        return month_of(day)
    return date(day.year, 1, 1), date(day.year + 1, 1, 1)


def spread(jp: int, minutes: int, first: date, last: date) -> list[tuple[date, int, int]]:
    """``jp`` and ``minutes`` shared out evenly, in whole numbers, over the days of a period; days without a JP are left out."""
    days = (last - first).days + 1
    used = min(days, jp)
    return [
        (first + timedelta(days=number), (jp + used - 1 - number) // used, (minutes + used - 1 - number) // used)
        for number in range(used)
    ]
