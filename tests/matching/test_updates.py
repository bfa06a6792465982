"""One row changed in place, and several threads at once."""

from __future__ import annotations

import pickle
import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.matching import InvalidInput, Mentee, Mentor, MentorIndex, TextEncoder, UnknownMentor

from . import people

pytestmark = pytest.mark.one_database

changes = st.lists(
    st.tuples(st.just("update"), people.mentors) | st.tuples(st.sampled_from(["remove", "compact"]), people.ids), max_size=8
)


@people.thorough
@given(people.pools, changes, people.mentees, people.rules, people.filters)
def test_an_updated_index_equals_a_fresh_one(pool, steps, mentee, rules, filters):
    index = MentorIndex().fit(pool)
    now = {mentor.id: mentor for mentor in pool}
    for deed, thing in steps:
        if deed == "update":
            index.update(thing)
            now[thing.id] = thing
        elif deed == "remove":
            assert index.discard(thing) == (now.pop(thing, None) is not None)
        else:
            index.compact()
    fresh = MentorIndex().fit(now.values(), text_model=index.text_encoder_)
    asked = {"rules": rules, "filters": filters, "choices": True}
    assert index.rank(mentee, None, **asked) == fresh.rank(mentee, None, **asked)
    assert index.ids_.tolist() == sorted(now) == fresh.ids_.tolist()
    assert len(index) == len(now)
    for person in now:
        assert index.explain(mentee, person) == fresh.explain(mentee, person)
        assert index.why_not(mentee, person, rules=rules) == fresh.why_not(mentee, person, rules=rules)
    again = pickle.loads(pickle.dumps(index))
    assert again.rank(mentee, None, **asked) == index.rank(mentee, None, **asked)


def test_a_pool_grows_far_beyond_its_first_size():
    index = MentorIndex().fit([])
    everybody = [
        Mentor(person, {f"T.{person % 90}": 1 + person % 5}, text=f"kata{'x' * (person % 40)}") for person in range(1500)
    ]
    for mentor in everybody:
        index.update(mentor)
    fresh = MentorIndex().fit(everybody, text_model=index.text_encoder_)
    mentee = Mentee(-1, {}, {f"T.{n}": 5 for n in range(90)})
    assert index.rank(mentee, None) == fresh.rank(mentee, None)
    assert len(index.competencies_) == 90


@pytest.mark.parametrize("kernel", ["numpy", "numba"])
def test_many_changed_texts_change_no_ranking_and_can_be_folded_in_later(kernel):
    pool = [Mentor(person, text="anggaran") for person in range(50)]
    encoder = TextEncoder().fit(["anggaran", "rapat kerja", "statistik"])
    index = MentorIndex(kernel=kernel).fit(pool, text_model=encoder)
    texts = ["rapat kerja", "statistik anggaran", ""]
    for turn in range(1100):
        index.update(Mentor(turn, text=texts[turn % 3]))
    fresh = MentorIndex(kernel=kernel).fit([Mentor(turn, text=texts[turn % 3]) for turn in range(1100)], text_model=encoder)
    asked = Mentee(-1, text="statistik rapat")
    assert index._texts.changes == 1100
    assert index.rank(asked, None) == fresh.rank(asked, None)
    index.compact()
    assert index._texts.changes == 0
    assert index.rank(asked, None) == fresh.rank(asked, None)


def test_what_a_removed_person_wrote_is_gone_after_compacting():
    index = MentorIndex().fit([Mentor(1, text="rahasia"), Mentor(2, text="anggaran")])
    term = index.text_encoder_.vocabulary_["rahasia"]
    assert term in index._texts.terms[: index._texts.used]
    index.remove(1)
    index.compact()
    assert term not in index._texts.terms[: index._texts.used]
    assert [match.mentor_id for match in index.rank(Mentee(9, text="rahasia"))] == [2]


def test_a_faulty_update_leaves_the_row_as_it_was():
    index = MentorIndex().fit([Mentor(1, {"M.1": 3})])
    with pytest.raises(InvalidInput):
        index.update(Mentor(1, {"M.1": 9}))
    with pytest.raises(InvalidInput):
        index.update(Mentor(2, {"M.1": 1}, text=None))  # type: ignore[arg-type]
    assert index.explain(Mentee(9, {}, {"M.1": 5}), 1).competencies[0].held == 3
    assert 2 not in index
    assert len(index) == 1


def test_a_stranger_cannot_be_removed():
    index = MentorIndex().fit([Mentor(1)])
    with pytest.raises(UnknownMentor) as error:
        index.remove(2)
    assert error.value.facts == {"id": 2}
    assert index.discard(2) is False
    assert index.discard(1) is True
    assert 1 not in index


def test_a_block_taken_back_by_the_mentor_is_forgotten():
    index = MentorIndex().fit([Mentor(1, blocked=[9], failed_with=[8])])
    assert index.why_not(Mentee(9), 1) == ("blocked",)
    assert index.why_not(Mentee(8), 1) == ("past_failed_pair",)
    index.update(Mentor(1))
    assert index.why_not(Mentee(9), 1) == index.why_not(Mentee(8), 1) == ()


def test_readers_and_writers_at_once_see_whole_rows_only():
    low = Mentor(1, {"M.1": 1, "M.2": 1}, text="anggaran")
    high = replace(low, levels={"M.1": 5, "M.2": 5}, text="statistik")
    index = MentorIndex().fit([low, high.__class__(2, {"M.1": 3})])
    mentee = Mentee(9, {}, {"M.1": 5, "M.2": 5}, text="anggaran statistik")
    allowed = {}
    for mentor in (low, high):
        index.update(mentor)
        allowed[index.explain(mentee, 1).score] = index.explain(mentee, 1)
    faults: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            for match in index.rank(mentee, choices=True):
                if match.mentor_id == 1 and allowed.get(match.score) != match.explanation:
                    faults.append(match)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for turn in range(400):
            index.update(high if turn % 2 else low)
            index.update(Mentor(10 + turn, {f"T.{turn}": 1}))
            index.discard(10 + turn - 5)
    except Exception as error:
        faults.append(error)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert faults == []
    assert np.array_equal(index.ids_, [1, 2, *range(405, 410)])


@pytest.mark.parametrize("kernel", ["numpy", "numba"])
def test_states_written_anew_bar_whoever_is_not_named_until_their_row_is_written(kernel):
    index = MentorIndex(kernel=kernel).fit([Mentor(person, {"M.1": 3}) for person in (5, 2, 8, 3, 9)])
    index.remove(3)
    index.restate({2: (1, False), 5: (0, False), 8: (2, True), 77: (1, False), 3: (1, False)})
    ranking = index.rank(Mentee(1))
    assert [match.mentor_id for match in ranking] == [2]
    assert ranking.masked == {"no_room": 1, "paused": 2}
    index.update(Mentor(9))
    assert [match.mentor_id for match in index.rank(Mentee(1))] == [2, 9]
    index.restate({})
    assert index.rank(Mentee(1)).masked == {"paused": 4}
