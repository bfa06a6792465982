"""Many mentees against one frozen pool, compiled by numba: what `_kernel.Many` does, to the unit.

Mentors who are alike stand together, in blocks so small that the most a block can be worth to a mentee at today's prices says
much. Blocks are taken in that order, and a mentee's scan ends at the first that cannot bring anybody among the best. Within a
block the levels that each covers are summed as bytes, many at once; only rows that could still be among the best are looked at
one by one.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ._asked import Asked, asked_of
from ._check import checked_mentors
from ._compiled import TextColumns, _clear, _mixed, _most_text, _rare, compiled, similarity, text_columns
from ._encoders import LevelEncoder
from ._kernel import BARRED, Rows, Ticks
from ._pool import FEATURES, Pool
from ._query import STEP, Compiler
from ._records import Mentee, Mentor, Rules, Weights
from ._text import TextEncoder
from ._texts import PART, TEXT_STEPS, Texts
from ._wants import Wants, wants_of

BITS = 7
SMALL = 1 << BITS
"""Mentors of a block."""
TOGETHER = 256
"""Mentees that a thread takes at once."""
MOST_TABLES = 2048
"""A feature of which mentees have more different values gets no most by block: making it would take longer than it spares."""
_ALIKE = ("field", "languages", "time_zone", "years")
"""What those who stand together share, the first first."""
_HALF = STEP // 2
_NEVER = -(2**50)
_DEAREST = 1 << 30
"""Ticks: a higher price is as good as none for looking at many at once, since no score is as high."""


class Stand(NamedTuple):
    """The mentors in the order of the scan; those whom their own state bars stand last, behind `open`."""

    open: int
    column: npt.NDArray[np.int32]
    """Position → column of the batch."""
    ids: npt.NDArray[np.int64]
    levels: npt.NDArray[np.uint8]
    tops: npt.NDArray[np.uint8]
    numbers: npt.NDArray[np.int32]
    spoken: npt.NDArray[np.uint8]
    """(blocks,): bit for each language that a text of the block is in."""


class Work(NamedTuple):
    """Room to work in. `asked` and `part` are zeros between calls."""

    asked: npt.NDArray[np.int32]
    part: npt.NDArray[np.int32]
    total: npt.NDArray[np.int64]
    column: npt.NDArray[np.int32]
    score: npt.NDArray[np.int32]


class Many:
    """What `_kernel.Many` is: one thread for each processor, none of them holding the interpreter. `like`: others of the pool."""

    def __init__(self, compiler: Compiler, asked: Asked, bans: list[tuple[int, int]], like: Many | None = None) -> None:
        pool = compiler.pool
        self._size = pool.size
        if like is None:
            order, self._open = _order(pool, compiler.keep)
            self._place = np.empty(len(order), np.int32)
            self._place[order] = np.arange(len(order), dtype=np.int32)
            self._texts = _turned(compiler.texts, order, self._place)
            self._stand = _stand(pool, order, self._open, self._texts.tongues)
        else:
            self._open, self._place, self._texts, self._stand = like._open, like._place, like._texts, like._stand
        self._wants = wants_of(compiler, asked, bans, self._place)
        self._most = _most_of_tables(self._stand, self._wants)

    def scores(self, row: int) -> Ticks:
        """Return the scores of a mentee with every column, `BARRED` where a rule forbids the pair."""
        found = np.full(self._size, BARRED, np.int32)
        if self._open:
            _scores(self._stand, self._texts, self._wants, row, self._work(1), found)
        return found

    def best(self, rows: Rows, k: int, prices: Rows, jitter: int, seed: int, least: Rows | None) -> tuple[Ticks, Ticks]:
        """Return `Batch.best`."""
        columns, scores = np.full((len(rows), k), -1, np.int32), np.full((len(rows), k), BARRED, np.int32)
        if not self._open or not len(rows) or not k:
            return columns, scores
        at = prices[self._stand.column[: self._open]]
        cheapest = np.minimum.reduceat(at, np.arange(0, self._open, SMALL))
        base = int(at.min())
        dear = (np.minimum(at - base, _DEAREST // STEP) * STEP).astype(np.int32)
        least = np.empty(0, np.int64) if least is None else least

        def work_on(start: int) -> None:
            some = slice(start, start + TOGETHER)
            _best_of_each(
                self._stand, self._texts, self._wants, self._most, rows[some], at, dear, base, cheapest, jitter, np.uint64(seed),
                least[some], self._work(min(k, self._open)), columns[some], scores[some],
            )  # fmt: skip

        starts = range(0, len(rows), TOGETHER)
        if len(starts) == 1:
            work_on(0)
            return columns, scores
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            list(threads.map(work_on, starts))
        return columns, scores

    def _work(self, k: int) -> Work:
        return Work(
            np.zeros(len(self._texts.common), np.int32),
            np.zeros(self._size, np.int32),
            np.empty(k, np.int64),
            np.empty(k, np.int32),
            np.empty(k, np.int32),
        )


def try_all() -> None:
    """Compile for the types that a batch uses, so that the first round is not slower than the second."""
    checked = checked_mentors([Mentor(1, {"M.1": 1}, text="kata")], None)
    pool = Pool(checked, LevelEncoder().partial_fit(checked.codes)).frozen(np.array([0]))
    texts = Texts(TextEncoder().fit(checked.texts), None).fill(checked.texts, np.array([0]), 1)
    compiler = Compiler(pool, texts, weights=Weights(), rules=Rules(), lead_years=5, utc_offsets={})
    many = Many(compiler, asked_of([Mentee(2, {}, {"M.1": 1}, text="kata")], None), [])
    many.scores(0)
    many.best(np.array([0]), 1, np.zeros(1, np.int64), 0, 0, None)


def _order(pool: Pool, keep: int) -> tuple[Rows, int]:
    """Return the rows in the order of the scan, and how many are open to anybody."""
    barred = (pool.state[: pool.size] & np.uint8(keep)) != 0
    alike = [pool.column(name) for name in reversed(_ALIKE)]
    return np.lexsort((*alike, barred)), int(np.count_nonzero(~barred))


def _stand(pool: Pool, order: Rows, open_: int, tongues: npt.NDArray[np.uint8]) -> Stand:
    blocks = range(0, open_, SMALL)
    levels = np.ascontiguousarray(pool.levels[:, order])
    firsts = np.array(blocks, np.int64)
    has = len(blocks) > 0
    return Stand(
        open=open_,
        column=order.astype(np.int32),
        ids=pool.ids[order],
        levels=levels,
        tops=np.maximum.reduceat(levels[:, :open_], firsts, axis=1) if has else levels[:, :0],
        numbers=np.ascontiguousarray(pool.numbers[:, order].astype(np.int32)),
        spoken=np.bitwise_or.reduceat(np.uint8(1) << tongues[:open_], firsts) if has else np.empty(0, np.uint8),
    )


def _turned(texts: Texts, order: Rows, place: npt.NDArray[np.int32]) -> TextColumns:
    """Return the texts by position in the scan."""
    found = text_columns(texts)
    return found._replace(
        starts=texts.starts[order], counts=texts.counts[order], list_rows=place[texts.list_rows], tongues=texts.tongues[order],
        points=np.ascontiguousarray(texts.points[order]),
    )  # fmt: skip


def _most_of_tables(stand: Stand, wants: Wants) -> npt.NDArray[np.int32]:
    """Return the most ticks that each table adds to anybody of each block: shape (tables, blocks)."""
    found = np.zeros((len(wants.table_feature), stand.tops.shape[1]), np.int32)
    ends = wants.table_start
    several = np.bincount(wants.table_feature, minlength=len(FEATURES)) > MOST_TABLES
    for table in np.flatnonzero(several[wants.table_feature]).tolist():
        found[table] = wants.ticks[ends[table] : ends[table + 1]].max(initial=0)
    _most_by_block(stand.numbers, stand.open, wants, ~several[wants.table_feature], found)
    return found


@compiled
def _most_by_block(numbers, open_, wants, wanted, found):
    for table in range(len(wanted)):
        if wanted[table]:
            start, own = wants.table_start[table], numbers[wants.table_feature[table]]
            for row in range(open_):
                ticks = wants.ticks[start + own[row]]
                if ticks > found[table, row >> BITS]:
                    found[table, row >> BITS] = ticks


@compiled
def _covered(levels, gap_rows, gap_low, gap_high, group_ticks, group_ends, first, until, start, count, total, part):
    """Write the ticks of the gaps that a block's rows cover."""
    for i in range(SMALL):
        total[i] = 0
    for group in range(first, until):
        for i in range(SMALL):
            part[i] = 0
        for gap in range(group_ends[group], group_ends[group + 1]):
            held = levels[gap_rows[gap], start : start + count]
            low, high = gap_low[gap], gap_high[gap]
            for i in range(count):
                part[i] = np.uint8(part[i] + np.uint8(min(max(held[i], low), high) - low))
        ticks = group_ticks[group]
        for i in range(SMALL):
            total[i] += np.int32(ticks * np.int32(part[i]))


