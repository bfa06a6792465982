"""Why a score is what it is: the table entries that were added up, given back with their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from ._check import CheckedMentee
from ._codes import TERMS
from ._kernel import OUTCOMES, Told
from ._pool import FEATURES, Pool
from ._query import STEP, STEPS, TICKS, Gap, Query, minutes_apart
from ._results import CompetencyTerm, Explanation, WordTerm
from ._texts import TEXT_STEPS, Texts

MOST_WORDS = 5
_FACTS: tuple[tuple[str, Callable[[CheckedMentee, Any, Mapping[str, int]], Any]], ...] = (
    ("field", lambda asking, field, _: _same(field, asking.mentee.field)),
    ("languages", lambda asking, spoken, _: tuple(sorted(asking.languages & spoken)) if spoken else ()),
    ("time_zone", lambda asking, zone, offsets: _hours_apart(asking.mentee.time_zone, zone, offsets)),
    ("place", lambda asking, place, _: _same(place, asking.mentee.place)),
)
"""Columns → what is told of a mentor's value beside the mentee's."""


def explanations(
    rows: npt.NDArray[np.int64], pool: Pool, texts: Texts, query: Query, utc_offsets: Mapping[str, int], kernel: Any
) -> list[Explanation]:
    """Explain rows of the pool, in their order."""
    told = kernel.told(pool, texts, query, rows, MOST_WORDS)
    outcome = list(chain.from_iterable(map(_outcomes, query.gaps))).__getitem__
    weights = {name: query.shares[name] / TICKS for name in TERMS}
    scores = ((told.ticks.sum(axis=1) + STEP // 2) // STEP / STEPS).tolist()
    numbers = dict(zip(FEATURES, pool.numbers[:, rows].tolist(), strict=True))
    facts = [_each(numbers[name], make, pool.encoders[name].value, query, utc_offsets) for name, make in _FACTS]
    field_of, years_of, own_years = pool.encoders["field"].value, pool.encoders["years"].value, query.asking.years
    led = _words_across(texts, query, rows, told) if any(told.across) else {}
    parts = zip(
        scores, (told.ticks / TICKS).tolist(), told.outcomes, told.similar, told.across, told.shared, rows.tolist(),
        numbers["field"], numbers["years"], *facts, strict=True,
    )  # fmt: skip
    found = []
    for score, terms, outcomes, similar, across, shared, row, field, bin_, same_field, spoken, apart, same_place in parts:
        years = years_of(bin_)
        explained = (
            score,
            dict(zip(TERMS, terms, strict=True)),
            weights,
            tuple(map(outcome, outcomes)),
            same_field,
            field_of(field),
            years,
            None if years is None or own_years is None else years - own_years,
            led[row] if across else tuple(map(_WORD, [(query.written[term], part) for term, part in shared])),
            similar / TEXT_STEPS,
            spoken,
            apart,
            same_place,
        )
        found.append(_made(Explanation, explained))
    return found


_made = tuple.__new__
"""Makes a named tuple without a look at its names: hundreds are made for a page."""
_WORD = partial(_made, WordTerm)


def _each(
    numbers: list[int], make: Callable[..., Any], value: Callable[[int], Any], query: Query, utc_offsets: Mapping[str, int]
) -> list[Any]:
    """Tell of one column of each row; made once for equal values."""
    made = {number: make(query.asking, value(number), utc_offsets) for number in set(numbers)}
    return [made[number] for number in numbers]


def _same(one: str | None, other: str | None) -> bool | None:
    return None if not one or not other else one == other


def _hours_apart(one: str | None, other: str | None, utc_offsets: Mapping[str, int]) -> float | None:
    apart = minutes_apart(one, other, utc_offsets)
    return None if apart is None else apart / 60


@lru_cache(maxsize=4096)
def _outcomes(gap: Gap) -> list[CompetencyTerm]:
    """Return what is told of a gap for a mentor of each level."""
    code, _, actual, required, each = gap
    missing = required - actual
    terms = []
    for level in range(OUTCOMES):
        covered = min(missing, max(0, level - actual))
        terms.append(CompetencyTerm(code, actual, required, level, missing, covered, missing - covered, covered * each / TICKS))
    return terms


def _words_across(texts: Texts, query: Query, rows: npt.NDArray[np.int64], told: Told) -> dict[int, tuple[WordTerm, ...]]:
    """Return the strongest words of the mentee that led to rows across the bridge, by row."""
    across = [at for at, led in enumerate(told.across) if led]
    if texts.bridge is None:
        return {}
    found = {}
    for at, leading in zip(across, texts.bridge.words(query.asking.mentee.text, texts.points[rows[across]]), strict=True):
        strongest = sorted([(-part * told.similar[at] / TEXT_STEPS, word) for word, part in leading])[:MOST_WORDS]
        found[rows.item(at)] = tuple([WordTerm(word, -value) for value, word in strongest])
    return found
