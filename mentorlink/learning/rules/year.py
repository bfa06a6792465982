"""What a year asks, where it is heading, and what would close what is missing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mentorlink.learning.rules.credit import PathRule

FLOOR_PNS = 20
"""Permanent staff learn at least so many JP a year (PP 11/2017 art. 203)."""

CEILING_PPPK = 24
"""Contract staff are given at most so many JP a contract year (PP 49/2018 art. 40)."""


@dataclass(frozen=True)
class YearTarget:
    """What a year asks of somebody: at least ``floor`` or at most ``ceiling`` JP."""

    floor: int | None = None
    ceiling: int | None = None


def target_of(contract: str, *, floor: int = FLOOR_PNS, ceiling: int = CEILING_PPPK) -> YearTarget:
    """The figure for a kind of contract (``pns``, ``pppk``, ``other``)."""
    if contract == "pns":
        return YearTarget(floor=floor)
    return YearTarget(ceiling=ceiling) if contract == "pppk" else YearTarget()


def contract_year(begins_on: date, day: date) -> tuple[date, date]:
    """First and last day of the contract year in which ``day`` lies, counted from the first day of the contract.

    A contract of 29 February turns the year on 1 March where there is no such day.
    """

    def turn(year: int) -> date:
        try:
            return begins_on.replace(year=year)
        except ValueError:
            return date(year, 3, 1)

    first = turn(day.year) if turn(day.year) <= day else turn(day.year - 1)
    return first, turn(first.year + 1) - timedelta(days=1)


@dataclass(frozen=True)
class Forecast:
    """Where a year is heading: what counts already, and what it would come to by its end at the usual pace."""

    total: int
    expected: int
    missing: int
    """JP that the floor asks for and the forecast does not reach."""
    beyond: int
    """JP above the ceiling already."""
    beyond_expected: int
    """JP above the ceiling that the forecast comes to."""
    left: int
    """JP that the ceiling still allows."""
    last: date
    """The year's last day: of the calendar, or of the contract."""
    over: bool
    """The year is over: nothing is to be expected any more."""


def calendar_year(year: int) -> tuple[date, date]:
    """First and last day."""
    return date(year, 1, 1), date(year, 12, 31)


def forecast_of(total: int, target: YearTarget, *, within: tuple[date, date], today: date) -> Forecast:
    """What a year (``within``: its first and last day) comes to if it goes on as it went.

    In the first month there is no pace yet: what counts is what is expected.
    """
    first, last = within
    gone = (min(today, last) - first).days + 1
    expected = total if gone < 31 else total * ((last - first).days + 1) // gone
    ceiling = target.ceiling
    over = today > last
    return Forecast(
        total=total,
        expected=expected,
        missing=max(0, (target.floor or 0) - expected),
        beyond=max(0, total - ceiling) if ceiling is not None else 0,
        beyond_expected=max(0, expected - ceiling) if ceiling is not None else 0,
        left=max(0, ceiling - total) if ceiling is not None else 0,
        last=last,
        over=over,
    )


@dataclass(frozen=True)
class Suggestion:
    """One thing that would close what is missing. ``code``: plan, sessions, days or training."""

    code: str
    number: int
    jp: int
    line_id: int | None = None


def suggestion_of(
    missing: int, *, open_lines: Sequence[tuple[int, int]], rooms: Sequence[int], session_jp: int, day_cap: int, days_left: int
) -> Suggestion | None:
    """The nearest thing that brings ``missing`` JP; None when nothing is missing.

    ``open_lines``: id and JP still open of the approved plan's lines; ``rooms``: sessions of a running mentorship that still
    count until the year's end, in each time for which a cap holds (none without one); ``day_cap``: JP a day of e-learning.
    """
    if missing <= 0:
        return None
    enough = [(jp, line_id) for line_id, jp in open_lines if jp >= missing]
    if enough:
        jp, line_id = min(enough)
        return Suggestion("plan", 1, jp, line_id)
    sessions = math.ceil(missing / session_jp) if session_jp else 0
    if sessions and sum(rooms) >= sessions:
        return Suggestion("sessions", sessions, sessions * session_jp)
    days = math.ceil(missing / day_cap) if day_cap else 0
    if days and days <= days_left:
        return Suggestion("days", days, missing)
    return Suggestion("training", 1, missing)


USUAL_A_MONTH = 4
"""Sessions that two can well hold in a month, where no cap counts by the month."""


def rooms_of(table: PathRule, counted: Mapping[int, tuple[int, int]], today: date) -> list[int]:
    """Sessions of a path that still count until the year's end, for each time in which its cap holds.

    ``counted``: month → sessions and JP of this year that count already.
    """
    months = range(today.month, 13)
    if table.rule != "per_session" or not table.jp:
        return []
    if table.cap is None or table.cap_period == "day":
        return [USUAL_A_MONTH for _month in months]
    by_session = table.cap_unit == "session"
    used = {month: sessions if by_session else jp for month, (sessions, jp) in counted.items()}
    if table.cap_period == "year":
        left = [max(0, table.cap - sum(used.values()))]
    else:
        left = [max(0, table.cap - used.get(month, 0)) for month in months]
    return left if by_session else [jp // table.jp for jp in left]
