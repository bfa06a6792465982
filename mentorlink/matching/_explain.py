"""Why a score is what it is: the table entries that were added up, given back with their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ._check import TOP_LEVEL, CheckedMentee
from ._codes import TERMS
from ._pool import ROW, Pool
from ._query import STEPS, TICKS, Gap, Query, minutes_apart, rounded
from ._results import CompetencyTerm, Explanation, WordTerm
from ._texts import TEXT_STEPS, Texts

MOST_WORDS = 5
_TOLD: tuple[tuple[str, Callable[[CheckedMentee, Any, Mapping[str, int]], tuple[Any, ...]]], ...] = (
    ("field", lambda asking, field, _: (_same(field, asking.mentee.field), field)),
    ("years", lambda asking, years, _: (years, None if years is None or asking.years is None else years - asking.years)),
    ("languages", lambda asking, spoken, _: (tuple(sorted(asking.languages & spoken)) if spoken else (),)),
    ("time_zone", lambda asking, zone, offsets: (_hours_apart(asking.mentee.time_zone, zone, offsets),)),
    ("place", lambda asking, place, _: (_same(place, asking.mentee.place),)),
)
"""Columns → what is told of a mentor's value beside the mentee's."""


def explanations(
    rows: npt.NDArray[np.int64], pool: Pool, texts: Texts, query: Query, utc_offsets: Mapping[str, int]
) -> list[Explanation]:
    """Explain rows of the pool, in their order."""
    similar, shared = texts.told(rows, query.words, query.written, MOST_WORDS)
    has_text = bool(len(query.words.terms) or query.words.tongue)
    columns = np.array([gap.column for gap in query.gaps], dtype=np.int64)
    held = (pool.levels[columns[:, None], rows] * (columns >= 0)[:, None]).T
    outcomes = [_outcomes(gap) for gap in query.gaps]
    earned = np.array([ticks for ticks, _ in outcomes], np.int64).reshape(-1, TOP_LEVEL + 1)
    earned = earned[np.arange(len(outcomes)), held]
    # gaps stand in the order of their codes, which decides between equals
    orders = np.argsort(-earned, axis=1, kind="stable").tolist()
    covered, held = earned.sum(axis=1).tolist(), held.tolist()
    terms_of = [terms for _, terms in outcomes]
    weights = {name: query.shares[name] / TICKS for name in TERMS}
    numbers = pool.numbers[:, rows]
    added = [(_PLACE[table.term], table.ticks[numbers[ROW[table.column]]].tolist()) for table in query.tables]
    known = zip(*(_told(name, make, numbers, pool, query, utc_offsets) for name, make in _TOLD), strict=True)
    lead = texts.bridge is not None
    told = []
    for at, (row, (fields, years, spoken, zone, place)) in enumerate(zip(rows.tolist(), known, strict=True)):
        levels = held[at]
        ticks = [covered[at], query.similar.item(similar[at]) if has_text else 0, 0, 0, 0, 0, 0]
        for term, ticks_of in added:
            ticks[term] += ticks_of[at]
        words = _words(texts, query, row, similar[at], shared[at], lead) if similar[at] else ()
        told.append(
            Explanation(
                rounded(sum(ticks)) / STEPS,
                dict(zip(TERMS, [each / TICKS for each in ticks], strict=True)),
                weights,
                tuple([terms_of[gap][levels[gap]] for gap in orders[at]]),
                *fields,
                *years,
                words,
                similar[at] / TEXT_STEPS,
                *spoken,
                *zone,
                *place,
            )
        )
    return told


_PLACE = {name: place for place, name in enumerate(TERMS)}


def _told(
    name: str, make: Callable[..., tuple[Any, ...]], numbers: npt.NDArray[Any], pool: Pool, query: Query,
    utc_offsets: Mapping[str, int],
) -> list[tuple[Any, ...]]:  # fmt: skip
    """Tell of one column of each row; made once for equal values."""
    each = numbers[ROW[name]].tolist()
    made = {number: make(query.asking, pool.encoders[name].value(number), utc_offsets) for number in set(each)}
    return [made[number] for number in each]


def _same(one: str | None, other: str | None) -> bool | None:
    return None if not one or not other else one == other


def _hours_apart(one: str | None, other: str | None, utc_offsets: Mapping[str, int]) -> float | None:
    apart = minutes_apart(one, other, utc_offsets)
    return None if apart is None else apart / 60


@lru_cache(maxsize=4096)
def _outcomes(gap: Gap) -> tuple[list[int], list[CompetencyTerm]]:
    """Return what a mentor of each level makes of a gap: ticks, and what is told."""
    code, _, actual, required, each = gap
    missing = required - actual
    ticks, terms = [], []
    for level in range(TOP_LEVEL + 1):
        covered = min(missing, max(0, level - actual))
        told = (code, actual, required, level, missing, covered, missing - covered, covered * each / TICKS)
        ticks.append(covered * each)
        terms.append(_term(CompetencyTerm, told))
    return ticks, terms


_term = tuple.__new__
"""Makes a named tuple without a look at its names: hundreds are made for a page."""


def _words(
    texts: Texts, query: Query, row: int, similar: int, shared: list[tuple[str, float]], bridged: bool
) -> tuple[WordTerm, ...]:
    """Return the strongest words that a row shares with the mentee, or that led to it across the bridge."""
    if bridged and texts.leads_across(row, query.words):
        across = texts.bridge.words(query.asking.mentee.text, texts.points[row])  # type: ignore[union-attr]
        told = sorted([(-part * similar / TEXT_STEPS, word) for word, part in across])
        shared = [(word, -value) for value, word in told[:MOST_WORDS]]
    return tuple([_term(WordTerm, each) for each in shared])
