"""NumPy and numba give the same, to the unit, and the compiled one never keeps a request waiting."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorlink.matching import (
    MASKED,
    InvalidInput,
    InvalidParameter,
    Mentee,
    Mentor,
    MentorColumns,
    MentorIndex,
    Rules,
    Weights,
    _kernels,
)

from . import people

pytestmark = pytest.mark.one_database


def both(pool: Any, **parameters: Any) -> Iterator[MentorIndex]:
    index = MentorIndex(kernel="numpy", **parameters).fit(pool)
    yield index
    other = copy.copy(index)
    other.kernel = "numba"
    yield other


@people.thorough
@given(people.pools, people.mentees, people.rules, people.filters, people.weights, st.integers(1, 5), st.integers(0, 3))
def test_both_kernels_give_the_same_page(pool, mentee, rules, filters, weights, k, offset):
    asked = {"rules": rules, "filters": filters, "weights": weights, "choices": True, "offset": offset}
    one, two = (index.rank(mentee, k, **asked) for index in both(pool))
    assert one == two


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 9000), st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_both_kernels_give_the_same_page_of_a_pool_of_several_blocks(size, seed, k):
    pool, mentee = agency(size, seed)
    one, two = (index.rank(mentee, k, choices=True) for index in both(pool))
    assert one == two
    plain = MentorIndex(kernel="numpy").fit(pool).rank(mentee, None, explain=False).matches
    assert [(m.mentor_id, m.score, m.place, m.tied) for m in one] == [(m.mentor_id, m.score, m.place, m.tied) for m in plain[:k]]


@people.thorough
@given(people.pools, st.lists(people.mentees, max_size=4, unique_by=lambda mentee: mentee.id), people.rules, people.weights)
def test_a_batch_scores_as_the_list_does(pool, mentees, rules, weights):
    for index in both(pool):
        batch = index.batch(reversed(mentees), rules=rules, weights=weights)
        assert batch.mentee_ids.tolist() == sorted(mentee.id for mentee in mentees)
        assert batch.mentor_ids.tolist() == index.ids_.tolist()
        for row, mentee in enumerate(sorted(mentees, key=lambda each: each.id)):
            listed = {m.mentor_id: round(m.score * 1e6) for m in index.rank(mentee, None, rules=rules, weights=weights)}
            assert batch.scores(row).tolist() == [listed.get(person, MASKED) for person in batch.mentor_ids.tolist()]


@people.thorough
@given(
    people.pools, st.lists(people.mentees, max_size=4, unique_by=lambda mentee: mentee.id), st.integers(1, 6),
    st.lists(st.integers(0, 400_000), min_size=8, max_size=8), st.integers(0, 5000), st.integers(0, 9),
)  # fmt: skip
def test_a_batch_finds_the_best_at_any_prices(pool, mentees, k, prices, jitter, seed):
    prices = np.array(prices[: len(pool)], np.int64)
    found = []
    for index in both(pool):
        batch = index.batch(mentees)
        columns, scores = batch.best(k, prices=prices)
        for row in range(len(batch)):
            dense = batch.scores(row).astype(np.int64)
            order = sorted(np.flatnonzero(dense > MASKED), key=lambda at, dense=dense: (prices[at] - dense[at], at))[:k]
            assert columns[row].tolist() == [*order, *[-1] * (k - len(order))]
            assert scores[row].tolist() == [*dense[order], *[MASKED] * (k - len(order))]
        allowed = columns[:, 0] >= 0
        assert (batch.reduced(prices)[~allowed] == MASKED).all()
        assert (batch.reduced(prices)[allowed] == scores[allowed, 0] - prices[columns[allowed, 0]]).all()
        noisy = batch.best(k, prices=prices, jitter=jitter, seed=seed)
        again = batch.best(k, prices=prices, jitter=jitter, seed=seed, rows=range(len(batch) - 1, -1, -1))
        assert (noisy[0] == again[0][::-1]).all()
        found.append((columns.tolist(), scores.tolist(), noisy[0].tolist(), noisy[1].tolist()))
    assert found[0] == found[1]


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 900), st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_both_kernels_give_the_same_batch_of_a_pool_of_several_blocks(size, seed, k):
    pool, mentee = agency(size, seed)
    rng = np.random.default_rng(seed)
    mentees = [replace(mentee, id=-1 - each, field=("tax", "law", None)[each % 3], years=each) for each in range(7)]
    prices = rng.integers(0, 300_000, size)
    least = rng.integers(-100_000, 600_000, len(mentees))
    one, two = (index.batch(mentees) for index in both(pool))
    for row in range(len(mentees)):
        assert one.scores(row).tolist() == two.scores(row).tolist()
    for asked in ({}, {"prices": prices}, {"prices": prices, "least": least}, {"least": least, "jitter": 5000, "seed": 3}):
        assert [each.tolist() for each in one.best(k, **asked)] == [each.tolist() for each in two.best(k, **asked)]


def test_what_does_not_come_up_to_the_least_is_not_returned():
    pool, mentee = agency(400, 5)
    for index in both(pool):
        batch = index.batch([mentee])
        columns, scores = batch.best(400)
        least = int(scores[0, 30])
        some = batch.best(400, least=np.array([least]))
        kept = int((scores[0] >= least).sum())
        assert 30 < kept < 400
        assert some[0][0].tolist() == [*columns[0, :kept].tolist(), *[-1] * (400 - kept)]
        assert some[1][0].tolist() == [*scores[0, :kept].tolist(), *[MASKED] * (400 - kept)]


def test_who_comes_late_is_compared_with_the_mentors_as_the_batch_knows_them():
    pool, mentee = agency(300, 8)
    late = replace(mentee, id=-2, years=1, line=frozenset({4, 6}))
    for index in both(pool):
        whole = index.batch([mentee, late], bans=[(-2, 10)])
        batch = index.batch([mentee])
        index.discard(0)
        index.update(Mentor(2, {"M.1": 5}))
        other = batch.others([late], bans=[(-2, 10)])
        assert other.mentor_ids.tolist() == whole.mentor_ids.tolist()
        assert other.scores(0).tolist() == whole.scores(0).tolist()
        assert [each.tolist() for each in other.best(5)] == [each.tolist() for each in whole.best(5, rows=[0])]


def test_more_gaps_than_a_byte_can_count_are_summed_all_the_same():
    codes = [f"T.{n}" for n in range(130)]
    pool = [Mentor(person, dict.fromkeys(codes[::person], 5)) for person in (1, 2, 3)]
    mentee = Mentee(9, {}, dict.fromkeys(codes, 5), priorities={"T.1": 3, "T.2": 0.3})
    for index in both(pool):
        listed = {match.mentor_id: round(match.score * 1e6) for match in index.rank(mentee, None)}
        assert index.batch([mentee]).scores(0).tolist() == [listed[person] for person in (1, 2, 3)]


def test_values_of_unusual_kinds_are_read_as_what_they_are():
    plain = Mentee(
        7, {"M.1": 1}, {"M.1": 3, "M.2": 4}, priorities={"M.2": 2.0}, unit=(1, 2), grade=3, years=4, languages=("id",),
        line={1}, blocked=[2],
    )  # fmt: skip
    odd = replace(
        plain, levels={"M.1": np.int64(1)}, required=MappingProxyType({"M.1": 3.0, "M.2": np.uint8(4)}),
        priorities={"M.2": np.float64(2)}, unit=[1, 2], grade=np.int16(3), years=4.7, languages=["id"], line={np.int64(1)},
        blocked=(2, 2**70),
    )  # fmt: skip
    pool = [Mentor(person, {"M.1": person, "M.2": 3}, languages=["id"], years=9, grade=4, unit=(1, 2)) for person in range(1, 6)]
    rules = Rules(grade_min=0, other_unit=True)
    for index in both([*pool, Mentor(6, {"M.2": 4}, grade=5, years=6)]):
        one, other = (index.batch([mentee], rules=rules).scores(0).tolist() for mentee in (plain, odd))
        assert one == other
        assert one[:5] == [MASKED] * 5
        assert one[5] > 0


def test_noise_stays_within_its_bound_and_changes_with_the_seed():
    pool = [Mentor(person, {"M.1": 3}) for person in range(300)]
    for index in both(pool):
        batch = index.batch([Mentee(-1, {}, {"M.1": 5}), Mentee(-2, {}, {"M.1": 5})])
        plain, _ = batch.best(300)
        one, _ = batch.best(300, jitter=900, seed=1)
        two, _ = batch.best(300, jitter=900, seed=2)
        assert plain[0].tolist() == list(range(300))
        assert one[0].tolist() != two[0].tolist() != plain[0].tolist()
        assert one[0].tolist() != one[1].tolist()
        assert sorted(one[0].tolist()) == list(range(300))


def test_banned_pairs_are_masked_and_strangers_among_them_do_not_matter():
    for index in both([Mentor(1), Mentor(2), Mentor(3, room=0)]):
        batch = index.batch([Mentee(8), Mentee(9)], bans=[(8, 1), (9, 77), (77, 1)], rules=Rules(with_room=False))
        assert (batch.scores(0) == MASKED).tolist() == [True, False, False]
        assert (batch.scores(1) == MASKED).tolist() == [False, False, False]


def test_a_batch_does_not_see_what_changes_after_it_was_made():
    for kernel in ("numpy", "numba"):
        index = MentorIndex(kernel=kernel).fit([Mentor(1, {"M.1": 3}, text="anggaran"), Mentor(2)])
        batch = index.batch([Mentee(9, {}, {"M.1": 3}, text="anggaran")])
        before = batch.scores(0).tolist()
        index.update(Mentor(1, room=0))
        index.discard(2)
        index.update(Mentor(3, {"M.1": 3}))
        assert batch.scores(0).tolist() == before
        assert batch.mentor_ids.tolist() == [1, 2]


def test_a_batch_of_nobody_or_against_nobody_is_empty():
    for pool, mentees in (([], [Mentee(1)]), ([Mentor(1)], []), ([], [])):
        for index in both(pool):
            batch = index.batch(mentees)
            columns, scores = batch.best(3)
            assert columns.tolist() == [[-1] * 3] * len(mentees)
            assert scores.tolist() == [[MASKED] * 3] * len(mentees)
            assert batch.reduced(np.zeros(len(pool), np.int64)).tolist() == [MASKED] * len(mentees)


def test_a_mentee_twice_in_a_batch_is_refused():
    with pytest.raises(InvalidInput, match="duplicate_id"):
        MentorIndex().fit([Mentor(1)]).batch([Mentee(2), Mentee(2)])


def test_more_values_of_a_feature_than_two_bytes_tell_apart_are_still_told_apart():
    size = 66_000
    pool = MentorColumns(np.arange(size), ["M.1"], np.ones((size, 1), np.uint8), places=[f"P{n}" for n in range(size)])
    for index in both(pool):
        assert index._pool.numbers.dtype == np.int32
        assert index.rank(Mentee(-1, place="P65999"), 1).matches[0].mentor_id == 65_999


def test_an_unknown_kernel_is_refused():
    with pytest.raises(InvalidParameter, match="bad_parameter"):
        MentorIndex(kernel="fast").fit([])


def test_numba_asked_for_where_it_is_missing_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(_kernels, "has_numba", lambda: False)
    with pytest.raises(InvalidParameter, match="not_installed"):
        MentorIndex(kernel="numba").fit([])
    assert MentorIndex().fit([Mentor(1)]).rank(Mentee(2)).total == 1


def test_a_list_is_ranked_while_the_kernel_is_still_being_compiled():
    told = """if True:
        import sys
        from mentorlink.matching import Mentee, Mentor, MentorIndex, prepare_kernel
        index = MentorIndex().fit([Mentor(person, {"M.1": person % 6}) for person in range(3000)])
        started = prepare_kernel(background=True) is None
        early = index.rank(Mentee(-1, {}, {"M.1": 5}), 3)
        kernel = prepare_kernel()
        late = index.rank(Mentee(-1, {}, {"M.1": 5}), 3)
        print(started, early == late, kernel is index._kernel())
    """
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "True True True"


def agency(size: int, seed: int) -> tuple[MentorColumns, Mentee]:
    """A pool with few different people, so that pages end in ties, and somebody who asks."""
    rng = np.random.default_rng(seed)
    codes = [f"M.{number}" for number in range(9)]
    words = np.array(["anggaran", "pajak", "hukum", "statistik", "rapat", "arsip", "audit", "jalan", "sungai", "sekolah"])
    pool = MentorColumns(
        rng.permutation(size) * 2,
        codes,
        rng.integers(0, 6, (size, len(codes))),
        fields=rng.choice(["tax", "law", "roads"], size).tolist(),
        years=rng.integers(0, 40, size).tolist(),
        places=rng.choice(["Ende", "Tual"], size).tolist(),
        texts=[" ".join(rng.choice(words, rng.integers(0, 4))) for _ in range(size)],
        rooms=rng.integers(0, 4, size).tolist(),
    )
    required = dict(zip(codes, rng.integers(0, 6, len(codes)).tolist(), strict=True))
    mentee = Mentee(
        -1, dict.fromkeys(codes[::2], 1), required, field="tax", place="Ende", years=3, text=" ".join(rng.choice(words, 3)),
        line=frozenset(rng.integers(0, size, 4).tolist()),
    )  # fmt: skip
    return pool, mentee


def test_curves_bend_what_a_term_adds_and_both_kernels_bend_alike():
    weights = Weights(curves={"experience": ((0, 0), (0.4, 1)), "text": ((0, 0.2), (1, 1))})
    for index in both([Mentor(1, years=4, text="pajak"), Mentor(2, years=12, text="anggaran")]):
        mentee = Mentee(9, years=2, text="pajak")
        one, two = (index.explain(mentee, person, weights=weights) for person in (1, 2))
        assert one.terms["experience"] == two.terms["experience"] == pytest.approx(0.10)
        assert (one.terms["text"], two.terms["text"]) == (pytest.approx(0.15), pytest.approx(0.03))
        assert index.explain(Mentee(9), 1, weights=weights).terms["text"] == 0
        assert [m.score for m in index.rank(mentee, weights=weights)] == [one.score, two.score]


@pytest.mark.parametrize(
    "curves",
    [
        {"cover": ((0, 0), (1, 1))}, {"text": ()}, {"text": ((0, 0), (0, 1))}, {"text": ((0, 1), (1, 0))},
        {"text": ((0, 0), (1, 2))}, {"text": ((0, 0, 0),)}, {"fame": ((0, 0),)},
    ],
)  # fmt: skip
def test_a_curve_that_falls_or_leaves_its_range_is_refused(curves):
    with pytest.raises(InvalidParameter) as error:
        MentorIndex(weights=Weights(curves=curves)).fit([])
    assert error.value.facts["name"].startswith("weights.curves")
