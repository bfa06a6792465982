"""The scan in NumPy: who is barred and why, who is best, and what each choice of a filter would list. Needs nothing else.

`covered` is where the time goes. ``Σ_c w_c · min(gap_c, max(0, mentor_c − actual_c))`` is, per competency, the mentor's level
clipped to [actual, required], less actual. Competencies of one weight are summed as bytes and weighed once.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ._asked import Asked
from ._check import TOP_LEVEL, checked_mentee
from ._codes import ABSENT, BIT, FILTERS, RULE_BITS
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

    def __init__(self, several: npt.NDArray[np.int64], alone: npt.NDArray[np.int64], listed: int) -> None:
        self.listed = listed
        self._several = dict(zip(BIT, several.tolist(), strict=True))
        self._alone = dict(zip(BIT, alone.tolist(), strict=True))

    def told(self, names: Collection[str]) -> tuple[dict[str, int], dict[str, int]]:
        """Return by name, for those that anybody fails: how many fail it, and how many it alone."""
        present = [name for name in names if self._several[name]]
        return {name: self._several[name] for name in present}, {name: self._alone[name] for name in present}


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
    return Counts(several, alone, int(np.count_nonzero(failed == 0)))


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
    words = query.words
    has_text = bool(len(words.terms) or words.tongue)
    most_text = int(query.similar[-1]) if has_text else 0
    some = np.flatnonzero(ticks >= np.partition(ticks, -last)[-last])[: 4 * last]
    edge = _floor(int(np.partition(_exact(pool, texts, query, some, ticks[some]), -last)[-last]))
    rows = np.flatnonzero(ticks >= max(0, edge - most_text - sum(int(table.ticks.max()) for table in query.tables)))
    found = ticks[rows] + _tables(pool, query, rows)
    if has_text:
        near = found >= edge - most_text
        rows, found = rows[near], found[near]
        near = found + query.similar[reach(texts, query, pool.size)[rows]] >= edge
        rows, found = rows[near], found[near]
        found += query.similar[texts.similarity(rows, words)]
    scores = (found + STEP // 2) // STEP
    kept = scores >= np.partition(scores, -last)[-last]
    return rows[kept], scores[kept]


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


def reach(texts: Texts, query: Query, size: int) -> npt.NDArray[np.int32]:
    """Return steps of similarity that each slot's text cannot exceed: shape (size,).

    The rarest terms are added up by their lists; what the others can add to a vector of length 1 is at most their own length
    (Cauchy and Schwarz).
    """
    words = query.words
    rare, rest = split(texts, words.terms, words.weights, size)
    bound = np.full(size, min(TEXT_STEPS, int(rest * TEXT_STEPS) + 2), np.int32)
    if rare:
        starts, ends = texts.list_ends[words.terms[:rare]], texts.list_ends[words.terms[:rare] + 1]
        pieces = [slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        rows = np.concatenate([texts.list_rows[piece] for piece in pieces])
        products = np.concatenate([texts.list_weights[piece] for piece in pieces]) * np.repeat(
            words.weights[:rare].astype(np.float64), ends - starts
        )
        found = np.bincount(rows, weights=products, minlength=size)[:size]
        touched = np.flatnonzero(found)
        steps = (found[touched] / (1 << STEP_BITS) + rest) * TEXT_STEPS
        bound[touched] = np.minimum(steps.astype(np.int32) + 2, TEXT_STEPS)
    if texts.changes:
        bound[texts.changed[:size] != 0] = TEXT_STEPS
    if words.tongue:
        bound[(texts.tongues[:size] != words.tongue) & (texts.tongues[:size] != 0)] = TEXT_STEPS
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
