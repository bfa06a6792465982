"""A round as a network: listed pairs and their worth, prices, who sits where; and the proof against every pair that is not
listed."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt

from ._batch import MASKED
from ._round_core import FAR
from ._round_input import Ids, Ints, RoundCancelled, Scores
from ._round_kernel import back, columns

UNIT = 1 << 34
"""What a millionth of score is inside: room below it for lots, which make the best plan a single one."""
TOP = 1 << 24
"""No pair is worth more millionths, bonuses included."""
NO_PLACE = 1 << 36
"""Price, in millionths, of a mentor without places."""
CELLS = 1 << 22
"""Pairs fetched at once."""
MARGIN = 20_000
"""Millionths by which a pair may fall short of what a mentee has and still be listed: prices are going to change."""
CHUNK = 200_000
"""Bids between two looks at whether to go on."""

Bools = npt.NDArray[np.bool_]


class Watch:
    """Tells how far a run is, and ends it when somebody asks."""

    def __init__(self, progress: Callable[[str, float], None] | None, cancelled: Callable[[], bool] | None) -> None:
        self._progress, self._cancelled = progress, cancelled
        self._done = 0.0

    def at(self, stage: str, done: float | None = None) -> None:
        """Tell; `done` (0–1) never falls. None: only look whether to go on."""
        if self._cancelled is not None and self._cancelled():
            raise RoundCancelled("cancelled", stage=stage)
        if done is not None and self._progress is not None:
            self._done = max(self._done, min(1.0, done))
            self._progress(stage, self._done)


class Network:
    """The rows that take part, the mentors' places, the listed edges.

    Parameters
    ----------
    scores : Scores
    rows : ndarray of shape (r,), int64
        Rows of `scores` that take part, ascending.
    places : ndarray of shape (m,), int64
    kern : SimpleNamespace
        From `kernel`.
    seed : int
        Of the lots that decide ties.

    Notes
    -----
    Memory: 32 bytes for each listed edge, 40 for each mentee, 32 for each mentor, 16 for each place; twice the edges while
    some are added;
    and `CELLS` pairs while candidates are fetched.
    """

    def __init__(self, scores: Scores, rows: Ids, places: Ids, *, kern: SimpleNamespace, seed: int) -> None:
        self.scores, self.rows, self.kern, self.seed = scores, rows, kern, seed
        self.n, self.m = len(rows), len(places)
        self.places = np.minimum(places, self.n)
        self.seat = np.concatenate([[0], np.cumsum(self.places)]).astype(np.int64)
        self.taken = np.zeros(self.m, np.int64)
        self.sitting = np.zeros(int(self.seat[-1]) + 1, np.int64)
        self.price = np.zeros(self.m, np.int64)
        self.keep = np.zeros(self.n, np.int64)
        self.mate = np.full(self.n, -1, np.int64)
        self.far = np.full(self.m, FAR, np.int64)
        self.via = np.zeros(self.m, np.int64)
        self.near = np.full(self.n, FAR, np.int64)
        self.ids = scores.mentee_ids[rows]
        self.row_bonus = np.zeros(self.n, np.int64)
        """Added to every pair of a row, in inner units; so `column_bonus` for a mentor."""
        self.column_bonus = np.zeros(self.m, np.int64)
        self.least = 0
        """Pairs of a lower score, wish included, are not listed."""
        self.extra_keys = np.empty(0, np.int64)
        self.extra_score = np.empty(0, np.int64)
        self.extra_other = np.empty(0, np.int64)
        self.unlisted = np.full(self.n, FAR, np.int64)
        """The most that a pair not listed could leave each mentee at today's prices; FAR: not known."""
        # lots are so small that all of them together weigh less than a unit
        self.lot_bits = max(1, 33 - max(1, self.n).bit_length())
        self._row_of = np.full(len(scores.mentee_ids), -1, np.int64)
        self._row_of[rows] = np.arange(self.n)
        self.row = np.empty(0, np.int32)
        self.column = np.empty(0, np.int32)
        self.score = np.empty(0, np.int32)
        self.worth = np.empty(0, np.int64)
        self.start = np.zeros(self.n + 1, np.int64)
        self._entry: tuple[Ids, Ids] | None = None
        self._level: Ids | None = None

    # ---- edges

    def bonus(self, rows: Ids, cols: Ids, score: Ids, other: Ids) -> Bools:
        """List pairs that get something added: `score` counts as score (wishes), `other` does not (stay). Return which are
        allowed."""
        local = self._row_of[rows]
        base = pair_scores(self.scores, rows, cols)
        allowed = np.asarray((base >= 0) & (local >= 0))
        keys = local[allowed] * self.m + cols[allowed]
        order = np.argsort(keys)
        self.extra_keys, self.extra_score, self.extra_other = keys[order], score[allowed][order], other[allowed][order]
        self.add(local[allowed], cols[allowed].astype(np.int32), base[allowed])
        return allowed

    def add(self, rows: Ids, cols: Ints, base: Ints) -> int:
        """List pairs (row of the network, column, score). Return how many are new."""
        useful = (base >= 0) & (self.places[cols] > 0)
        rows, cols, base = rows[useful], cols[useful], base[useful]
        if self.least:
            passed = base + self._extra(rows * self.m + cols)[0] >= self.least
            rows, cols, base = rows[passed], cols[passed], base[passed]
        keys = rows * self.m + cols
        known = self.row.astype(np.int64) * self.m + self.column
        if len(known):
            at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            new = known[at] != keys
            keys, base = keys[new], base[new]
        keys, first = np.unique(keys, return_index=True)
        if not len(keys):
            return 0
        base = base[first]
        into = np.searchsorted(known, keys)
        sat = np.flatnonzero(self.mate >= 0)
        # an edge moves back by the number of new ones before it
        moved = self.mate[sat]
        self.mate[sat] = moved + np.searchsorted(into, moved, side="right")
        self.row = np.insert(self.row, into, (keys // self.m).astype(np.int32))
        self.column = np.insert(self.column, into, (keys % self.m).astype(np.int32))
        self.score = np.insert(self.score, into, base)
        self.worth = np.insert(self.worth, into, self._worth(keys, base))
        self.start = np.searchsorted(self.row, np.arange(self.n + 1)).astype(np.int64)
        self._entry = None
        self._level = None
        return len(keys)

    def levels(self) -> Ids:
        """Return the score of each listed pair, wish included."""
        if self._level is None:
            keys = self.row.astype(np.int64) * self.m + self.column
            self._level = self.score + self._extra(keys)[0]
        return self._level

    def revalue(self) -> None:
        """Count the pairs' worth again after a bonus has changed; what is known of unlisted pairs stays true where bonuses
        fell."""
        self.worth = self._worth(self.row.astype(np.int64) * self.m + self.column, self.score)
        self.unlisted[:] = FAR

    def set_least(self, least: int) -> None:
        """Unlist pairs of a lower score, and start again without anybody placed."""
        self.least = least
        kept = self.levels() >= least
        self.row, self.column, self.score, self.worth = self.row[kept], self.column[kept], self.score[kept], self.worth[kept]
        self.start = np.searchsorted(self.row, np.arange(self.n + 1)).astype(np.int64)
        self.clear()
        self._entry = None
        self._level = None

    def clear(self) -> None:
        """Take everybody's place away and all prices."""
        self.mate[:] = -1
        self.taken[:] = 0
        self.price[:] = 0
        self.unlisted[:] = FAR

    def _extra(self, keys: Ids) -> tuple[Ids, Ids]:
        if not len(self.extra_keys):
            none = np.zeros(len(keys), np.int64)
            return none, none
        at = np.minimum(np.searchsorted(self.extra_keys, keys), len(self.extra_keys) - 1)
        there = self.extra_keys[at] == keys
        return np.where(there, self.extra_score[at], 0), np.where(there, self.extra_other[at], 0)

    def _worth(self, keys: Ids, base: Ints) -> Ids:
        rows, cols = keys // self.m, keys % self.m
        score, other = self._extra(keys)
        steps = np.clip(base.astype(np.int64) + score + other, 0, TOP)
        drawn = lots(self.ids[rows], self.scores.mentor_ids[cols], self.seed, self.lot_bits)
        return np.asarray(steps * UNIT + drawn + self.row_bonus[rows] + self.column_bonus[cols])

    # ---- solving

    def auction(self, step: int, bids: int, watch: Watch, stage: str) -> None:
        """Place people afresh by bids, each right up to `step`; whoever still waits after so many bids a head is left
        for `settle`: where too many want too few places, bidding goes on for long, and shortest paths do not mind."""
        self.clear()
        queue = np.zeros(self.n + 1, np.int64)
        queue[: self.n] = np.arange(self.n)[::-1]
        offer = np.zeros(len(self.sitting), np.int64)
        arrays = (queue, self.start, self.column, self.worth, self.price, self.seat, self.taken, self.sitting, offer, self.mate)
        used = columns(self.kern, arrays)
        waiting, left = self.n, bids * self.n
        while waiting and left > 0:
            watch.at(stage)
            some = min(left, CHUNK if self.kern.compiled else CHUNK // 20)
            waiting = self.kern.bid(used[0], waiting, step, some, *used[1:])
            left -= some
        back(self.kern, arrays, used)

    def look(self) -> None:
        """Set what each mentee would keep at these prices if there were room for all."""
        net = self.worth - self.price[self.column]
        self.keep[:] = 0
        rows = np.flatnonzero(np.diff(self.start))
        if len(rows):
            self.keep[rows] = np.maximum(0, np.maximum.reduceat(net, self.start[rows]))

    def settle(self, watch: Watch, stage: str) -> None:
        """Make the plan the best one over the listed pairs, exactly, starting from what stands."""
        before = self.price.copy()
        entry, edge = self.entry()
        arrays = (
            self.start, self.column, self.worth, self.row, self.price, self.keep, self.seat, self.taken, self.sitting, self.mate,
            self.far, self.via, self.near, entry, edge,
        )  # fmt: skip
        used = columns(self.kern, arrays)
        start, column, worth, row, price, keep, seat, taken, sitting, mate, far, via, near, entry_, edge_ = used
        self.kern.settle(self.n, start, column, worth, price, keep, seat, taken, sitting, mate)
        most = 4096 if self.kern.compiled else 64
        at = 0
        while at < self.n:
            watch.at(stage)
            at = self.kern.place(at, self.n, most, start, column, worth, row, price, keep, seat, taken, sitting, mate, far, via)
        at = 0
        while at < self.m:
            watch.at(stage)
            at = self.kern.fill(
                at, self.m, most, entry_, edge_, column, worth, row, price, keep, seat, taken, sitting, mate, far, via, near
            )
        back(self.kern, arrays, used)
        self.weaken(before)

    def entry(self) -> tuple[Ids, Ids]:
        """Return the edges by mentor: where each begins, and their numbers."""
        if self._entry is None:
            starts = np.concatenate([[0], np.cumsum(np.bincount(self.column, minlength=self.m))]).astype(np.int64)
            if self.kern.compiled:
                order = np.empty(len(self.column), np.int64)
                self.kern.group(self.column, starts[:-1].copy(), order)
            else:
                order = np.argsort(self.column, kind="stable")
            self._entry = starts, order
        return self._entry

    def weaken(self, before: Ids) -> None:
        """Take into account that prices have fallen since the bounds of unlisted pairs were found."""
        fall = int(np.max(before - self.price, initial=0))
        if fall > 0:
            known = self.unlisted < FAR
            self.unlisted[known] += fall

    # ---- proof

    def scan(self, local: Ids, k: int, watch: Watch, stage: str, *, span: tuple[float, float] = (0, 0)) -> int:
        """Fetch the best k pairs of some rows at today's prices, list what could help, and bound the rest. Return how many are
        new."""
        asked = min(k, self.m)
        if not asked:
            self.unlisted[local] = -FAR
            return 0
        shown = self.shown()
        found: list[tuple[Ids, Ints, Ints]] = []
        block = max(1, CELLS // max(1, asked))
        for first in range(0, len(local), block):
            watch.at(stage, span[0] + (span[1] - span[0]) * first / len(local) if span[1] else None)
            part = local[first : first + block]
            least = self.least_useful(part)
            cols, base = self.scores.best(asked, prices=shown, rows=self.rows[part], least=least)
            found.append(self.useful(part, cols, base, shown, least))
        if not found:
            return 0
        return self.add(*(np.concatenate(each) for each in zip(*found, strict=True)))

    def shown(self) -> Ids:
        """Return the prices in millionths, rounded down, less the mentors' bonuses."""
        shown = (self.price - self.column_bonus) // UNIT
        shown[self.places == 0] = NO_PLACE
        return shown

    def least_useful(self, part: Ids) -> Ids:
        """Return for some rows the least score − price that could soon be better than what they have, in millionths."""
        return (self.keep[part] - self.row_bonus[part]) // UNIT - MARGIN

    def useful(self, part: Ids, cols: Ints, base: Ints, shown: Ids, least: Ids) -> tuple[Ids, Ints, Ints]:
        """Return the pairs worth listing, and note for each row the most that any other pair could leave."""
        there = (cols >= 0) & (base >= 0)
        at = np.where(there, cols, 0)
        net = base.astype(np.int64) - shown[at]
        listed = there & (self.places[at] > 0)
        k = cols.shape[1]
        if k > 64:
            # many were fetched for few that count: list those that would be better than what the row has now
            better = (net + 1) * UNIT + self.row_bonus[part][:, None] > self.keep[part][:, None]
            better[:, :8] = True
            listed &= better
        rest = np.where(there[:, -1], net[:, -1], least - 1)
        if k >= self.m:
            rest = np.full(len(part), -NO_PLACE)
        rest = np.maximum(rest, np.where(there & ~listed & (self.places[at] > 0), net, -NO_PLACE).max(axis=1, initial=-NO_PLACE))
        bound = rest * UNIT + self.row_bonus[part] + (1 << self.lot_bits)
        self.unlisted[part] = np.where(rest <= -(NO_PLACE >> 1), -FAR, bound)
        rows = np.repeat(part, k).reshape(cols.shape)
        return rows[listed], cols[listed], base[listed]

    def unproven(self) -> Ids:
        """Return the rows for which an unlisted pair might still be better than what the plan leaves them."""
        return np.flatnonzero(self.unlisted > self.keep)

    def worth_made(self) -> int:
        """Return what the plan is worth, in inner units."""
        return total(self.worth[self.mate[self.mate >= 0]])

    def bound(self) -> int:
        """Return what no plan over all pairs can exceed, in inner units: Σ max_j (a_ij − p_j) + Σ c_j p_j."""
        return total(np.maximum(self.keep, self.unlisted)) + sum(
            int(price) * int(places) for price, places in zip(self.price, self.places, strict=True) if price
        )

    def partners(self) -> Ids:
        """Return the column of each row's mentor, −1 without."""
        return np.where(self.mate >= 0, self.column[self.mate] if len(self.column) else -1, -1).astype(np.int64)


def total(values: Ids) -> int:
    """Sum without overflow."""
    return int((values // UNIT).sum()) * UNIT + int((values % UNIT).sum())


def lots(mentees: Ids, mentors: Ids, seed: int, bits: int) -> Ids:
    """Draw a whole number below 2**bits for each pair, from the two ids and the seed alone (splitmix64, Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        start = mixed(mentees.astype(np.int64).view(np.uint64) ^ mixed(np.array([seed & (2**64 - 1)], np.uint64)))
        drawn = mixed(mentors.astype(np.int64).view(np.uint64) ^ start) >> np.uint64(64 - bits)
    return drawn.astype(np.int64)


def mixed(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Mix the bits."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def pair_scores(scores: Scores, rows: Ids, cols: Ids) -> Ints:
    """Return the scores of some pairs: shape (len(rows),), `MASKED` where forbidden."""
    found = np.full(len(rows), MASKED, np.int32)
    if not len(rows):
        return found
    order = np.argsort(rows, kind="stable")
    edges = np.flatnonzero(np.diff(rows[order], prepend=-1))
    for first, last in zip(edges, [*edges[1:], len(rows)], strict=True):
        at = order[first:last]
        found[at] = scores.scores(int(rows[at[0]]))[cols[at]]
    return found
