"""Why a score is what it is: the table entries that were added up, given back with their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ._check import TOP_LEVEL, CheckedMentee
from ._codes import TERMS
from ._kernel import Told
from ._pool import FEATURES, Pool
from ._query import STEPS, TICKS, Gap, Query, minutes_apart, rounded
from ._results import CompetencyTerm, Explanation, WordTerm
from ._texts import STEP_BITS, TEXT_STEPS, Texts

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
    told = kernel.told(pool, texts, query, rows, _alphabetical(query), MOST_WORDS)
    terms_of = [_outcomes(gap) for gap in query.gaps]
    weights = {name: query.shares[name] / TICKS for name in TERMS}
    numbers = dict(zip(FEATURES, pool.numbers[:, rows].tolist(), strict=True))
    facts = [_each(numbers[name], make, pool.encoders[name].value, query, utc_offsets) for name, make in _FACTS]
    field_of, years_of, own_years = pool.encoders["field"].value, pool.encoders["years"].value, query.asking.years
    led = _words_across(texts, query, rows, told)
    columns = zip(*told, rows.tolist(), numbers["field"], numbers["years"], *facts, strict=True)
    found = []
    for ticks, held, order, similar, across, shared, row, field, bin_, same_field, spoken, apart, same_place in columns:
        years = years_of(bin_)
        explained = (
            rounded(sum(ticks)) / STEPS,
            dict(zip(TERMS, [each / TICKS for each in ticks], strict=True)),
            weights,
            tuple([terms_of[gap][held[gap]] for gap in order]),
            same_field,
            field_of(field),
            years,
            None if years is None or own_years is None else years - own_years,
            led[row] if across else _words(query, shared),
            similar / TEXT_STEPS,
            spoken,
            apart,
            same_place,
        )
        found.append(_made(Explanation, explained))
    return found


_made = tuple.__new__
"""Makes a named tuple without a look at its names: hundreds are made for a page."""


def _each(
    numbers: list[int], make: Callable[..., Any], value: Callable[[int], Any], query: Query, utc_offsets: Mapping[str, int]
) -> list[Any]:
    """Tell of one column of each row; made once for equal values."""
    made = {number: make(query.asking, value(number), utc_offsets) for number in set(numbers)}
    return [made[number] for number in numbers]


def _alphabetical(query: Query) -> npt.NDArray[np.int64]:
    """Return for each term of the mentee its place in the alphabetical order of their written forms."""
    terms = query.words.terms
    forms = [query.written[term] for term in terms.tolist()]
    places = np.empty(len(forms), np.int64)
    places[sorted(range(len(forms)), key=forms.__getitem__)] = np.arange(len(forms))
    return places


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
    for level in range(TOP_LEVEL + 1):
        covered = min(missing, max(0, level - actual))
        terms.append(CompetencyTerm(code, actual, required, level, missing, covered, missing - covered, covered * each / TICKS))
    return terms


def _words(query: Query, shared: list[tuple[int, int]]) -> tuple[WordTerm, ...]:
    """Return the strongest words that a row shares with the mentee."""
    terms, written = query.words.terms, query.written
    return tuple([_made(WordTerm, (written[terms.item(place)], product / (1 << STEP_BITS))) for place, product in shared])


def _words_across(texts: Texts, query: Query, rows: npt.NDArray[np.int64], told: Told) -> dict[int, tuple[WordTerm, ...]]:
    """Return the strongest words of the mentee that led to rows across the bridge, by row."""
    across = [at for at, led in enumerate(told.across) if led]
    if texts.bridge is None or not across:
        return {}
    found = {}
    for at, leading in zip(across, texts.bridge.words(query.asking.mentee.text, texts.points[rows[across]]), strict=True):
        strongest = sorted([(-part * told.similar[at] / TEXT_STEPS, word) for word, part in leading])[:MOST_WORDS]
        found[rows.item(at)] = tuple([WordTerm(word, -value) for value, word in strongest])
    return found
