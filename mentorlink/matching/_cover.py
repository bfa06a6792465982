"""Before a round is solved: which gaps nobody can fill, where places are short, and whom to recruit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from ._records import Mentee, Mentor, MentorColumns
from ._round_input import Ids, RoundInput, Scores

MOST_PAIRS = 2_000_000
"""Competencies with more pairs of somebody in need and somebody who could help are bounded, not solved."""


class CoverRow(NamedTuple):
    """One competency that somebody needs."""

    code: str
    needed: int
    """Mentees with this gap."""
    levels: int
    """Levels missing in all."""
    unfillable: int
    """Mentees for whom no allowed mentor with places holds a higher level than they do."""
    forbidden: int
    """Those of them for whom somebody would, if the rules or a ban did not keep them apart."""
    holders: int
    """Mentors with places who hold more than at least one of these mentees, and may help them."""
    places: int
    """Their places."""
    servable: int
    """Mentees of these who could all get help in this competency at once, if its holders' places served nobody else."""
    short: int
    """``needed − servable``."""
    exact: bool
    """Whether `servable` is exact (greatest matching with places); otherwise no more than so many."""


class Recruit(NamedTuple):
    """Places to be won: at least this level in this competency. Higher levels serve the lower needs as well."""

    code: str
    level: int
    how_many: int


class CoverMap(NamedTuple):
    """What a round can cover at most.

    ``rows`` the scarcest first; ``recruit`` likewise; ``people`` mentees taking part, ``places`` in all, ``mentors`` with
    places; ``without_gap``
    mentees without any gap; ``alone`` mentees whom no mentor with places may have.
    """

    rows: tuple[CoverRow, ...]
    recruit: tuple[Recruit, ...]
    people: int
    places: int
    mentors: int
    without_gap: int
    alone: int


def cover_map(
    scores: Scores, mentors: Iterable[Mentor] | MentorColumns, mentees: Iterable[Mentee], given: RoundInput
) -> CoverMap:
    """Map needs against places, competency by competency.

    Parameters
    ----------
    scores : Scores
        Says which pairs are allowed.
    mentors, mentees
        The records behind the scores; who is not in the scores does not count, nor who is left out.
    given : RoundInput

    Returns
    -------
    CoverMap
        A bound, not a plan: each competency is looked at as if its holders' places served it alone.

    Notes
    -----
    Reads each mentee's scores once; keeps one bit for each pair.
    """
    allowed = _Allowed(scores, given)
    held = _held(mentors, allowed.column_of)
    taking_part = sorted((m for m in mentees if m.id in allowed.row_of and m.id not in given.left_out), key=lambda m: m.id)
    needs: dict[str, list[tuple[int, int, int]]] = {}
    without_gap = alone = 0
    for mentee in taking_part:
        row = allowed.row_of[mentee.id]
        gaps = [
            (code, mentee.levels.get(code, 0), need)
            for code, need in mentee.required.items()
            if need > mentee.levels.get(code, 0)
        ]
        without_gap += not gaps
        alone += not allowed.of(row).any()
        for code, actual, need in gaps:
            needs.setdefault(code, []).append((row, actual, need))
    rows: list[CoverRow] = []
    recruit: list[Recruit] = []
    nobody = np.zeros(len(allowed.places), np.int64)
    for code, lines in needs.items():
        row, wanted = _covered(code, lines, held.get(code, nobody), allowed)
        rows.append(row)
        recruit += wanted
    rows.sort(key=lambda row: (-row.short, -row.needed, row.code))
    order = {row.code: at for at, row in enumerate(rows)}
    recruit.sort(key=lambda each: (order[each.code], -each.level))
    return CoverMap(
        tuple(rows),
        tuple(recruit),
        len(taking_part),
        int(allowed.places.sum()),
        int((allowed.places > 0).sum()),
        without_gap,
        alone,
    )


class _Allowed:
    """Which pairs are allowed and have a place, a bit each."""

    def __init__(self, scores: Scores, given: RoundInput) -> None:
        self.row_of = {mentee: at for at, mentee in enumerate(scores.mentee_ids.tolist())}
        self.column_of = {mentor: at for at, mentor in enumerate(scores.mentor_ids.tolist())}
        self.places = np.array([given.capacity.get(mentor, 0) for mentor in self.column_of], np.int64)
        self._bits = np.zeros((len(self.row_of), (len(self.places) + 7) // 8), np.uint8)
        for row in range(len(self.row_of)):
            self._bits[row] = np.packbits((scores.scores(row) >= 0) & (self.places > 0))

    def of(self, row: int) -> np.ndarray:  # type: ignore[type-arg]
        return np.unpackbits(self._bits[row], count=len(self.places)).astype(np.bool_)


def _held(mentors: Iterable[Mentor] | MentorColumns, column_of: dict[int, int]) -> dict[str, Ids]:
    """Return the levels held by competency and column."""
    held: dict[str, Ids] = {}
    if isinstance(mentors, MentorColumns):
        ids, levels = np.asarray(mentors.ids).tolist(), np.asarray(mentors.levels)
        columns = np.array([column_of.get(mentor, -1) for mentor in ids])
        for at, code in enumerate(mentors.competencies):
            held[code] = np.zeros(len(column_of), np.int64)
            held[code][columns[columns >= 0]] = levels[columns >= 0, at]
        return held
    for mentor in mentors:
        if mentor.id in column_of:
            for code, level in mentor.levels.items():
                held.setdefault(code, np.zeros(len(column_of), np.int64))[column_of[mentor.id]] = level
    return held


def _covered(code: str, lines: list[tuple[int, int, int]], held: Ids, allowed: _Allowed) -> tuple[CoverRow, list[Recruit]]:
    holding = np.flatnonzero((held > 0) & (allowed.places > 0))
    able = np.array([allowed.of(row)[holding] & (held[holding] > actual) for row, actual, _ in lines], np.bool_)
    able = able.reshape(len(lines), len(holding))
    fillable = able.any(axis=1)
    anybody = np.array([bool((held[holding] > actual).any()) for _, actual, _ in lines], np.bool_)
    useful = able.any(axis=0)
    places = allowed.places[holding[useful]]
    exact = able.size <= MOST_PAIRS
    served = _served(able[:, useful], places) if exact else _bounded(fillable, int(places.sum()))
    servable = int(served.sum())
    row = CoverRow(
        code, len(lines), sum(need - actual for _, actual, need in lines), int((~fillable).sum()),
        int((anybody & ~fillable).sum()),
        int(useful.sum()), int(places.sum()), servable, len(lines) - servable, exact,
    )  # fmt: skip
    wanted = Counter(need for (_, _, need), has in zip(lines, served.tolist(), strict=True) if not has)
    return row, [Recruit(code, level, count) for level, count in wanted.items()]


def _served(able: np.ndarray, places: Ids) -> np.ndarray:  # type: ignore[type-arg]
    """Return who is served in a greatest matching with places."""
    if not able.size:
        return np.zeros(len(able), np.bool_)
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
    from scipy.sparse.csgraph import maximum_bipartite_matching  # type: ignore[import-untyped]

    # more places than people in need are never used
    seats = np.repeat(np.arange(len(places)), np.minimum(places, len(able)))
    found = maximum_bipartite_matching(csr_matrix(able[:, seats]), perm_type="column")
    return np.asarray(found >= 0)


def _bounded(fillable: np.ndarray, places: int) -> np.ndarray:  # type: ignore[type-arg]
    served = fillable.copy()
    served[np.flatnonzero(fillable)[places:]] = False
    return served