@compiled
def _put(total, column, score, count, most, value, its_column, its_score):
    """Keep the best `most` by (−value, column), the worst of them first; return how many there are now."""
    if count < most:
        at = count
        while at > 0:
            above = (at - 1) >> 1
            if not (total[above] > value or (total[above] == value and column[above] < its_column)):
                break
            total[at], column[at], score[at] = total[above], column[above], score[above]
            at = above
        total[at], column[at], score[at] = value, its_column, its_score
        return count + 1
    at = 0
    while True:
        below = 2 * at + 1
        if below >= most:
            break
        other = below + 1
        if other < most and (total[other] < total[below] or (total[other] == total[below] and column[other] > column[below])):
            below = other
        if not (total[below] < value or (total[below] == value and column[below] > its_column)):
            break
        total[at], column[at], score[at] = total[below], column[below], score[below]
        at = below
    total[at], column[at], score[at] = value, its_column, its_score
    return count


@compiled
def _best_of_each(
    stand, texts, wants, most, queries, prices, dear, base, cheapest, jitter, seed, least_of, work, columns, scores
):  # fmt: skip
    """Write the best few of several mentees, each by (−value, column)."""
    # Arrays by name: handing whole tuples to a function for each row would count references to every array in them.
    open_, column_of, ids, levels, tops, numbers = stand.open, stand.column, stand.ids, stand.levels, stand.tops, stand.numbers
    starts, counts, terms, weights = texts.starts, texts.counts, texts.terms, texts.weights
    tongues, points, floor, ceiling = texts.tongues, texts.points, np.int64(texts.floor), np.int64(texts.ceiling)
    spoken, asked, part_of, similar = stand.spoken, work.asked, work.part, wants.similar
    gap_rows, gap_low, gap_high, group_ticks, group_ends = (
        wants.gap_rows, wants.gap_low, wants.gap_high, wants.group_ticks, wants.group_ends,
    )  # fmt: skip
    table_of, table_start, ticks, bar_of, bar_rows, barred = (
        wants.table_of, wants.table_start, wants.ticks, wants.bar_of, wants.bar_rows, wants.barred,
    )  # fmt: skip
    odd, odd_of = wants.odd, wants.odd_of
    heap_total, heap_column, heap_score = work.total, work.column, work.score
    last = min(columns.shape[1], open_)
    blocks = tops.shape[1]
    slack, bounds, sums = np.empty(blocks, np.int64), np.empty(blocks, np.int64), np.empty(blocks, np.int32)
    most_text = np.zeros(blocks, np.int64)
    covered, part, chosen = np.zeros(SMALL, np.int32), np.zeros(SMALL, np.uint8), np.empty(SMALL, np.int64)
    features, its_tables = np.empty(table_of.shape[1], np.int64), np.empty(table_of.shape[1], np.int64)
    for at in range(len(queries)):
        query = queries[at]
        tongue, own = wants.tongues[query], wants.points[query]
        has_text = wants.word_of[query + 1] > wants.word_of[query] or tongue > 0
        rest = 0.0
        for block in range(blocks):
            slack[block] = jitter * STEP
        if has_text:
            rest = _rare(texts, wants, query, max(256, len(part_of) // 4), asked, part_of)[1]
            _most_text(wants, query, open_, rest, part_of, BITS, spoken, most_text)
            for block in range(blocks):
                slack[block] += most_text[block]
        usual = np.int64(similar[min(TEXT_STEPS, int(rest * TEXT_STEPS) + 2)])
        n_features = 0
        for feature in range(table_of.shape[1]):
            table = table_of[query, feature]
            if table >= 0:
                features[n_features], its_tables[n_features] = feature, table_start[table]
                n_features += 1
                line = most[table]
                for block in range(blocks):
                    slack[block] += line[block]
        for block in range(blocks):
            bounds[block] = slack[block] - cheapest[block] * STEP
        first, until = wants.group_of[query], wants.group_of[query + 1]
        for group in range(first, until):
            sums[:] = 0
            for gap in range(group_ends[group], group_ends[group + 1]):
                held, low, high = tops[gap_rows[gap]], gap_low[gap], gap_high[gap]
                for block in range(blocks):
                    sums[block] += np.int32(min(max(held[block], low), high) - low)
            for block in range(blocks):
                bounds[block] += np.int64(sums[block]) * group_ticks[group]
        noise_from = _mixed(np.uint64(wants.ids[query]) ^ _mixed(seed)) if jitter else np.uint64(0)
        n, least = 0, np.int64(_NEVER)
        if len(least_of):
            least = max(least, least_of[at])
        for block in np.argsort(-bounds):
            edge = least * STEP - _HALF
            if bounds[block] < edge:
                break
            start = block << BITS
            count = min(SMALL, open_ - start)
            _covered(levels, gap_rows, gap_low, gap_high, group_ticks, group_ends, first, until, start, count, covered, part)
            wanted = np.int32(min(max(edge - slack[block] + base * STEP, -(1 << 31)), (1 << 31) - 1))
            dear_here, reaching, most_here = dear[start : start + count], 0, np.int32(-(1 << 31))
            for i in range(count):
                most_here = max(most_here, np.int32(covered[i] - dear_here[i]))
            if most_here < wanted:
                continue
            for i in range(count):
                chosen[reaching] = i
                reaching += covered[i] - dear_here[i] >= wanted
            at_odd, odd_end = odd_of[query], odd_of[query + 1]
            at_odd += np.searchsorted(odd[at_odd:odd_end], start)
            for place in range(reaching):
                i = chosen[place]
                row = start + i
                while at_odd < odd_end and odd[at_odd] < row:
                    at_odd += 1
                if at_odd < odd_end and odd[at_odd] == row:
                    continue
                failed = False
                for bar in range(len(bar_rows)):
                    failed |= barred[bar_of[query, bar] + numbers[bar_rows[bar], row]]
                if failed:
                    continue
                score = covered[i]
                for feature in range(n_features):
                    score += ticks[its_tables[feature] + numbers[features[feature], row]]
                value = np.int64(score) - prices[row] * STEP
                if jitter:
                    value += np.int64(_mixed(np.uint64(ids[row]) ^ noise_from) % np.uint64(jitter + 1)) * STEP
                if has_text:
                    within = usual
                    if tongue and tongues[row] and tongues[row] != tongue:
                        within = np.int64(similar[TEXT_STEPS])
                    elif part_of[row]:
                        within = np.int64(similar[min(TEXT_STEPS, int((part_of[row] * PART + rest) * TEXT_STEPS) + 2)])
                    if value + within < edge:
                        continue
                    added = similar[
                        similarity(asked, starts, counts, terms, weights, tongues, points, own, tongue, floor, ceiling, row)
                    ]
                    score += added
                    value += added
                value = (value + _HALF) // STEP
                if value < least or (n == last and value == heap_total[0] and column_of[row] > heap_column[0]):
                    continue
                n = _put(heap_total, heap_column, heap_score, n, last, value, column_of[row], (score + _HALF) // STEP)
                if n == last and heap_total[0] > least:
                    least = heap_total[0]
                    edge = least * STEP - _HALF
        if has_text:
            _clear(wants, query, len(part_of), asked, part_of)
        while n:
            # the worst goes last; what stood at the end takes its place
            n -= 1
            columns[at, n], scores[at, n] = heap_column[0], heap_score[0]
            _put(heap_total, heap_column, heap_score, n, n, heap_total[n], heap_column[n], heap_score[n])


@compiled
def _scores(stand, texts, wants, query, work, found):
    """Write a mentee's score with each column that no rule bars."""
    open_, column_of, levels, numbers = stand.open, stand.column, stand.levels, stand.numbers
    asked, similar, tongue, own = work.asked, wants.similar, wants.tongues[query], wants.points[query]
    covered, part = np.zeros(SMALL, np.int32), np.zeros(SMALL, np.uint8)
    first, until = wants.group_of[query], wants.group_of[query + 1]
    words, end = wants.word_of[query], wants.word_of[query + 1]
    has_text = end > words or tongue > 0
    for at in range(words, end):
        asked[wants.words[at]] = wants.word_weights[at]
    at_odd, odd_end = wants.odd_of[query], wants.odd_of[query + 1]
    for start in range(0, open_, SMALL):
        count = min(SMALL, open_ - start)
        _covered(
            levels, wants.gap_rows, wants.gap_low, wants.gap_high, wants.group_ticks, wants.group_ends, first, until, start,
            count, covered, part,
        )  # fmt: skip
        for i in range(count):
            row = start + i
            while at_odd < odd_end and wants.odd[at_odd] < row:
                at_odd += 1
            failed = at_odd < odd_end and wants.odd[at_odd] == row
            for bar in range(len(wants.bar_rows)):
                failed |= wants.barred[wants.bar_of[query, bar] + numbers[wants.bar_rows[bar], row]]
            if failed:
                continue
            score = covered[i]
            for feature in range(wants.table_of.shape[1]):
                table = wants.table_of[query, feature]
                if table >= 0:
                    score += wants.ticks[wants.table_start[table] + numbers[feature, row]]
            if has_text:
                score += similar[
                    similarity(
                        asked, texts.starts, texts.counts, texts.terms, texts.weights, texts.tongues, texts.points, own, tongue,
                        np.int64(texts.floor), np.int64(texts.ceiling), row,
                    )
                ]  # fmt: skip
            found[column_of[row]] = (score + _HALF) // STEP
    for at in range(words, end):
        asked[wants.words[at]] = 0
