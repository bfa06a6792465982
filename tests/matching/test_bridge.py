"""Texts in two languages find each other, by what the competency dictionaries say in both."""

from __future__ import annotations

import json
import pickle
import random
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone

import mentorlink.competencies
from mentorlink.matching import InvalidInput, InvalidParameter, Mentee, Mentor, MentorIndex, NotFitted, TextBridge

pytestmark = pytest.mark.one_database

SAID = [
    ("Menyusun anggaran daerah", "Drawing up the regional budget"),
    ("Menelaah anggaran kegiatan", "Reviewing the budget of an activity"),
    ("Melatih pegawai baru", "Training new staff"),
    ("Merencanakan pelatihan pegawai", "Planning the training of staff"),
    ("Memeriksa jalan dan jembatan", "Inspecting roads and bridges"),
    ("Membangun jembatan", "Building bridges"),
    ("Menulis laporan keuangan", "Writing financial reports"),
    ("Membaca laporan pemeriksaan", "Reading audit reports"),
]


def dictionaries() -> list[tuple[str, str]]:
    """What the dictionaries that the product ships say in both languages."""
    found: set[tuple[str, str]] = set()

    def walk(content: object) -> None:
        if isinstance(content, dict):
            if isinstance(content.get("id"), str) and isinstance(content.get("en"), str):
                found.add((content["id"], content["en"]))
            for each in content.values():
                walk(each)
        elif isinstance(content, list):
            for each in content:
                walk(each)

    for path in sorted((Path(mentorlink.competencies.__file__).parent / "data").glob("*.json")):
        walk(json.loads(path.read_text(encoding="utf-8")))
    return sorted(found)


def test_translations_held_out_are_found_among_the_others():
    pairs = dictionaries()
    random.Random(3).shuffle(pairs)
    held_out, rest = pairs[:50], pairs[50:]
    bridge = TextBridge().fit(rest)
    one, other = (bridge.transform([pair[side] for pair in held_out]) for side in (0, 1))
    found = ((one @ other.T).argmax(axis=1) == np.arange(50)).mean()
    assert found >= 0.5, found


def test_a_word_finds_its_translation_and_no_other():
    bridge = TextBridge().fit(SAID)
    tongues, points = bridge.place(["anggaran", "budget", "bridges", "zzz", ""])
    assert tongues.tolist() == [1, 2, 2, 0, 0]
    near, far = bridge.steps(points[1:3], points[0])
    assert near > 700
    assert far < 100
    assert not points[3].any()


@pytest.mark.parametrize("kernel", ["numpy", "numba"])
def test_a_mentor_who_writes_in_english_is_found_in_indonesian(kernel):
    pool = [
        Mentor(1, text="I review the budget of every activity"),
        Mentor(2, text="Inspecting roads and bridges"),
        Mentor(3, text="Menelaah anggaran kegiatan"),
        Mentor(4, text="statistik"),
    ]
    mentee = Mentee(9, text="Ingin belajar menelaah anggaran kegiatan")
    plain = MentorIndex(kernel=kernel).fit(pool).rank(mentee)
    index = MentorIndex(kernel=kernel, text_bridge=TextBridge(unlike=0.5).fit(SAID)).fit(pool)
    across = index.rank(mentee)
    assert [match.mentor_id for match in plain if match.score] == [3]
    assert [match.mentor_id for match in across if match.score] == [3, 1]
    told = next(match for match in across if match.mentor_id == 1).explanation
    assert told.score == pytest.approx(sum(told.terms.values()), abs=1e-6)
    assert told.terms["text"] == pytest.approx(0.15 * told.text_similarity)
    assert {each.word for each in told.words} <= {"menelaah", "anggaran", "kegiatan", "belajar"}
    assert sum(each.similarity for each in told.words) == pytest.approx(told.text_similarity, abs=5e-4)
    index.update(Mentor(4, text="Reviewing a budget"))
    assert [match.mentor_id for match in index.rank(mentee) if match.score] in ([3, 1, 4], [3, 4, 1])
    batch = index.batch([mentee])
    assert batch.scores(0).tolist() == [round(index.explain(mentee, person).score * 1e6) for person in (1, 2, 3, 4)]


