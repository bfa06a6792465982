"""Why a score is what it is: the table entries that were added up, given back with their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ._check import NO_YEARS, TOP_LEVEL
from ._codes import TERMS
from ._pool import Pool
from ._query import GRADE_ZERO, STEPS, TEXT_STEPS, TICKS, Gap, Query, minutes_apart, rounded
from ._results import CompetencyTerm, Explanation, WordTerm
from ._text import Postings

MOST_WORDS = 5
Ranked = tuple[int, str, CompetencyTerm]
"""A term with what orders it: −ticks, code."""


def explanations(
    rows: npt.NDArray[np.int64],
    steps: npt.NDArray[np.int32] | None,
    pool: Pool,
    query: Query,
    postings: Postings,
    utc_offsets: Mapping[str, int],
) -> list[Explanation]:
    """Explain rows of the pool, in their order. `steps` holds the similarity of the texts of all rows."""
    similar = [0] * len(rows) if steps is None else steps[rows].tolist()
    columns = np.array([gap.column for gap in query.gaps], dtype=np.int64)
    held = (pool.levels[columns[:, None], rows] * (columns >= 0)[:, None]).T.tolist()
    outcomes = [_outcomes(gap) for gap in query.gaps]
    weights = {name: query.shares[name] / TICKS for name in TERMS}
    words = _words(postings, query, rows) if any(similar) else [()] * len(rows)
    told = []
    for at, row in enumerate(rows.tolist()):
        ranked = sorted([outcome[level] for outcome, level in zip(outcomes, held[at], strict=True)])
        ticks = dict.fromkeys(TERMS, 0)
        ticks["cover"] = -sum([term[0] for term in ranked])
        ticks["text"] = query.similar.item(similar[at])
        for table in query.tables:
            ticks[table.term] += table.ticks.item(_number(pool, table.column, row))
        shared = words[at] if similar[at] else ()
        told.append(_explained(row, ticks, weights, ranked, similar[at], shared, pool, query, utc_offsets))
    return told


def _explained(
    row: int,
    ticks: Mapping[str, int],
    weights: Mapping[str, float],
    ranked: list[Ranked],
    similar: int,
    words: tuple[WordTerm, ...],
    pool: Pool,
    query: Query,
    utc_offsets: Mapping[str, int],
) -> Explanation:
    mentee, asking = query.asking.mentee, query.asking
    field, place, zone, languages = (_value(pool, name, row) for name in ("field", "place", "time_zone", "languages"))
    years: int | None = pool.years.item(row)
    years = None if years == NO_YEARS else years
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


def _words(postings: Postings, query: Query, rows: npt.NDArray[np.int64]) -> list[tuple[WordTerm, ...]]:
    """Return the strongest words that each row shares with the mentee."""
    found: list[list[tuple[float, str]]] = [[] for _ in rows]
    at, terms, products = postings.shared(rows, query.terms, query.term_weights)
    for position, term, product in zip(at.tolist(), terms.tolist(), products.tolist(), strict=True):
        found[position].append((-product, query.written[term]))
    return [tuple([WordTerm(word, -value) for value, word in sorted(words)[:MOST_WORDS]]) for words in found]


def _number(pool: Pool, column: str, row: int) -> int:
    if column == "grade":
        return max(0, pool.grade.item(row) + GRADE_ZERO)
    return int(pool.years.item(row) if column == "years" else pool.numbers[column].item(row))


def _value(pool: Pool, name: str, row: int) -> Any:
    return pool.names[name].values[pool.numbers[name].item(row)]
