"""Rounds that make no sense, or hardly any: a clear error, or a sensible answer."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from mentorlink.matching import (
    DenseScores,
    InvalidInput,
    InvalidParameter,
    MatchingError,
    Mentee,
    Mentor,
    MentorIndex,
    Quota,
    RoundError,
    RoundInput,
    RoundSolver,
    Rules,
)

pytestmark = pytest.mark.one_database
SOLVER = RoundSolver(compiled=False)
SCORES = DenseScores([1, 2, 3], [11, 12], [[500_000, -1], [400_000, 300_000], [200_000, 100_000]])
PLACES = {11: 1, 12: 2}


@pytest.mark.parametrize(
    ("given", "code", "facts"),
    [
        ({"locks": [(2, 11), (2, 12)]}, "lock_twice", {"mentee": 2, "mentors": (11, 12)}),
        ({"locks": [(1, 12)]}, "lock_forbidden", {"mentee": 1, "mentor": 12}),
        ({"locks": [(9, 12)]}, "lock_unknown", {"mentee": 9, "mentor": 12}),
        ({"locks": [(1, 99)]}, "lock_unknown", {"mentee": 1, "mentor": 99}),
        ({"locks": [(1, 11)], "bans": [(1, 11)]}, "lock_and_ban", {"mentee": 1, "mentor": 11}),
        ({"locks": [(1, 11), (2, 11)]}, "locks_over_capacity", {"mentor": 11, "locks": 2, "capacity": 1}),
        ({"locks": [(1, 11)], "left_out": {1: "withdrawn"}}, "lock_left_out", {"mentee": 1, "mentor": 11}),
        ({"capacity": {11: -1}}, "bad_capacity", {"mentor": 11, "value": "-1"}),
        ({"capacity": {11: 1.5}}, "bad_capacity", {"mentor": 11, "value": "1.5"}),
        ({"capacity": {11: float("nan")}}, "bad_capacity", {"mentor": 11, "value": "nan"}),
        ({"mentee_wishes": {1: [11, 1]}}, "wish_for_oneself", {"id": 1}),
        ({"mentor_wishes": {11: [2, 2]}}, "wish_twice", {"id": 11, "wish": 2}),
        ({"mentee_wishes": {1: 3}}, "bad_wishes", {"id": 1, "value": "3"}),
        ({"mentor_wishes": {11: ["2"]}}, "bad_wishes", {"id": 11, "value": "['2']"}),
        ({"quotas": [3]}, "bad_quota", {"quota": "3", "reason": "not_a_quota"}),
        ({"missed": {1: -1}}, "not_a_number", {"id": 1, "column": "missed", "value": "-1"}),
        ({"quotas": [Quota("a", "mentee", {1}, at_least=3, at_most=2)]}, "bad_quota", {"quota": "a", "reason": "crossed"}),
        ({"quotas": [Quota("a", "nobody", {1}, at_least=3)]}, "bad_quota", {"quota": "a", "reason": "side"}),  # type: ignore[arg-type]
        ({"quotas": [Quota("a", "mentee", {1}, at_least=-3)]}, "bad_quota", {"quota": "a", "reason": "at_least"}),
    ],
)
def test_a_contradiction_is_told_with_its_facts(given: dict[str, Any], code: str, facts: dict[str, Any]) -> None:
    assert SOLVER.solve(SCORES, RoundInput(PLACES)).pairs
    with pytest.raises(MatchingError) as told:
        SOLVER.solve(SCORES, RoundInput(**{"capacity": PLACES, **given}))
    assert (told.value.code, told.value.facts) == (code, facts)
    assert pickle.loads(pickle.dumps(told.value)).facts == facts


@pytest.mark.parametrize(
    "parameters",
    [
        {"value": float("nan")}, {"value": -2}, {"value": 6}, {"floor": 1.1}, {"floor": -0.1}, {"stay": 2}, {"missed": 1},
        {"wish": "much"}, {"gap": -1}, {"mode": "greedy"}, {"seed": -1}, {"seed": 1.5}, {"candidates": 0}, {"more": True},
        {"compiled": "yes"},
    ],
)  # fmt: skip
def test_a_parameter_out_of_range_is_refused(parameters: dict[str, Any]) -> None:
    with pytest.raises(InvalidParameter) as told:
        RoundSolver(**parameters).solve(SCORES, RoundInput(PLACES))
    assert told.value.code == "bad_parameter"
    assert told.value.facts["name"] in parameters


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (([1, 1], [11], [[1], [2]]), "duplicate_id"),
        (([1, 2], [11, 11], [[1, 1], [2, 2]]), "duplicate_id"),
        (([1.5], [11], [[1]]), "bad_id"),
        (([1], [11, 12], [[1]]), "length_mismatch"),
        (([1], [11], [[float("nan")]]), "not_a_number"),
        (([1], [11], [[0.5]]), "bad_score"),
        (([1], [11], [[3_000_000]]), "bad_score"),
    ],
)
def test_scores_that_cannot_be_read_are_refused(arguments: tuple[Any, ...], code: str) -> None:
    with pytest.raises((InvalidInput, RoundError)) as told:
        DenseScores(*arguments)
    assert told.value.code == code


@pytest.mark.parametrize("mode", ["best", "stable"])
@pytest.mark.parametrize("floor", [0, 0.9])
@pytest.mark.parametrize(
    ("mentees", "mentors", "table", "capacity", "pairs", "codes"),
    [
        ([], [], [], {}, {}, []),
        ([], [11], [], {11: 1}, {}, []),
        ([1, 2], [], [], {}, {}, ["no_places", "no_places"]),
        ([1], [11], [[500_000]], {11: 1}, {1: 11}, []),
        ([1], [11], [[0]], {11: 1}, {1: 11}, []),
        ([1], [11], [[-1]], {11: 1}, {}, ["no_allowed_mentor"]),
        ([1], [11], [[500_000]], {11: 0}, {}, ["no_places"]),
        ([1], [11], [[500_000]], {}, {}, ["no_places"]),
        ([1, 2], [11, 12], [[-1, -1], [-1, 5]], {11: 5, 12: 10_000}, {2: 12}, ["no_allowed_mentor"]),
    ],
)  # fmt: skip
def test_small_and_empty_rounds_have_sensible_answers(
    mode: str, floor: float, mentees: Any, mentors: Any, table: Any, capacity: Any, pairs: Any, codes: Any
) -> None:
    result = RoundSolver(compiled=False, mode=mode, floor=floor).solve(DenseScores(mentees, mentors, table), RoundInput(capacity))
    assert result.mentor_of == pairs
    assert [each.code for each in result.unmatched] == codes
    assert result.gap == 0 or mode == "stable"


def test_a_person_who_is_both_is_never_paired_with_themselves() -> None:
    index = MentorIndex(rules=Rules(with_room=False)).fit([Mentor(1, {"A": 5}), Mentor(2, {"A": 3})])
    mentees = [Mentee(1, {"A": 1}, {"A": 5}), Mentee(2, {"A": 1}, {"A": 5})]
    result = SOLVER.solve(index.batch(mentees), RoundInput({1: 2, 2: 2}))
    assert result.mentor_of == {1: 2, 2: 1}


def test_a_competency_nobody_holds_and_mentees_without_gaps_are_paired_by_the_rest() -> None:
    index = MentorIndex(rules=Rules(with_room=False)).fit([Mentor(11, {"A": 5}, field="tax"), Mentor(12, {}, field="law")])
    mentees = [Mentee(1, {}, {"B": 3}, field="law"), Mentee(2, {}, {}, field="tax")]
    result = SOLVER.solve(index.batch(mentees), RoundInput({11: 1, 12: 1}))
    assert result.mentor_of == {1: 12, 2: 11}


def test_why_nobody_is_allowed_is_counted_by_rule() -> None:
    index = MentorIndex(rules=Rules(with_room=False, same_field=True)).fit(
        [Mentor(11, field="tax"), Mentor(12, paused=True, field="law")]
    )
    mentee = Mentee(1, field="law")
    result = SOLVER.solve(index.batch([mentee]), RoundInput({11: 1, 12: 1}))
    assert result.unmatched[0].code == "no_allowed_mentor"
    assert result.why_none(index, mentee) == {"paused": (1, 1), "other_field": (1, 1)}


def test_whoever_is_not_in_the_round_does_not_matter() -> None:
    one = SOLVER.solve(SCORES, RoundInput(PLACES))
    more = SOLVER.solve(
        SCORES,
        RoundInput({**PLACES, 99: 5}, bans=[(98, 99)], previous={97: 11}, missed={96: 2}, left_out={95: "x"},
                   quotas=[Quota("q", "mentor", {94}, at_most=0)]),
    )  # fmt: skip
    assert one.pairs == more.pairs
    assert np.isclose(one.total, more.total)
