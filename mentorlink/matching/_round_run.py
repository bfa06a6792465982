"""One run of a round: candidates, prices, proof, floor, quotas, and the plan told."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from ._batch import MASKED
from ._round_floor import best_floor
from ._round_input import Ids, Ints, Quota, RoundInput, Scores, checked
from ._round_kernel import kernel
from ._round_network import CELLS, NO_PLACE, UNIT, Network, Watch
from ._round_results import LISTED, RoundResult
from ._round_tell import tell

if TYPE_CHECKING:
    from ._rounds import RoundSolver

STEPS = 1_000_000
ALL_LISTED = 40_000
"""Rounds of so few pairs list them all at once."""
BIDS = ((5_000 * UNIT, 60), (1_000 * UNIT, 60), (200 * UNIT, 60))
"""Step of the bids and bids a head, each time that everybody bids: finer as candidates get better. What follows is exact."""
SMALL = 1_500
"""Rounds of fewer mentees bid coarsely and seldom: shortest paths soon do the rest."""
SMALL_BIDS = ((100_000 * UNIT, 4),)
ROUNDS = 6
"""So many times at most everybody bids afresh."""
FEW = 0.05
"""Share of the mentees for whom better pairs may be missing, up to which nobody has to bid afresh."""
MOST_LIFT = 6 * STEPS * UNIT
"""A quota lifts or lowers its pairs by no more."""


class Run:
    """The state of a run. `net` holds plan, prices and proof."""

    def __init__(self, solver: RoundSolver, scores: Scores, given: RoundInput, watch: Watch) -> None:
        self.solver, self.scores, self.given, self.watch = solver, scores, given, watch
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()
        self.ready = checked(scores, given)
        self.net = Network(
            scores,
            self.ready.active,
            self.ready.free,
            kern=kernel(solver.compiled, people=len(self.ready.active)),
            seed=solver.seed,
        )
        self.passes = 0
        self.floor: int | None = None
        self.floor_best: int | None = None
        self.quotas = list(given.quotas)
        self.lifts = [0] * len(self.quotas)
        self._members = [self._lines(quota) for quota in self.quotas]

    def find(self, start: RoundResult | None) -> None:
        """Find the plan."""
        self._list()
        if start is not None:
            self._begin_at(start)
        self._prove()
        if self.solver.floor > 0:
            self._raise_floor()
        if self.quotas:
            self._hold_quotas()

    def result(self) -> RoundResult:
        """Tell the plan."""
        self.watch.at("result", 0.97)
        told = tell(self)
        self.watch.at("result", 1.0)
        return told

    def lap(self, stage: str) -> None:
        """Book the time since the last lap."""
        now = time.perf_counter()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self._since, 4)
        self._since = now

    # ---- candidates

    def _list(self) -> None:
        net, ready, solver = self.net, self.ready, self.solver
        base = round(solver.value * STEPS) + np.rint(solver.missed * STEPS * ready.missed).astype(np.int64)
        net.row_bonus = base[ready.active] * UNIT
        self.base_bonus = net.row_bonus.copy()
        self.firsts = self._firsts()
        cols, scores = (each[ready.active] for each in self.firsts)
        self.passes += 1
        self.wishes, self.ignored = fused(self.given, ready, round(solver.wish * STEPS))
        self._list_bonuses()
        if net.n * net.m <= ALL_LISTED and net.n:
            net.scan(np.arange(net.n), net.m, self.watch, "candidates")
        else:
            rows = np.repeat(np.arange(net.n), cols.shape[1])
            flat = cols.ravel()
            net.add(rows[flat >= 0], flat[flat >= 0], scores.ravel()[flat >= 0])
        self.lap("candidates")

    def _firsts(self) -> tuple[Ints, Ints]:
        """Return the best of each mentee among the mentors who have places, pins left aside."""
        n, m = len(self.scores.mentee_ids), len(self.scores.mentor_ids)
        k = min(max(LISTED, self.solver.candidates), max(1, m))
        cols, best = np.full((n, k), -1, np.int32), np.full((n, k), MASKED, np.int32)
        closed = np.where(self.ready.capacity > 0, 0, NO_PLACE)
        block = max(1, CELLS // k)
        for first in range(0, n if m else 0, block):
            self.watch.at("candidates", 0.3 * first / n)
            part = np.arange(first, min(n, first + block))
            cols[part], best[part] = self.scores.best(k, prices=closed if closed.any() else None, rows=part)
        without = (cols >= 0) & (self.ready.capacity[np.maximum(cols, 0)] == 0) if m else cols >= 0
        cols[without], best[without] = -1, MASKED
        return cols, best

    def _list_bonuses(self) -> None:
        ready, given = self.ready, self.given
        stay = round(self.solver.stay * STEPS)
        stays = {
            (ready.row_of[mentee], ready.column_of[mentor])
            for mentee, mentor in given.previous.items()
            if mentee in ready.row_of and mentor in ready.column_of
        }
        self.stays = stays if stay else set()
        both = sorted(self.stays | self.wishes.keys())
        rows, cols = (np.array([pair[side] for pair in both], np.int64) for side in (0, 1))
        wish = np.array([self.wishes.get(pair, 0) for pair in both], np.int64)
        other = np.array([stay * (pair in self.stays) for pair in both], np.int64)
        if both:
            allowed = self.net.bonus(rows, cols, wish, other)
            taking_part = np.zeros(len(self.scores.mentee_ids), np.bool_)
            taking_part[ready.active] = True
            refused = {pair for pair, is_allowed in zip(both, allowed.tolist(), strict=True) if not is_allowed}
            self.ignored += [named for pair, named in self._named(refused) if taking_part[pair[0]] for named in named]
            for pair in refused:
                if taking_part[pair[0]]:
                    self.wishes.pop(pair, None)

    def _named(self, pairs: set[tuple[int, int]]) -> list[tuple[tuple[int, int], list[tuple[int, int]]]]:
        """Return for each pair the wishes that named it, as (who, for whom)."""
        told = []
        for row, column in sorted(pairs & self.wishes.keys()):
            mentee, mentor = int(self.scores.mentee_ids[row]), int(self.scores.mentor_ids[column])
            named = [(mentee, mentor)] if mentor in self.given.mentee_wishes.get(mentee, ()) else []
            if mentee in self.given.mentor_wishes.get(mentor, ()):
                named.append((mentor, mentee))
            told.append(((row, column), named))
        return told

    def _begin_at(self, start: RoundResult) -> None:
        for mentor, price in start.prices.items():
            column = self.ready.column_of.get(mentor)
            if column is not None and self.net.places[column] > 0:
                self.net.price[column] = max(0, round(price * STEPS)) * UNIT
        if self.net.n and self.net.seat[-1]:
            self.net.look()
            self.net.scan(np.arange(self.net.n), self.solver.more, self.watch, "candidates")
        self.net.settle(self.watch, "prices")
        self._begun = True

    # ---- prices and proof

    _begun = False

    def _prove(self, stage: str = "proof", *, fresh: bool = True) -> None:
        """Find the best plan over all pairs, by prices and more candidates at these prices."""
        net, watch = self.net, self.watch
        if not net.n or not net.seat[-1]:
            net.unlisted[:] = -1
            return
        everybody = np.arange(net.n)
        if fresh and not self._begun:
            known = bool((net.unlisted < 0).all())
            bids = SMALL_BIDS if net.n < SMALL else BIDS
            for more in range(ROUNDS):
                net.auction(*bids[min(more, len(bids) - 1)], watch, "prices")
                net.settle(watch, "prices")
                self.lap("prices")
                if known:
                    net.unlisted[:] = -(1 << 62)
                    break
                done = 0.35 + 0.4 * more / ROUNDS
                net.scan(everybody, self.solver.more, watch, stage, span=(done, done + 0.4 / ROUNDS))
                self.passes += 1
                self.lap(stage)
                if len(net.unproven()) < FEW * net.n:
                    break
        net.settle(watch, "prices")
        self.lap("prices")
        k = self.solver.more
        while len(rows := net.unproven()) and not self._near_enough():
            watch.at(stage, 0.8)
            if not net.scan(rows, k, watch, stage):
                k *= 4
            self.passes += 1
            self.lap(stage)
            net.settle(watch, "prices")
            self.lap("prices")
        watch.at(stage, 0.85)

    def _near_enough(self) -> bool:
        if not self.solver.gap or (self.net.unlisted >= (1 << 61)).any():
            return False
        made = self.net.worth_made()
        scored = int(self.net.levels()[self.net.mate[self.net.mate >= 0]].sum())
        return scored > 0 and (self.net.bound() - made) / UNIT <= self.solver.gap * scored

    # ---- floor

    def _raise_floor(self) -> None:
        net = self.net
        lowest, most = best_floor(net, self.watch)
        self.lap("floor")
        if lowest < 0:
            net.clear()
            net.settle(self.watch, "floor")
            return
        self.floor_best = lowest
        # rounded down: the plan that has the best possible lowest score is always among the allowed
        self.floor = int(lowest * self.solver.floor)
        net.set_least(self.floor)
        # nobody is left out for the sake of the sum: that would be a poor way to lift the worst off
        everybody = Quota("floor", "mentee", tuple(self.ready.row_of), at_least=most + len(self.ready.locked))
        self.quotas.append(everybody)
        self.lifts.append(0)
        self._members.append(self._lines(everybody))
        self._begun = False
        self._prove("floor")
        self.lap("floor")

    # ---- quotas

    def _lines(self, quota: Quota) -> Ids:
        places = self.ready.row_of if quota.side == "mentee" else self.ready.column_of
        return np.array(sorted(places[member] for member in quota.members if member in places), np.int64)

    def count(self, at: int) -> int:
        """Return how many pairs a quota's group takes part in, pinned ones included."""
        quota, lines = self.quotas[at], self._members[at]
        partner = self.partners()
        made = np.flatnonzero(partner >= 0)
        return int(np.isin(made if quota.side == "mentee" else partner[made], lines).sum())

    def partners(self) -> Ids:
        """Return each mentee's column, pinned pairs included, −1 without: shape (n,)."""
        found = np.full(len(self.scores.mentee_ids), -1, np.int64)
        found[self.ready.active] = self.net.partners()
        for row, column in self.ready.locked.items():
            found[row] = column
        return found

    def wanted(self, at: int) -> int:
        """Return −1, 0 or 1: too many pairs, as asked, too few."""
        quota, count = self.quotas[at], self.count(at)
        if quota.at_least is not None and count < quota.at_least:
            return 1
        return -1 if quota.at_most is not None and count > quota.at_most else 0

    def _hold_quotas(self) -> None:
        given_up: set[int] = set()
        for _ in range(4 * len(self.lifts) + 4):
            broken = [at for at in range(len(self.lifts)) if at not in given_up and self.wanted(at)]
            if not broken:
                return
            for at in broken:
                if not self._lift(at):
                    given_up.add(at)
            self._prove("quotas", fresh=False)
            self.lap("quotas")

    def _lift(self, at: int) -> bool:
        """Find the least lift (or lowering) with which a quota holds, the others' being what they are."""
        way = self.wanted(at)
        if not way:
            return True
        inside = self.lifts[at]
        step = STEPS // 100 * UNIT
        while True:
            outside = max(-MOST_LIFT, min(MOST_LIFT, inside + way * step))
            self._set_lift(at, outside)
            if self.wanted(at) != way:
                break
            if abs(outside) >= MOST_LIFT:
                return False
            inside, step = outside, step * 4
        while abs(outside - inside) > 1:
            middle = (inside + outside) // 2
            self._set_lift(at, middle)
            if self.wanted(at) == way:
                inside = middle
            else:
                outside = middle
        self._set_lift(at, outside)
        return True

    def _set_lift(self, at: int, lift: int) -> None:
        self.lifts[at] = lift
        rows, cols = np.zeros(len(self.scores.mentee_ids), np.int64), np.zeros(self.net.m, np.int64)
        for quota, lines, each in zip(self.quotas, self._members, self.lifts, strict=True):
            (rows if quota.side == "mentee" else cols)[lines] += each
        self.net.row_bonus = self.base_bonus + rows[self.ready.active]
        self.net.column_bonus = cols
        self.net.revalue()
        self.net.settle(self.watch, "quotas")

    def gap_inside(self) -> int:
        """Return how much better than this plan a plan over all pairs could be at most, in inner units, lots included."""
        gap = self.net.bound() - self.net.worth_made()
        for at, (quota, lift) in enumerate(zip(self.quotas, self.lifts, strict=True)):
            target = quota.at_least if lift > 0 else quota.at_most
            if lift and target is not None:
                gap += lift * (self.count(at) - target)
        return gap


