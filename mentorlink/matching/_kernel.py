"""The scan, in NumPy: failed rules and filters as bits, and scores in ticks, over all slots of a pool.

`covered` is where the time goes. ``Σ_c w_c · min(gap_c, max(0, mentor_c − actual_c))`` is, per competency, the mentor's level
clipped to [actual, required], less actual. Competencies of one weight are summed as bytes and weighed once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from ._check import NO_GRADE, NO_YEARS, TOP_LEVEL
from ._codes import ABSENT, BIT, FILTERS, RULE_BITS, RULES
from ._pool import Pool
from ._query import GRADE_ZERO, STEP, TEXT_STEPS, Gap, Query
from ._records import Filters, Rules
from ._text import Postings

Ticks = npt.NDArray[np.int32]
Bits = npt.NDArray[np.uint32]
Bools = npt.NDArray[np.bool_]

YEARS_OFFERED = (5, 10, 15, 20, 25)
BLOCK = 1 << 15
"""Slots scanned at once: the two work rows stay in the nearest cache."""
# A row of each level: NumPy compares two arrays of bytes ten times faster than an array with a number.
_LEVEL = np.repeat(np.arange(TOP_LEVEL + 1, dtype=np.uint8), BLOCK).reshape(TOP_LEVEL + 1, BLOCK)


def scores(pool: Pool, query: Query, steps: Ticks | None) -> Ticks:
    """Return the score of every slot: shape (pool.size,), int32, steps of 1e-6. `steps` from `text_steps`."""
    total = np.zeros(pool.size, np.int32)
    for gaps in _by_ticks(query.gaps):
        total += covered(pool, gaps) * np.int32(gaps[0].ticks)
    added = np.empty(pool.size, np.int32)
    for table in query.tables:
        total += np.take(table.ticks, _column(pool, table.column), mode="clip", out=added)
    if steps is not None:
        total += np.take(query.similar, steps, out=added)
    total += STEP // 2
    total //= STEP
    return total


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


def text_steps(postings: Postings, query: Query, size: int) -> Ticks | None:
    """Return the similarity of texts of every slot: shape (size,), int32, steps of 0.001. None: no text to compare."""
    if not len(query.terms) or not query.shares["text"]:
        return None
    cosines = postings.similarities(query.terms, query.term_weights, size)
    cosines *= TEXT_STEPS
    return np.minimum(np.rint(cosines, out=cosines), TEXT_STEPS, out=cosines).astype(np.int32)


def failures(pool: Pool, query: Query, rules: Rules, filters: Filters) -> Bits:
    """Return the bits of the rules and filters that each slot fails: shape (pool.size,), uint32. 0: allowed."""
    failed = pool.state[: pool.size].copy()
    if not rules.with_room:
        failed &= ~np.uint32(BIT["no_room"])
    for name, rows in _pairs(pool, query, rules):
        if rows:
            failed[rows] |= np.uint32(BIT[name])
    for name, broken in _broken(pool, query, rules):
        failed |= broken * np.uint32(BIT[name])
    for name, kept in _kept(pool, query, filters):
        failed |= ~kept * np.uint32(BIT[name])
    if pool.free:
        failed[pool.free] = ABSENT
    return failed


def counts(failed: Bits) -> tuple[dict[str, int], dict[str, int], dict[str, int], dict[str, int]]:
    """Count per rule and filter: (masked, masked_only, filtered, filtered_only) of `Ranking`."""
    present = int(np.bitwise_or.reduce(failed, initial=0))
    masked, masked_only, filtered, filtered_only = {}, {}, {}, {}
    for name in RULES:
        if present & BIT[name]:
            masked[name] = int(np.count_nonzero(failed & np.uint32(BIT[name])))
            masked_only[name] = int(np.count_nonzero(failed == BIT[name]))
    for name in FILTERS:
        if present & BIT[name]:
            passed_rules = (failed & np.uint32(RULE_BITS | ABSENT)) == 0
            filtered[name] = int(np.count_nonzero(passed_rules & ((failed & np.uint32(BIT[name])) != 0)))
            filtered_only[name] = int(np.count_nonzero(failed == BIT[name]))
    return masked, masked_only, filtered, filtered_only


def choices(pool: Pool, query: Query, failed: Bits) -> dict[str, dict[int | str, int]]:
    """Count per filter and choice how many would be listed."""
    passed = failed == 0
    allowed = np.flatnonzero(passed)
    found: dict[str, dict[int | str, int]] = {}
    for name, column in (("fields", "field"), ("time_zones", "time_zone"), ("places", "place")):
        rows = _but_for(failed, name, allowed)
        found[name] = _named(pool, column, _tally(pool, column, rows))
    for name, column in (("languages", "languages"), ("unit", "unit")):
        found[name] = _spread(pool, column, _tally(pool, column, _but_for(failed, name, allowed)))
    found["covers"] = _sorted(
        {gap.code: _above(pool, gap, passed) for gap in query.gaps if gap.column >= 0},
    )
    by_year = np.bincount(pool.years[_but_for(failed, "min_years", allowed)], minlength=NO_YEARS + 1)[:NO_YEARS]
    found["min_years"] = {least: int(by_year[least:].sum()) for least in YEARS_OFFERED}
    by_grade = np.bincount(pool.grade[_but_for(failed, "grades", allowed)].astype(np.intp) - NO_GRADE)
    found["grades"] = _sorted({int(grade) + NO_GRADE: int(by_grade[grade]) for grade in np.flatnonzero(by_grade) if grade})
    return {name: {choice: n for choice, n in each.items() if n} for name, each in found.items()}


def best(ids: npt.NDArray[np.int64], score: Ticks, last: int) -> npt.NDArray[np.int64]:
    """Return positions of the best `last` by (−score, id), and of all that tie with the last of them."""
    if last < len(score):
        least = np.partition(score, len(score) - last)[len(score) - last]
        candidates = np.flatnonzero(score >= least)
    else:
        candidates = np.arange(len(score))
    return candidates[np.lexsort((ids[candidates], -score[candidates]))]


def _by_ticks(gaps: Collection[Gap]) -> Iterator[list[Gap]]:
    """Group the gaps somebody holds by weight, each group small enough to be summed in a byte."""
    group: list[Gap] = []
    for gap in sorted((gap for gap in gaps if gap.column >= 0), key=lambda gap: gap.ticks):
        if group and (gap.ticks != group[0].ticks or sum(each.required for each in group) + gap.required > 255):
            yield group
            group = []
        group.append(gap)
    if group:
        yield group


def _column(pool: Pool, name: str) -> npt.NDArray[np.int32] | npt.NDArray[np.uint8]:
    if name == "grade":
        return np.maximum(pool.grade[: pool.size].astype(np.int32) + GRADE_ZERO, 0)
    return pool.years[: pool.size] if name == "years" else pool.numbers[name][: pool.size]


def _pairs(pool: Pool, query: Query, rules: Rules) -> Iterator[tuple[str, list[int]]]:
    """Yield the rules about two people and the rows that break them."""
    person = query.asking.mentee.id
    line, blocked, failed_with = query.asking.excluded
    yield "self", pool.rows_of(frozenset((person,)))
    if rules.outside_line:
        yield "line_of_command", pool.rows_of(line)
    yield "blocked", [*pool.rows_of(blocked), *pool.blocked_by.get(person, ())]
    yield "past_failed_pair", [*pool.rows_of(failed_with), *pool.failed_by.get(person, ())]


def _broken(pool: Pool, query: Query, rules: Rules) -> Iterator[tuple[str, Bools]]:
    """Yield the rules about columns and who breaks them."""
    mentee = query.asking.mentee
    if rules.same_field:
        number = pool.names["field"].number(mentee.field)
        yield "other_field", (_column(pool, "field") != number) | (number == 0)
    if rules.other_unit:
        number = pool.names["unit"].number(tuple(mentee.unit))
        yield "same_unit", (_column(pool, "unit") == number) & (number > 0)
    if rules.grade_min is not None or rules.grade_max is not None:
        yield "grade_distance", ~_near(pool.grade[: pool.size], mentee.grade, rules)


def _near(grades: npt.NDArray[np.int16], own: int | None, rules: Rules) -> Bools:
    if own is None:
        return np.zeros(len(grades), np.bool_)
    distance = grades.astype(np.int32) - own
    kept = np.asarray(grades != NO_GRADE)
    if rules.grade_min is not None:
        kept &= distance >= rules.grade_min
    if rules.grade_max is not None:
        kept &= distance <= rules.grade_max
    return kept


def _kept(pool: Pool, query: Query, filters: Filters) -> Iterator[tuple[str, Bools]]:
    """Yield the filters in use and whom they keep."""
    for name, column in (("fields", "field"), ("time_zones", "time_zone"), ("places", "place")):
        wanted = frozenset(getattr(filters, name))
        if wanted:
            yield name, _chosen(pool, column, wanted.__contains__)
    if filters.languages:
        spoken = frozenset(filters.languages)
        yield "languages", _chosen(pool, "languages", lambda value: not spoken.isdisjoint(value))
    if filters.unit is not None:
        yield "unit", _chosen(pool, "unit", lambda path: filters.unit in path)
    if filters.covers:
        yield "covers", _covering(pool, query, filters.covers)
    if filters.min_years is not None:
        years = _column(pool, "years")
        yield "min_years", (years >= filters.min_years) & (years != NO_YEARS)
    if filters.grades:
        yield "grades", np.isin(pool.grade[: pool.size], np.array(sorted(filters.grades), np.int64))


def _chosen(pool: Pool, column: str, keep: Callable[[Any], bool]) -> Bools:
    table = np.array([bool(value) and keep(value) for value in pool.names[column].values], np.bool_)
    return np.asarray(table[_column(pool, column)])


def _covering(pool: Pool, query: Query, codes: Collection[str]) -> Bools:
    kept = np.ones(pool.size, np.bool_)
    for code in codes:
        column = pool.column_of.get(code)
        if column is None:
            return np.zeros(pool.size, np.bool_)
        kept &= pool.levels[column, : pool.size] > query.asking.mentee.levels.get(code, 0)
    return kept


def _above(pool: Pool, gap: Gap, passed: Bools) -> int:
    """Count those who passed and hold more than the mentee."""
    return int(np.count_nonzero((pool.levels[gap.column, : pool.size] > gap.actual) & passed))


def _but_for(failed: Bits, name: str, allowed: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the rows that fail nothing, or nothing but this filter."""
    alone = failed == BIT[name]
    return np.concatenate([allowed, np.flatnonzero(alone)]) if alone.any() else allowed


def _tally(pool: Pool, column: str, rows: npt.NDArray[np.int64]) -> list[int]:
    counted: list[int] = np.bincount(pool.numbers[column][rows], minlength=len(pool.names[column])).tolist()
    return counted


def _named(pool: Pool, column: str, tally: list[int]) -> dict[int | str, int]:
    return _sorted(dict(zip(pool.names[column].values[1:], tally[1:], strict=True)))


def _spread(pool: Pool, column: str, tally: list[int]) -> dict[int | str, int]:
    """Count each member of the sets, or each step of the paths, that stand in a column."""
    counted: dict[int | str, int] = {}
    for members, n in zip(pool.names[column].values[1:], tally[1:], strict=True):
        for member in set(members) if n else ():
            counted[member] = counted.get(member, 0) + n
    return _sorted(counted)


def _sorted(counted: dict[int | str, int]) -> dict[int | str, int]:
    return dict(sorted(counted.items(), key=lambda item: (-item[1], str(item[0]))))
