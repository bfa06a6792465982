"""Words: affixes, rarities, and agreement with scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer

from mentorlink.matching import InvalidInput, Mentee, Mentor, MentorIndex, TextEncoder
from mentorlink.matching._stem import stem

from . import people

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    "forms",
    [
        "pelatihan melatih dilatih latihan berlatih", "pelayanan melayani layanan", "penilaian menilai nilai",
        "pengembangan mengembangkan berkembang kembangkan", "pembelajaran belajar pelajaran mengajar pengajar",
        "kepemimpinan memimpin pemimpin pimpinan", "pengelolaan mengelola kelola dikelola", "perencanaan merencanakan rencana",
        "pekerjaan bekerja kerja", "keuangan uang", "kebijakan bijak", "pemeriksaan memeriksa periksa",
        "pendidikan mendidik didik", "pembentukan membentuk bentuk", "kesehatan sehat", "penulisan menulis tulis",
        "penyusunan menyusun susun disusun", "projects project",
    ],
)  # fmt: skip
def test_forms_of_a_word_meet_in_one(forms):
    assert len({stem(form) for form in forms.split()}) == 1


def test_words_that_are_not_alike_stay_apart():
    words = "anggaran pajak statistik hukum mentor latih layan nilai pimpin kelola rencana kerja uang coaching data"
    assert len({stem(word) for word in words.split()}) == 15


@people.thorough
@given(st.lists(people.texts, min_size=1, max_size=8), people.texts)
def test_weights_are_those_of_scikit_learn(texts, other):
    encoder = TextEncoder()
    ours = encoder.fit_transform(texts)
    if not encoder.vocabulary_:
        assert ours.shape == (len(texts), 0)
        return
    model = TfidfVectorizer(analyzer=encoder.terms, sublinear_tf=True)
    theirs = model.fit_transform(texts)
    assert encoder.get_feature_names_out().tolist() == model.get_feature_names_out().tolist()
    np.testing.assert_allclose(ours.toarray(), theirs.toarray(), atol=1e-12)
    np.testing.assert_allclose(encoder.transform([other]).toarray(), model.transform([other]).toarray(), atol=1e-12)
    assert (encoder.transform(texts) != ours).nnz == 0


def test_pairs_do_not_reach_over_a_stop_or_a_word_left_out():
    assert TextEncoder().terms("Rapat kerja. Statistik dan pajak") == ["rapat", "erja", "rapat erja", "statisti", "paja"]
    assert TextEncoder(pairs=False).terms("rapat kerja") == ["rapat", "erja"]


def test_rare_terms_can_be_left_out():
    encoder = TextEncoder(min_df=2).fit(["rapat pajak", "rapat hukum"])
    assert set(encoder.vocabulary_) == {"rapat"}
    assert TextEncoder(min_df=3).fit(["rapat pajak", "rapat hukum"]).vocabulary_ == {}
    assert clone(encoder).min_df == 2


def test_the_explanation_shows_words_as_the_mentee_wrote_them():
    index = MentorIndex().fit([Mentor(1, text="Penyusunan anggaran; melatih auditor"), Mentor(2, text="statistik")])
    told = index.explain(Mentee(9, text="Ingin pelatihan menyusun Anggaran daerah"), 1)
    assert {each.word for each in told.words} == {"pelatihan", "menyusun", "anggaran", "menyusun anggaran"}
    assert sum(each.similarity for each in told.words) == pytest.approx(told.text_similarity, abs=5.1e-4)
    assert [each.similarity for each in told.words] == sorted((each.similarity for each in told.words), reverse=True)
    assert index.explain(Mentee(9, text="statistik"), 1).words == ()


def test_a_text_of_figures_and_function_words_says_nothing():
    index = MentorIndex().fit([Mentor(1, text="19870512 dan yang 2024 nip197")])
    assert index.text_encoder_.vocabulary_ == {}
    assert index.explain(Mentee(9, text="19870512 dan"), 1).terms["text"] == 0


def test_a_text_must_be_a_text():
    with pytest.raises(InvalidInput, match="bad_text"):
        TextEncoder().fit(["one", None])


def test_a_given_text_model_is_used_as_it_is():
    model = TextEncoder().fit(["rapat", "pajak"])
    index = MentorIndex().fit([Mentor(1, text="hukum pajak")], text_model=model)
    assert index.text_encoder_ is model
    assert index.explain(Mentee(9, text="hukum pajak"), 1).text_similarity == 1.0
    assert [each.word for each in index.explain(Mentee(9, text="hukum pajak"), 1).words] == ["pajak"]


def test_one_mentees_words_do_not_linger_in_anothers_explanation():
    index = MentorIndex().fit([Mentor(1, text="anggaran pajak"), Mentor(2, text="statistik")])
    assert [each.word for each in index.explain(Mentee(8, text="anggaran"), 1).words] == ["anggaran"]
    assert [each.word for each in index.explain(Mentee(9, text="pajak"), 1).words] == ["pajak"]
