"""Changing a plan: what a pair costs, one more person, one fewer, each against solving from the beginning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorlink.matching import DenseScores, InvalidInput, RoundError, RoundInput, RoundSolver, _round_run

from .rounds import Case, best_total, cases

brief = settings(max_examples=40, deadline=None)
pytestmark = pytest.mark.one_database
SOLVER = RoundSolver(compiled=False, candidates=3, more=3)
MANY = Case(np.random.default_rng(3).integers(0, 1_000_000, (60, 20)), np.random.default_rng(4).integers(0, 5, 20))


@pytest.fixture(autouse=True)
def few_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_round_run, "ALL_LISTED", 12)


@brief
@given(cases(most=8), st.data())
def test_the_cost_of_a_pair_is_the_exact_loss_of_the_whole_when_it_is_forced(case: Case, data: st.DataObject) -> None:
    if not case.table.size:
        return
    row, column = data.draw(st.integers(0, len(case.mentees) - 1)), data.draw(st.integers(0, len(case.mentors) - 1))
    result = SOLVER.solve(case.scores(), case.given())
    board = SOLVER.board(case.scores(), case.given(), result)
    before = board.pairs()
    cost = board.cost_of(100 + row, 200 + column)
    assert board.pairs() == before == result.mentor_of
    if case.table[row, column] < 0 or not case.capacity[column]:
        assert not cost.allowed
        assert cost.code == ("forbidden" if case.table[row, column] < 0 else "no_places")
        return
    rest, left = np.delete(case.table, row, axis=0), case.capacity.copy()
    left[column] -= 1
    forced = int(case.table[row, column]) + best_total(rest, left)
    found = round(cost.optimum * 1_000_000)
    best = best_total(case.table, case.capacity)
    assert cost.exact
    assert found == forced - best
    own = next((round(pair.score * 1_000_000) for pair in result.pairs if pair.mentee == 100 + row), 0)
    assert round(cost.direct * 1_000_000) == case.table[row, column] - own
    after = {**before, **{move.mentee: move.after for move in cost.moved}, 100 + row: 200 + column}
    worth = sum(int(case.table[mentee - 100, mentor - 200]) for mentee, mentor in after.items() if mentor is not None)
    assert worth == forced


def test_the_pair_that_stands_costs_nothing() -> None:
    result = SOLVER.solve(MANY.scores(), MANY.given())
    board = SOLVER.board(MANY.scores(), MANY.given(), result)
    for pair in result.pairs[:10]:
        cost = board.cost_of(pair.mentee, pair.mentor)
        assert (cost.direct, cost.optimum, cost.moved) == (0, 0, ())


def test_pinned_left_out_and_unknown_people_are_told_apart() -> None:
    case = Case(np.full((3, 2), 500_000), np.array([1, 1]))
    given_ = case.given(locks=[(100, 200)], left_out={101: "withdrawn"})
    result = SOLVER.solve(case.scores(), given_)
    board = SOLVER.board(case.scores(), given_, result)
    assert board.cost_of(100, 201).code == "pinned"
    assert board.cost_of(101, 201).code == "left_out"
    assert board.cost_of(102, 200).code == "pinned_full"
    assert board.pairs() == {100: 200, 102: 201}
    with pytest.raises(RoundError, match="no_such_pair"):
        board.cost_of(999, 200)
    with pytest.raises(RoundError, match="no_such_pair"):
        board.leave(100)


@pytest.mark.parametrize("compiled", [False, True])
def test_arrivals_one_by_one_end_at_the_best_plan_of_all(compiled: bool) -> None:
    if compiled:
        pytest.importorskip("numba")
    solver = RoundSolver(compiled=compiled, candidates=3, more=3)
    first = Case(MANY.table[:40], MANY.capacity)
    board = solver.board(first.scores(), first.given(), solver.solve(first.scores(), first.given()))
    for row in range(40, 60):
        one = DenseScores([100 + row], MANY.mentors, MANY.table[row : row + 1])
        moved = board.arrive(one)
        assert board.proven
        whole = best_total(MANY.table[: row + 1], MANY.capacity)
        assert round(board.value * 1_000_000) == whole
        assert all(move.before != move.after for move in moved)
    assert board.pairs() == solver.solve(MANY.scores(), MANY.given()).mentor_of


@pytest.mark.parametrize("compiled", [False, True])
def test_departures_free_places_for_others(compiled: bool) -> None:
    if compiled:
        pytest.importorskip("numba")
    solver = RoundSolver(compiled=compiled, candidates=3, more=3)
    result = solver.solve(MANY.scores(), MANY.given())
    board = solver.board(MANY.scores(), MANY.given(), result)
    gone = [pair.mentee for pair in result.pairs[::4]]
    for mentee in gone:
        board.leave(mentee)
        assert mentee not in board.pairs()
        assert board.proven
        rest = [row for row in range(60) if 100 + row not in gone[: gone.index(mentee) + 1]]
        assert round(board.value * 1_000_000) == best_total(MANY.table[rest], MANY.capacity)


def test_somebody_can_leave_after_others_have_arrived() -> None:
    first = Case(MANY.table[:59], MANY.capacity)
    result = SOLVER.solve(first.scores(), first.given())
    board = SOLVER.board(first.scores(), first.given(), result)
    board.arrive(DenseScores([159], MANY.mentors, MANY.table[59:]))
    leaver = result.pairs[0].mentee
    board.leave(leaver)
    rest = [row for row in range(60) if 100 + row != leaver]
    assert board.prove()
    assert round(board.value * 1_000_000) == best_total(MANY.table[rest], MANY.capacity)


def test_an_arrival_who_is_there_already_or_of_another_pool_is_refused() -> None:
    board = SOLVER.board(MANY.scores(), MANY.given(), SOLVER.solve(MANY.scores(), MANY.given()))
    with pytest.raises(InvalidInput, match="duplicate_id"):
        board.arrive(DenseScores([100], MANY.mentors, MANY.table[:1]))
    with pytest.raises(InvalidInput, match="other_mentors"):
        board.arrive(DenseScores([999], MANY.mentors[1:], MANY.table[:1, 1:]))


def test_the_cost_of_a_pair_is_found_without_a_board_too() -> None:
    case = Case(np.array([[900_000, 800_000], [880_000, 300_000]]), np.array([1, 1]))
    result = SOLVER.solve(case.scores(), RoundInput(case.places))
    cost = SOLVER.cost_of(case.scores(), RoundInput(case.places), result, 100, 200)
    assert (cost.allowed, cost.direct, cost.optimum, cost.exact) == (True, 0.1, -0.48, True)
    assert [tuple(move) for move in cost.moved] == [(101, 200, 201)]
