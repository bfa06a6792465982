"""Many mentees and a policy → flat arrays for a compiled scan: what `_query` makes for one mentee, made for all at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ._asked import Asked, Lines, Longs
from ._pool import FEATURES, ROW
from ._query import Compiler, is_known

ALIKE = 51
"""So many gaps of one weight at most are summed in a byte: 51 times five levels."""


class Wants(NamedTuple):
    """Flat arrays. ``x_of[i]`` to ``x_of[i + 1]`` are those of mentee i."""

    ids: Longs
    group_of: Longs
    group_ticks: npt.NDArray[np.int32]
    group_ends: Longs
    """Gaps of a group weigh alike and their levels sum within a byte; group g has gaps ``group_ends[g]`` to ``[g + 1]``."""
    gap_rows: Lines
    gap_low: npt.NDArray[np.uint8]
    gap_high: npt.NDArray[np.uint8]
    table_of: Lines
    """(n, features): number of the table; −1: none."""
    table_feature: Lines
    """Number of the table → row of `Pool.numbers`, and where its ticks start."""
    table_start: Longs
    ticks: npt.NDArray[np.int32]
    bar_of: Lines
    """(n, bars): where the mentee's bar starts in `barred`."""
    bar_rows: Lines
    barred: npt.NDArray[np.bool_]
    odd_of: Longs
    odd: Lines
    """Columns of mentors that break rules about two people, ascending within a mentee."""
    word_of: Longs
    words: Lines
    word_weights: Lines
    tongues: npt.NDArray[np.uint8]
    points: npt.NDArray[np.int8]
    similar: npt.NDArray[np.int32]


def wants_of(compiler: Compiler, asked: Asked, bans: Iterable[tuple[int, int]], place: Lines) -> Wants:
    """Lay out mentees for one policy. `place`: row of the pool → position in the scan; its people stand by id."""
    rows, columns = _odd(compiler, asked, bans)
    keys = np.sort(rows.astype(np.int64) * max(1, len(place)) + place[columns])
    keys = keys[np.diff(keys, prepend=-1) > 0]
    words = compiler.texts.read_all([mentee.text for mentee in asked.mentees] if compiler.shares["text"] else [""] * len(asked))
    table_of, tables = _tables(compiler, asked)
    bar_of, bars = _bars(compiler, asked)
    return Wants(
        asked.ids,
        *_groups(compiler, asked),
        table_of=table_of,
        table_feature=np.array([ROW[table.column] for table in tables], np.int32),
        table_start=_starts([table.ticks for table in tables]),
        ticks=_one_after_the_other([table.ticks for table in tables], np.int32),
        bar_of=bar_of,
        bar_rows=np.array([ROW[column] for column in compiler.barred], np.int32),
        barred=_one_after_the_other([bar.bits != 0 for bar in bars], np.bool_),
        odd_of=np.searchsorted(keys, np.arange(len(asked) + 1) * max(1, len(place))),
        odd=(keys % max(1, len(place))).astype(np.int32),
        word_of=words.ends,
        words=words.terms,
        word_weights=words.weights,
        tongues=words.tongues,
        points=words.points,
        similar=compiler.similar,
    )


def _groups(compiler: Compiler, asked: Asked) -> tuple[npt.NDArray[Any], ...]:
    """Return `Wants` from `group_of` to `gap_high`."""
    ticks = _ticks(asked, compiler.shares["cover"])
    column_of = compiler.pool.level_encoder.column_of_
    columns = np.array([column_of.get(code, -1) for code in asked.codes], np.int32)[asked.gap_codes]
    held = np.flatnonzero(columns >= 0)
    order = held[np.lexsort((ticks[held], asked.gap_rows[held]))]
    rows, ticks = asked.gap_rows[order], ticks[order]
    at = np.arange(len(order))
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (rows[1:] != rows[:-1]) | (ticks[1:] != ticks[:-1])
    fresh |= (at - np.maximum.accumulate(np.where(fresh, at, 0))) % ALIKE == 0
    firsts = np.flatnonzero(fresh)
    return (
        np.searchsorted(rows[firsts], np.arange(len(asked) + 1)),
        ticks[firsts].astype(np.int32),
        np.append(firsts, len(order)),
        columns[order],
        asked.actual[order],
        asked.required[order],
    )


