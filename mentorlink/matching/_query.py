"""A mentee and a policy → small tables of whole numbers that the kernel adds up.

Terms are counted in ticks of 1e-9, whole numbers throughout, and their sum is rounded to steps of 1e-6: equal merit gives equal
scores, whatever the order of additions and whichever terms the merit comes from.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ._check import MOST_YEARS, NO_YEARS, CheckedMentee
from ._codes import TERMS
from ._errors import InvalidParameter
from ._pool import Pool
from ._records import Weights
from ._text import TextEncoder

TICKS = 1_000_000_000
STEP = 1000
"""Ticks in a step of the score."""
STEPS = TICKS // STEP
TEXT_STEPS = 1000
WORKDAY = 480
"""Minutes of a working day: clocks so far apart share no hour."""


class Gap(NamedTuple):
    """One gap: row of `Pool.levels` (−1: nobody holds it), levels, ticks for each level covered."""

    code: str
    column: int
    actual: int
    required: int
    ticks: int


class Table(NamedTuple):
    """Ticks by the number that stands in one column of the pool."""

    term: str
    column: str
    ticks: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Query:
    """All the kernel needs of a mentee."""

    asking: CheckedMentee
    shares: Mapping[str, int]
    gaps: tuple[Gap, ...]
    tables: tuple[Table, ...]
    terms: npt.NDArray[np.int32]
    term_weights: npt.NDArray[np.float64]
    written: Mapping[int, str]
    """Term → as the mentee wrote it."""
    step: int
    """Ticks for each step of similarity of texts."""


def query_for(
    asking: CheckedMentee,
    pool: Pool,
    encoder: TextEncoder,
    *,
    weights: Weights,
    lead_years: int,
    utc_offsets: Mapping[str, int],
) -> Query:
    """Compile."""
    shares = shares_of(weights)
    terms, term_weights, written = encoder.read(asking.mentee.text)
    tables = (
        _experience(asking, shares["experience"], lead_years),
        _place(asking, pool, shares["place"] // 2),
        _time_zone(asking, pool, shares["place"] - shares["place"] // 2, utc_offsets),
        _field(asking, pool, shares["field"]),
        _language(asking, pool, shares["language"]),
    )
    return Query(
        asking=asking,
        shares=shares,
        gaps=_gaps(asking, pool, shares["cover"]),
        tables=tuple(table for table in tables if table.ticks.any()),
        terms=terms,
        term_weights=term_weights,
        written=written,
        step=round(shares["text"] / TEXT_STEPS),
    )


def shares_of(weights: Weights) -> dict[str, int]:
    """Return ticks by term, together 1e9 up to rounding.

    Raises
    ------
    InvalidParameter
        ``bad_parameter``: a weight that is negative or not finite, or none above 0.
    """
    if not isinstance(weights, Weights):
        raise InvalidParameter("bad_parameter", name="weights", value=repr(weights)[:80])
    for name, value in zip(TERMS, astuple(weights), strict=True):
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
            raise InvalidParameter("bad_parameter", name=f"weights.{name}", value=value)
    total = math.fsum(astuple(weights))
    if total <= 0:
        raise InvalidParameter("bad_parameter", name="weights", value=0)
    return {name: round(value / total * TICKS) for name, value in zip(TERMS, astuple(weights), strict=True)}


def rounded(ticks: int) -> int:
    """Return the step of the score, half rounded up. The kernel does the same to all at once."""
    return (ticks + STEP // 2) // STEP


def attainable(query: Query) -> int:
    """Return the most ticks anybody could have for this mentee."""
    mentee, shares = query.asking.mentee, query.shares
    known = {
        "cover": bool(query.gaps),
        "text": len(query.terms) > 0,
        "experience": query.asking.years is not None,
        "field": bool(mentee.field),
        "language": bool(query.asking.languages),
    }
    half = shares["place"] // 2
    place = (half if mentee.place else 0) + (shares["place"] - half if mentee.time_zone else 0)
    return place + sum(shares[name] for name, given in known.items() if given)


def _gaps(asking: CheckedMentee, pool: Pool, share: int) -> tuple[Gap, ...]:
    if not asking.gaps:
        return ()
    common = math.gcd(*(priority for *_, priority in asking.gaps))
    parts = sum((required - actual) * (priority // common) for _, actual, required, priority in asking.gaps)
    part = round(share / parts)
    return tuple(
        Gap(code, pool.column_of.get(code, -1), actual, required, part * (priority // common))
        for code, actual, required, priority in asking.gaps
    )


def _experience(asking: CheckedMentee, share: int, lead_years: int) -> Table:
    ticks = np.zeros(NO_YEARS + 1, np.int32)
    if asking.years is not None:
        lead = np.clip(np.arange(MOST_YEARS + 1) - asking.years, 0, lead_years)
        ticks[: MOST_YEARS + 1] = lead * round(share / lead_years)
    return Table("experience", "years", ticks)


def _one_of(term: str, column: str, pool: Pool, value: str | None, share: int) -> Table:
    ticks = np.zeros(len(pool.names[column]), np.int32)
    number = pool.names[column].number(value)
    if number > 0:
        ticks[number] = share
    return Table(term, column, ticks)


def _place(asking: CheckedMentee, pool: Pool, share: int) -> Table:
    return _one_of("place", "place", pool, asking.mentee.place, share)


def _field(asking: CheckedMentee, pool: Pool, share: int) -> Table:
    return _one_of("field", "field", pool, asking.mentee.field, share)


def _time_zone(asking: CheckedMentee, pool: Pool, share: int, offsets: Mapping[str, int]) -> Table:
    ticks = np.zeros(len(pool.names["time_zone"]), np.int32)
    for number, other in enumerate(pool.names["time_zone"].values):
        apart = minutes_apart(asking.mentee.time_zone, other, offsets)
        if apart is not None:
            ticks[number] = round(share * max(0, WORKDAY - apart) / WORKDAY)
    return Table("place", "time_zone", ticks)


def minutes_apart(one: str | None, other: str | None, offsets: Mapping[str, int]) -> int | None:
    """Return the distance of two clocks in minutes, 0–720, or None if it is not known."""
    if not one or not other:
        return None
    if one == other:
        return 0
    if one not in offsets or other not in offsets:
        return None
    apart = abs(offsets[one] - offsets[other]) % 1440
    return min(apart, 1440 - apart)


def _language(asking: CheckedMentee, pool: Pool, share: int) -> Table:
    values = pool.names["languages"].values
    shared = [bool(value) and not asking.languages.isdisjoint(value) for value in values]
    return Table("language", "languages", np.array(shared) * np.int32(share))
