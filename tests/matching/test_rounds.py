"""A round against brute force: the greatest sum, its proof, and that neither order nor kind of loops matters."""

from __future__ import annotations

import json
import pickle
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorlink.matching import (
    DenseScores,
    MentorIndex,
    Quota,
    RoundCancelled,
    RoundInput,
    RoundResult,
    RoundSolver,
    _round_run,
    make_cohort,
)
from mentorlink.matching._round_results import ROUND_STAGES

from .rounds import Case, best_total, best_value, cases, check_sound, highest_floor, most_matched, total

thorough = settings(max_examples=40, deadline=None)
pytestmark = pytest.mark.one_database

MANY = Case(np.random.default_rng(3).integers(0, 1_000_000, (90, 30)), np.random.default_rng(4).integers(0, 6, 30))


@pytest.fixture(autouse=True)
def few_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small rounds look for candidates as large ones do."""
    monkeypatch.setattr(_round_run, "ALL_LISTED", 12)


def plain(**more: object) -> RoundSolver:
    return RoundSolver(compiled=False, candidates=2, more=2, **more)  # type: ignore[arg-type]


@thorough
@given(cases())
def test_no_plan_has_a_greater_sum(case: Case) -> None:
    result = plain().solve(case.scores(), case.given())
    check_sound(case, result)
    assert total(result) == best_total(case.table, case.capacity)
    assert result.gap == 0
    assert result.exact


@thorough
@given(cases(), st.integers(-900_000, 900_000))
def test_the_value_of_being_matched_counts_for_each_pair(case: Case, value: int) -> None:
    result = plain(value=value / 1e6).solve(case.scores(), case.given())
    check_sound(case, result)
    worth = np.where(case.table >= 0, case.table + value, -1)
    assert total(result) + value * len(result.pairs) == best_total(worth, case.capacity)
    assert result.exact


def test_a_great_value_matches_as_many_as_can_be_and_a_negative_one_only_good_pairs() -> None:
    table = np.array([[900_000, 500_000], [600_000, -1], [300_000, 200_000]])
    case = Case(table, np.array([1, 1]))
    best_fit = plain(value=-0.7).solve(case.scores(), case.given())
    most_people = plain(value=3).solve(case.scores(), case.given())
    assert best_fit.mentor_of == {100: 200}
    assert [each.code for each in best_fit.unmatched] == ["below_value", "below_value"]
    assert len(most_people.pairs) == 2 == most_matched(table, case.capacity)


@thorough
@given(cases(most=12))
def test_the_bound_holds_over_all_pairs_also_where_the_plan_is_not_yet_the_best(case: Case) -> None:
    result = plain(gap=0.5).solve(case.scores(), case.given())
    best = best_total(case.table, case.capacity)
    assert total(result) <= best <= round(result.bound * 1_000_000)
    if result.pairs and total(result):
        assert result.gap <= 0.5 + 1e-9
        assert best - total(result) <= result.gap * total(result) + 1


def test_a_plan_stopped_early_says_that_it_is_not_proven() -> None:
    cohort = make_cohort(400, 120, seed=1)
    scores = MentorIndex(rules=cohort.rules).fit(cohort.mentors).batch(cohort.mentees)
    early = plain(gap=0.9).solve(scores, RoundInput(cohort.capacity))
    proven = plain().solve(scores, RoundInput(cohort.capacity))
    assert early.total <= proven.total <= early.bound
    assert proven.exact
    assert not early.exact
    assert early.gap > 0


@thorough
@given(cases(most=12), st.randoms(use_true_random=False))
def test_the_same_data_in_another_order_gives_the_same_plan(case: Case, random: object) -> None:
    rows, columns = list(range(len(case.mentees))), list(range(len(case.mentors)))
    random.shuffle(rows)  # type: ignore[attr-defined]
    random.shuffle(columns)  # type: ignore[attr-defined]
    shuffled = DenseScores(
        [case.mentees[row] for row in rows], [case.mentors[column] for column in columns], case.table[np.ix_(rows, columns)]
    )
    places = {case.mentors[column]: int(case.capacity[column]) for column in columns}
    one = plain().solve(case.scores(), case.given())
    other = plain().solve(shuffled, RoundInput(places))
    assert (one.pairs, one.unmatched, one.prices, one.inputs_hash) == (
        other.pairs,
        other.unmatched,
        other.prices,
        other.inputs_hash,
    )


def test_shuffling_a_cohort_changes_no_pair() -> None:
    cohort = make_cohort(300, 100, seed=9, texts=False)
    records = cohort.mentor_records()
    one = _solved(records, list(cohort.mentees), cohort.capacity)
    rng = np.random.default_rng(1)
    mentors = [records[at] for at in rng.permutation(len(records))]
    mentees = [cohort.mentees[at] for at in rng.permutation(len(cohort.mentees))]
    places = dict(sorted(cohort.capacity.items(), reverse=True))
    other = _solved(mentors, mentees, places)
    assert len(one.pairs) > 250
    assert one.pairs == other.pairs
    assert one.inputs_hash == other.inputs_hash


def _solved(mentors: list, mentees: list, capacity: dict[int, int]) -> RoundResult:  # type: ignore[type-arg]
    rules = make_cohort(0, 0).rules
    return plain().solve(MentorIndex(rules=rules).fit(mentors).batch(mentees), RoundInput(capacity))


@pytest.mark.parametrize(
    "case", [MANY, Case(np.full((40, 12), 500_000), np.full(12, 2)), Case(np.zeros((9, 9), int), np.ones(9, int))]
)
def test_compiled_and_plain_loops_give_equal_plans_and_prices(case: Case) -> None:
    pytest.importorskip("numba")
    one = plain().solve(case.scores(), case.given())
    other = plain().set_params(compiled=True).solve(case.scores(), case.given())
    assert one.pairs
    assert (one.pairs, one.unmatched, one.prices, one.gap) == (other.pairs, other.unmatched, other.prices, other.gap)
    assert one.weights_hash == other.weights_hash


def test_all_tied_fills_every_place_and_the_seed_draws_the_lots() -> None:
    case = Case(np.full((30, 6), 500_000), np.full(6, 3))
    one, again, other = (plain(seed=seed).solve(case.scores(), case.given()) for seed in (1, 1, 2))
    assert len(one.pairs) == 18
    assert one.pairs == again.pairs
    assert {pair.mentee for pair in one.pairs} != {pair.mentee for pair in other.pairs}
    assert one.total == other.total


def test_a_warm_start_ends_at_the_same_plan() -> None:
    cold = plain().solve(MANY.scores(), MANY.given())
    elsewhere = plain(value=1).solve(MANY.scores(), MANY.given())
    warm = plain().solve(MANY.scores(), MANY.given(), start=elsewhere)
    assert warm.pairs[0].mentee == 100
    assert warm.mentor_of == cold.mentor_of
    assert warm.exact


@thorough
@given(cases(), st.data())
def test_pinned_pairs_are_made_and_the_rest_is_the_best_beside_them(case: Case, data: st.DataObject) -> None:
    allowed = np.argwhere((case.table >= 0) & (case.capacity > 0)[None, :]) if case.table.size else np.empty((0, 2), int)
    locks: dict[int, int] = {}
    left = case.capacity.copy()
    for row, column in allowed[: data.draw(st.integers(0, 3))].tolist():
        if row not in locks and left[column]:
            locks[row] = column
            left[column] -= 1
    result = plain().solve(case.scores(), case.given(locks=[(100 + row, 200 + column) for row, column in locks.items()]))
    check_sound(case, result)
    for row, column in locks.items():
        assert result.mentor_of[100 + row] == 200 + column
    rest = [row for row in range(len(case.mentees)) if row not in locks]
    pinned = sum(int(case.table[row, column]) for row, column in locks.items())
    assert total(result) == pinned + best_total(case.table[rest], left)
    assert {pair.mentee for pair in result.pairs if pair.locked} == {100 + row for row in locks}


@thorough
@given(cases(), st.data())
def test_banned_pairs_never_appear(case: Case, data: st.DataObject) -> None:
    pairs = [(mentee, mentor) for mentee in case.mentees for mentor in case.mentors]
    bans = frozenset(data.draw(st.sets(st.sampled_from(pairs), max_size=6))) if pairs else frozenset()
    result = plain().solve(case.scores(bans), case.given(bans=bans))
    assert not bans & set(result.mentor_of.items())
    without = case.table.copy()
    for mentee, mentor in bans:
        without[mentee - 100, mentor - 200] = -1
    assert total(result) == best_total(without, case.capacity)


@thorough
@given(cases(most=7))
def test_the_floor_is_the_best_possible_lowest_and_the_sum_the_greatest_above_it(case: Case) -> None:
    result = plain(floor=0.9).solve(case.scores(), case.given())
    check_sound(case, result)
    lowest = highest_floor(case.table, case.capacity)
    if lowest is None:
        assert not result.pairs
        return
    assert round(result.floor_best * 1_000_000) == lowest  # type: ignore[operator]
    least = int(lowest * 0.9)
    assert all(round(pair.score * 1_000_000) >= least for pair in result.pairs)
    most = most_matched(case.table, case.capacity)
    assert len(result.pairs) == most
    everybody = (np.ones(case.table.shape), most, most)
    assert total(result) == best_value(case.table, case.table >= least, case.capacity, everybody)
    assert result.exact


def test_the_floor_lifts_the_worst_off() -> None:
    table = np.array([[900_000, 600_000], [800_000, 100_000]])
    case = Case(table, np.array([1, 1]))
    free, fair = (plain(floor=floor).solve(case.scores(), case.given()) for floor in (0, 0.9))
    table_low = np.array([[900_000, 400_000], [500_000, 100_000]])
    low = Case(table_low, np.array([1, 1]))
    assert free.mentor_of == fair.mentor_of == {100: 201, 101: 200}
    assert min(pair.score for pair in plain().solve(low.scores(), low.given()).pairs) == 0.1
    assert min(pair.score for pair in plain(floor=0.9).solve(low.scores(), low.given()).pairs) == 0.4


@thorough
@given(cases(most=6), st.data())
def test_quotas_hold_and_the_rest_is_the_best_that_holds_them(case: Case, data: st.DataObject) -> None:
    group = frozenset(data.draw(st.sets(st.sampled_from(case.mentees or [1]), max_size=4)))
    least = data.draw(st.integers(0, 4))
    most = data.draw(st.none() | st.integers(least, 4))
    quota = Quota("region", "mentee", group, at_least=least, at_most=most)
    result = plain().solve(case.scores(), case.given(quotas=[quota]))
    check_sound(case, result)
    counted = np.zeros(case.table.shape)
    counted[[mentee - 100 for mentee in group if 0 <= mentee - 100 < len(case.mentees)]] = 1
    best = best_value(case.table, case.table >= 0, case.capacity, (counted, least, most if most is not None else 99))
    outcome = result.quotas[0]
    assert outcome.count == sum(pair.mentee in group for pair in result.pairs)
    assert outcome.met == (best is not None)
    if best is not None:
        assert total(result) == best
        assert result.exact


def test_two_quotas_of_both_sides_hold_together() -> None:
    quotas = [
        Quota("few", "mentor", frozenset(range(200, 206)), at_most=3),
        Quota("many", "mentee", frozenset(range(100, 120)), at_least=19),
    ]
    free = plain().solve(MANY.scores(), MANY.given())
    held = plain().solve(MANY.scores(), MANY.given(quotas=quotas))
    assert sum(pair.mentor < 206 for pair in free.pairs) > 3
    assert [outcome.met for outcome in held.quotas] == [True, True]
    assert sum(pair.mentor < 206 for pair in held.pairs) <= 3
    assert sum(pair.mentee < 120 for pair in held.pairs) >= 19
    assert held.total < free.total


def test_a_quota_that_cannot_be_met_is_told_and_the_rest_stands() -> None:
    case = Case(np.array([[-1, -1], [500_000, 1]]), np.array([1, 1]))
    result = plain().solve(case.scores(), case.given(quotas=[Quota("north", "mentee", {100}, at_least=1)]))
    assert [(each.met, each.count) for each in result.quotas] == [(False, 0)]
    assert result.mentor_of == {101: 200}


def test_wishes_are_the_harmonic_mean_where_both_have_spoken() -> None:
    case = Case(np.full((2, 2), 500_000), np.array([1, 1]))
    both = case.given(mentee_wishes={100: [201, 200]}, mentor_wishes={201: [101, 100]})
    solver = plain(wish=0.2)
    # 101 has not spoken, so that the mentor's first wish counts whole; the two of 100 count 2 / (1 + 2) and, one-sided, 1 / 2
    assert [(pair.mentor, pair.wish, pair.score) for pair in solver.solve(case.scores(), both).pairs] == [
        (200, 0.1, 0.6),
        (201, 0.2, 0.7),
    ]
    pinned = solver.solve(case.scores(), RoundInput(case.places, mentee_wishes=both.mentee_wishes,
                                                    mentor_wishes=both.mentor_wishes,
                                                    locks=[(100, 201)]))  # fmt: skip
    assert pinned.pairs[0].wish == 0.133333
    one_sided = solver.solve(case.scores(), case.given(mentee_wishes={100: [201]}))
    assert one_sided.mentor_of[100] == 201
    assert one_sided.pairs[0].wish == 0.2
    unwanted = solver.solve(case.scores(), case.given(mentee_wishes={100: [201]}, mentor_wishes={201: [101]}, locks=[(100, 201)]))
    assert unwanted.pairs[0].wish == 0


def test_a_wish_for_a_forbidden_pair_has_no_effect_and_is_told() -> None:
    case = Case(np.array([[-1, 500_000]]), np.array([1, 1]))
    result = plain().solve(case.scores(), case.given(mentee_wishes={100: [200, 999]}))
    assert result.mentor_of == {100: 201}
    assert result.ignored_wishes == ((100, 200), (100, 999))


def test_who_went_without_goes_first_and_the_bonus_is_told_apart_from_the_score() -> None:
    case = Case(np.array([[520_000], [500_000]]), np.array([1]))
    assert plain().solve(case.scores(), case.given()).mentor_of == {100: 200}
    later = plain().solve(case.scores(), case.given(missed={101: 1}))
    assert later.mentor_of == {101: 200}
    assert (later.pairs[0].score, later.pairs[0].missed) == (0.5, 0.05)


def test_run_again_with_a_stay_bonus_fewer_move() -> None:
    before = plain().solve(MANY.scores(), MANY.given())
    rng = np.random.default_rng(8)
    table = np.clip(MANY.table + rng.integers(-60_000, 60_000, MANY.table.shape), 0, 1_000_000)
    later = Case(table, MANY.capacity)
    moved = {}
    for stay in (0.0, 0.02, 1.0):
        result = plain(stay=stay).solve(later.scores(), later.given(previous=before.mentor_of))
        moved[stay] = sum(before.mentor_of.get(pair.mentee, pair.mentor) != pair.mentor for pair in result.pairs)
    assert moved[0.0] > moved[0.02] > moved[1.0] == 0


def test_the_left_out_are_told_with_their_own_code() -> None:
    case = Case(np.full((2, 1), 500_000), np.array([2]))
    result = plain().solve(case.scores(), case.given(left_out={101: "withdrawn"}))
    assert result.mentor_of == {100: 200}
    assert [(each.mentee, each.code) for each in result.unmatched] == [(101, "withdrawn")]


def test_the_unmatched_are_told_why_and_what_would_have_been_needed() -> None:
    table = np.array([[900_000, -1, 700_000], [600_000, -1, -1], [-1, -1, -1], [-1, 500_000, -1]])
    case = Case(table, np.array([1, 0, 0]))
    result = plain().solve(case.scores(), case.given())
    assert result.mentor_of == {100: 200}
    outbid, nobody, no_places = result.unmatched
    assert (outbid.mentee, outbid.code) == (101, "outbid")
    assert outbid.best is not None
    assert (outbid.best.mentor, outbid.best.holders) == (200, (100,))
    enough = table.copy()
    enough[1, 0] += round(outbid.short * 1_000_000) + 1  # type: ignore[operator]
    assert plain().solve(Case(enough, case.capacity).scores(), case.given()).mentor_of == {101: 200}
    assert (nobody.code, nobody.options) == ("no_allowed_mentor", 0)
    assert no_places.code == "no_places"


def test_the_first_choice_that_was_full_is_told_with_its_holders_and_price() -> None:
    case = Case(np.array([[900_000, 800_000], [880_000, 300_000]]), np.array([1, 1]))
    one, other = plain().solve(case.scores(), case.given()).pairs
    assert (other.rank, other.reason, other.first) == (1, "first_choice", None)
    assert (one.rank, one.options, one.reason) == (2, 2, "first_choice_full")
    assert one.first is not None
    assert (one.first.mentor, one.first.score, one.first.holders, one.first.why) == (200, 0.9, (101,), "full")
    # the sentence "the places went to people who gain more" is true: the price is more than this mentee would have gained,
    # and no more than the holder gains
    assert 0.1 - 1e-9 <= one.first.price - one.price <= 0.58


def test_progress_never_falls_and_ends_at_one() -> None:
    told: list[tuple[str, float]] = []
    plain(floor=0.9).solve(MANY.scores(), MANY.given(), progress=lambda stage, done: told.append((stage, done)))
    assert told[-1] == ("result", 1.0)
    assert {stage for stage, _ in told} <= set(ROUND_STAGES)
    assert all(one <= other for (_, one), (_, other) in pairwise(told))


@pytest.mark.parametrize("after", [0, 1, 5, 20])
def test_cancelling_ends_the_run_with_a_clear_error(after: int) -> None:
    asked = iter(range(10_000))
    with pytest.raises(RoundCancelled) as told:
        plain(floor=0.9).solve(MANY.scores(), MANY.given(), cancelled=lambda: next(asked) >= after)
    assert told.value.code == "cancelled"
    assert told.value.facts["stage"] in ROUND_STAGES


def test_a_result_survives_json_and_pickle() -> None:
    result = plain(floor=0.5).solve(
        MANY.scores(),
        MANY.given(left_out={100: "x"}, quotas=[Quota("a", "mentee", {101}, at_least=1)], mentee_wishes={102: [201, 5]}),
    )
    assert RoundResult.from_dict(json.loads(json.dumps(result.to_dict()))) == result
    assert pickle.loads(pickle.dumps(result)) == result


def test_the_hashes_tell_a_changed_input_from_an_equal_one() -> None:
    solver = plain()
    first = solver.solve(MANY.scores(), MANY.given())
    again = solver.solve(MANY.scores(), MANY.given())
    changed = solver.solve(MANY.scores(), RoundInput({**MANY.places, 200: MANY.places[200] + 1}))
    assert first.inputs_hash == again.inputs_hash != changed.inputs_hash
    assert first.weights_hash == changed.weights_hash != plain(value=0.5).solve(MANY.scores(), MANY.given()).weights_hash


def test_the_slider_matches_more_people_stop_by_stop_and_names_who_gains_and_loses() -> None:
    rng = np.random.default_rng(2)
    table = rng.integers(0, 1_000_000, (60, 25))
    table[rng.random(table.shape) < 0.93] = -1
    case = Case(table, rng.integers(0, 3, 25))
    stops = plain().slider(case.scores(), case.given(), (-0.6, 0.0, 3.0))
    counts = [len(stop.result.pairs) for stop in stops]
    assert counts[0] < counts[1] < counts[2] == most_matched(table, case.capacity)
    assert stops[0].enters == stops[0].gains == ()
    for before, stop in pairwise(stops):
        old, new = before.result.mentor_of, stop.result.mentor_of
        assert set(stop.enters) == new.keys() - old.keys()
        assert set(stop.leaves) == old.keys() - new.keys()
        assert all(change > 0 for _, change in stop.gains)
        assert all(change < 0 for _, change in stop.loses)
        assert stop.result.mentor_of == plain(value=stop.value).solve(case.scores(), case.given()).mentor_of


def test_the_explanation_sums_to_the_score_wishes_included() -> None:
    cohort = make_cohort(40, 20, seed=3)
    index = MentorIndex(rules=cohort.rules).fit(cohort.mentors)
    mentor = int(np.asarray(cohort.mentors.ids)[0])
    wishes = {mentee.id: [mentor] for mentee in cohort.mentees[:10]}
    result = plain(wish=0.3).solve(index.batch(cohort.mentees), RoundInput(cohort.capacity, mentee_wishes=wishes))
    by_id = {mentee.id: mentee for mentee in cohort.mentees}
    assert any(pair.wish for pair in result.pairs)
    for pair in result.pairs:
        told = result.explain(index, by_id[pair.mentee])
        assert abs(sum(told.terms.values()) - pair.score) < 1e-6
        assert told.score == pair.score


def test_a_place_that_pins_fill_is_told_so() -> None:
    scores = DenseScores([101, 102], [200, 201], [[900_000, 500_000], [800_000, 0]])
    result = RoundSolver().solve(scores, RoundInput(capacity={200: 1, 201: 1}, locks=[(102, 200)]))
    one = result.pairs[0]
    assert one.first is not None
    assert (one.mentor, one.reason, one.first.why) == (201, "first_choice_full", "pinned")


def test_a_place_that_goes_to_who_has_nothing_else_above_the_floor_is_told_so() -> None:
    scores = DenseScores([101, 102], [200, 201], [[900_000, 700_000], [600_000, 100_000]])
    result = RoundSolver(floor=1.0).solve(scores, RoundInput(capacity={200: 1, 201: 1}))
    one = result.pairs[0]
    assert one.first is not None
    assert (one.mentor, one.reason, one.first.why) == (201, "first_choice_full", "floor")


def test_who_fits_a_free_place_too_little_is_not_said_to_be_outbid() -> None:
    scores = DenseScores([101, 102, 103], [200, 201], [[900_000, 100_000], [850_000, 100_000], [600_000, 400_000]])
    result = RoundSolver(value=-0.5).solve(scores, RoundInput(capacity={200: 1, 201: 1}))
    assert [(one.mentee, one.code) for one in result.unmatched] == [(102, "outbid"), (103, "below_value")]
