"""The best possible lowest score: the highest level at which as many mentees as ever can still have a mentor.

Raised pair by pair: the lowest pair is taken apart and its mentee placed again over better pairs (an augmenting path). When
that fails, those who
were reached and the mentors they reached are a proof, once no pair that is not listed leads out of them (Hall's condition).
"""

from __future__ import annotations

import numpy as np

from ._round_input import Ids
from ._round_network import NO_PLACE, Network, Watch

_FETCHED = 4


def best_floor(net: Network, watch: Watch) -> tuple[int, int]:
    """Return the level, in millionths, and how many can have a mentor; −1 if nobody can. Rearranges who sits where; prices no
    longer belong to it."""
    seen = np.zeros(net.m, np.int64)
    mark = 0
    while True:
        free = np.flatnonzero(net.mate < 0)
        if not len(free) or not _once(net, 0, int(free[0]), seen, mark := mark + 1, watch):
            break
    lowest, most = -1, int((net.mate >= 0).sum())
    while True:
        placed = np.flatnonzero(net.mate >= 0)
        if not len(placed):
            return lowest, most
        level = net.levels()[net.mate[placed]]
        at = int(np.argmin(level))
        lowest = int(level[at])
        row = int(placed[at])
        column = int(net.column[net.mate[row]])
        net.kern.leave(row, column, net.seat, net.taken, net.sitting)
        net.mate[row] = -1
        if not _once(net, lowest + 1, row, seen, mark := mark + 1, watch):
            return lowest, most


def _once(net: Network, least: int, first: int, seen: Ids, mark: int, watch: Watch) -> bool:
    """Place one more mentee over pairs of at least this level, listed or not."""
    while True:
        watch.at("floor")
        level = net.levels()
        if net.kern.reach(
            level,
            least,
            first,
            net.n,
            net.start,
            net.column,
            net.row,
            net.seat,
            net.taken,
            net.sitting,
            net.mate,
            net.via,
            seen,
            mark,
        ):
            return True
        reached = seen == mark
        holders = np.zeros(net.n, np.bool_)
        placed = net.mate >= 0
        holders[placed] = reached[net.column[net.mate[placed]]]
        rows = np.flatnonzero(holders | ~placed)
        if not _lead_out(net, rows, reached, least):
            return False
        seen[reached] = 0


def _lead_out(net: Network, rows: Ids, reached: np.ndarray, least: int) -> bool:  # type: ignore[type-arg]
    """List the best pairs of these rows with mentors who were not reached, if any is good enough."""
    closed = np.where(reached | (net.places == 0), NO_PLACE, 0)
    cols, base = net.scores.best(min(_FETCHED, net.m), prices=closed, rows=net.rows[rows])
    at = np.repeat(rows, cols.shape[1])
    flat, score = cols.ravel(), base.ravel()
    good = (flat >= 0) & (score >= least) & (closed[np.maximum(flat, 0)] == 0)
    return net.add(at[good], flat[good], score[good]) > 0
