"""The cover map and the fairness page, without a database."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.matching import Mentee, Mentor, Rules, Weights
from mentorlink.rounds.rules import Cohort, Outcome, cover_rows, fingerprint, groups_of, pack, unpack
from mentorlink.rounds.rules.solving import wishes_met

pytestmark = pytest.mark.one_database


def cohort(mentees: list[Mentee], mentors: list[Mentor], places: dict[int, int]) -> Cohort:
    return Cohort(
        tuple(mentees), tuple(mentors), Rules(with_room=False), Weights(grade_points={1: 0.5}), places, {"seed": 1}, (0.0,),
        locks=((1, 8),), mentee_wishes={1: (8, 9)}, missed={2: 1},
    )  # fmt: skip


MENTEES = [Mentee(number, {"A": 1}, {"A": 3, "B": 2}, line={8} if number == 3 else frozenset()) for number in (1, 2, 3)]


def test_a_gap_that_nobody_holds_is_told_with_whom_to_win_over() -> None:
    rows = {row.code: row for row in cover_rows(cohort(MENTEES, [Mentor(8, {"A": 4}), Mentor(9, {})], {8: 2, 9: 2}))}
    assert (rows["B"].needed, rows["B"].unfillable, rows["B"].level, rows["B"].recruit) == (3, 3, 2, 2)
    assert (rows["A"].needed, rows["A"].levels, rows["A"].covered, rows["A"].unfillable) == (3, 6, 2, 1)


def test_a_mentor_without_places_covers_nothing() -> None:
    rows = cover_rows(cohort(MENTEES, [Mentor(8, {"A": 4, "B": 4})], {8: 0}))
    assert all(row.covered == 0 and row.unfillable == 3 for row in rows)


def test_without_mentors_or_gaps_the_map_stands() -> None:
    assert cover_rows(cohort([Mentee(1)], [], {})) == []
    assert [row.unfillable for row in cover_rows(cohort(MENTEES, [], {}))] == [3, 3]


def test_a_cohort_comes_back_as_it_was_packed_in_whatever_order() -> None:
    mentors = [Mentor(8, {"A": 4, "B": 1}, languages={"id", "en"}, text="Anggaran"), Mentor(9, {})]
    one, other = cohort(MENTEES, mentors, {8: 1, 9: 2}), cohort(MENTEES[::-1], mentors[::-1], {9: 2, 8: 1})
    assert pack(one) == pack(other)
    assert fingerprint(unpack(pack(one))) == fingerprint(one)
    assert unpack(pack(one)).given == one.given
    assert unpack(pack(one)).weights == one.weights


def test_any_difference_has_another_fingerprint() -> None:
    one = cohort(MENTEES, [Mentor(8, {"A": 4})], {8: 1})
    assert fingerprint(one) != fingerprint(cohort(MENTEES, [Mentor(8, {"A": 3})], {8: 1}))
    assert fingerprint(one) != fingerprint(cohort(MENTEES, [Mentor(8, {"A": 4})], {8: 2}))


def test_wishes_met_are_counted_where_so_many_ranked_that_it_tells_of_nobody() -> None:
    plain = cohort([], [], {})
    five = replace(plain, mentee_wishes={1: (7,), 2: (7,), 3: (7,), 4: (7,), 5: (8,)})
    made: Any = SimpleNamespace(mentor_of=dict.fromkeys(range(1, 6), 7))
    assert wishes_met(five, made) is None, "one of five did not get theirs"
    assert wishes_met(replace(five, mentee_wishes={**five.mentee_wishes, 5: (8, 7)}), made) == [5, 5]
    assert wishes_met(replace(plain, mentee_wishes={1: (7,)}), made) is None


sizes = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 12), min_size=1)


@given(sizes)
def test_no_small_group_can_be_had_by_subtraction(groups: dict[str, int]) -> None:
    outcomes = [(key, Outcome(1, 1, 500_000)) for key, size in groups.items() for _ in range(size)]
    told = groups_of(outcomes)
    held = [group.key for group in told if not group.shown]
    assert all(group.people is None or group.people >= 5 for group in told)
    if held and len(held) < len(groups):
        assert len(held) > 1
        assert sum(groups[key] for key in held) >= 5


def test_groups_large_enough_are_all_shown() -> None:
    told = groups_of([(key, Outcome(1, int(key == "a"), 800_000)) for key in "ab" for _ in range(5)])
    assert [(group.key, group.rate, group.fit) for group in told] == [("a", 100.0, 80.0), ("b", 0.0, None)]


fares = st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1)


@given(fares)
def test_no_few_with_or_without_a_mentor_are_told_nor_left_over(groups: dict[str, tuple[int, int]]) -> None:
    """Also by the same rule as figures about a plan elsewhere, and not by subtracting the groups told from the whole."""
    counts = {key: pair for key, pair in groups.items() if sum(pair)}
    told = groups_of((key, Outcome(some + rest, some, 500_000 * some)) for key, (some, rest) in counts.items())
    kept = [group.key for group in told if group.matched is None]
    for group in told:
        if group.matched is not None:
            assert all(part == 0 or part >= 5 for part in counts[group.key])
        assert group.fit is None or counts[group.key][0] >= 5
    assert len(kept) != 1 or len(counts) == 1
