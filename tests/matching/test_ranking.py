"""Scores, masks, order and counts against the oracle, over pools that hypothesis makes up."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorlink.matching import FILTERS, RULES, TERMS, Filters, Mentee, Mentor, MentorColumns, MentorIndex, Rules, Weights

from . import oracle, people

pytestmark = pytest.mark.one_database


@people.thorough
@given(people.pools, people.mentees, people.weights)
def test_a_score_is_what_the_formula_says_and_its_terms_sum_to_it(pool, mentee, weights):
    index, texts = MentorIndex().fit(pool), oracle.Texts(mentor.text for mentor in pool)
    for mentor in pool:
        told = index.explain(mentee, mentor.id, weights=weights)
        exact = oracle.parts(mentee, mentor, texts, weights)
        assert told.terms == pytest.approx({name: float(part) for name, part in exact.items()}, abs=2e-6)
        assert told.score == pytest.approx(sum(told.terms.values()), abs=1e-6)
        assert sum(each.term for each in told.competencies) == pytest.approx(told.terms["cover"], abs=1e-9)
        assert set(told.terms) == set(TERMS)
        assert 0 <= told.score <= 1 + 1e-6
        assert all(told.terms[name] <= told.weights[name] + 2e-6 for name in TERMS)


@people.thorough
@given(people.pools, people.mentees)
def test_an_explanation_tells_what_each_gap_lacks_and_gets(pool, mentee):
    index = MentorIndex().fit(pool)
    for mentor in pool:
        told = index.explain(mentee, mentor.id)
        assert {each.code for each in told.competencies} == {
            code for code, required in mentee.required.items() if required > mentee.levels.get(code, 0)
        }
        for each in told.competencies:
            assert each.held == mentor.levels.get(each.code, 0)
            assert (each.actual, each.required) == (mentee.levels.get(each.code, 0), mentee.required[each.code])
            assert each.gap == each.covered + each.remaining == each.required - each.actual
            assert each.covered == min(each.gap, max(0, each.held - each.actual))
            assert (each.term > 0) == (each.covered > 0)
        terms = [each.term for each in told.competencies]
        assert terms == sorted(terms, reverse=True)
        assert (told.gap, told.covered) == (sum(e.gap for e in told.competencies), sum(e.covered for e in told.competencies))
        assert set(told.languages_shared) == set(mentee.languages) & set(mentor.languages)
        assert told.years == (None if mentor.years is None else int(mentor.years))
        assert bool(told.words) == (told.text_similarity > 0)


@people.thorough
@given(people.pools, people.mentees, people.rules, people.filters)
def test_who_is_listed_and_why_not_follow_the_rules(pool, mentee, rules, filters):
    index = MentorIndex().fit(pool)
    ranking = index.rank(mentee, None, rules=rules, filters=filters)
    expected = oracle.listed(mentee, pool, rules, filters)
    assert {match.mentor_id for match in ranking} == {mentor.id for mentor in expected}
    assert ranking.total == len(expected)
    assert ranking.pool == len(pool)
    for mentor in pool:
        failed = [f"filter:{name}" for name in oracle.failed_filters(mentee, mentor, filters)]
        assert index.why_not(mentee, mentor.id, rules=rules, filters=filters) == (
            *oracle.broken_rules(mentee, mentor, rules),
            *failed,
        )


@people.thorough
@given(people.pools, people.mentees, people.rules, people.filters)
def test_the_counts_beside_rules_and_filters_are_those_of_a_head_count(pool, mentee, rules, filters):
    ranking = MentorIndex().fit(pool).rank(mentee, rules=rules, filters=filters)
    broken = {mentor.id: oracle.broken_rules(mentee, mentor, rules) for mentor in pool}
    failed = {mentor.id: oracle.failed_filters(mentee, mentor, filters) for mentor in pool}
    for rule in RULES:
        assert ranking.masked.get(rule, 0) == sum(rule in codes for codes in broken.values())
        alone = sum(broken[mentor.id] == [rule] and not failed[mentor.id] for mentor in pool)
        assert ranking.masked_only.get(rule, 0) == alone
    for name in FILTERS:
        assert ranking.filtered.get(name, 0) == sum(not broken[m.id] and name in failed[m.id] for m in pool)
        assert ranking.filtered_only.get(name, 0) == sum(not broken[m.id] and failed[m.id] == [name] for m in pool)


@people.thorough
@given(people.pools, people.mentees, people.rules, people.filters)
def test_the_count_beside_a_choice_is_how_many_the_choice_would_list(pool, mentee, rules, filters):
    found = MentorIndex().fit(pool).rank(mentee, rules=rules, filters=filters, choices=True).choices
    expected = oracle.choices(mentee, pool, rules, filters)
    assert set(found) == set(FILTERS)
    assert {name: dict(each) for name, each in found.items()} == {name: expected[name] for name in FILTERS}
    for each in found.values():
        if each is not found["min_years"]:
            assert list(each.items()) == sorted(each.items(), key=lambda item: (-item[1], str(item[0])))


@people.thorough
@given(people.pools, people.mentees, people.weights)
def test_better_comes_first_and_equal_merit_ties(pool, mentee, weights):
    texts = oracle.Texts(mentor.text for mentor in pool)
    exact = {mentor.id: sum(oracle.parts(mentee, mentor, texts, weights).values()) for mentor in pool}
    matches = MentorIndex(weights=weights).fit(pool).rank(mentee, None, explain=False).matches
    for better, worse in itertools.pairwise(matches):
        assert (-better.score, better.mentor_id) < (-worse.score, worse.mentor_id)
        assert exact[better.mentor_id] > exact[worse.mentor_id] - 2e-6
    for one in matches:
        for other in matches:
            on_an_edge = abs(exact[one.mentor_id] * 1_000_000 % 1 - 0.5) < 0.05
            if exact[one.mentor_id] == exact[other.mentor_id] and not on_an_edge:
                assert one.place == other.place
        assert one.place == 1 + sum(other.score > one.score for other in matches)
        assert one.tied == sum(other.score == one.score for other in matches)


@people.thorough
@given(people.pools, people.mentees, people.filters, st.integers(1, 5), st.integers(0, 14))
def test_a_page_is_a_part_of_the_whole_list(pool, mentee, filters, k, offset):
    index = MentorIndex().fit(pool)
    whole = index.rank(mentee, None, filters=filters)
    page = index.rank(mentee, k, offset=offset, filters=filters)
    assert page.matches == whole.matches[offset : offset + k]
    assert (page.offset, page.total) == (offset, whole.total)


@people.thorough
@given(people.pools, people.mentees, people.rules, people.filters, st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(pool, mentee, rules, filters, chance: random.Random):
    shuffled = [replace(mentor, levels=_shuffled(mentor.levels, chance)) for mentor in pool]
    chance.shuffle(shuffled)
    other = replace(mentee, levels=_shuffled(mentee.levels, chance), required=_shuffled(mentee.required, chance))
    one = MentorIndex().fit(pool).rank(mentee, rules=rules, filters=filters, choices=True)
    two = MentorIndex().fit(shuffled).rank(other, rules=rules, filters=filters, choices=True)
    assert one == two
    assert repr(one) == repr(two)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 400), st.randoms(use_true_random=False))
def test_in_a_large_pool_the_top_is_the_top(size, chance: random.Random):
    pool = [Mentor(person, {"M.1": chance.randint(0, 5), "M.2": chance.randint(0, 5)}) for person in range(size)]
    mentee = Mentee(-1, {"M.1": 1}, {"M.1": 5, "M.2": 3})
    by_cover = sorted((-(max(0, m.levels["M.1"] - 1) + min(3, m.levels["M.2"])), m.id) for m in pool)
    matches = MentorIndex().fit(pool).rank(mentee, 7, offset=3).matches
    assert [match.mentor_id for match in matches] == [person for _, person in by_cover[3:10]]
    for match in matches:
        merit = {person: cover for cover, person in by_cover}[match.mentor_id]
        assert match.place == 1 + sum(cover < merit for cover, _ in by_cover)
        assert match.tied == sum(cover == merit for cover, _ in by_cover)


@people.brief
@given(people.pools, st.lists(people.mentees, max_size=3), st.integers(1, 6))
def test_kneighbors_gives_the_ranked_ids_and_pads_short_lists(pool, asked, k):
    index = MentorIndex().fit(pool)
    distances, ids = index.kneighbors(asked, k)
    assert distances.shape == ids.shape == (len(asked), k)
    for row, mentee in enumerate(asked):
        matches = index.rank(mentee, k).matches
        assert ids[row].tolist() == [match.mentor_id for match in matches] + [-1] * (k - len(matches))
        assert distances[row, : len(matches)] == pytest.approx([1 - match.score for match in matches])
        assert np.isinf(distances[row, len(matches) :]).all()
    assert (index.kneighbors(asked, k, return_distance=False) == ids).all()


def test_more_competencies_than_a_byte_can_sum_are_still_summed_right():
    codes = [f"T.{n:03}" for n in range(120)]
    mentee = Mentee(1, dict.fromkeys(codes, 1), dict.fromkeys(codes, 5))
    index = MentorIndex(weights=Weights(1, 0, 0, 0, 0, 0)).fit(
        [Mentor(2, dict.fromkeys(codes, 5)), Mentor(3, dict.fromkeys(codes, 3)), Mentor(4, {codes[0]: 2})]
    )
    assert [(m.mentor_id, m.score) for m in index.rank(mentee)] == [(2, 1.0), (3, 0.5), (4, pytest.approx(1 / 480, abs=1e-6))]


def test_a_pool_larger_than_one_block_is_scanned_to_its_end():
    size = 70_000
    levels = np.ones((size, 2), np.uint8)
    levels[[5, 40_000, 69_999], 1] = [3, 4, 5]
    index = MentorIndex().fit(MentorColumns(np.arange(size), ["M.1", "M.2"], levels))
    found = index.rank(Mentee(-1, {"M.2": 2}, {"M.2": 5}), 4).matches
    assert [(match.mentor_id, match.place) for match in found] == [(69_999, 1), (40_000, 2), (5, 3), (0, 4)]
    assert found[3].tied == size - 3


def test_a_wish_for_another_time_zone_is_counted_as_the_one_change_that_helps():
    pool = [Mentor(person, {"M.1": 5}, time_zone="WITA" if person > 1 else "WIB") for person in range(1, 5)]
    ranking = MentorIndex().fit(pool).rank(Mentee(9), filters=Filters(time_zones=["WIB"]), choices=True)
    assert ranking.total == 1
    assert ranking.filtered_only == {"time_zones": 3}
    assert ranking.choices["time_zones"] == {"WITA": 3, "WIB": 1}


def test_an_empty_list_says_which_rule_emptied_it():
    pool = [Mentor(1, room=0), Mentor(2, room=0, paused=True), Mentor(3, field="law")]
    ranking = MentorIndex(rules=Rules(same_field=True)).fit(pool).rank(Mentee(9, field="tax"))
    assert not ranking.matches
    assert ranking.masked == {"no_room": 2, "paused": 1, "other_field": 3}
    assert ranking.masked_only == {"no_room": 0, "paused": 0, "other_field": 1}


def test_what_can_be_attained_leaves_out_what_the_mentee_did_not_say():
    index = MentorIndex().fit([Mentor(1, {"M.1": 5}, languages=["id"], text="anggaran")])
    assert index.rank(Mentee(9)).attainable == 0
    assert index.rank(Mentee(9, {}, {"M.1": 3})).attainable == 0.55
    assert index.rank(Mentee(9, {}, {"M.1": 3}, languages=["id"], text="penganggaran")).attainable == 0.75
    assert index.rank(Mentee(9, {}, {"M.1": 3}, languages=["id"], text="penganggaran")).matches[0].score == 0.75


def _shuffled(levels, chance):
    items = list(levels.items())
    chance.shuffle(items)
    return dict(items)
