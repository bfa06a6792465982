"""The scan compiled by numba: what `_kernel` does, to the unit, in one pass over blocks that stay in the nearest cache.

Blocks are taken in the order of the most they could hold (their highest level per competency), and the pass ends at the first
that cannot reach the page any more. Texts are compared only where score so far + the most that the text can add would do.

Only this file imports numba, and only `_kernels` imports this file.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit  # type: ignore[import-untyped]

from ._check import checked_mentee, checked_mentors
from ._codes import ABSENT, BIT, FILTERS, RULE_BITS, TERM_AT, TERMS
from ._encoders import LevelEncoder
from ._kernel import COLUMN_OF, OUTCOMES, Counts, Rows, Ticks, Told
from ._pool import BLOCK, BLOCK_BITS, FEATURES, ROW, Pool
from ._query import PARTS, STEP, TERM_OF, Compiler, Laid, Plan, Query, plan_of
from ._records import Mentee, Mentor, Rules, Weights
from ._text import TextEncoder
from ._texts import CHANGED, ONE, PART, STEP_BITS, TEXT_STEPS, Texts


def _cached() -> bool:
    """Tell whether numba finds a place to keep what it compiles: beside this file, or in the user's cache."""
    try:
        njit(cache=True)(_cached)
    except RuntimeError:
        return False
    return True


compiled = njit(nogil=True, cache=_cached())
_BITS = np.array(list(BIT.values()), np.uint32)
_OF_FILTERS = np.array([name in FILTERS for name in BIT], np.bool_)
_COVERS = BIT["covers"]
_TERM_OF = np.array([TERM_AT[TERM_OF.get(column, TERMS[0])] for column in FEATURES])
_NEVER = -(2**50)
_HALF = STEP // 2
MOST_LISTED = 1 << 18
"""Rows of the lists of a text that are added up: more of them would take longer than the texts that they spare."""


class Columns(NamedTuple):
    """The arrays of a `Pool`."""

    levels: npt.NDArray[np.uint8]
    tops: npt.NDArray[np.uint8]
    numbers: npt.NDArray[Any]
    state: npt.NDArray[np.uint8]
    ids: npt.NDArray[np.int64]


class TextColumns(NamedTuple):
    """The arrays of `Texts`."""

    starts: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int32]
    terms: npt.NDArray[np.int32]
    weights: npt.NDArray[np.uint16]
    list_ends: npt.NDArray[np.int64]
    list_rows: npt.NDArray[np.int32]
    list_weights: npt.NDArray[np.uint16]
    common: npt.NDArray[np.bool_]
    changed: npt.NDArray[np.uint8]
    tongues: npt.NDArray[np.uint8]
    odd_blocks: npt.NDArray[np.uint8]
    points: npt.NDArray[np.int8]
    floor: int
    ceiling: int


class Work(NamedTuple):
    """Room to work in. `asked` and `part` are zeros between calls."""

    asked: npt.NDArray[np.int32]
    part: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int64]
    scores: npt.NDArray[np.int32]
    values: npt.NDArray[np.int64]


class _Rooms(threading.local):
    """Room for each thread, kept from call to call."""

    work: Work | None = None
    planned: tuple[Query, Laid] | None = None

    def of(self, size: int, terms: int) -> Work:
        if self.work is None or len(self.work.part) < size or len(self.work.asked) < terms:
            self.work = Work(
                np.zeros(2 * terms, np.int32),
                np.zeros(2 * size, np.int32),
                np.empty(2 * size, np.int64),
                np.empty(2 * size, np.int32),
                np.empty(2 * size, np.int64),
            )
        return self.work


_rooms = _Rooms()