def fused(given: RoundInput, ready: object, most: int) -> tuple[dict[tuple[int, int], int], list[tuple[int, int]]]:
    """Return what wishes add, by (row, column), in millionths; and the wishes for people who are not in the round."""
    row_of, column_of = ready.row_of, ready.column_of  # type: ignore[attr-defined]
    ignored: list[tuple[int, int]] = []
    named: dict[tuple[int, int], list[int | None]] = {}
    for side, wishes, own, others in (
        (0, given.mentee_wishes, row_of, column_of),
        (1, given.mentor_wishes, column_of, row_of),
    ):
        for person, wanted in sorted(wishes.items()):
            if person not in own:
                continue
            for place, other in enumerate(wanted, start=1):
                if other not in others:
                    ignored.append((person, other))
                    continue
                pair = (own[person], others[other]) if side == 0 else (others[other], own[person])
                named.setdefault(pair, [None, None])[side] = place
    spoke = ({row_of[p] for p, w in given.mentee_wishes.items() if w and p in row_of},
             {column_of[p] for p, w in given.mentor_wishes.items() if w and p in column_of})  # fmt: skip
    found: dict[tuple[int, int], int] = {}
    for (row, column), (one, other) in sorted(named.items()):
        if one is not None and other is not None:
            found[row, column] = round(most * 2 / (one + other))
        elif one is not None and column not in spoke[1]:
            found[row, column] = round(most / one)
        elif other is not None and row not in spoke[0]:
            found[row, column] = round(most / other)
        else:
            found[row, column] = 0
    return found, ignored
