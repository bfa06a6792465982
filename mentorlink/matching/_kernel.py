"""The scan in NumPy: who is barred and why, who is best, and what each choice of a filter would list. Needs nothing else.

`covered` is where the time goes. ``Σ_c w_c · min(gap_c, max(0, mentor_c − actual_c))`` is, per competency, the mentor's level
clipped to [actual, required], less actual. Competencies of one weight are summed as bytes and weighed once.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ._asked import Asked
from ._check import TOP_LEVEL, checked_mentee
from ._codes import ABSENT, BIT, FILTERS, RULE_BITS, TERM_AT, TERMS
from ._pool import ROW, Pool
from ._query import STEP, Compiler, Gap, Query, groups_of
from ._texts import ONE, STEP_BITS, TEXT_STEPS, Texts

Ticks = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint32]

BLOCK = 1 << 15
"""Slots scanned at once: the work rows stay in the nearest cache."""
BARRED = -(2**30)
"""Ticks of a row that may not be listed."""
BAN = 1 << 30
"""Bit of a pair that is forbidden besides the rules."""
FEW = 256
"""So many texts are compared sooner than it is told how far they reach."""
OUTCOMES = TOP_LEVEL + 1
"""Levels that somebody can hold."""
KEPT = 4096
"""Mentees of a batch who are kept compiled."""
COLUMN_OF = {
    "fields": "field", "time_zones": "time_zone", "places": "place", "languages": "languages", "unit": "unit",
    "min_years": "years", "grades": "grade",
}  # fmt: skip
# A row of each level: NumPy compares two arrays of bytes ten times faster than an array with a number.
_LEVEL = np.repeat(np.arange(TOP_LEVEL + 1, dtype=np.uint8), BLOCK).reshape(TOP_LEVEL + 1, BLOCK)


class Counts:
    """How many fail each rule and filter, and how many of them nothing else."""

    def __init__(self, several: Sequence[int], alone: Sequence[int], listed: int) -> None:
        self.listed = listed
        self._failed = {name: (each, lone) for name, each, lone in zip(BIT, several, alone, strict=True) if each}

    def told(self, names: Collection[str]) -> tuple[dict[str, int], dict[str, int]]:
        """Return by name, for those that anybody fails: how many fail it, and how many it alone."""
        failed = self._failed
        present = [name for name in names if name in failed]
        return {name: failed[name][0] for name in present}, {name: failed[name][1] for name in present}


def counts(pool: Pool, query: Query) -> Counts:
    """Count per rule everybody who breaks it, per filter those who pass the rules and fail it."""
    failed = failures(pool, query)
    present = int(np.bitwise_or.reduce(failed, initial=0))
    several, alone = np.zeros(len(BIT), np.int64), np.zeros(len(BIT), np.int64)
    for at, (name, bit) in enumerate(BIT.items()):
        if present & bit:
            looked_at = failed & np.uint32(bit | ABSENT | (RULE_BITS if name in FILTERS else 0))
            several[at] = np.count_nonzero(looked_at == bit)
            alone[at] = np.count_nonzero(failed == bit)
    return Counts(several.tolist(), alone.tolist(), int(np.count_nonzero(failed == 0)))


def best(pool: Pool, texts: Texts, query: Query, last: int) -> tuple[Rows, Ticks]:
    """Return everybody whose score is at least that of the best `last`.

    Returns
    -------
    rows : ndarray of shape (m,), int64
    scores : ndarray of shape (m,), int32
        Steps of 1e-6. Fewer than `last` only if no more are listed.
    """
    ticks = covered_ticks(pool, query)
    ticks[failures(pool, query) != 0] = BARRED
    last = min(last, int(np.count_nonzero(ticks >= 0)))
    if not last:
        return np.empty(0, np.int64), np.empty(0, np.int32)
    has_text = bool(len(query.words.terms) or query.words.tongue)
    most_text = int(query.similar[-1]) if has_text else 0

    def edge_of(rows: Rows, ticks: Ticks) -> int:
        """Return the least ticks on the page, as far as these few rows tell."""
        added = query.similar[texts.similarity(rows, query.words)] if has_text else 0
        return _floor(int(np.partition(ticks + added, -last)[-last]))

    some = np.flatnonzero(ticks >= np.partition(ticks, -last)[-last])[: 4 * last]
    edge = edge_of(some, ticks[some] + _tables(pool, query, some))
    rows, found = _reaching(pool, query, ticks, edge - most_text)
    if has_text:
        few = _greatest(found, 2 * last)
        edge = max(edge, edge_of(rows[few], found[few]))
        near = found >= edge - most_text
        rows, found = rows[near], found[near]
        if len(rows) > FEW:
            most = found + query.similar[reach(texts, query, rows, pool.size)]
            few = _greatest(most, 2 * last)
            edge = max(edge, edge_of(rows[few], found[few]))
            rows, found = rows[most >= edge], found[most >= edge]
        found += query.similar[texts.similarity(rows, query.words)]
    scores = (found + STEP // 2) // STEP
    kept = scores >= np.partition(scores, -last)[-last]
    return rows[kept], scores[kept]


def _reaching(pool: Pool, query: Query, ticks: Ticks, edge: int) -> tuple[Rows, Ticks]:
    """Return the rows whose ticks come up to an edge with the tables added, and these ticks."""
    left = sum(table.most for table in query.tables)
    rows = np.flatnonzero(ticks >= max(0, edge - left))
    found = ticks[rows]
    for table in sorted(query.tables, key=lambda table: -table.most):
        found += table.ticks[pool.column(table.column)[rows]]
        left -= table.most
        near = found >= edge - left
        rows, found = rows[near], found[near]
    return rows, found


def _greatest(values: Ticks, most: int) -> Rows:
    """Return the places of the greatest values."""
    return np.argpartition(values, -most)[-most:] if len(values) > most else np.arange(len(values))


class Told(NamedTuple):
    """What some rows add up to, row by row."""

    ticks: Rows
    """By term, in the order of `TERMS`: shape (m, terms)."""
    outcomes: list[list[int]]
    """The gaps, what adds most first, then by code: place of the gap × `OUTCOMES` + level held."""
    similar: list[int]
    """Steps of similarity of the texts."""
    across: list[int]
    """Whether the bridge found more than the words that both texts share."""
    shared: list[list[tuple[int, float]]]
    """Columns of the shared terms that add most to the cosine, and what; equal ones in alphabetical order."""


def told(pool: Pool, texts: Texts, query: Query, rows: Rows, most: int) -> Told:
    """Return what rows add up to, with at most so many shared terms."""
    columns = np.array([gap.column for gap in query.gaps], np.int64)
    held = (pool.levels[columns[:, None], rows] * (columns >= 0)[:, None]).astype(np.int64)
    low, high, each = np.array([gap[2:] for gap in query.gaps], np.int64).reshape(-1, 3).T[:, :, None]
    earned = (np.clip(held, low, high) - low) * each
    plain, similar, shared = texts.told(rows, query.words, most)
    ticks = np.zeros((len(rows), len(TERMS)), np.int64)
    ticks[:, 0] = earned.sum(axis=0)
    if len(query.words.terms) or query.words.tongue:
        ticks[:, 1] = query.similar[similar]
    for table in query.tables:
        ticks[:, TERM_AT[table.term]] += table.ticks[pool.numbers[ROW[table.column], rows]]
    # gaps stand in the order of their codes, which decides between equals
    orders = np.argsort(-earned, axis=0, kind="stable")
    outcomes = orders * OUTCOMES + np.take_along_axis(held, orders, axis=0)
    return Told(ticks, outcomes.T.tolist(), similar.tolist(), (similar > plain).tolist(), shared)


class Many:
    """Many mentees against one frozen pool, each compiled when it is asked about. `like`: others of the same pool."""

    def __init__(self, compiler: Compiler, asked: Asked, bans: Iterable[tuple[int, int]], like: Many | None = None) -> None:
        self._pool, self._texts, self._ids = compiler.pool, compiler.texts, asked.ids
        banned: dict[int, set[int]] = {}
        for mentee, mentor in bans:
            if mentor in self._pool.row_of:
                banned.setdefault(mentee, set()).add(self._pool.row_of[mentor])

        @lru_cache(maxsize=KEPT)
        def query_of(row: int) -> Query:
            mentee = asked.mentees[row]
            query = compiler.query(checked_mentee(mentee, None))
            odd = {**query.odd, **{column: query.odd.get(column, 0) | BAN for column in banned.get(mentee.id, ())}}
            return replace(query, odd=odd)

        self._query_of = query_of

    def scores(self, row: int) -> Ticks:
        """Return the scores of a query with every row of the pool, `BARRED` where a rule forbids the pair."""
        query, pool = self._query_of(row), self._pool
        ticks = _exact(pool, self._texts, query, np.arange(pool.size), covered_ticks(pool, query))
        found = (ticks + STEP // 2) // STEP
        found[failures(pool, query) != 0] = BARRED
        return found

    def best(self, rows: Rows, k: int, prices: Rows, jitter: int, seed: int, least: Rows | None) -> tuple[Ticks, Ticks]:
        """Return `Batch.best`."""
        columns, scores = np.full((len(rows), k), -1, np.int32), np.full((len(rows), k), BARRED, np.int32)
        for at, row in enumerate(rows.tolist()):
            found = self.scores(row)
            allowed = np.flatnonzero(found > BARRED)
            value = found[allowed] - prices[allowed]
            if jitter:
                value += noise(self._ids.item(row), self._pool.ids[allowed], jitter, seed)
            if least is not None:
                enough = value >= least[at]
                allowed, value = allowed[enough], value[enough]
            if len(value) > k:
                kept = value >= np.partition(value, -k)[-k]
                allowed, value = allowed[kept], value[kept]
            order = np.lexsort((allowed, -value))[:k]
            columns[at, : len(order)], scores[at, : len(order)] = allowed[order], found[allowed[order]]
        return columns, scores


def covered_ticks(pool: Pool, query: Query) -> Ticks:
    """Return the ticks of the gaps that each slot covers: shape (pool.size,), int32."""
    total = np.zeros(pool.size, np.int32)
    for ticks, gaps in groups_of(query.gaps):
        total += covered(pool, gaps) * np.int32(ticks)
    return total


def _tables(pool: Pool, query: Query, rows: Rows) -> Ticks:
    """Return what the tables add for some rows."""
    total = np.zeros(len(rows), np.int32)
    for table in query.tables:
        total += table.ticks[pool.column(table.column)[rows]]
    return total


def _exact(pool: Pool, texts: Texts, query: Query, rows: Rows, ticks: Ticks) -> Ticks:
    """Return the ticks of some rows, given those of what they cover."""
    ticks = ticks + _tables(pool, query, rows)
    if len(query.words.terms) or query.words.tongue:
        ticks += query.similar[texts.similarity(rows, query.words)]
    return ticks


def covered(pool: Pool, gaps: Collection[Gap]) -> Ticks:
    """Return the levels of these gaps that each slot covers: shape (pool.size,), int32. Their required levels sum to ≤ 255."""
    reached = np.zeros(pool.size, np.uint8)
    level = np.empty(min(pool.size, BLOCK), np.uint8)
    for start in range(0, pool.size, BLOCK):
        end = min(start + BLOCK, pool.size)
        here, part = reached[start:end], level[: end - start]
        for gap in gaps:
            np.minimum(pool.levels[gap.column, start:end], _LEVEL[gap.required, : end - start], out=part)
            if gap.actual:
                np.maximum(part, _LEVEL[gap.actual, : end - start], out=part)
            np.add(here, part, out=here)
    covered = reached.astype(np.int32)
    covered -= sum(gap.actual for gap in gaps)
    return covered


def reach(texts: Texts, query: Query, rows: Rows, size: int) -> npt.NDArray[np.int64]:
    """Return steps of similarity that the text of each of these rows cannot exceed. `size`: of the pool.

    The rarest terms are added up by their lists; what the others can add to a vector of length 1 is at most their own length
    (Cauchy and Schwarz).
    """
    words = query.words
    rare, rest = split(texts, words.terms, words.weights, size)
    bound = np.full(len(rows), min(TEXT_STEPS, int(rest * TEXT_STEPS) + 2))
    if rare:
        starts, ends = texts.list_ends[words.terms[:rare]], texts.list_ends[words.terms[:rare] + 1]
        pieces = [slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        listed = np.concatenate([texts.list_rows[piece] for piece in pieces])
        products = np.concatenate([texts.list_weights[piece] for piece in pieces]) * np.repeat(
            words.weights[:rare].astype(np.float64), ends - starts
        )
        steps = (np.bincount(listed, weights=products, minlength=size)[rows] / (1 << STEP_BITS) + rest) * TEXT_STEPS
        bound = np.minimum(steps.astype(np.int64) + 2, TEXT_STEPS)
    if texts.changes:
        bound[texts.changed[rows] != 0] = TEXT_STEPS
    if words.tongue:
        tongues = texts.tongues[rows]
        bound[(tongues != words.tongue) & (tongues != 0)] = TEXT_STEPS
    return bound


def split(texts: Texts, terms: npt.NDArray[np.int32], weights: npt.NDArray[np.int32], size: int) -> tuple[int, float]:
    """Return how many of the terms, the rarest first, to add up by their lists, and the length of the rest of the vector."""
    budget = max(256, size // 4)
    lengths = texts.list_ends[terms + 1] - texts.list_ends[terms]
    rare = int(np.count_nonzero((np.cumsum(lengths) <= budget) & ~texts.common[terms]))
    return rare, math.sqrt(float((weights[rare:].astype(np.int64) ** 2).sum())) / ONE


def failures(pool: Pool, query: Query) -> Bits:
    """Return the bits of the rules and filters that each slot fails: shape (pool.size,), uint32. 0: listed."""
    failed = (pool.state[: pool.size] & np.uint8(query.keep)).astype(np.uint32)
    for bar in query.bars:
        failed |= bar.bits[pool.column(bar.column)]
    for row, low in query.covers:
        kept = pool.levels[row, : pool.size] > low if row >= 0 else np.zeros(pool.size, np.bool_)
        failed |= ~kept * np.uint32(BIT["covers"])
    for row, bits in query.odd.items():
        failed[row] |= np.uint32(bits)
    if pool.free:
        failed[pool.free] = ABSENT
    return failed


def failures_of(pool: Pool, query: Query, row: int) -> int:
    """Return the bits that one row fails."""
    failed = pool.state.item(row) & query.keep | query.odd.get(row, 0)
    for bar in query.bars:
        failed |= bar.bits.item(pool.numbers.item(ROW[bar.column], row))
    if any(column < 0 or pool.levels[column, row] <= low for column, low in query.covers):
        failed |= BIT["covers"]
    return failed


def tallies(pool: Pool, query: Query) -> tuple[dict[str, npt.NDArray[np.int64]], list[int]]:
    """Count what each choice of each filter would list, all else unchanged.

    Returns
    -------
    by_number : dict of str to ndarray
        Filter → how many by the number in its column.
    above : list of int
        For each gap, how many of those listed hold more than the mentee.
    """
    failed = failures(pool, query)
    listed = failed == 0
    allowed = np.flatnonzero(listed)
    found = {}
    for name, column in COLUMN_OF.items():
        alone = failed == BIT[name]
        rows = np.concatenate([allowed, np.flatnonzero(alone)]) if alone.any() else allowed
        found[name] = np.bincount(pool.column(column)[rows], minlength=len(pool.encoders[column]))
    above = [
        int(np.count_nonzero((pool.levels[gap.column, : pool.size] > gap.actual) & listed)) if gap.column >= 0 else 0
        for gap in query.gaps
    ]
    return found, above


def _floor(ticks: int) -> int:
    """Return the least ticks that round to the same score."""
    return (ticks + STEP // 2) // STEP * STEP - STEP // 2


def noise(mentee_id: int, mentor_ids: Rows, most: int, seed: int) -> Rows:
    """Return whole numbers from 0 to `most`, a hash of the two ids and the seed (splitmix64, Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        start = _mixed(np.array([mentee_id], np.int64).view(np.uint64) ^ _mixed(np.array([seed], np.uint64)))
        mixed = _mixed(mentor_ids.view(np.uint64) ^ start)
    return (mixed % np.uint64(most + 1)).astype(np.int64)


def _mixed(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
