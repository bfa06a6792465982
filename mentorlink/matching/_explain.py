"""Why a score is what it is: the table entries that were added up, given back with their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ._check import TOP_LEVEL
from ._codes import TERMS
from ._pool import ROW, Pool
from ._query import STEPS, TICKS, Gap, Query, minutes_apart, rounded
from ._results import CompetencyTerm, Explanation, WordTerm
from ._texts import TEXT_STEPS, Texts

MOST_WORDS = 5
_TOLD = ("field", "place", "time_zone", "languages", "years")
Ranked = tuple[int, str, CompetencyTerm]
"""A term with what orders it: −ticks, code."""


def explanations(
    rows: npt.NDArray[np.int64], pool: Pool, texts: Texts, query: Query, utc_offsets: Mapping[str, int]
) -> list[Explanation]:
    """Explain rows of the pool, in their order."""
    similar, shared = texts.told(rows, query.words)
    has_text = bool(len(query.words.terms) or query.words.tongue)
    columns = np.array([gap.column for gap in query.gaps], dtype=np.int64)
    held = (pool.levels[columns[:, None], rows] * (columns >= 0)[:, None]).T.tolist()
    outcomes = [_outcomes(gap) for gap in query.gaps]
    weights = {name: query.shares[name] / TICKS for name in TERMS}
    numbers = pool.numbers[:, rows]
    added = [(table.term, table.ticks[numbers[ROW[table.column]]].tolist()) for table in query.tables]
    known = zip(*([pool.encoders[name].value(each) for each in numbers[ROW[name]].tolist()] for name in _TOLD), strict=True)
    told = []
    for at, (row, values) in enumerate(zip(rows.tolist(), known, strict=True)):
        ranked = sorted([outcome[level] for outcome, level in zip(outcomes, held[at], strict=True)])
        ticks = dict.fromkeys(TERMS, 0)
        ticks["cover"] = -sum([term[0] for term in ranked])
        ticks["text"] = query.similar.item(similar[at]) if has_text else 0
        for term, ticks_of in added:
            ticks[term] += ticks_of[at]
        words = _words(texts, query, row, similar[at], shared[at]) if similar[at] else ()
        told.append(_explained(values, ticks, weights, ranked, similar[at], words, query, utc_offsets))
    return told


def _explained(
    values: tuple[Any, ...],
    ticks: Mapping[str, int],
    weights: Mapping[str, float],
    ranked: list[Ranked],
    similar: int,
    words: tuple[WordTerm, ...],
    query: Query,
    utc_offsets: Mapping[str, int],
) -> Explanation:
    mentee, asking = query.asking.mentee, query.asking
    field, place, zone, languages, years = values
    apart = minutes_apart(mentee.time_zone, zone, utc_offsets)
    return Explanation(
        score=rounded(sum(ticks.values())) / STEPS,
        terms={name: value / TICKS for name, value in ticks.items()},
        weights=weights,
        competencies=tuple([term for _, _, term in ranked]),
        field_shared=None if not field or not mentee.field else field == mentee.field,
        field=field,
        years=years,
        years_lead=None if years is None or asking.years is None else years - asking.years,
        words=words,
        text_similarity=similar / TEXT_STEPS,
        languages_shared=tuple(sorted(asking.languages & languages)) if languages else (),
        time_zone_distance=None if apart is None else apart / 60,
        place_shared=None if not place or not mentee.place else place == mentee.place,
    )


def _outcomes(gap: Gap) -> list[Ranked]:
    """Return what a mentor of each level makes of a gap."""
    missing = gap.required - gap.actual
    found = []
    for level in range(TOP_LEVEL + 1):
        covered = min(missing, max(0, level - gap.actual))
        ticks = covered * gap.ticks
        term = CompetencyTerm(gap.code, gap.actual, gap.required, level, missing, covered, missing - covered, ticks / TICKS)
        found.append((-ticks, gap.code, term))
    return found


def _words(texts: Texts, query: Query, row: int, similar: int, shared: list[tuple[float, int]]) -> tuple[WordTerm, ...]:
    """Return the strongest words that a row shares with the mentee, or that led to it across the bridge."""
    if texts.bridge is not None and texts.leads_across(row, query.words):
        across = texts.bridge.words(query.asking.mentee.text, texts.points[row])
        told = sorted([(-part * similar / TEXT_STEPS, word) for word, part in across])
    else:
        told = sorted([(product, query.written[term]) for product, term in shared])
    return tuple([WordTerm(word, -value) for value, word in told[:MOST_WORDS]])
