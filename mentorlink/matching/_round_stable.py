"""Stable pairs with places: deferred acceptance, for programmes in which both sides rank each other.

Mentees ask in the order of their list, a mentor keeps the best who have asked and sends the others on (Gale & Shapley 1962,
the college
admissions form). Nobody could do better with somebody who would also rather have them; of all such plans it is the mentees' best.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ._round_input import RoundInput, Scores
from ._round_network import UNIT, Watch, lots
from ._round_results import RoundResult
from ._round_run import STEPS, Run
from ._round_tell import tell

if TYPE_CHECKING:
    from ._rounds import RoundSolver

WISHED = 1 << 20
"""A wish goes before any score: the first before the second, and so on."""


_LOT_BITS = 30


class _Lists:
    """The mentees' lists, best first, fetched as far as they are needed; and how much a mentor wants a mentee."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.places = run.ready.free
        given, ready = run.given, run.ready
        self.mentees = [_ranks(given.mentee_wishes.get(mentee, ()), ready.column_of) for mentee in run.scores.mentee_ids.tolist()]
        self.mentors = [_ranks(given.mentor_wishes.get(mentor, ()), ready.row_of) for mentor in run.scores.mentor_ids.tolist()]
        self._known: dict[int, tuple[list[int], list[int], bool]] = {}

    def at(self, row: int, place: int) -> tuple[int, int] | None:
        """Return column and score of one place of a mentee's list, None beyond its end."""
        if row not in self._known:
            self._known[row] = self._fetched(row, whole=bool(self.mentees[row]) or len(self.places) <= 64)
        columns, scores, whole = self._known[row]
        if place >= len(columns) and not whole:
            columns, scores, whole = self._known[row] = self._fetched(row, whole=True)
        return (columns[place], scores[place]) if place < len(columns) else None

    def wanted(self, column: int, row: int, score: int) -> tuple[int, int]:
        """Return by what a mentor orders a mentee, the greatest first: own wish, then score, then rounds missed, then lot."""
        wishes = self.mentors[column]
        wish = WISHED - wishes[row] if row in wishes else 0
        missed = int(self.run.given.missed.get(int(self.run.scores.mentee_ids[row]), 0))
        return wish * STEPS * 4 + score, (missed << _LOT_BITS) + self._lot(row, column)

    def _lot(self, row: int, column: int) -> int:
        ids, seed = self.run.scores, self.run.solver.seed
        return int(lots(ids.mentee_ids[row : row + 1], ids.mentor_ids[column : column + 1], seed, _LOT_BITS)[0])

    def _fetched(self, row: int, *, whole: bool) -> tuple[list[int], list[int], bool]:
        run = self.run
        if whole:
            base = run.scores.scores(row)
            columns = np.flatnonzero((base >= 0) & (self.places > 0))
            scores = base[columns]
        else:
            columns, scores = run.firsts[0][row].astype(np.int64), run.firsts[1][row]
            whole = bool((columns < 0).any())
            kept = (columns >= 0) & (self.places[np.maximum(columns, 0)] > 0)
            columns, scores = columns[kept], scores[kept]
            # the last may tie with pairs that were not fetched
            if not whole:
                kept = scores > scores.min(initial=0)
                columns, scores = columns[kept], scores[kept]
        ids, wishes = run.scores, self.mentees[row]
        drawn = lots(np.full(len(columns), ids.mentee_ids[row]), ids.mentor_ids[columns], run.solver.seed, _LOT_BITS)
        mine = np.array([WISHED - wishes[column] if column in wishes else 0 for column in columns.tolist()], np.int64)
        order = np.lexsort((-drawn, -scores.astype(np.int64), -mine))
        return columns[order].tolist(), scores[order].tolist(), whole


def _ranks(wishes: Sequence[int], places: dict[int, int]) -> dict[int, int]:
    return {places[wish]: at for at, wish in enumerate(wishes) if wish in places}


def stable_plan(solver: RoundSolver, scores: Scores, given: RoundInput, watch: Watch) -> RoundResult:
    """Run the round in stable mode."""
    run = Run(solver, scores, given, watch)
    run._list()
    lists = _Lists(run)
    holding: list[list[tuple[tuple[int, int], int]]] = [[] for _ in scores.mentor_ids]
    place = dict.fromkeys(run.ready.active.tolist(), 0)
    asking = run.ready.active.tolist()[::-1]
    asked = 0
    while asking:
        if asked % 4096 == 0:
            watch.at("prices", 0.5)
        asked += 1
        row = asking.pop()
        found = lists.at(row, place[row])
        if found is None:
            continue
        place[row] += 1
        column, score = found
        mine = (lists.wanted(column, row, score), row)
        if len(holding[column]) < run.ready.free[column]:
            heapq.heappush(holding[column], mine)
        else:
            asking.append(heapq.heappushpop(holding[column], mine)[1])
    _seat(run, [(row, column) for column, kept in enumerate(holding) for _, row in kept])
    run.lap("prices")
    told = tell(run)
    return RoundResult(**{**{name: getattr(told, name) for name in RoundResult.__dataclass_fields__}, **_unpriced(told)})


def _seat(run: Run, pairs: list[tuple[int, int]]) -> None:
    """Write the pairs into the network, which tells them."""
    net = run.net
    rows = np.searchsorted(run.ready.active, np.array([row for row, _ in pairs], np.int64))
    cols = np.array([column for _, column in pairs], np.int32)
    scores = np.array([run.scores.scores(row)[column] for row, column in pairs], np.int32)
    net.clear()
    net.add(rows, cols, scores)
    for row, column in zip(rows.tolist(), cols.tolist(), strict=True):
        edges = net.column[net.start[row] : net.start[row + 1]]
        net.mate[row] = net.start[row] + int(np.flatnonzero(edges == column)[0])
        net.kern.sit(row, column, net.seat, net.taken, net.sitting)
    net.price[:] = 0
    net.keep[:] = 0
    net.unlisted[:] = -UNIT


def _unpriced(told: RoundResult) -> dict[str, object]:
    return {"bound": told.value, "gap": float("nan"), "exact": False, "prices": {}}