def best(pool: Pool, texts: Texts, query: Query, last: int) -> tuple[Rows, Ticks]:
    """Return what `_kernel.best` returns, in any order."""
    if not pool.size or not last:
        return np.empty(0, np.int64), np.empty(0, np.int32)
    work = _rooms.of(pool.size, len(texts.common))
    found = _best(_columns(pool), text_columns(texts), _plan(query), 0, pool.size, last, work)
    return work.rows[:found].copy(), work.scores[:found].copy()


def counts(pool: Pool, query: Query) -> Counts:
    """Return what `_kernel.counts` returns."""
    if not query.bars and not query.covers:
        return _counts_by_state(pool, query)
    several, alone = np.zeros(len(_BITS), np.int64), np.zeros(len(_BITS), np.int64)
    listed = _count(_columns(pool), _plan(query), 0, pool.size, several, alone)
    return Counts(several.tolist(), alone.tolist(), listed)


def _counts_by_state(pool: Pool, query: Query) -> Counts:
    """Count where nothing but the mentors' own state and the rules about two people can forbid a pair."""
    by_bits: dict[int, int] = {}
    for pattern, count in pool.states:
        by_bits[pattern & query.keep] = by_bits.get(pattern & query.keep, 0) + count
    for row, bits in query.odd.items():
        before = pool.state.item(row) & query.keep
        by_bits[before] -= 1
        by_bits[before | bits] = by_bits.get(before | bits, 0) + 1
    several, alone = [0] * len(BIT), [0] * len(BIT)
    for bits, count in by_bits.items():
        if bits and not bits & ABSENT:
            for place, bit in enumerate(BIT.values()):
                if bits & bit:
                    several[place] += count
                    alone[place] += count * (bits == bit)
    return Counts(several, alone, by_bits.get(0, 0))


def told(pool: Pool, texts: Texts, query: Query, rows: Rows, most: int) -> Told:
    """Return what `_kernel.told` returns."""
    ticks, outcomes = np.zeros((len(rows), len(TERMS)), np.int64), np.empty((len(rows), len(query.gaps)), np.int64)
    similar, words = np.zeros((3, len(rows)), np.int64), np.empty((len(rows), most), np.int64)
    parts = np.empty((len(rows), most))
    work = _rooms.of(pool.size, len(texts.common))
    _told(_columns(pool), text_columns(texts), _plan(query), rows, work.asked, ticks, outcomes, similar, words, parts)
    steps, across, counts = similar.tolist()
    shared = [
        list(zip(its_words[:count], its_parts, strict=False))
        for its_words, its_parts, count in zip(words.tolist(), parts.tolist(), counts, strict=True)
    ]
    return Told(ticks, outcomes.tolist(), steps, across, shared)


def tallies(pool: Pool, query: Query) -> tuple[dict[str, npt.NDArray[np.int64]], list[int]]:
    """Return what `_kernel.tallies` returns."""
    names = list(COLUMN_OF)
    rows = np.array([ROW[COLUMN_OF[name]] for name in names])
    bits = np.array([BIT[name] for name in names], np.uint32)
    found = [np.zeros(len(pool.encoders[COLUMN_OF[name]]), np.int64) for name in names]
    at = np.cumsum([0, *(len(each) for each in found)])
    flat = np.zeros(int(at[-1]), np.int64)
    gaps = np.array([gap.column for gap in query.gaps], np.int64)
    lows = np.array([gap.actual for gap in query.gaps], np.uint8)
    above = np.zeros(len(gaps), np.int64)
    _tally(_columns(pool), _plan(query), 0, pool.size, rows, bits, at[:-1], flat, gaps, lows, above)
    return {name: flat[at[place] : at[place + 1]] for place, name in enumerate(names)}, above.tolist()


