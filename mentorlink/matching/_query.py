"""A mentee and a policy → small tables of whole numbers that the kernel adds up.

Terms are counted in ticks of 1e-9, whole numbers throughout, and their sum is rounded to steps of 1e-6: equal merit gives equal
scores, whatever the order of additions and whichever terms the merit comes from.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ._check import CheckedMentee
from ._codes import BIT, TERMS
from ._errors import InvalidParameter
from ._pool import FEATURES, ROW, Pool
from ._records import Filters, Rules, Weights
from ._texts import TEXT_STEPS, Texts, Words

Longs = npt.NDArray[np.int64]

TICKS = 1_000_000_000
STEP = 1000
"""Ticks in a step of the score."""
STEPS = TICKS // STEP
TERM_OF = {
    "years": "experience", "field": "field", "place": "place", "time_zone": "place", "languages": "language", "grade": "grade",
}  # fmt: skip
"""Row of `Pool.numbers` → the term that it adds to."""
MADE = 1 << 12
"""So many tables are kept."""
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
    """Ticks by the number that stands in one row of `Pool.numbers`."""

    term: str
    column: str
    ticks: npt.NDArray[np.int32]
    most: int
    """The most of them."""
    at: int
    """Where they start in `Compiler.ticks`."""


class Bar(NamedTuple):
    """Bits of rules and filters by the number that stands in one row of `Pool.numbers`."""

    column: str
    bits: npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Query:
    """All the kernel needs of a mentee."""

    asking: CheckedMentee
    shares: Mapping[str, int]
    gaps: tuple[Gap, ...]
    tables: tuple[Table, ...]
    bars: tuple[Bar, ...]
    covers: tuple[tuple[int, int], ...]
    """(row of `Pool.levels`, level to be above) of the filter ``covers``; row −1: nobody holds it."""
    odd: Mapping[int, int]
    """Rows of the pool that break rules about two people → bits."""
    keep: int
    """Bits of `Pool.state` that count."""
    words: Words
    written: Mapping[int, str]
    """Term → as the mentee wrote it."""
    similar: npt.NDArray[np.int32]
    """Ticks by step of similarity of texts: shape (1001,)."""
    ticks: npt.NDArray[np.int32]
    """All tables one after the other."""


class Compiler:
    """Turns mentees into queries of one policy over one pool; tables of equal values are made once."""

    def __init__(
        self,
        pool: Pool,
        texts: Texts,
        *,
        weights: Weights,
        rules: Rules,
        filters: Filters | None = None,
        lead_years: int,
        utc_offsets: Mapping[str, int],
    ) -> None:
        self.pool, self.texts = pool, texts
        self.rules, self.filters = rules, filters or Filters()
        self.keep = 0xFF if rules.with_room else 0xFF & ~BIT["no_room"]
        self.shares = shares_of(weights)
        self._points = weights.grade_points
        self._offsets, self._lead = utc_offsets, lead_years
        half = self.shares["place"] // 2
        ticks = {**self.shares, "place": half, "time_zone": self.shares["place"] - half}
        self._curves = {name: Curve(weights, "place" if name == "time_zone" else name, most) for name, most in ticks.items()}
        self.similar = self._curves["text"](np.arange(TEXT_STEPS + 1) / TEXT_STEPS)
        makers: dict[str, Callable[[str, Any], npt.NDArray[np.int32]]] = {
            "years": self._experience, "field": self._same, "place": self._same, "time_zone": self._time_zone,
            "languages": self._languages, "grade": self._grade,
        }  # fmt: skip
        self.compared = {column: make for column, make in makers.items() if self.shares[TERM_OF[column]]}
        """Columns that add to the score → what makes their ticks."""
        self.barred = dict(_bars_of(rules))
        """Columns that rules look at → the rule, and what tells whom it bars."""
        self.sizes = pool.sizes
        self.ticks = np.empty(1 << 12, np.int32)
        self._used = 0
        self._made: dict[tuple[str, Hashable], Table] = {}
        self._barred: dict[tuple[str, Hashable], Bar] = {}
        self._wanted = tuple(self._filter_bars())
        self._nothing = texts.nothing

    def query(self, asking: CheckedMentee, words: Words | None = None) -> Query:
        """Compile one mentee; `words` if the text has been read already."""
        mentee = asking.mentee
        if len(self._made) >= MADE:
            # between two queries: those that are still about keep the tables they know
            self._made.clear()
            self.ticks, self._used = np.empty_like(self.ticks), 0
        written: Mapping[int, str] = {}
        if words is None:
            words, written = self.texts.read(mentee.text)
        return Query(
            asking=asking,
            shares=self.shares,
            gaps=_gaps(asking, self.pool, self.shares["cover"]),
            tables=tuple(self._tables(asking)),
            bars=(*self._rule_bars(asking), *self._wanted),
            covers=tuple(
                (self.pool.level_encoder.column_of_.get(code, -1), mentee.levels.get(code, 0)) for code in self.filters.covers
            ),
            odd=self._odd(asking),
            keep=self.keep,
            words=words if self.shares["text"] else self._nothing,
            written=written,
            similar=self.similar,
            ticks=self.ticks,
        )

    def _tables(self, asking: CheckedMentee) -> Iterator[Table]:
        own = {
            "years": asking.years, "field": asking.mentee.field, "place": asking.mentee.place,
            "time_zone": asking.mentee.time_zone, "languages": asking.languages, "grade": asking.grade,
        }  # fmt: skip
        for column in self.compared:
            if is_known(column, own[column]):
                yield self.table(column, own[column])

    def table(self, column: str, own: Any) -> Table:
        """Return what each number of a column is worth to who has this value."""
        table = self._made.get((column, own))
        if table is None:
            ticks = self.compared[column](column, own)
            ticks[0] = 0
            made = Table(TERM_OF[column], column, ticks, int(ticks.max()), self._keep(ticks))
            table = self._made[column, own] = made
        return table

    def _keep(self, ticks: npt.NDArray[np.int32]) -> int:
        """Put a table behind the others and return where it starts."""
        at, self._used = self._used, self._used + len(ticks)
        if self._used > len(self.ticks):
            self.ticks = np.concatenate([self.ticks[:at], np.empty(2 * self._used - at, np.int32)])
        self.ticks[at : self._used] = ticks
        return at

    def _experience(self, column: str, own: int) -> npt.NDArray[np.int32]:
        lead = np.clip(self.pool.encoders[column].distances(own), 0, self._lead)
        return self._curves["experience"](lead / self._lead)

    def _same(self, column: str, own: str) -> npt.NDArray[np.int32]:
        return self._curves[column](self.pool.encoders[column].same(own))

    def _time_zone(self, column: str, own: str) -> npt.NDArray[np.int32]:
        apart = [minutes_apart(own, other, self._offsets) for other in self.pool.encoders[column].categories_]
        shares = [0.0 if minutes is None else max(0, WORKDAY - minutes) / WORKDAY for minutes in apart]
        known = np.array([minutes is not None for minutes in apart])
        return np.asarray(self._curves["time_zone"](shares) * known)

    def _languages(self, column: str, own: frozenset[str]) -> npt.NDArray[np.int32]:
        return self._curves["language"](self.pool.encoders[column].shared(own))

    def _grade(self, column: str, own: int) -> npt.NDArray[np.int32]:
        distances = self.pool.encoders[column].distances(own)
        shares = np.zeros(len(distances))
        for distance, share in self._points.items():
            shares[distances == distance] = share
        return self._curves["grade"](shares)

    def _rule_bars(self, asking: CheckedMentee) -> Iterator[Bar]:
        own = {"field": asking.mentee.field, "unit": tuple(asking.mentee.unit), "grade": asking.grade}
        for column in self.barred:
            yield self.bar(column, own[column])

    def bar(self, column: str, own: Hashable) -> Bar:
        """Return which numbers of a column the rules bar from who has this value."""
        bar = self._barred.get((column, own))
        if bar is None:
            if len(self._barred) >= MADE:
                self._barred.clear()
            code, barred = self.barred[column]
            bits = barred(self.pool.encoders[column], own) * np.uint32(BIT[code])
            bar = self._barred[column, own] = Bar(column, bits.astype(np.uint32))
        return bar

    def _filter_bars(self) -> Iterator[Bar]:
        filters, encoders = self.filters, self.pool.encoders
        kept: dict[str, tuple[str, Any]] = {}
        for name, column in (("fields", "field"), ("time_zones", "time_zone"), ("places", "place")):
            if getattr(filters, name):
                wanted = frozenset(getattr(filters, name))
                kept[name] = column, [bool(value) and value in wanted for value in encoders[column].categories_]
        if filters.languages:
            kept["languages"] = "languages", encoders["languages"].shared(filters.languages) > 0
        if filters.unit is not None:
            kept["unit"] = "unit", [bool(path) and filters.unit in path for path in encoders["unit"].categories_]
        if filters.min_years is not None:
            kept["min_years"] = "years", _known(encoders["years"].distances(0) >= filters.min_years)
        if filters.grades:
            kept["grades"] = "grade", _known(np.isin(encoders["grade"].distances(0), list(filters.grades)))
        for name, (column, keep) in kept.items():
            yield Bar(column, (~np.array(keep, np.bool_) * np.uint32(BIT[name])).astype(np.uint32))

    def _odd(self, asking: CheckedMentee) -> dict[int, int]:
        pool, person = self.pool, asking.mentee.id
        line, blocked, failed_with = asking.excluded
        if not (person in pool.row_of or line or blocked or failed_with or pool.blocked_by or pool.failed_by):
            return {}
        found: dict[int, int] = {}
        for code, rows in (
            ("self", pool.rows_of(frozenset((person,)))),
            ("line_of_command", pool.rows_of(line) if self.rules.outside_line else ()),
            ("blocked", (*pool.rows_of(blocked), *pool.blocked_by.get(person, ()))),
            ("past_failed_pair", (*pool.rows_of(failed_with), *pool.failed_by.get(person, ()))),
        ):
            for row in rows:
                found[row] = found.get(row, 0) | BIT[code]
        return found


class Plan(NamedTuple):
    """A query as flat arrays, for a compiled kernel; ``x_of`` holds where its part begins and ends, as in `Wants`."""

    group_of: Longs
    group_ticks: Longs
    group_ends: Longs
    """Gaps of a group weigh alike and their levels sum within a byte; group g has gaps ``group_ends[g]`` to ``[g + 1]``."""
    gap_rows: Longs
    gap_low: Longs
    gap_high: Longs
    table_at: Longs
    """(1, features): where a table starts in `ticks`; −1: none."""
    most: Longs
    """(1,): most ticks that the tables add together."""
    bar_of: Longs
    bar_rows: Longs
    bar_at: Longs
    cover_of: Longs
    cover_rows: Longs
    cover_low: Longs
    odd_of: Longs
    odd_rows: Longs
    odd_bits: Longs
    word_of: Longs
    tongues: Longs
    wanted: Longs
    """(gaps, 4): row of the pool, level held, level required, and ticks of each gap, in the order of their codes."""
    keep: int
    ticks: npt.NDArray[np.int32]
    bars: npt.NDArray[np.uint32]
    words: npt.NDArray[np.int32]
    word_weights: npt.NDArray[np.int32]
    points: npt.NDArray[np.int8]
    similar: npt.NDArray[np.int32]


PARTS = Plan._fields.index("keep") + 1
"""Bounds of the parts that are whole numbers, at the beginning of `Laid.flat`; behind them stands ``keep``."""


class Laid(NamedTuple):
    """A plan as it is handed over: a few arrays are taken in sooner than many."""

    flat: Longs
    """Where each part begins, and the last ends; ``keep``; then the parts one after the other."""
    ticks: npt.NDArray[np.int32]
    bars: npt.NDArray[np.uint32]
    words: npt.NDArray[np.int32]
    word_weights: npt.NDArray[np.int32]
    point: npt.NDArray[np.int8]
    similar: npt.NDArray[np.int32]


def plan_of(query: Query) -> Laid:
    """Lay out a query."""
    groups = list(groups_of(query.gaps))
    gaps = [gap for _, members in groups for gap in members]
    odd = sorted(query.odd.items())
    table_at = [-1] * len(FEATURES)
    for table in query.tables:
        table_at[ROW[table.column]] = table.at
    words, bars = query.words, query.bars
    parts: tuple[list[int], ...] = (
        [0, len(groups)],
        [ticks for ticks, _ in groups],
        [0, *accumulate([len(members) for _, members in groups])],
        [gap.column for gap in gaps],
        [gap.actual for gap in gaps],
        [gap.required for gap in gaps],
        table_at,
        [sum([table.most for table in query.tables])],
        [0, len(bars)],
        [ROW[bar.column] for bar in bars],
        [0, *accumulate([len(bar.bits) for bar in bars])][: len(bars)],
        [0, len(query.covers)],
        [row for row, _ in query.covers],
        [low for _, low in query.covers],
        [0, len(odd)],
        [row for row, _ in odd],
        [bits for _, bits in odd],
        [0, len(words.terms)],
        [words.tongue],
        [number for _, *numbers in query.gaps for number in numbers],
    )
    bounds = accumulate(map(len, parts), initial=PARTS + 1)
    return Laid(
        np.fromiter(chain(bounds, (query.keep,), *parts), np.int64),
        query.ticks,
        np.concatenate([bar.bits for bar in bars]) if bars else _NO_BARS,
        words.terms,
        words.weights,
        words.point,
        query.similar,
    )


_NO_BARS = np.empty(0, np.uint32)


def groups_of(gaps: Collection[Gap]) -> Iterator[tuple[int, list[Gap]]]:
    """Group the gaps that somebody holds by weight, each group small enough to be summed in a byte."""
    group: list[Gap] = []
    held = 0
    for gap in sorted([gap for gap in gaps if gap.column >= 0], key=attrgetter("ticks")):
        if group and (gap.ticks != group[0].ticks or held + gap.required > 255):
            yield group[0].ticks, group
            group, held = [], 0
        group.append(gap)
        held += gap.required
    if group:
        yield group[0].ticks, group


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
        "text": len(query.words.terms) > 0 or query.words.tongue > 0,
        "experience": query.asking.years is not None,
        "field": bool(mentee.field),
        "language": bool(query.asking.languages),
        "grade": query.asking.grade is not None,
    }
    half = shares["place"] // 2
    place = (half if mentee.place else 0) + (shares["place"] - half if mentee.time_zone else 0)
    return place + sum(shares[name] for name, given in known.items() if given)


_made = tuple.__new__
"""Makes a named tuple without a look at its names."""


def _gaps(asking: CheckedMentee, pool: Pool, share: int) -> tuple[Gap, ...]:
    if not asking.gaps:
        return ()
    common = math.gcd(*[priority for *_, priority in asking.gaps])
    parts = sum([(required - actual) * (priority // common) for _, actual, required, priority in asking.gaps])
    part = round(share / parts)
    column_of = pool.level_encoder.column_of_
    return tuple(
        [
            _made(Gap, (code, column_of.get(code, -1), actual, required, part * (priority // common)))
            for code, actual, required, priority in asking.gaps
        ]
    )


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


def is_known(column: str, own: object) -> bool:
    """Tell whether a mentee's value says anything."""
    return own is not None if column in ("years", "grade") else bool(own)


_Barred = Callable[[Any, Any], npt.NDArray[np.bool_]]


def _bars_of(rules: Rules) -> Iterator[tuple[str, tuple[str, _Barred]]]:
    if rules.same_field:
        yield "field", ("other_field", lambda encoder, own: encoder.same(own) == 0)
    if rules.other_unit:
        yield "unit", ("same_unit", lambda encoder, own: encoder.same(own) > 0)
    if rules.grade_min is not None or rules.grade_max is not None:
        yield "grade", ("grade_distance", lambda encoder, own: ~_near(encoder, own, rules))


def _near(encoder: Any, own: int | None, rules: Rules) -> npt.NDArray[np.bool_]:
    if own is None:
        return np.zeros(len(encoder), np.bool_)
    distance = encoder.distances(own)
    kept = np.ones(len(encoder), np.bool_)
    if rules.grade_min is not None:
        kept &= distance >= rules.grade_min
    if rules.grade_max is not None:
        kept &= distance <= rules.grade_max
    return _known(kept)


def _known(kept: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Leave out bin 0, which stands for what is unknown."""
    kept[0] = False
    return kept
