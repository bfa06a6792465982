"""Figures about a plan against plain counting; small groups stay hidden; cohorts and cover maps are what they say."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorlink.matching import (
    DenseScores,
    InvalidParameter,
    Mentee,
    Mentor,
    MentorIndex,
    RoundInput,
    RoundSolver,
    Rules,
    blocking_pairs,
    cover_map,
    gap_cover,
    gini,
    group_metrics,
    make_cohort,
    people_moved,
    round_metrics,
)

from .rounds import Case, cases

pytestmark = pytest.mark.one_database
SOLVER = RoundSolver(compiled=False)


@settings(max_examples=40, deadline=None)
@given(cases())
def test_the_figures_are_those_of_plain_counting(case: Case) -> None:
    result = SOLVER.solve(case.scores(), case.given(previous={100: 200}))
    told = round_metrics(case.scores(), case.given(previous={100: 200}), result)
    values = sorted(pair.score for pair in result.pairs)
    assert told["people"] == len(case.mentees)
    assert told["matched"] == len(values)
    assert sum(told["unmatched"].values()) == len(case.mentees) - len(values)
    assert told["places"] == case.capacity.sum()
    assert sum(told["loads"].values()) == (case.capacity > 0).sum()
    assert sum(load * mentors for load, mentors in told["loads"].items()) == len(values)
    assert told["min"] == (values[0] if values else None)
    if values:
        assert told["mean"] == pytest.approx(sum(values) / len(values))
        worst = values[: max(1, round(0.1 * len(values)))]
        assert told["worst_10"] == pytest.approx(sum(worst) / len(worst))
    assert told["blocking"] == sum(1 for _ in _blocking(case, result.mentor_of))


def _blocking(case: Case, mentor_of: dict[int, int]):  # type: ignore[no-untyped-def]
    for row, mentee in enumerate(case.mentees):
        for column, mentor in enumerate(case.mentors):
            score = case.table[row, column]
            own = case.table[row, mentor_of[mentee] - 200] if mentee in mentor_of else -1
            holders = [case.table[other - 100, column] for other, held in mentor_of.items() if held == mentor]
            room = len(holders) < case.capacity[column]
            if case.capacity[column] and score >= 0 and score > own and (room or score > min(holders)):
                yield mentee, mentor


def test_gini_is_the_mean_difference_over_twice_the_mean() -> None:
    values = [0.1, 0.4, 0.4, 0.9, 0.0]
    differences = sum(abs(one - other) for one in values for other in values) / len(values) ** 2
    assert gini(values) == pytest.approx(differences / 2 / np.mean(values))
    assert gini([]) is None
    assert gini([0, 0]) == 0


def test_people_moved_are_counted_by_kind() -> None:
    assert people_moved({1: 7, 2: 7, 3: 8}, {1: 7, 2: 8, 4: 7}) == {"kept": 1, "moved": 1, "entered": 1, "left": 1, "share": 0.5}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 14), min_size=1, max_size=6))
def test_what_a_hidden_group_is_cannot_be_had_by_taking_the_shown_from_the_whole(sizes: list[int]) -> None:
    groups = {}
    for name, size in enumerate(sizes):
        for _ in range(size):
            groups[len(groups)] = f"g{name}"
    n = len(groups)
    result = SOLVER.solve(DenseScores(range(n) if n else [], [900], np.full((n, 1), 500_000)), RoundInput({900: n}))
    rows = group_metrics(result, groups)
    assert {row.group for row in rows} == set(groups.values())
    assert all(row.people is None for row in rows if row.suppressed)
    hidden = n - sum(row.people or 0 for row in rows)
    assert hidden == 0 or hidden >= 5 or all(row.suppressed for row in rows)
    assert all(sizes[int(row.group[1:])] >= 5 for row in rows if not row.suppressed)  # type: ignore[index]
    if any(row.suppressed for row in rows) and len(rows) > 1:
        assert sum(row.suppressed for row in rows) >= 2


def test_counts_of_a_few_matched_or_unmatched_within_a_group_stay_hidden() -> None:
    result = SOLVER.solve(DenseScores(range(12), [900], np.arange(12)[:, None] + 1), RoundInput({900: 10}))
    row = group_metrics(result, dict.fromkeys(range(12), "one"))[0]
    assert (row.people, row.matched, row.first_choices, row.suppressed) == (12, None, None, False)
    whole = group_metrics(result, dict.fromkeys(range(12), "one"), least=1)[0]
    assert (whole.matched, whole.first_choices) == (10, 10)
    with pytest.raises(InvalidParameter):
        group_metrics(result, {}, least=0)


def test_gap_cover_counts_levels() -> None:
    index = MentorIndex(rules=Rules(with_room=False)).fit([Mentor(11, {"A": 4, "B": 1}), Mentor(12, {"A": 5})])
    mentees = [Mentee(1, {"A": 2}, {"A": 4, "B": 3}), Mentee(2, {}, {"A": 5}), Mentee(3, {}, {})]
    result = SOLVER.solve(index.batch(mentees), RoundInput({11: 1, 12: 1}, locks=[(1, 11), (2, 12)]))
    assert gap_cover(index, mentees, result) == {
        "people": 2,
        "mean": pytest.approx(0.8),
        "large": 0.5,
        "levels": 10,
        "covered": 8,
    }


def test_a_cohort_has_the_fields_structure_and_is_the_same_for_the_same_seed() -> None:
    one, again, other = make_cohort(400, 200, seed=1), make_cohort(400, 200, seed=1), make_cohort(400, 200, seed=2)
    assert one.mentees == again.mentees != other.mentees
    assert one.capacity == again.capacity
    gaps = [sum(need > mentee.levels[code] for code, need in mentee.required.items()) for mentee in one.mentees]
    assert 10 < np.mean(gaps) < 13
    families = np.unique(one.mentors.fields, return_counts=True)[1]  # type: ignore[arg-type]
    assert families.max() > 5 * np.median(families)
    assert sum(one.capacity.values()) == 420
    scores = MentorIndex(rules=one.rules).fit(one.mentors).batch(one.mentees)
    allowed = np.mean([(scores.scores(row) >= 0).mean() for row in range(400)])
    assert 0.7 < allowed < 0.95
    assert len(one.mentor_records()) == 200
    with pytest.raises(InvalidParameter):
        make_cohort(-1)


def test_the_cover_map_says_what_nobody_can_fill_and_whom_to_recruit() -> None:
    mentors = [Mentor(11, {"A": 4}, room=9), Mentor(12, {"A": 2, "B": 5}, room=9), Mentor(13, {"C": 5})]
    mentees = [
        Mentee(1, {"A": 1}, {"A": 4}), Mentee(2, {"A": 3}, {"A": 5}), Mentee(3, {"A": 3}, {"A": 4, "Z": 2}), Mentee(4, {},
        {"C": 3}),
        Mentee(5, {"A": 5}, {"A": 5}), Mentee(12, {"B": 1}, {"B": 4}),
    ]  # fmt: skip
    index = MentorIndex(rules=Rules(with_room=False)).fit(mentors)
    found = cover_map(index.batch(mentees), mentors, mentees, RoundInput({11: 1, 12: 1, 13: 0}))
    rows = {row.code: row for row in found.rows}
    # of the three who need A, 11 can serve any one, 12 only the one who holds 1
    assert (rows["A"].needed, rows["A"].servable, rows["A"].short, rows["A"].places, rows["A"].unfillable) == (3, 2, 1, 2, 0)
    assert (rows["Z"].unfillable, rows["Z"].forbidden, rows["Z"].holders) == (1, 0, 0)
    assert rows["C"].unfillable == 1
    assert (rows["B"].unfillable, rows["B"].forbidden) == (1, 1)
    assert ("Z", 2, 1) in found.recruit
    assert sum(each.how_many for each in found.recruit if each.code == "A") == 1
    assert (found.people, found.places, found.mentors, found.without_gap) == (6, 2, 2, 1)
    assert [row.short for row in found.rows] == sorted((row.short for row in found.rows), reverse=True)


def test_served_in_one_competency_is_the_greatest_matching() -> None:
    rng = np.random.default_rng(5)
    mentors = [Mentor(100 + at, {"A": int(level)}) for at, level in enumerate(rng.integers(0, 6, 6))]
    mentees = [Mentee(at, {"A": int(level)}, {"A": 5}) for at, level in enumerate(rng.integers(0, 5, 7), start=1)]
    index = MentorIndex(rules=Rules(with_room=False)).fit(mentors)
    row = cover_map(index.batch(mentees), mentors, mentees, RoundInput({mentor.id: 1 for mentor in mentors})).rows[0]
    able = [{mentor.id for mentor in mentors if mentor.levels["A"] > mentee.levels["A"]} for mentee in mentees]
    # Hall: whoever is short in some group of mentees is short for good
    worst = max(len(some) - len(set().union(*some)) for size in range(1, 8) for some in combinations(able, size))
    assert row.short == max(0, worst)


def test_blocking_pairs_do_not_count_the_pinned() -> None:
    case = Case(np.array([[100_000, 900_000], [800_000, 700_000]]), np.array([1, 1]))
    pinned = case.given(locks=[(100, 200), (101, 201)])
    assert blocking_pairs(case.scores(), pinned, SOLVER.solve(case.scores(), pinned)) == 0
    free = case.given(locks=[(100, 200)])
    assert blocking_pairs(case.scores(), free, SOLVER.solve(case.scores(), free)) == 0