def try_all() -> None:
    """Run each compiled function once, so that nobody waits for the compiler later."""
    checked = checked_mentors([Mentor(1, {"M.1": 1}, text="kata")], None)
    pool = Pool(checked, LevelEncoder().partial_fit(checked.codes))
    texts = Texts(TextEncoder().fit(checked.texts), None).fill(checked.texts, np.array([0]), pool.capacity)
    compiler = Compiler(pool, texts, weights=Weights(), rules=Rules(), lead_years=5, utc_offsets={})
    query = compiler.query(checked_mentee(Mentee(2, {}, {"M.1": 1}, text="kata"), None))
    best(pool, texts, query, 1)
    told(pool, texts, query, np.array([0]), 1)
    counts(pool, replace(query, covers=((0, 0),)))
    tallies(pool, query)


def _plan(query: Query) -> Laid:
    """Return a query's plan; a page asks for it several times in a row."""
    if _rooms.planned is None or _rooms.planned[0] is not query:
        _rooms.planned = query, plan_of(query)
    return _rooms.planned[1]


def _columns(pool: Pool) -> Columns:
    return Columns(pool.levels, pool.tops, pool.numbers, pool.state, pool.ids)


def text_columns(texts: Texts) -> TextColumns:
    floor, ceiling = (0, 1) if texts.bridge is None else texts.bridge.scale_
    return TextColumns(
        texts.starts, texts.counts, texts.terms, texts.weights, texts.list_ends, texts.list_rows, texts.list_weights,
        texts.common, texts.changed, texts.tongues, texts.odd_blocks, texts.points, floor, ceiling,
    )  # fmt: skip


