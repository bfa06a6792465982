"""A plan told: each pair with its rank, price and the reason it is not the first choice; each mentee without, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._round_input import Ids, digest, input_digest
from ._round_network import UNIT, pair_scores
from ._round_results import LISTED, Hint, Pair, QuotaOutcome, RoundResult, Unmatched

if TYPE_CHECKING:
    from ._round_run import Run

STEPS = 1_000_000
_HOLDERS = 10


class Teller:
    """What is needed to tell the rows of a plan."""

    def __init__(self, run: Run, partner: Ids) -> None:
        self.run, self.partner = run, partner
        self.mentees, self.mentors = run.scores.mentee_ids.tolist(), run.scores.mentor_ids.tolist()
        self.cols, self.best = run.firsts
        self.prices = [round(price / UNIT) / STEPS for price in run.net.price.tolist()]
        self.row_wishes: dict[int, dict[int, int]] = {}
        for (row, column), wish in run.wishes.items():
            if wish:
                self.row_wishes.setdefault(row, {})[column] = wish
        held: dict[int, list[int]] = {}
        for row in np.flatnonzero(partner >= 0).tolist():
            held.setdefault(int(partner[row]), []).append(row)
        self.held = held
        placed = np.flatnonzero(partner >= 0)
        self.base = np.full(len(partner), -1, np.int64)
        self.base[placed] = self._bases(placed)

    def pairs(self) -> tuple[Pair, ...]:
        """Tell the pairs."""
        run, solver = self.run, self.run.solver
        placed = np.flatnonzero(self.partner >= 0)
        base = self.base[placed]
        options = np.minimum(LISTED, (self.cols[placed, :LISTED] >= 0).sum(axis=1)).tolist()
        better = (self.best[placed] > base[:, None]).sum(axis=1)
        width = self.best.shape[1]
        rank = np.where((better < width) & (better < LISTED), better + 1, 0).tolist()
        counts = solver.mode != "stable"
        missed = (run.ready.missed[placed] * round(solver.missed * STEPS) * counts).tolist()
        stay = round(solver.stay * STEPS) * counts
        made: list[Pair] = []
        for at, (row, column, score) in enumerate(
            zip(placed.tolist(), self.partner[placed].tolist(), base.tolist(), strict=True)
        ):
            wishes = self.row_wishes.get(row)
            wish, place, first = 0, rank[at], int(self.cols[row, 0])
            if wishes:
                wish = wishes.get(column, 0)
                place, first = self._ranked(row, column, score + wish, wishes)
            stayed = stay if (row, column) in run.stays else 0
            locked = row in run.ready.locked
            hint = None if place == 1 else self._hint(row, first)
            made.append(
                Pair(
                    self.mentees[row], self.mentors[column], (score + wish) / STEPS, score / STEPS, wish / STEPS, stayed / STEPS,
                    missed[at] / STEPS, locked, place or None, options[at], self.prices[column],
                    self._reason(locked, place, first, wish, stayed, hint), hint,
                )
            )  # fmt: skip
        return tuple(made)

    def unmatched(self) -> tuple[Unmatched, ...]:
        """Tell who is without."""
        run = self.run
        rows = [row for row in np.flatnonzero(self.partner < 0).tolist() if row not in run.ready.left_out]
        told = [Unmatched(self.mentees[row], code, None, 0, None) for row, code in run.ready.left_out.items()]
        if rows:
            told += self._without(np.array(rows, np.int64))
        return tuple(sorted(told))

    def _without(self, rows: Ids) -> list[Unmatched]:
        run, net = self.run, self.run.net
        cols, base = run.scores.best(1, prices=net.shown(), rows=rows)
        local = np.searchsorted(run.ready.active, rows)
        any_allowed = run.scores.best(1, rows=rows)[0][:, 0] >= 0 if len(self.mentors) else np.zeros(len(rows), np.bool_)
        told = []
        for at, row in enumerate(rows.tolist()):
            options = min(LISTED, int((self.cols[row] >= 0).sum()))
            if not options:
                code = "no_allowed_mentor" if run.ready.capacity.any() and not any_allowed[at] else "no_places"
                told.append(Unmatched(self.mentees[row], code, None, 0, None))
                continue
            column = int(cols[at, 0])
            lift, own = int(net.row_bonus[local[at]]), int(run.base_bonus[local[at]])
            lacks = int(net.price[column]) - int(net.column_bonus[column]) - int(base[at, 0]) * UNIT - lift
            short = max(0, -(-lacks // UNIT))
            highest = int(self.best[row, 0]) + max(self.row_wishes.get(row, {}).values(), default=0)
            hint = self._hint(row, column)
            if run.floor is not None and highest < run.floor:
                code = "below_floor"
            elif highest * UNIT + own <= 0:
                code = "below_value"
            elif lift < own:
                code = "quota"
            elif hint.why is None and run.floor is not None and round(hint.score * STEPS) < run.floor:
                code = "below_floor"
            elif hint.why is None:
                code = "below_value"
            else:
                code = "outbid"
            told.append(Unmatched(self.mentees[row], code, hint, options, short / STEPS))
        return told

    def _bases(self, rows: Ids) -> Ids:
        """Return the index's score of the pairs of some rows."""
        run = self.run
        found = np.full(len(self.partner), -1, np.int64)
        seated = np.flatnonzero(run.net.mate >= 0)
        active = run.ready.active[seated]
        same = run.net.column[run.net.mate[seated]] == self.partner[active]
        found[active[same]] = run.net.score[run.net.mate[seated[same]]]
        rest = rows[found[rows] < 0]
        found[rest] = pair_scores(run.scores, rest, self.partner[rest])
        return found[rows]

    def _ranked(self, row: int, column: int, score: int, wishes: dict[int, int]) -> tuple[int, int]:
        """Return the rank of a pair and the first choice where wishes count."""
        known = {c: int(s) for c, s in zip(self.cols[row].tolist(), self.best[row].tolist(), strict=True) if c >= 0}
        strange = [c for c in wishes if c not in known]
        if strange:
            base = pair_scores(self.run.scores, np.full(len(strange), row), np.array(strange, np.int64))
            places = self.run.ready.capacity
            known |= {c: int(s) for c, s in zip(strange, base.tolist(), strict=True) if s >= 0 and places[c]}
        scored = {c: s + wishes.get(c, 0) for c, s in known.items()}
        better = sum(each > score for each in scored.values())
        first = min(scored, key=lambda c: (-scored[c], c), default=column)
        full = (self.cols[row] >= 0).all() and better >= LISTED
        return 0 if full else better + 1, first

    def _hint(self, row: int, column: int) -> Hint:
        at = np.flatnonzero(self.cols[row] == column)
        base = (
            int(self.best[row, at[0]]) if len(at) else int(pair_scores(self.run.scores, np.array([row]), np.array([column]))[0])
        )
        score = base + self.row_wishes.get(row, {}).get(column, 0)
        holders = self.held.get(column, [])
        full = len(holders) >= int(self.run.ready.capacity[column])
        named = tuple(self.mentees[holder] for holder in holders[:_HOLDERS])
        return Hint(self.mentors[column], score / STEPS, self.prices[column], named, self._why(column, holders) if full else None)

    def _why(self, column: int, holders: list[int]) -> str:
        """Say what fills a mentor's places: pins alone, somebody who has no other pair above the floor, or the sum."""
        asked = [row for row in holders if row not in self.run.ready.locked]
        if not asked:
            return "pinned"
        if self.run.floor is not None and any(self._needs(row, column) for row in asked):
            return "floor"
        return "full"

    def _needs(self, row: int, column: int) -> bool:
        others = self.best[row][(self.cols[row] >= 0) & (self.cols[row] != column)]
        return bool((others < self.run.floor).all()) and bool((self.cols[row] < 0).any() or (others < self.run.floor).any())

    def _reason(self, locked: bool, place: int, first: int, wish: int, stayed: int, hint: Hint | None) -> str:
        if locked:
            return "locked"
        if place == 1:
            return "wish" if wish else "first_choice"
        if self.run.solver.mode == "stable":
            return "stable"
        if hint is not None and hint.why is not None:
            return "first_choice_full"
        if stayed:
            return "stayed"
        return "quota" if any(self.run.lifts) else "whole"