def test_texts_of_one_language_are_compared_by_their_words_alone():
    index = MentorIndex(text_bridge=TextBridge().fit(SAID)).fit([Mentor(1, text="Membangun jalan"), Mentor(2, text="anggaran")])
    without = MentorIndex().fit([Mentor(1, text="Membangun jalan"), Mentor(2, text="anggaran")])
    mentee = Mentee(9, text="jembatan")
    assert index.rank(mentee).matches == without.rank(mentee).matches


def test_words_that_are_never_compared_do_not_cross_the_bridge_either():
    bridge = TextBridge().fit([*SAID, ("perempuan muslim muda menari", "young muslim women dance")])
    assert not {"perempuan", "muslim", "muda", "women", "young"} & set(bridge.vocabulary_)
    assert not bridge.place(["perempuan", "young muslim women"])[1].any()


def test_a_clone_of_an_index_ranks_over_the_same_bridge_and_one_that_is_not_fitted_is_refused():
    bridge = TextBridge(dimensions=8).fit(SAID)
    index = MentorIndex(text_bridge=bridge)
    mentors, mentee = [Mentor(1, text="anggaran daerah"), Mentor(2, text="jembatan")], Mentee(9, text="budget")
    twin = clone(index).fit(mentors)
    assert twin.text_bridge is bridge
    assert [(match.mentor_id, match.score) for match in twin.rank(mentee)] == [
        (each.mentor_id, each.score) for each in index.fit(mentors).rank(mentee)
    ]
    with pytest.raises(NotFitted):
        MentorIndex(text_bridge=TextBridge()).fit(mentors)


def test_a_bridge_is_an_estimator_like_the_others():
    bridge = TextBridge(dimensions=8)
    assert clone(bridge).get_params() == {"dimensions": 8, "unlike": 0.99}
    with pytest.raises(NotFitted):
        bridge.transform(["anggaran"])
    assert bridge.fit(SAID) is bridge
    assert bridge.fit(SAID[::-1] + SAID).transform(["anggaran"]).shape == (1, 7)
    assert bridge.get_feature_names_out().tolist() == [f"bridge{number}" for number in range(7)]
    assert bridge.feature_names_in_.tolist() == ["text"]
    again = pickle.loads(pickle.dumps(bridge))
    assert (again.place(["budget"])[1] == TextBridge(dimensions=8).fit(SAID).place(["budget"])[1]).all()


def test_with_nothing_to_learn_from_there_is_no_bridge():
    for pairs in ([], [("", "")], [("dan", "and")], [("anggaran", "budget")]):
        bridge = TextBridge().fit(pairs)
        index = MentorIndex(text_bridge=bridge).fit([Mentor(1, text="budget"), Mentor(2, text="anggaran")])
        assert index.rank(Mentee(9, text="anggaran")).matches[0].mentor_id == 2


@pytest.mark.parametrize("params", [{"dimensions": 1}, {"dimensions": 2.5}, {"unlike": 2}, {"unlike": True}])
def test_a_bridge_that_cannot_be_is_refused(params):
    with pytest.raises(InvalidParameter, match="bad_parameter"):
        TextBridge(**params).fit(SAID)


def test_a_bridge_takes_texts_only():
    with pytest.raises(InvalidInput, match="bad_text"):
        TextBridge().fit([("anggaran", None)])
    with pytest.raises(InvalidInput, match="bad_text"):
        TextBridge().fit(SAID).transform([None])
    with pytest.raises(InvalidParameter, match="bad_parameter"):
        MentorIndex(text_bridge="bridge").fit([])
