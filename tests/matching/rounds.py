"""Small rounds for hypothesis to draw, and oracles that share nothing with the solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, linear_sum_assignment, milp

from mentorlink.matching import DenseScores, RoundInput, RoundResult


@dataclass(frozen=True)
class Case:
    """Scores by position; mentees are 100, 101, …, mentors 200, 201, …; below 0 is forbidden."""

    table: np.ndarray
    capacity: np.ndarray

    @property
    def mentees(self) -> list[int]:
        return [100 + row for row in range(self.table.shape[0])]

    @property
    def mentors(self) -> list[int]:
        return [200 + column for column in range(self.table.shape[1])]

    @property
    def places(self) -> dict[int, int]:
        return dict(zip(self.mentors, self.capacity.tolist(), strict=True))

    def scores(self, bans: frozenset[tuple[int, int]] = frozenset()) -> DenseScores:
        return DenseScores(self.mentees, self.mentors, self.table, bans=bans)

    def given(self, **more: object) -> RoundInput:
        return RoundInput(capacity=self.places, **more)  # type: ignore[arg-type]


@st.composite
def cases(draw: st.DrawFn, most: int = 9, tight: bool = False) -> Case:
    """Few values, so that scores tie often; now and then many."""
    n, m = draw(st.integers(0, most)), draw(st.integers(0, most))
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    highest = draw(st.sampled_from([2, 10, 1_000_000]))
    table = rng.integers(0, highest + 1, (n, m))
    table[rng.random((n, m)) < draw(st.sampled_from([0, 0.2, 0.6]))] = -1
    capacity = rng.integers(0, 2 if tight else 4, m)
    return Case(table, capacity)


def best_total(table: np.ndarray, capacity: np.ndarray) -> int:
    """The greatest sum of scores: scipy's dense assignment with one column for each place; 0 stands for staying out."""
    places = np.repeat(np.maximum(table, 0), capacity, axis=1)
    rows, columns = linear_sum_assignment(places, maximize=True)
    return int(places[rows, columns].sum())


def best_value(
    worth: np.ndarray, allowed: np.ndarray, capacity: np.ndarray, *limits: tuple[np.ndarray, float, float]
) -> int | None:
    """The greatest sum of `worth` over allowed pairs within capacity and within limits (which pairs count, at least, at most),
    by integer programming. None: no such plan."""
    n, m = worth.shape
    if not n * m:
        return 0 if all(least <= 0 for _, least, _ in limits) else None
    each_row = np.kron(np.eye(n), np.ones(m))
    each_column = np.kron(np.ones(n), np.eye(m))
    constraints = [LinearConstraint(each_row, 0, 1), LinearConstraint(each_column, 0, capacity)]
    constraints += [LinearConstraint(counted.ravel().astype(float)[None], least, most) for counted, least, most in limits]
    found = milp(
        -worth.ravel().astype(float),
        integrality=np.ones(n * m),
        bounds=(0, allowed.ravel().astype(float)),
        constraints=constraints,
    )
    return round(-found.fun) if found.success else None


def most_matched(table: np.ndarray, capacity: np.ndarray, least: int = 0) -> int:
    """How many mentees can have a mentor over pairs of at least this score."""
    allowed = table >= least
    return best_total(allowed.astype(int), capacity)


def highest_floor(table: np.ndarray, capacity: np.ndarray) -> int | None:
    """The best possible lowest score of a plan that matches as many as can be."""
    most = most_matched(table, capacity)
    good = [int(level) for level in np.unique(table[table >= 0]) if most_matched(table, capacity, int(level)) == most]
    return max(good) if most and good else None


def total(result: RoundResult) -> int:
    """Sum of the scores in millionths."""
    return sum(round(pair.score * 1_000_000) for pair in result.pairs)


def check_sound(case: Case, result: RoundResult) -> None:
    """Nobody twice, nobody forbidden, no mentor over capacity, everybody told."""
    load = np.zeros(len(case.mentors), int)
    for pair in result.pairs:
        score = case.table[pair.mentee - 100, pair.mentor - 200]
        assert score >= 0
        assert round(pair.base * 1_000_000) == score
        assert abs(pair.base + pair.wish - pair.score) < 1e-9
        load[pair.mentor - 200] += 1
    assert (load <= case.capacity).all()
    assert sorted([pair.mentee for pair in result.pairs] + [each.mentee for each in result.unmatched]) == case.mentees
