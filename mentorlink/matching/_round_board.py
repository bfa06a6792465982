"""A plan laid out for changes: what it costs to make a pair, one more person, one fewer. Each change is exact and takes
milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._errors import InvalidInput
from ._round_core import FAR
from ._round_input import Ids, RoundError, Scores
from ._round_network import NO_PLACE, UNIT, lots
from ._round_results import Cost, Move

if TYPE_CHECKING:
    from ._round_run import Run

STEPS = 1_000_000
FORCED = 1 << 60
"""Worth of a pair that must be made (and, below 0, of one that must not)."""
LOOKED_AT = 300
"""So many mentees are looked at again after a change."""
_STATE = ("price", "keep", "mate", "taken", "sitting", "unlisted")


class Board:
    """Made by `RoundSolver.board`.

    Notes
    -----
    After each change, mentees for whom a pair that is not listed might now be better are looked at again, a few hundred at
    most. Mostly that
    proves the new plan over all pairs; otherwise it is exact over the listed ones, `proven` is False, and `prove` looks at
    everybody.
    """

    def __init__(self, run: Run) -> None:
        self._run, self._net = run, run.net
        self._ids = self._net.ids.tolist()
        self._local = {mentee: at for at, mentee in enumerate(self._ids)}
        self._gone: set[int] = set()
        self._arrived: dict[int, Scores] = {}
        self._buffers: dict[str, Any] = {}
        self._net.entry()

    def pairs(self) -> dict[int, int]:
        """Return mentee id → mentor id, pinned pairs included."""
        mentors = self._run.scores.mentor_ids
        partner = self._net.partners()
        placed = np.flatnonzero(partner >= 0)
        found = {self._ids[row]: int(mentors[partner[row]]) for row in placed.tolist()}
        for row, column in self._run.ready.locked.items():
            found[int(self._run.scores.mentee_ids[row])] = int(mentors[column])
        return dict(sorted(found.items()))

    @property
    def value(self) -> float:
        """What the plan is worth, pinned pairs aside: scores, value of being matched, bonuses."""
        return self._net.worth_made() // UNIT / STEPS

    @property
    def proven(self) -> bool:
        """Whether the plan is proven best over all pairs."""
        return not len(self._net.unproven())

    def cost_of(self, mentee: int, mentor: int) -> Cost:
        """Say what it costs to make a pair; the board stays as it is.

        Raises
        ------
        RoundError
            ``no_such_pair``: one of them is not in the round.
        """
        net, ready = self._net, self._run.ready
        if (mentee not in self._local and mentee not in ready.row_of) or mentor not in ready.column_of:
            raise RoundError("no_such_pair", mentee=mentee, mentor=mentor)
        column = ready.column_of[mentor]
        if mentee not in self._local or mentee in self._gone:
            return Cost(False, "pinned" if ready.row_of.get(mentee) in ready.locked else "left_out", 0.0, 0.0, (), True)
        row = self._local[mentee]
        base = self._score(mentee, row, column)
        if base < 0:
            return Cost(False, "forbidden", 0.0, 0.0, (), True)
        if not net.places[column]:
            return Cost(False, "pinned_full" if ready.capacity[column] else "no_places", 0.0, 0.0, (), True)
        edge = self._listed(row, column, base)
        saved = {name: getattr(net, name).copy() for name in _STATE}
        worth, before, partner = int(net.worth[edge]), net.worth_made(), net.partners()
        own = int(net.levels()[net.mate[row]]) if net.mate[row] >= 0 else 0
        net.worth[edge] = FORCED
        self._again(row)
        exact = self._repair(LOOKED_AT)
        after = net.worth_made() - FORCED + worth
        moved = self._moved(partner, net.partners(), row)
        net.worth[self._listed(row, column, base)] = worth
        for name, values in saved.items():
            getattr(net, name)[:] = values
        placed = np.flatnonzero(partner >= 0)
        keys = net.row.astype(np.int64) * net.m + net.column
        net.mate[placed] = np.searchsorted(keys, placed * net.m + partner[placed])
        mine = base + int(net._extra(np.array([row * net.m + column]))[0][0])
        return Cost(True, None, (mine - own) / STEPS, min(0, (after - before + UNIT // 2) // UNIT) / STEPS, moved, exact)

    def leave(self, mentee: int) -> tuple[Move, ...]:
        """Take a mentee out and place the others anew. Return who else moves.

        Raises
        ------
        RoundError
            ``no_such_pair``: not on the board (pinned, left out, gone).
        """
        net = self._net
        if mentee not in self._local or mentee in self._gone:
            raise RoundError("no_such_pair", mentee=mentee, mentor=None)
        row = self._local[mentee]
        before = net.partners()
        net.worth[net.start[row] : net.start[row + 1]] = -FORCED
        net.unlisted[row] = -FORCED
        self._gone.add(mentee)
        self._again(row)
        self._repair(LOOKED_AT)
        return self._moved(before, net.partners(), row)

    def arrive(self, scores: Scores, *, missed: int = 0) -> tuple[Move, ...]:
        """Take one more mentee in and place the others anew. Return who moves, the new one first if placed.

        Parameters
        ----------
        scores : Scores
            Of one mentee against the same mentors: ``index.batch([mentee], …)``.
        missed : int, default=0
            Rounds gone without.

        Raises
        ------
        InvalidInput
            ``duplicate_id``: already on the board; ``other_mentors``: the pool has changed since.
        """
        net, run = self._net, self._run
        if len(scores.mentee_ids) != 1 or not np.array_equal(scores.mentor_ids, run.scores.mentor_ids):
            raise InvalidInput("other_mentors")
        mentee = int(scores.mentee_ids[0])
        if mentee in self._local or mentee in run.ready.row_of:
            raise InvalidInput("duplicate_id", id=mentee)
        bonus = (round(run.solver.value * STEPS) + round(run.solver.missed * STEPS * missed)) * UNIT
        before, row = net.partners(), net.n
        self._arrived[row] = scores
        self._append(mentee, row, bonus)
        self._repair(LOOKED_AT)
        after = net.partners()
        moved = self._moved(before, after[:row], row)
        placed = int(after[row])
        mentor = int(run.scores.mentor_ids[placed]) if placed >= 0 else None
        return (Move(mentee, None, mentor), *moved) if mentor is not None else moved

    def prove(self) -> bool:
        """Look for pairs beyond the listed ones until no more helps, and place anew. Return whether the plan is now proven
        best: always."""
        return self._repair(self._net.n)

    def _repair(self, most: int) -> bool:
        """Look again at mentees for whom an unlisted pair might be better, as long as they are few. Return whether none is
        left."""
        net = self._net
        k = self._run.solver.more
        while True:
            rows = net.unproven()
            if not len(rows):
                return True
            if len(rows) > most:
                return False
            k = min(net.m, 2 * k)
            arrived = [row for row in rows.tolist() if row in self._arrived]
            own = rows[rows < len(net.rows)]
            listed = len(net.column)
            net.scan(own, k, self._run.watch, "proof")
            for row in arrived:
                least, shown = net.least_useful(np.array([row])), net.shown()
                found = self._arrived[row].best(k, prices=shown, rows=np.zeros(1, np.int64), least=least)
                net.add(*net.useful(np.array([row]), *found, shown, least))
            if len(net.column) != listed:
                for row in rows.tolist():
                    edges = slice(net.start[row], net.start[row + 1])
                    if int(np.max(net.worth[edges] - net.price[net.column[edges]], initial=0)) > net.keep[row]:
                        self._again(row)

    def _score(self, mentee: int, row: int, column: int) -> int:
        place = self._run.ready.row_of.get(mentee)
        if place is not None:
            return int(self._run.scores.scores(place)[column])
        net = self._net
        edges = net.column[net.start[row] : net.start[row + 1]]
        at = np.flatnonzero(edges == column)
        return int(net.score[net.start[row] + at[0]]) if len(at) else -1

    def _listed(self, row: int, column: int, base: int) -> int:
        """Return the number of a pair's edge, listed now if need be."""
        net = self._net
        at = np.flatnonzero(net.column[net.start[row] : net.start[row + 1]] == column)
        if not len(at):
            least, net.least = net.least, 0
            net.add(np.array([row]), np.array([column], np.int32), np.array([base], np.int32))
            net.least = least
            self._buffers.clear()
            at = np.flatnonzero(net.column[net.start[row] : net.start[row + 1]] == column)
        return int(net.start[row] + at[0])

    def _again(self, row: int) -> None:
        """Place one mentee anew, then fill the place left behind."""
        net = self._net
        was = net.price.copy()
        edges = slice(net.start[row], net.start[row + 1])
        left = net.mate[row]
        old = int(net.column[left]) if left >= 0 else -1
        best = int(np.max(net.worth[edges] - net.price[net.column[edges]], initial=0))
        net.keep[row] = best
        if (left >= 0 and net.worth[left] - net.price[old] < best) or (left >= 0 and net.worth[left] < 0):
            net.kern.leave(row, old, net.seat, net.taken, net.sitting)
            net.mate[row] = -1
        net.kern.place(
            row, row + 1, 2, net.start, net.column, net.worth, net.row, net.price, net.keep, net.seat, net.taken, net.sitting,
            net.mate, net.far, net.via,
        )  # fmt: skip
        if old >= 0 and net.price[old] > 0 and net.taken[old] < net.places[old]:
            entry, edge = net.entry()
            net.kern.fill(
                old, old + 1, 1 << 30, entry, edge, net.column, net.worth, net.row, net.price, net.keep, net.seat, net.taken,
                net.sitting, net.mate, net.far, net.via, net.near,
            )  # fmt: skip
        net.weaken(was)

    def _append(self, mentee: int, row: int, bonus: int) -> None:
        """Write a new last row, and place it."""
        net = self._net
        for name, value in (("keep", 0), ("mate", -1), ("near", FAR), ("row_bonus", bonus), ("unlisted", FAR), ("ids", mentee)):
            self._grow(name, np.array([value]))
        net.n = row + 1
        shown = net.shown()
        k = min(2 * self._run.solver.more, net.m)
        least = np.array([-NO_PLACE])
        cols, base = self._arrived[row].best(k, prices=shown, rows=np.zeros(1, np.int64))
        _, kept, score = net.useful(np.array([row]), cols, base, shown, least)
        good = score >= net.least
        order = np.argsort(kept[good])
        kept, score = kept[good][order], score[good][order]
        drawn = lots(np.full(len(kept), mentee), self._run.scores.mentor_ids[kept], net.seed, net.lot_bits)
        self._grow("column", kept)
        self._grow("score", score)
        self._grow("worth", score.astype(np.int64) * UNIT + drawn + bonus + net.column_bonus[kept])
        self._grow("row", np.full(len(kept), row, np.int32))
        self._grow("start", np.array([len(net.column)]))
        net._entry = net._level = None
        self._ids.append(mentee)
        self._local[mentee] = row
        self._again(row)

    def _grow(self, name: str, values: Any) -> None:
        """Append to one of the network's arrays, in room kept for it."""
        net = self._net
        old = getattr(net, name)
        room = self._buffers.get(name)
        if room is None or old.base is not room or len(old) + len(values) > len(room):
            room = np.empty(len(old) + len(old) // 64 + 4096, old.dtype)
            room[: len(old)] = old
            self._buffers[name] = room
        room[len(old) : len(old) + len(values)] = values
        setattr(net, name, room[: len(old) + len(values)])

    def _moved(self, before: Ids, after: Ids, but: int) -> tuple[Move, ...]:
        mentors = self._run.scores.mentor_ids
        changed = [row for row in np.flatnonzero(before != after).tolist() if row != but]
        named = [tuple(int(mentors[column]) if column >= 0 else None for column in (before[row], after[row])) for row in changed]
        return tuple(sorted(Move(self._ids[row], *both) for row, both in zip(changed, named, strict=True)))
