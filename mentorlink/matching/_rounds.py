"""The round: who is paired with whom, so that the whole gains most, with a proof over all pairs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ._base import Estimator
from ._errors import InvalidParameter
from ._round_board import Board
from ._round_input import RoundInput, Scores
from ._round_network import Watch
from ._round_results import Cost, RoundResult, Stop
from ._round_run import Run
from ._round_stable import stable_plan

_RANGES = {"value": (-1, 5), "floor": (0, 1), "stay": (0, 1), "missed": (0, 0.5), "wish": (0, 1), "gap": (0, 1)}

Progress = Callable[[str, float], None]
Cancelled = Callable[[], bool]


class RoundSolver(Estimator):
    """Pair mentees with mentors who have a number of places each, so that the sum over all pairs is as great as can be.

    A pair counts ``score + value + bonuses``, where the score is the index's, plus what the wishes of both add:
    ``wish · 2 / (r + q)`` if the mentor is the mentee's r-th wish and the mentee the mentor's q-th (the harmonic mean of 1/r
    and 1/q), ``wish / r``
    if only one side has named any wishes, 0 if the other side has named others. A pair that does not count more than 0 is not
    made.

    Parameters
    ----------
    value : float, default=0
        What being matched is worth by itself, −1 … 5. Below 0: only pairs whose score is greater than so much ("best fit");
        the greater,
        the more people are matched at the cost of fit ("most people").
    floor : float, default=0
        0 … 1: no pair may be below this share of the best possible lowest score, which is the highest lowest score of any plan
        that
        matches as many as can be matched at all; and so many are matched, whatever `value` says, as far as quotas allow. Above
        it the sum is
        the greatest. 0: off. Pinned pairs are not asked.
    stay : float, default=0.01
        Bonus of a pair that stood in the last run, 0 … 1.
    missed : float, default=0.05
        Bonus, for each round gone without (three at most), of whoever is matched, 0 … 0.5.
    wish : float, default=0.1
        What a wish of both for each other adds at most, 0 … 1.
    mode : {"best", "stable"}, default="best"
        ``"stable"``: deferred acceptance (Gale & Shapley 1962), mentees asking, places by capacity; each side orders by its own
        wishes, then by score, then by lot. No two people would both rather have each other. Value, floor, stay, missed and
        quotas do
        not count there.
    gap : float, default=0
        Stop looking once no plan can be better by more than this share of the total score. 0: until proven best.
    candidates : int, default=16
        Pairs of each mentee to begin with.
    more : int, default=16
        Pairs of each mentee fetched at the prices found, in each later pass.
    seed : int, default=0
        Of the lots between plans of equal worth.
    compiled : bool or None
        None: numba if it is installed and the round is large enough for loading it to pay (seconds, once in a process). Both
        run the
        same source on the same whole numbers: equal pairs, equal prices.

    Notes
    -----
    *Order*: everything goes by id, ties by lots drawn from the two ids and the seed; the same data in another order gives the
    same
    pairs. The lots are part of what is made greatest (less than a millionth in sum), so the best plan is a single one but for
    odds of
    less than (listed pairs) / 2**(33 − bits of n); a warm start, the slider and the compiled loops then all end at it.

    *Memory*: that of the scores, and some 40 bytes for each listed pair (20 to 40 a mentee), see `Network`. Candidates are
    fetched 4 million pairs at
    a time.

    *Special cases*: no mentors, no mentees, nobody allowed, no places: an empty plan, everybody among the unmatched with a
    code. All
    tied: as many pairs as there are places, by lot.

    Examples
    --------
    >>> from mentorlink.matching import DenseScores, RoundInput, RoundSolver
    >>> scores = DenseScores([1, 2, 3], [7, 8], [[900_000, 800_000], [880_000, 300_000], [500_000, 100_000]])
    >>> result = RoundSolver().solve(scores, RoundInput(capacity={7: 1, 8: 1}))
    >>> [(pair.mentee, pair.mentor, pair.reason) for pair in result.pairs], result.gap
    ([(1, 8, 'first_choice_full'), (2, 7, 'first_choice')], 0.0)
    >>> [(one.mentee, one.code) for one in result.unmatched]
    [(3, 'outbid')]
    """

    def __init__(
        self,
        *,
        value: float = 0.0,
        floor: float = 0.0,
        stay: float = 0.01,
        missed: float = 0.05,
        wish: float = 0.1,
        mode: str = "best",
        gap: float = 0.0,
        candidates: int = 16,
        more: int = 16,
        seed: int = 0,
        compiled: bool | None = None,
    ) -> None:
        self.value = value
        self.floor = floor
        self.stay = stay
        self.missed = missed
        self.wish = wish
        self.mode = mode
        self.gap = gap
        self.candidates = candidates
        self.more = more
        self.seed = seed
        self.compiled = compiled

    def solve(
        self,
        scores: Scores,
        given: RoundInput,
        *,
        start: RoundResult | None = None,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> RoundResult:
        """Run the round.

        Parameters
        ----------
        scores : Scores
            ``index.batch(mentees, rules=…, weights=…, bans=given.bans)``, with rules that do not ask for room; or `DenseScores`.
        given : RoundInput
        start : RoundResult or None
            A plan of much the same people: its prices are where to begin. Same answer, sooner.
        progress : callable (stage, done) or None
            `stage` one of `ROUND_STAGES`, `done` 0 … 1 and never falling.
        cancelled : callable () → bool, or None
            Asked several times a second.

        Returns
        -------
        RoundResult

        Raises
        ------
        RoundError
            A contradiction in what is asked: its docstring lists the codes.
        RoundCancelled
            `cancelled` said so. Nothing is left behind.
        InvalidInput, InvalidParameter
        """
        self._check()
        watch = Watch(progress, cancelled)
        if self.mode == "stable":
            return stable_plan(self, scores, given, watch)
        run = Run(self, scores, given, watch)
        run.find(start)
        return run.result()

    def slider(
        self,
        scores: Scores,
        given: RoundInput,
        values: Sequence[float] = (-0.5, 0.0, 1.0, 3.0),
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> tuple[Stop, ...]:
        """Run the round for several values of being matched, each beginning at the prices of the one before.

        Parameters
        ----------
        values : sequence of float
            In the order of the stops.

        Returns
        -------
        tuple of Stop
            One for each value; the first is compared with nothing.

        Raises
        ------
        As `solve`; InvalidParameter also in stable mode, in which the value does not count.
        """
        if self.mode == "stable":
            raise InvalidParameter("bad_parameter", name="mode", value=self.mode)
        stops: list[Stop] = []
        before: RoundResult | None = None
        for at, value in enumerate(values):
            solver = type(self)(**{**self.get_params(), "value": value})

            def told(stage: str, done: float, at: int = at) -> None:
                if progress is not None:
                    progress(stage, (at + done) / len(values))

            result = solver.solve(scores, given, start=before, progress=told, cancelled=cancelled)
            stops.append(_compared(value, result, before))
            before = result
        return tuple(stops)

    def board(self, scores: Scores, given: RoundInput, result: RoundResult) -> Board:
        """Lay a plan out for changes: what a pair would cost, one more person, one fewer.

        Parameters
        ----------
        result : RoundResult
            Of this solver, these scores and this input.
        """
        self._check()
        run = Run(self, scores, given, Watch(None, None))
        run.find(result)
        return Board(run)

    def cost_of(self, scores: Scores, given: RoundInput, result: RoundResult, mentee: int, mentor: int) -> Cost:
        """Say what it costs to make a pair. For several, use `board`."""
        return self.board(scores, given, result).cost_of(mentee, mentor)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def _check(self) -> None:
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if (
                isinstance(value, bool)
                or not isinstance(value, int | float)
                or not math.isfinite(value)
                or not least <= value <= most
            ):
                raise InvalidParameter("bad_parameter", name=name, value=repr(value)[:40])
        for name in ("candidates", "more", "seed"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < (0 if name == "seed" else 1):
                raise InvalidParameter("bad_parameter", name=name, value=repr(value)[:40])
        if self.mode not in ("best", "stable"):
            raise InvalidParameter("bad_parameter", name="mode", value=repr(self.mode)[:40])
        if self.compiled not in (None, True, False):
            raise InvalidParameter("bad_parameter", name="compiled", value=repr(self.compiled)[:40])


def _compared(value: float, result: RoundResult, before: RoundResult | None) -> Stop:
    if before is None:
        return Stop(value, result, (), (), (), ())
    old = {pair.mentee: pair.score for pair in before.pairs}
    new = {pair.mentee: pair.score for pair in result.pairs}
    changes = sorted(((mentee, round(new[mentee] - old[mentee], 6)) for mentee in old.keys() & new.keys()), key=_greatest)
    return Stop(
        value,
        result,
        enters=tuple(sorted(new.keys() - old.keys())),
        leaves=tuple(sorted(old.keys() - new.keys())),
        gains=tuple(change for change in changes if change[1] > 0),
        loses=tuple(change for change in changes if change[1] < 0),
    )


def _greatest(change: tuple[int, float]) -> tuple[float, int]:
    return -abs(change[1]), change[0]
