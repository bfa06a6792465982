"""Why a score is what it is: the table entries that were added up, given back with their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ._check import NO_YEARS
from ._codes import TERMS
from ._pool import Pool
from ._query import TEXT_STEPS, TICKS, Query, minutes_apart
from ._results import CompetencyTerm, Explanation, WordTerm
from ._text import Postings, TextEncoder

MOST_WORDS = 5


def explanations(
    rows: npt.NDArray[np.int64],
    pool: Pool,
    query: Query,
    postings: Postings,
    encoder: TextEncoder,
    steps: npt.NDArray[np.int32] | None,
    utc_offsets: Mapping[str, int],
) -> list[Explanation]:
    """Explain rows of the pool, in their order."""
    columns = np.array([gap.column for gap in query.gaps], dtype=np.int64)
    held = pool.levels[columns[:, None], rows] * (columns >= 0)[:, None]
    steps_here = [0] * len(rows) if steps is None else steps[rows].tolist()
    written = encoder.as_written(query.asking.mentee.text) if any(steps_here) else {}
    return [
        _explained(row, levels, step, _words(postings, query, written, row) if step else (), pool, query, utc_offsets)
        for row, levels, step in zip(rows.tolist(), held.T.astype(int).tolist(), steps_here, strict=True)
    ]


def _explained(
    row: int,
    held: list[int],
    step: int,
    words: tuple[WordTerm, ...],
    pool: Pool,
    query: Query,
    utc_offsets: Mapping[str, int],
) -> Explanation:
    competencies, cover = _competencies(query, held)
    ticks = dict.fromkeys(TERMS, 0) | {"cover": cover, "text": step * query.step}
    for table in query.tables:
        column = pool.years if table.column == "years" else pool.numbers[table.column]
        ticks[table.term] += int(table.ticks[column[row]])
    mentee, asking = query.asking.mentee, query.asking
    field, place, zone, languages = (_value(pool, name, row) for name in ("field", "place", "time_zone", "languages"))
    years = None if pool.years[row] == NO_YEARS else int(pool.years[row])
    apart = minutes_apart(mentee.time_zone, zone, utc_offsets)
    return Explanation(
        score=sum(ticks.values()) / TICKS,
        terms={name: ticks[name] / TICKS for name in TERMS},
        weights={name: query.shares[name] / TICKS for name in TERMS},
        competencies=competencies,
        field_shared=None if not field or not mentee.field else field == mentee.field,
        field=field,
        years=years,
        years_lead=None if years is None or asking.years is None else years - asking.years,
        words=words,
        text_similarity=step / TEXT_STEPS,
        languages_shared=tuple(sorted(asking.languages & (languages or frozenset()))),
        time_zone_distance=None if apart is None else apart / 60,
        place_shared=None if not place or not mentee.place else place == mentee.place,
    )


def _competencies(query: Query, held: list[int]) -> tuple[tuple[CompetencyTerm, ...], int]:
    found, total = [], 0
    for gap, level in zip(query.gaps, held, strict=True):
        missing = gap.required - gap.actual
        covered = min(missing, max(0, level - gap.actual))
        ticks = covered * gap.ticks
        total += ticks
        term = CompetencyTerm(gap.code, gap.actual, gap.required, level, missing, covered, missing - covered, ticks / TICKS)
        found.append((-ticks, gap.code, term))
    return tuple(term for _, _, term in sorted(found)), total


def _words(postings: Postings, query: Query, written: Mapping[int, str], row: int) -> tuple[WordTerm, ...]:
    terms, weights = postings.row(row)
    at = np.searchsorted(terms, query.terms)
    at[at == len(terms)] = 0
    shared = terms[at] == query.terms if len(terms) else np.zeros(len(query.terms), np.bool_)
    products = query.term_weights[shared] * weights[at[shared]]
    words = [(-value, written[term]) for term, value in zip(query.terms[shared].tolist(), products.tolist(), strict=True)]
    return tuple(WordTerm(word, -value) for value, word in sorted(words)[:MOST_WORDS])


def _value(pool: Pool, name: str, row: int) -> Any:
    return pool.names[name].values[int(pool.numbers[name][row])]
