"""scikit-learn's conventions, and what loading the package costs."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from mentorlink.matching import (
    InvalidParameter,
    Mentee,
    Mentor,
    MentorColumns,
    MentorIndex,
    NotFitted,
    Rules,
    TextEncoder,
    Weights,
)

pytestmark = pytest.mark.one_database

PARAMS = {"weights": Weights(cover=1), "rules": Rules(same_field=True), "lead_years": 7, "competencies": ["M.1"]}


def test_loading_the_package_loads_nothing_that_takes_long():
    slow = ("sklearn", "scipy", "numba", "flask", "sqlalchemy")
    told = f"import sys, mentorlink.matching; print([m for m in {slow} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_ranking_a_small_pool_needs_neither_scikit_learn_nor_numba():
    told = (
        "import sys; from mentorlink.matching import *; index = MentorIndex().fit([Mentor(1, {'M.1': 2}, text='anggaran')]);"
        "print(index.rank(Mentee(2, {}, {'M.1': 2}, text='anggaran')).matches[0].mentor_id, "
        "[m for m in ('sklearn', 'numba') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.strip() == "1 []"


def test_parameters_are_kept_as_given_and_can_be_read_set_and_cloned():
    index = MentorIndex(**PARAMS, text_encoder=TextEncoder(min_df=2))
    assert index.get_params(deep=False).items() >= PARAMS.items()
    assert index.get_params()["text_encoder__min_df"] == 2
    assert index.set_params(lead_years=3, text_encoder__min_df=4) is index
    assert (index.lead_years, index.text_encoder.min_df) == (3, 4)
    twin = clone(index)
    assert twin is not index
    assert twin.text_encoder is not index.text_encoder
    assert twin.weights is not None
    assert repr(twin) == repr(index)
    assert "lead_years=3" in repr(twin)


@pytest.mark.parametrize("wrong", [{"nothing": 1}, {"lead_years__x": 1}, {"text_encoder__nothing": 1}])
def test_an_unknown_parameter_is_named(wrong):
    with pytest.raises(InvalidParameter) as error:
        MentorIndex(text_encoder=TextEncoder()).set_params(**wrong)
    assert error.value.code == "unknown_parameter"


def test_a_clone_of_a_fitted_index_is_not_fitted():
    index = MentorIndex(lead_years=2).fit([Mentor(1)])
    check_is_fitted(index)
    twin = clone(index)
    with pytest.raises(NotFittedError):
        check_is_fitted(twin)
    for ask in (
        lambda: twin.rank(Mentee(1)),
        lambda: twin.explain(Mentee(1), 1),
        lambda: twin.why_not(Mentee(1), 1),
        lambda: twin.kneighbors([]),
        lambda: twin.update(Mentor(1)),
        lambda: twin.remove(1),
        lambda: twin.compact(),
        lambda: twin.ids_,
        lambda: len(twin),
        lambda: 1 in twin,
        lambda: TextEncoder().transform([]),
    ):
        with pytest.raises(NotFitted):
            ask()
    assert not hasattr(twin, "feature_names_in_")


def test_a_copy_and_a_pickle_rank_alike_and_live_their_own_lives():
    index = MentorIndex().fit([Mentor(1, {"M.1": 3}, text="anggaran kas"), Mentor(2, {"M.1": 2})])
    mentee = Mentee(9, {}, {"M.1": 3}, text="kas")
    for twin in (copy.deepcopy(index), pickle.loads(pickle.dumps(index))):
        assert twin.rank(mentee) == index.rank(mentee)
        twin.update(Mentor(3, {"M.1": 3}))
        assert 3 in twin
    assert 3 not in index


def test_results_and_errors_survive_a_pickle():
    index = MentorIndex().fit([Mentor(1, {"M.1": 3}, text="anggaran kas")])
    ranking = index.rank(Mentee(9, {}, {"M.1": 3}, text="kas"), choices=True)
    assert pickle.loads(pickle.dumps(ranking)) == ranking
    with pytest.raises(InvalidParameter) as error:
        index.rank(Mentee(9), weights=Weights(cover=-1))
    again = pickle.loads(pickle.dumps(error.value))
    assert (type(again), again.code, again.facts) == (InvalidParameter, "bad_parameter", error.value.facts)


def test_fitting_again_replaces_the_pool_and_a_failed_fit_does_not():
    index = MentorIndex().fit([Mentor(1)])
    assert index.fit([Mentor(2), Mentor(3)]).ids_.tolist() == [2, 3]
    with pytest.raises(ValueError, match="duplicate_id"):
        index.fit([Mentor(4), Mentor(4)])
    assert index.ids_.tolist() == [2, 3]


def test_features_have_names():
    index = MentorIndex().fit([Mentor(1, {"T.2": 1, "M.1": 3})])
    assert index.feature_names_in_.tolist() == [
        "level:M.1", "level:T.2", "text", "years", "grade", "place", "time_zone", "field", "languages",
    ]  # fmt: skip
    assert index.n_features_in_ == 9
    assert MentorIndex(competencies=["b", "a"]).fit([]).competencies_ == ("a", "b")


def test_columns_and_records_are_two_ways_to_say_the_same():
    mentors = [
        Mentor(5, {"M.1": 3}, unit=(1, 2), field="tax", grade=3, years=4.5, languages=["id"], time_zone="WIB", place="Ende",
               text="anggaran", room=2, blocked=[7]),
        Mentor(4, {"T.1": 1, "M.1": 0}, room=0, paused=True, failed_with=[8]),
    ]  # fmt: skip
    columns = MentorColumns(
        np.array([5, 4]), ["T.1", "M.1"], np.array([[0.0, 3.0], [1.0, 0.0]]),
        units=[(1, 2), ()], fields=["tax", None], grades=[3, None], years=[4.5, None], languages=[["id"], []],
        time_zones=["WIB", None], places=["Ende", None], texts=["anggaran", ""], rooms=[2, 0], paused=[False, True],
        blocked=[[7], []], failed_with=[[], [8]],
    )  # fmt: skip
    assert len(columns) == 2
    one, two = MentorIndex().fit(mentors), MentorIndex().fit(columns)
    for person in (1, 7, 8):
        mentee = Mentee(person, {}, {"M.1": 4, "T.1": 2}, years=1, text="penganggaran", languages=["id"], time_zone="WIT")
        for rules in (Rules(), Rules(with_room=False)):
            assert one.rank(mentee, rules=rules, choices=True) == two.rank(mentee, rules=rules, choices=True)
        assert one.why_not(mentee, 4) == two.why_not(mentee, 4)


def test_columns_left_out_are_at_their_default():
    index = MentorIndex().fit(MentorColumns([3], ["M.1"], [[2]]))
    assert index.rank(Mentee(1, {}, {"M.1": 2})) == MentorIndex().fit([Mentor(3, {"M.1": 2})]).rank(Mentee(1, {}, {"M.1": 2}))


def test_the_weights_of_a_call_replace_those_of_the_index():
    index = MentorIndex().fit([Mentor(1, {"M.1": 3}), Mentor(2, languages=["id"])])
    mentee = Mentee(9, {}, {"M.1": 3}, languages=["id"])
    assert [match.mentor_id for match in index.rank(mentee)] == [1, 2]
    talk = Weights(cover=0, text=0, experience=0, place=0, field=0, language=2)
    assert [(match.mentor_id, match.score) for match in index.rank(mentee, weights=talk)] == [(2, 1.0), (1, 0.0)]
