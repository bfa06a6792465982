"""The encoders on their own, in scikit-learn's manner, and as the parts an index is made of."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from mentorlink.matching import (
    BinEncoder,
    CategoryEncoder,
    InvalidInput,
    InvalidParameter,
    LevelEncoder,
    Mentor,
    MentorIndex,
    TextEncoder,
    UnknownCompetency,
)

from . import people

pytestmark = pytest.mark.one_database

FITTED = [
    (LevelEncoder(competencies=["b", "a"]), [{"a": 2}, {}], [[2, 0], [0, 0]], ["level:a", "level:b"]),
    (BinEncoder(feature="grade", low=-1, high=3), [None, -1, 3], [0, 1, 5], ["grade"]),
    (CategoryEncoder(feature="place"), ["Ende", None, "Tual", "Ende", ""], [1, 0, 2, 1, 0], ["place"]),
]


@pytest.mark.parametrize(("encoder", "values", "expected", "names"), FITTED)
def test_an_encoder_learns_transforms_names_its_features_and_can_be_cloned(encoder, values, expected, names):
    twin = clone(encoder)
    with pytest.raises(NotFittedError):
        check_is_fitted(twin)
    assert twin.fit(values) is twin
    check_is_fitted(twin)
    assert twin.transform(values).tolist() == expected
    assert twin.feature_names_in_.tolist() == twin.get_feature_names_out().tolist() == names
    again = pickle.loads(pickle.dumps(twin))
    assert again.transform(values).tolist() == expected
    assert clone(again).get_params() == encoder.get_params()
    assert twin.set_params(**encoder.get_params()) is twin
    assert type(encoder).__name__ in repr(twin)


@people.thorough
@given(people.levels, people.levels, people.levels)
def test_what_a_mentor_covers_is_an_inner_product_of_thermometer_codes(actual, required, held):
    encoder = LevelEncoder().fit([actual, required, held])
    steps = np.arange(1, 6)
    reached = encoder.transform([held])[0][:, None] >= steps
    covered = sum(
        min(max(0, required.get(code, 0) - actual.get(code, 0)), max(0, held.get(code, 0) - actual.get(code, 0)))
        for code in encoder.competencies_
    )
    assert int((encoder.gaps(actual, required) * reached).sum()) == covered


def test_an_index_is_made_of_these_encoders():
    index = MentorIndex().fit([Mentor(1, {"M.1": 3}, field="tax", grade=4, years=7, place="Ende")])
    pool = index._pool
    assert isinstance(pool.level_encoder, LevelEncoder)
    assert isinstance(index.text_encoder_, TextEncoder)
    assert {name: type(encoder) for name, encoder in pool.encoders.items()} == {
        "years": BinEncoder, "grade": BinEncoder, "field": CategoryEncoder, "place": CategoryEncoder,
        "time_zone": CategoryEncoder, "languages": CategoryEncoder, "unit": CategoryEncoder,
    }  # fmt: skip
    row = pool.row_of[1]
    for name, value in (("field", "tax"), ("grade", 4), ("years", 7), ("place", "Ende")):
        assert pool.column(name)[row] == pool.encoders[name].transform([value])[0]


def test_more_categories_and_competencies_come_without_moving_the_others():
    places = CategoryEncoder(feature="place").fit(["Ende"])
    assert places.transform(["Tual"]).tolist() == [-1]
    assert places.partial_fit(["Tual", "Ende"]).transform(["Ende", "Tual"]).tolist() == [1, 2]
    assert places.same("Tual").tolist() == [0, 0, 1]
    spoken = CategoryEncoder(feature="languages").fit([frozenset({"id"}), frozenset({"id", "en"}), frozenset()])
    assert spoken.shared({"en"}).tolist() == [0, 0, 1]
    levels = LevelEncoder().fit([{"b": 1}]).partial_fit(["a"])
    assert levels.competencies_ == ["b", "a"]
    years = BinEncoder().fit()
    assert (len(years), years.transform([3.9]).tolist(), years.value(4), years.value(0)) == (82, [4], 3, None)
    assert years.distances(5)[[1, 6, 81]].tolist() == [-5, 0, 75]


@pytest.mark.parametrize(
    ("make", "error", "code"),
    [
        (lambda: LevelEncoder(competencies="ab").fit([]), InvalidParameter, "bad_parameter"),
        (lambda: LevelEncoder(competencies=["a"]).fit([{"b": 1}]), UnknownCompetency, "unknown_competency"),
        (lambda: LevelEncoder().fit([{"a": 1}]).transform([{"b": 1}]), UnknownCompetency, "unknown_competency"),
        (lambda: LevelEncoder().fit([{"a": 1}]).transform([{"a": 6}]), InvalidInput, "level_out_of_range"),
        (lambda: LevelEncoder().fit([{"a": 1}]).transform([{"a": float("nan")}]), InvalidInput, "not_a_number"),
        (lambda: LevelEncoder().fit([{"": 1}]), InvalidInput, "bad_code"),
        (lambda: BinEncoder(low=3, high=2).fit(), InvalidParameter, "bad_parameter"),
        (lambda: BinEncoder(low="a").fit(), InvalidParameter, "bad_parameter"),
        (lambda: BinEncoder(feature="").fit(), InvalidParameter, "bad_parameter"),
        (lambda: BinEncoder().fit().transform([81]), InvalidInput, "out_of_range"),
        (lambda: BinEncoder().fit().transform([float("nan")]), InvalidInput, "not_a_number"),
        (lambda: BinEncoder().fit().transform(["9"]), InvalidInput, "not_a_number"),
        (lambda: CategoryEncoder(feature=3).fit([]), InvalidParameter, "bad_parameter"),
        (lambda: CategoryEncoder().fit([3]), InvalidInput, "bad_code"),
        (lambda: TextEncoder(max_terms=0).fit([]), InvalidParameter, "bad_parameter"),
    ],
)
def test_what_an_encoder_cannot_take_is_refused_by_name(make, error, code):
    with pytest.raises(error) as refused:
        make()
    assert refused.value.code == code


def test_a_large_vocabulary_keeps_the_terms_of_most_texts_whatever_their_order():
    texts = ["rapat pajak", "rapat hukum", "pajak arsip", "arsip rapat"]
    encoder = TextEncoder(pairs=False, max_terms=3).fit(texts)
    assert list(encoder.vocabulary_) == ["arsip", "paja", "rapat"]
    assert list(TextEncoder(pairs=False, max_terms=3).fit(texts[::-1]).vocabulary_) == list(encoder.vocabulary_)
    tied = TextEncoder(pairs=False, max_terms=1).fit(["pajak", "arsip"])
    assert list(tied.vocabulary_) == ["arsip"]
