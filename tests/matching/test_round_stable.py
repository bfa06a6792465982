"""Stable mode: nobody could do better with somebody who would also rather have them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorlink.matching import RoundSolver, blocking_pairs
from mentorlink.matching._round_results import RoundResult

from .rounds import Case, cases, check_sound

thorough = settings(max_examples=60, deadline=None)
pytestmark = pytest.mark.one_database
SOLVER = RoundSolver(mode="stable", compiled=False, candidates=2)


@thorough
@given(cases())
def test_no_pair_blocks_a_plan_by_score(case: Case) -> None:
    result = SOLVER.solve(case.scores(), case.given())
    check_sound(case, result)
    assert blocking_pairs(case.scores(), case.given(), result) == 0
    assert math.isnan(result.gap)


@thorough
@given(cases(most=6), st.randoms(use_true_random=False))
def test_no_pair_blocks_a_plan_by_the_wishes_of_both_sides(case: Case, random: object) -> None:
    wish_mentors = {mentee: random.sample(case.mentors, min(2, len(case.mentors))) for mentee in case.mentees[::2]}  # type: ignore[attr-defined]
    wish_mentees = {mentor: random.sample(case.mentees, min(2, len(case.mentees))) for mentor in case.mentors[::2]}  # type: ignore[attr-defined]
    result = SOLVER.solve(case.scores(), case.given(mentee_wishes=wish_mentors, mentor_wishes=wish_mentees))
    check_sound(case, result)
    assert not list(blocking_by_wishes(case, result, wish_mentors, wish_mentees))


def blocking_by_wishes(case: Case, result: RoundResult, of_mentees: dict, of_mentors: dict):  # type: ignore[no-untyped-def,type-arg]
    """Pairs of whom each strictly prefers the other: own wish first, then score."""

    def wants(wishes: dict, who: int, whom: int, score: int) -> tuple[int, int]:  # type: ignore[type-arg]
        named = wishes.get(who, [])
        return (len(named) - named.index(whom) if whom in named else 0), score

    held: dict[int, list[int]] = {}
    for mentee, mentor in result.mentor_of.items():
        held.setdefault(mentor, []).append(mentee)
    for row, mentee in enumerate(case.mentees):
        for column, mentor in enumerate(case.mentors):
            score = int(case.table[row, column])
            if score < 0 or result.mentor_of.get(mentee) == mentor or not case.capacity[column]:
                continue
            now = result.mentor_of.get(mentee)
            better = now is None or wants(of_mentees, mentee, mentor, score) > wants(
                of_mentees, mentee, now, int(case.table[row, now - 200])
            )
            holders = held.get(mentor, [])
            room = len(holders) < case.capacity[column]
            gladly = room or any(
                wants(of_mentors, mentor, mentee, score) > wants(of_mentors, mentor, other, int(case.table[other - 100, column]))
                for other in holders
            )
            if better and gladly:
                yield mentee, mentor


def test_stable_pairs_sum_to_no_more_than_the_best_plan_and_a_pin_is_kept() -> None:
    rng = np.random.default_rng(1)
    case = Case(rng.integers(0, 1_000_000, (30, 10)), rng.integers(1, 4, 10))
    stable = SOLVER.solve(case.scores(), case.given(locks=[(100, 200)]))
    best = RoundSolver(compiled=False).solve(case.scores(), case.given(locks=[(100, 200)]))
    assert stable.mentor_of[100] == 200
    assert stable.total <= best.total
    assert not stable.exact


def test_stable_mode_gives_the_same_plan_in_any_order() -> None:
    case = Case(np.full((12, 5), 500_000), np.full(5, 2))
    shuffled = type(case.scores())(case.mentees[::-1], case.mentors[::-1], case.table)
    assert SOLVER.solve(case.scores(), case.given()).pairs == SOLVER.solve(shuffled, case.given()).pairs
