"""What a deed counts, and what a year asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

FLOOR_PNS = 20
"""Permanent staff learn at least so many JP a year (PP 11/2017 art. 203)."""

CEILING_PPPK = 24
"""Contract staff are given at most so many JP a contract year (PP 49/2018 art. 40)."""


@dataclass(frozen=True)
class Credit:
    """JP that count, and what they would have been without the cap where that is more."""

    jp: int
    capped_from: int | None = None


def credit_of_session(*, jp_per_session: int, counted_per_month: int, already_counted: int) -> Credit:
    """Credit for one more session in a month in which ``already_counted`` sessions of this path count already."""
    if already_counted < counted_per_month:
        return Credit(jp_per_session)
    return Credit(0, capped_from=jp_per_session)


def month_of(day: date) -> tuple[date, date]:
    """First day of the month of ``day``, and first day of the next."""
    first = day.replace(day=1)
    return first, (first.replace(year=first.year + 1, month=1) if first.month == 12 else first.replace(month=first.month + 1))


@dataclass(frozen=True)
class YearTarget:
    """What a year asks of somebody: at least ``floor`` or at most ``ceiling`` JP."""

    floor: int | None = None
    ceiling: int | None = None


def target_of(contract: str) -> YearTarget:
    """The law's figure for a kind of contract (``pns``, ``pppk``, ``other``)."""
    if contract == "pns":
        return YearTarget(floor=FLOOR_PNS)
    return YearTarget(ceiling=CEILING_PPPK) if contract == "pppk" else YearTarget()