@compiled
def _plan_in(laid):
    """Return the parts of a plan by name."""
    flat = laid.flat
    return Plan(
        flat[flat[0] : flat[1]], flat[flat[1] : flat[2]], flat[flat[2] : flat[3]], flat[flat[3] : flat[4]],
        flat[flat[4] : flat[5]], flat[flat[5] : flat[6]], flat[flat[6] : flat[7]].reshape(1, flat[7] - flat[6]),
        flat[flat[7] : flat[8]], flat[flat[8] : flat[9]], flat[flat[9] : flat[10]], flat[flat[10] : flat[11]],
        flat[flat[11] : flat[12]], flat[flat[12] : flat[13]], flat[flat[13] : flat[14]], flat[flat[14] : flat[15]],
        flat[flat[15] : flat[16]], flat[flat[16] : flat[17]], flat[flat[17] : flat[18]], flat[flat[18] : flat[19]],
        flat[flat[19] : flat[20]].reshape((flat[20] - flat[19]) // 4, 4), flat[PARTS],
        laid.ticks, laid.bars, laid.words, laid.word_weights, laid.point.reshape(1, len(laid.point)), laid.similar,
    )  # fmt: skip


@compiled
def steps_of(dot):
    """Return the similarity of two texts, in steps, from the sum of the products of their weights."""
    return min((dot * TEXT_STEPS + (1 << (STEP_BITS - 1))) >> STEP_BITS, TEXT_STEPS)


@compiled
def steps_across(tongues, points, own, tongue, floor, ceiling, row):
    """Return the similarity of a row's text with the mentee's over the bridge, in steps; 0 within one language."""
    if not (tongue and tongues[row] and tongues[row] != tongue):
        return np.int64(0)
    product = np.int32(0)
    for axis in range(points.shape[1]):
        product += np.int32(points[row, axis]) * np.int32(own[axis])
    return min(max(np.int64(product) - floor, 0) * TEXT_STEPS // (ceiling - floor), np.int64(TEXT_STEPS))


@compiled
def similarity(asked, starts, counts, terms, weights, tongues, points, own, tongue, floor, ceiling, row):
    """Return the similarity of the texts of a mentor and of the mentee whose words `asked` holds, in steps."""
    dot = np.int64(0)
    for at in range(starts[row], starts[row] + counts[row]):
        dot += np.int64(asked[terms[at]]) * np.int64(weights[at])
    return max(steps_of(dot), steps_across(tongues, points, own, tongue, floor, ceiling, row))


@compiled
def _covered(columns, plan, query, start, count, total, part):
    """Write the ticks of the gaps that a block's rows cover."""
    for i in range(count):
        total[i] = 0
    for group in range(plan.group_of[query], plan.group_of[query + 1]):
        for i in range(count):
            part[i] = 0
        for gap in range(plan.group_ends[group], plan.group_ends[group + 1]):
            held = columns.levels[plan.gap_rows[gap], start : start + count]
            low, high = np.uint8(plan.gap_low[gap]), np.uint8(plan.gap_high[gap])
            for i in range(count):
                level = min(max(held[i], low), high)
                part[i] = np.uint8(part[i] + np.uint8(level - low))
        ticks = np.int32(plan.group_ticks[group])
        for i in range(count):
            total[i] += np.int32(ticks * np.int32(part[i]))


@compiled
def _failures(columns, plan, query, start, count, failed):
    """Write the bits of the rules and filters that a block's rows fail."""
    keep = np.uint32(plan.keep)
    for i in range(count):
        failed[i] = np.uint32(columns.state[start + i]) & keep
    for bar in range(plan.bar_of[query], plan.bar_of[query + 1]):
        numbers = columns.numbers[plan.bar_rows[bar], start : start + count]
        bits_of = plan.bars[plan.bar_at[bar] :]
        for i in range(count):
            failed[i] |= bits_of[numbers[i]]
    for cover in range(plan.cover_of[query], plan.cover_of[query + 1]):
        row, low = plan.cover_rows[cover], plan.cover_low[cover]
        for i in range(count):
            if row < 0 or columns.levels[row, start + i] <= low:
                failed[i] |= np.uint32(_COVERS)
    first, end = plan.odd_of[query], plan.odd_of[query + 1]
    at = first + np.searchsorted(plan.odd_rows[first:end], start)
    while at < end and plan.odd_rows[at] < start + count:
        failed[plan.odd_rows[at] - start] |= np.uint32(plan.odd_bits[at])
        at += 1


@compiled
def _sift(heap, count, value):
    """Keep the greatest values, the least of them first; return how many there are now."""
    most = len(heap)
    if count < most:
        at = count
        while at > 0 and heap[(at - 1) >> 1] > value:
            heap[at] = heap[(at - 1) >> 1]
            at = (at - 1) >> 1
        heap[at] = value
        return count + 1
    at = 0
    while True:
        below = 2 * at + 1
        if below >= most:
            break
        if below + 1 < most and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= value:
            break
        heap[at] = heap[below]
        at = below
    heap[at] = value
    return count


@compiled
def _rare(texts, plan, query, budget, asked, part):
    """Add up the lists of the rarest terms, so many rows at most; return how many terms and the length of the rest."""
    at, end = plan.word_of[query], plan.word_of[query + 1]
    spent, rest = np.int64(0), 0.0
    list_ends, list_rows, list_weights = texts.list_ends, texts.list_rows, texts.list_weights
    for place in range(at, end):
        asked[plan.words[place]] = plan.word_weights[place]
    while at < end and not texts.common[plan.words[at]]:
        first, until = list_ends[plan.words[at]], list_ends[plan.words[at] + 1]
        spent += until - first
        if spent > budget:
            break
        weight = plan.word_weights[at]
        for place in range(first, until):
            part[list_rows[place]] += np.int32(weight * np.int32(list_weights[place]))
        at += 1
    for place in range(at, end):
        rest += np.float64(plan.word_weights[place]) ** 2
    return at - plan.word_of[query], np.sqrt(rest) / ONE


@compiled
def _most_text(plan, query, size, rest, part, bits, odd, found):
    """Write the most ticks that the text of any row of each block of ``2 ** bits`` can add. `odd`: see `Texts.odd_blocks`."""
    tongue, similar = plan.tongues[query], plan.similar
    plain = np.uint8(1 | (1 << tongue)) if tongue else np.uint8(CHANGED - 1)
    for block in range(len(found)):
        most = np.int32(0)
        for row in range(block << bits, min(size, (block + 1) << bits)):
            most = max(most, part[row])
        found[block] = similar[min(TEXT_STEPS, int((most * PART + rest) * TEXT_STEPS) + 2)]
        if odd[block] & ~plain:
            found[block] = similar[TEXT_STEPS]


@compiled
def _clear(plan, query, size, asked, part):
    """Make `asked` and `part` zeros again."""
    part[:size] = 0
    for at in range(plan.word_of[query], plan.word_of[query + 1]):
        asked[plan.words[at]] = 0


@compiled
def _bounds(columns, plan, query, most_text):
    """Return the most that each block's best row could be worth."""
    found = np.empty(len(most_text), np.int64)
    for block in range(len(found)):
        ticks = np.int64(plan.most[query]) + most_text[block]
        for group in range(plan.group_of[query], plan.group_of[query + 1]):
            covered = 0
            for gap in range(plan.group_ends[group], plan.group_ends[group + 1]):
                low, high = plan.gap_low[gap], plan.gap_high[gap]
                covered += min(max(columns.tops[plan.gap_rows[gap], block], low), high) - low
            ticks += covered * np.int64(plan.group_ticks[group])
        found[block] = (ticks + _HALF) // STEP
    return found


@compiled
def _mixed(value):
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@compiled
def _best(columns, texts, laid, query, size, last, work):
    """Write everybody worth at least as much as the best `last` to `work`, and return how many they are.

    A row's tables, rules and text are looked at only if what the row covers, with the most of all the rest, would do.
    """
    plan = _plan_in(laid)
    # Arrays by name: handing whole tuples to a function for each row would count references to every array in them.
    starts, counts, terms, weights, changed = texts.starts, texts.counts, texts.terms, texts.weights, texts.changed
    tongues, points, floor, ceiling = texts.tongues, texts.points, np.int64(texts.floor), np.int64(texts.ceiling)
    asked, part_of, similar, own, tongue = work.asked, work.part, plan.similar, plan.points[query], plan.tongues[query]
    levels, numbers, state, table_at, ticks = (
        columns.levels, columns.numbers, columns.state, plan.table_at, plan.ticks,
    )  # fmt: skip
    bar_rows, bar_at, bars, cover_rows, cover_low = plan.bar_rows, plan.bar_at, plan.bars, plan.cover_rows, plan.cover_low
    odd_rows, keep, found_rows, found_values, found_scores = (
        plan.odd_rows,
        np.uint8(plan.keep),
        work.rows,
        work.values,
        work.scores,
    )
    features = np.array([feature for feature in range(table_at.shape[1]) if table_at[query, feature] >= 0], np.int64)
    blocks = (size + BLOCK - 1) >> BLOCK_BITS
    most_text = np.zeros(blocks, np.int64)
    has_text = plan.word_of[query + 1] > plan.word_of[query] or tongue > 0
    rest = 0.0
    if has_text:
        rest = _rare(texts, plan, query, max(256, min(size // 2, MOST_LISTED)), asked, part_of)[1]
        _most_text(plan, query, size, rest, part_of, BLOCK_BITS, texts.odd_blocks, most_text)
    usual = np.int64(similar[min(TEXT_STEPS, int(rest * TEXT_STEPS) + 2)])
    bounds = _bounds(columns, plan, query, most_text)
    covered, part = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.uint8)
    worth, reach, total = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int32)
    chosen, high = np.empty(BLOCK, np.int64), np.empty(min(2 * last, BLOCK), np.int64)
    heap, low = np.empty(last, np.int64), np.empty(last, np.int64)
    n_heap, n_low, found = 0, 0, 0
    least = np.int64(_NEVER)
    most_tables = np.int64(plan.most[query])
    for block in np.argsort(-bounds):
        if bounds[block] < least:
            break
        start = block << BLOCK_BITS
        count = min(BLOCK, size - start)
        _covered(columns, plan, query, start, count, covered, part)
        odd, odd_end = plan.odd_of[query], plan.odd_of[query + 1]
        odd += np.searchsorted(odd_rows[odd:odd_end], start)
        edge = least * STEP - _HALF
        within_reach = most_tables + most_text[block]
        reaching, n_high = 0, 0
        for i in range(count):
            row = start + i
            if covered[i] + within_reach < edge:
                continue
            if state[row] & keep:
                continue
            while odd < odd_end and odd_rows[odd] < row:
                odd += 1
            if odd < odd_end and odd_rows[odd] == row:
                continue
            failed = False
            for bar in range(plan.bar_of[query], plan.bar_of[query + 1]):
                failed |= bars[bar_at[bar] + numbers[bar_rows[bar], row]] != 0
            for cover in range(plan.cover_of[query], plan.cover_of[query + 1]):
                failed |= cover_rows[cover] < 0 or levels[cover_rows[cover], row] <= cover_low[cover]
            if failed:
                continue
            ticks_here = covered[i]
            for feature in features:
                ticks_here += ticks[table_at[query, feature] + numbers[feature, row]]
            value = np.int64(ticks_here)
            if n_low < last or value > low[0]:
                n_low = _sift(low, n_low, value)
                if n_low == last:
                    least = max(least, (low[0] + _HALF) // STEP)
                    edge = least * STEP - _HALF
            within = np.int64(0)
            if has_text:
                if changed[row] or (tongue and tongues[row] and tongues[row] != tongue):
                    within = np.int64(similar[TEXT_STEPS])
                elif part_of[row]:
                    within = np.int64(similar[min(TEXT_STEPS, int((part_of[row] * PART + rest) * TEXT_STEPS) + 2)])
                else:
                    within = usual
            if value + within < edge:
                continue
            worth[reaching], reach[reaching], total[reaching], chosen[reaching] = value, value + within, ticks_here, row
            reaching += 1
            if has_text and (n_high < len(high) or value + within > high[0]):
                n_high = _sift(high, n_high, value + within)
        # Whoever could be best is compared first: that raises the edge, and spares most of the others.
        middle = high[0] if n_high == len(high) else np.int64(_NEVER)
        for turn in range(2 if has_text else 1):
            for place in range(reaching):
                if reach[place] < least * STEP - _HALF or (has_text and (reach[place] < middle) != (turn == 1)):
                    continue
                row = chosen[place]
                added = np.int32(0)
                if has_text:
                    added = similar[
                        similarity(asked, starts, counts, terms, weights, tongues, points, own, tongue, floor, ceiling, row)
                    ]
                value = (worth[place] + added + _HALF) // STEP
                if value < least:
                    continue
                found_rows[found], found_values[found] = row, value
                found_scores[found] = (total[place] + added + _HALF) // STEP
                found += 1
                if n_heap < last or value > heap[0]:
                    n_heap = _sift(heap, n_heap, value)
                    if n_heap == last:
                        least = max(least, heap[0])
    if has_text:
        _clear(plan, query, size, asked, part_of)
    kept = 0
    for at in range(found):
        if found_values[at] >= least:
            found_rows[kept], found_values[kept], found_scores[kept] = found_rows[at], found_values[at], found_scores[at]
            kept += 1
    return kept


@compiled
def _count(columns, laid, query, size, several, alone):
    """Count by bit, and return how many fail nothing."""
    plan = _plan_in(laid)
    failed = np.empty(BLOCK, np.uint32)
    listed = 0
    for start in range(0, size, BLOCK):
        count = min(BLOCK, size - start)
        _failures(columns, plan, query, start, count, failed)
        for i in range(count):
            if failed[i] == 0:
                listed += 1
            else:
                _count_in(failed[i], 1, several, alone)
    return listed


@compiled
def _count_in(bits, n, several, alone):
    if bits & np.uint32(ABSENT):
        return
    by_rule = bits & np.uint32(RULE_BITS)
    for place in range(len(_BITS)):
        if bits & _BITS[place]:
            if not (_OF_FILTERS[place] and by_rule):
                several[place] += n
            if bits == _BITS[place]:
                alone[place] += n


@compiled
def _tally(columns, laid, query, size, rows, filters, at, found, gaps, lows, above):
    """Count by number and filter who fails nothing, or nothing but the filter."""
    plan = _plan_in(laid)
    failed = np.empty(BLOCK, np.uint32)
    for start in range(0, size, BLOCK):
        count = min(BLOCK, size - start)
        _failures(columns, plan, query, start, count, failed)
        for place in range(len(rows)):
            numbers = columns.numbers[rows[place], start : start + count]
            tally, bit = found[at[place] :], filters[place]
            for i in range(count):
                if failed[i] == 0 or failed[i] == bit:
                    tally[numbers[i]] += 1
        for gap in range(len(gaps)):
            if gaps[gap] < 0:
                continue
            held, low, n = columns.levels[gaps[gap], start : start + count], lows[gap], 0
            for i in range(count):
                n += (held[i] > low) & (failed[i] == 0)
            above[gap] += n


@compiled
def _told(columns, texts, laid, rows, asked, ticks, outcomes, similar, shared, parts):
    """Write what each row adds up to: ticks by term, outcome of each gap, similarity, and the strongest words."""
    plan = _plan_in(laid)
    wanted, words, weights, tongue, own = plan.wanted, plan.words, plan.word_weights, plan.tongues[0], plan.points[0]
    terms, row_weights, tongues, points = texts.terms, texts.weights, texts.tongues, texts.points
    gaps, most = len(wanted), shared.shape[1]
    earned = np.empty(gaps, np.int64)
    products = np.empty(most, np.int64)
    has_text = len(words) > 0 or tongue > 0
    for place in range(len(words)):
        asked[words[place]] = weights[place]
    for place in range(len(rows)):
        row, outcome = rows[place], outcomes[place]
        for gap in range(gaps):
            held = np.int64(columns.levels[wanted[gap, 0], row]) if wanted[gap, 0] >= 0 else np.int64(0)
            each = (min(max(held, wanted[gap, 1]), wanted[gap, 2]) - wanted[gap, 1]) * wanted[gap, 3]
            ticks[place, 0] += each
            at = gap
            while at > 0 and earned[at - 1] < each:
                earned[at], outcome[at] = earned[at - 1], outcome[at - 1]
                at -= 1
            earned[at], outcome[at] = each, gap * OUTCOMES + held
        for feature in range(plan.table_at.shape[1]):
            if plan.table_at[0, feature] >= 0:
                ticks[place, _TERM_OF[feature]] += plan.ticks[plan.table_at[0, feature] + np.int64(columns.numbers[feature, row])]
        if not has_text:
            continue
        dot, count = np.int64(0), 0
        for term in range(texts.starts[row], texts.starts[row] + texts.counts[row]):
            product = np.int64(asked[terms[term]]) * np.int64(row_weights[term])
            if product == 0:
                continue
            dot += product
            # terms come by column, which decides between equals
            at = min(count, most)
            while at > 0 and products[at - 1] < product:
                if at < most:
                    products[at], shared[place, at] = products[at - 1], shared[place, at - 1]
                at -= 1
            if at < most:
                products[at], shared[place, at] = product, terms[term]
                count = min(count + 1, most)
        for at in range(count):
            parts[place, at] = products[at] * PART
        plain, across = steps_of(dot), steps_across(tongues, points, own, tongue, texts.floor, texts.ceiling, row)
        similar[0, place], similar[1, place], similar[2, place] = max(plain, across), across > plain, count
        ticks[place, 1] = plan.similar[max(plain, across)]
    for place in range(len(words)):
        asked[words[place]] = 0
