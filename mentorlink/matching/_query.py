"""A mentee and a policy → small tables of whole numbers that the kernel adds up.

Terms are counted in ticks of 1e-9, whole numbers throughout, and their sum is rounded to steps of 1e-6: equal merit gives equal
scores, whatever the order of additions and whichever terms the merit comes from.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
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
GRADE_ZERO = 1001
"""Number of grade 0 in its column; 0 is "unknown"."""
GRADES = 2002
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
    similar: npt.NDArray[np.int32]
    """Ticks by step of similarity of texts: shape (1001,)."""


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
    half = shares["place"] // 2
    mentee = asking.mentee
    tables = (
        _experience(asking, Curve(weights, "experience", shares["experience"]), lead_years),
        _same("place", "place", pool, mentee.place, Curve(weights, "place", half)),
        _time_zone(asking, pool, Curve(weights, "place", shares["place"] - half), utc_offsets),
        _same("field", "field", pool, mentee.field, Curve(weights, "field", shares["field"])),
        _language(asking, pool, Curve(weights, "language", shares["language"])),
        _grade(asking, Curve(weights, "grade", shares["grade"]), weights.grade_points),
    )
    return Query(
        asking=asking,
        shares=shares,
        gaps=_gaps(asking, pool, shares["cover"]),
        tables=tuple(table for table in tables if table.ticks.any()),
        terms=terms,
        term_weights=term_weights,
        written=written,
        similar=Curve(weights, "text", shares["text"])(np.arange(TEXT_STEPS + 1) / TEXT_STEPS),
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
    given = {name: getattr(weights, name) for name in TERMS}
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
            raise InvalidParameter("bad_parameter", name=f"weights.{name}", value=value)
    total = math.fsum(given.values())
    if total <= 0:
        raise InvalidParameter("bad_parameter", name="weights", value=0)
    _check_points(weights.grade_points)
    for name, corners in (weights.curves or {}).items():
        _check_curve(name, corners)
    return {name: round(value / total * TICKS) for name, value in given.items()}


class Curve:
    """Share → ticks of a term: the share bent by the weights' curve, times what the term may add."""

    def __init__(self, weights: Weights, term: str, ticks: int) -> None:
        corners = (weights.curves or {}).get(term)
        self._ticks = ticks
        self._corners = None if corners is None else np.array(corners, np.float64).T

    def __call__(self, shares: npt.ArrayLike) -> npt.NDArray[np.int32]:
        bent = np.asarray(shares, np.float64) if self._corners is None else np.interp(shares, *self._corners)
        return np.rint(bent * self._ticks).astype(np.int32)


def _check_points(points: Mapping[int, float]) -> None:
    if not isinstance(points, Mapping):
        raise InvalidParameter("bad_parameter", name="weights.grade_points", value=repr(points)[:80])
    for distance, share in points.items():
        if isinstance(distance, bool) or not isinstance(distance, int) or not _is_share(share):
            raise InvalidParameter("bad_parameter", name="weights.grade_points", value=(distance, share))


def _check_curve(name: str, corners: Sequence[tuple[float, float]]) -> None:
    sound = name in TERMS and name != "cover" and len(corners) > 0
    if not sound or not all(len(corner) == 2 and _is_share(corner[0]) and _is_share(corner[1]) for corner in corners):
        raise InvalidParameter("bad_parameter", name=f"weights.curves.{name}", value=repr(corners)[:80])
    for (x, y), (next_x, next_y) in pairwise(corners):
        if not x < next_x or y > next_y:
            raise InvalidParameter("bad_parameter", name=f"weights.curves.{name}", value=repr(corners)[:80])


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


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
        "grade": query.asking.grade is not None,
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


def _experience(asking: CheckedMentee, curve: Curve, lead_years: int) -> Table:
    ticks = np.zeros(NO_YEARS + 1, np.int32)
    if asking.years is not None:
        ticks[: MOST_YEARS + 1] = curve(np.clip(np.arange(MOST_YEARS + 1) - asking.years, 0, lead_years) / lead_years)
    return Table("experience", "years", ticks)


def _same(term: str, column: str, pool: Pool, value: str | None, curve: Curve) -> Table:
    number = pool.names[column].number(value)
    known = np.arange(len(pool.names[column])) > 0 if value else np.zeros(len(pool.names[column]), np.bool_)
    return Table(term, column, curve(np.arange(len(known)) == number) * known)


def _time_zone(asking: CheckedMentee, pool: Pool, curve: Curve, offsets: Mapping[str, int]) -> Table:
    values = pool.names["time_zone"].values
    apart = [minutes_apart(asking.mentee.time_zone, other, offsets) for other in values]
    shares = [0.0 if minutes is None else max(0, WORKDAY - minutes) / WORKDAY for minutes in apart]
    return Table("place", "time_zone", curve(shares) * np.array([minutes is not None for minutes in apart]))


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


def _language(asking: CheckedMentee, pool: Pool, curve: Curve) -> Table:
    values = pool.names["languages"].values
    shared = [bool(value) and not asking.languages.isdisjoint(value) for value in values]
    known = [bool(value) and bool(asking.languages) for value in values]
    return Table("language", "languages", curve(shared) * np.array(known))


def _grade(asking: CheckedMentee, curve: Curve, points: Mapping[int, float]) -> Table:
    shares, known = np.zeros(GRADES), np.zeros(GRADES, np.bool_)
    if asking.grade is not None:
        known[1:] = True
        for distance, share in points.items():
            if 0 < asking.grade + distance + GRADE_ZERO < GRADES:
                shares[asking.grade + distance + GRADE_ZERO] = share
    return Table("grade", "grade", curve(shares) * known)