def _ticks(asked: Asked, share: int) -> Longs:
    """Return the ticks of one level of each gap."""
    rows = asked.gap_rows
    if not len(rows):
        return np.empty(0, np.int64)
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    each = np.diff(starts, append=len(rows))
    priority = asked.tenths.astype(np.int64)
    priority //= np.repeat(np.gcd.reduceat(priority, starts), each)
    parts = np.add.reduceat((asked.required - asked.actual) * priority, starts)
    return np.repeat(np.rint(share / parts).astype(np.int64), each) * priority


def _tables(compiler: Compiler, asked: Asked) -> tuple[Lines, list[Any]]:
    found = np.full((len(asked), len(FEATURES)), -1, np.int32)
    tables: list[Any] = []
    for column in compiler.compared:

        def made(own: Hashable, column: str = column) -> int:
            if not is_known(column, own):
                return -1
            tables.append(compiler.table(column, own))
            return len(tables) - 1

        found[:, ROW[column]] = _numbered(asked.column(column), made)
    return found, tables


def _bars(compiler: Compiler, asked: Asked) -> tuple[Lines, list[Any]]:
    found = np.zeros((len(asked), len(compiler.barred)), np.int32)
    bars: list[Any] = []
    length = 0
    for at, column in enumerate(compiler.barred):

        def made(own: Hashable, column: str = column) -> int:
            nonlocal length
            bars.append(compiler.bar(column, own))
            length += len(bars[-1].bits)
            return length - len(bars[-1].bits)

        found[:, at] = _numbered(asked.column(column), made)
    return found, bars


def _numbered(values: Sequence[Hashable], made: Callable[[Hashable], int]) -> Lines:
    """Return a number for each value, made once for equal ones."""
    known: dict[Hashable, int] = dict.fromkeys(values, 0)
    for value in known:
        known[value] = made(value)
    return np.fromiter(map(known.__getitem__, values), np.int32, len(values))


def _odd(compiler: Compiler, asked: Asked, bans: Iterable[tuple[int, int]]) -> tuple[Lines, Lines]:
    """Return rows and columns of the pairs that rules about two people forbid."""
    pool = compiler.pool
    everybody = np.arange(len(asked), dtype=np.int32)
    pairs = [(everybody, asked.ids), asked.blocked, asked.failed_with]
    if compiler.rules.outside_line:
        pairs.append(asked.line)
    row_of = dict(zip(asked.ids.tolist(), range(len(asked)), strict=True))
    banned = [(row_of[mentee], mentor) for mentee, mentor in bans if mentee in row_of and mentor in pool.row_of]
    pairs.append((np.array([row for row, _ in banned], np.int32), np.array([mentor for _, mentor in banned], np.int64)))
    rows, people = (np.concatenate(each) for each in zip(*pairs, strict=True))
    at = np.minimum(np.searchsorted(pool.ids, people), max(0, len(pool.ids) - 1))
    here = pool.ids[at] == people if len(pool.ids) else np.zeros(len(people), np.bool_)
    back = [
        (row_of[person], column)
        for listed in (pool.blocked_by, pool.failed_by)
        for person in listed.keys() & row_of.keys()
        for column in listed[person]
    ]
    return (
        np.concatenate([rows[here], np.array([row for row, _ in back], np.int32)]),
        np.concatenate([at[here], np.array([column for _, column in back], np.int64)]).astype(np.int32),
    )


def _starts(parts: Sequence[npt.NDArray[Any]]) -> Longs:
    return np.cumsum([0, *map(len, parts)], dtype=np.int64)


def _one_after_the_other(parts: Sequence[npt.NDArray[Any]], kind: Any) -> npt.NDArray[Any]:
    return np.concatenate([np.empty(0, kind), *parts]).astype(kind, copy=False)