def tell(run: Run) -> RoundResult:
    """Tell a run's plan."""
    net, solver = run.net, run.solver
    partner = run.partners()
    teller = Teller(run, partner)
    pairs, unmatched = teller.pairs(), teller.unmatched()
    total = sum(round(pair.score * STEPS) for pair in pairs)
    counted = round(solver.value * STEPS)
    value = total + sum(counted + round((pair.stay + pair.missed) * STEPS) for pair in pairs)
    gap = max(0, (run.gap_inside() + UNIT // 2) // UNIT)
    quotas = tuple(
        QuotaOutcome(
            quota.code, run.count(at), quota.at_least, quota.at_most, run.wanted(at) == 0, round(run.lifts[at] / UNIT) / STEPS
        )
        for at, quota in enumerate(run.given.quotas)
    )
    run.lap("result")
    return RoundResult(
        pairs=pairs,
        unmatched=unmatched,
        total=total / STEPS,
        value=value / STEPS,
        bound=(value + gap) / STEPS,
        gap=gap / total if total else 0.0,
        exact=gap == 0,
        floor=None if run.floor is None else run.floor / STEPS,
        floor_best=None if run.floor_best is None else run.floor_best / STEPS,
        floor_exact=run.floor is not None,
        quotas=quotas,
        prices={teller.mentors[at]: teller.prices[at] for at in np.flatnonzero(net.price > 0).tolist() if teller.prices[at]},
        ignored_wishes=tuple(sorted(set(run.ignored))),
        inputs_hash=input_digest(run.scores, run.given, run.firsts),
        weights_hash=policy_digest(run),
        seed=solver.seed,
        params=solver.get_params(),
        seconds=run.seconds,
        passes=run.passes,
        edges=len(net.column),
    )


def policy_digest(run: Any) -> str:
    """Return the hash of weights, rules and parameters; whether the loops are compiled changes nothing and does not count."""
    params = {name: value for name, value in run.solver.get_params().items() if name != "compiled"}
    return digest(params, repr(getattr(run.scores, "weights", None)), repr(getattr(run.scores, "rules", None)))
