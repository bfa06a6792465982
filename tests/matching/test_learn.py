"""A model learned from outcomes: never falling, never negative, the engine's own score, and proposed on evidence alone."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.matching import (
    TERMS,
    Evidence,
    InvalidInput,
    InvalidParameter,
    Mentee,
    Mentor,
    MentorIndex,
    MonotoneAdditive,
    Weights,
    judge,
    make_outcomes,
    noticing,
    shares_of_explanation,
)
from tests.matching.people import brief, mentees, pools

pytestmark = pytest.mark.one_database

TEXT, EXPERIENCE, COVER = (TERMS.index(name) for name in ("text", "experience", "cover"))


def rows(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    dice = np.random.default_rng(seed)
    X = np.round(dice.random((n, len(TERMS))), 3)
    y = (dice.random(n) < 0.15 + 0.7 * X[:, TEXT] ** 0.5).astype(int)
    return X, y, dice.uniform(0.5, 5, n)


def shuffled(evidence: Evidence, seed: int) -> Evidence:
    order = np.random.default_rng(seed).permutation(len(evidence))
    return Evidence(*(getattr(evidence, name)[order] for name in Evidence.__slots__))


# The estimator


@brief
@given(st.integers(0, 10_000), st.sampled_from([0.5, 4.0, 50.0]))
def test_more_of_anything_never_ranks_lower(seed: int, alpha: float) -> None:
    X, y, weight = rows(120, seed)
    model = MonotoneAdditive(alpha=alpha).fit(X, y, weight)
    assert (model.coef_ >= 0).all()
    assert all(0 <= value <= 1 for value in model.weights_.values())
    for corners in model.curves_.values():
        xs, ys = np.array(corners).T
        assert (np.diff(xs) > 0).all()
        assert (np.diff(ys) >= 0).all()
        assert (ys[0], ys[-1]) == (0, 1)
    lower, more = X, X.copy()
    at = seed % len(TERMS)
    more[:, at] = np.minimum(1, X[:, at] + 0.25)
    assert (model.decision_function(more) >= model.decision_function(lower) - 1e-12).all()


@brief
@given(st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter_to_the_last_bit(seed: int) -> None:
    X, y, weight = rows(90, seed)
    order = np.random.default_rng(seed + 1).permutation(90)
    one, other = MonotoneAdditive().fit(X, y, weight), MonotoneAdditive().fit(X[order], y[order], weight[order])
    assert one.coef_.tobytes() == other.coef_.tobytes()
    assert one.intercept_ == other.intercept_


def test_with_little_said_by_the_data_policy_ranks_on() -> None:
    X, y, _weight = rows(200)
    model = MonotoneAdditive(alpha=1e7).fit(X, y)
    policy = Weights()
    assert model.scale_ > 0
    for term, weight in model.weights_.items():
        assert weight == pytest.approx(getattr(policy, term), abs=1e-3)
    assert all(y == pytest.approx(x, abs=2e-3) for x, y in model.curves_["text"])


def test_it_follows_scikit_learn() -> None:
    from sklearn.base import clone, is_classifier
    from sklearn.utils.validation import check_is_fitted

    X, y, weight = rows(150)
    model = MonotoneAdditive(alpha=2.0)
    assert is_classifier(model)
    fitted = clone(model).set_params(max_iter=50).fit(X, y, weight)
    check_is_fitted(fitted)
    assert fitted.get_params() == {"alpha": 2.0, "knots": None, "max_iter": 50, "policy": None}
    chances = fitted.predict_proba(X)
    assert chances.shape == (150, 2)
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    assert set(fitted.predict(X)) <= set(fitted.classes_.tolist())
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.decision_function(X), fitted.decision_function(X))
    assert list(fitted.feature_names_in_) == list(TERMS)


def test_its_gradient_is_at_rest_where_it_stops() -> None:
    X, y, _weight = rows(300)
    model = MonotoneAdditive().fit(X, y)

    def loss(moved: np.ndarray) -> float:
        other = MonotoneAdditive().fit(X, y)
        other.coef_ = moved
        logits = other.decision_function(X)
        return float(np.sum(np.logaddexp(0, logits) - y * logits))

    steps = np.concatenate([np.diff(np.array(model.curves_[term])[:, 0]) for term in TERMS])
    policy = np.array([getattr(Weights(), term) for term in TERMS]) / sum(getattr(Weights(), term) for term in TERMS)
    wanted = np.concatenate([policy[at] * np.diff(np.array(model.curves_[term])[:, 0]) for at, term in enumerate(TERMS)])

    def whole(moved: np.ndarray) -> float:
        scale = max(0.0, float((4 * wanted * moved / steps).sum() / (4 * (wanted**2 / steps).sum() + 1e-3)))
        return loss(moved) + 2 * float(((moved - scale * wanted) ** 2 / steps).sum()) + 5e-4 * scale**2

    least = whole(model.coef_)
    for at in range(len(model.coef_)):
        for by in (1e-3, -1e-3):
            moved = model.coef_.copy()
            moved[at] = max(0.0, moved[at] + by)
            assert whole(moved) >= least - 1e-7


@pytest.mark.parametrize(
    ("X", "y"),
    [
        ([[0.5] * 3], [1]),
        ([[0.5] * len(TERMS)] * 2, [1, 1]),
        ([[0.5] * len(TERMS)] * 2, [0, 2]),
        ([[0.5] * len(TERMS)] * 2, [0]),
        ([[1.5] * len(TERMS)] * 2, [0, 1]),
        ([[float("nan")] * len(TERMS)] * 2, [0, 1]),
        ([["x"] * len(TERMS)] * 2, [0, 1]),
        ([], []),
    ],
)
def test_what_cannot_be_learned_from_is_refused(X: object, y: object) -> None:
    with pytest.raises(InvalidInput):
        MonotoneAdditive().fit(X, y)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "parameters",
    [
        {"alpha": 0},
        {"alpha": True},
        {"max_iter": 0},
        {"policy": 3},
        {"policy": 0},
        {"knots": 0},
        {"knots": -3},
        {"knots": 1.5},
        {"knots": "x"},
        {"knots": {"age": [0, 1]}},
        {"knots": {"text": "x"}},
        {"knots": {"text": [0, float("nan"), 1]}},
        {"knots": {"text": [0, 0.5]}},
        {"knots": {"cover": [0, 0.5, 1]}},
    ],
)
def test_a_wrong_parameter_is_named(parameters: dict[str, object]) -> None:
    X, y, _weight = rows(20)
    with pytest.raises(InvalidParameter):
        MonotoneAdditive(**parameters).fit(X, y)  # type: ignore[arg-type]


def test_weights_must_be_above_zero() -> None:
    X, y, weight = rows(20)
    weight[3] = 0
    with pytest.raises(InvalidInput):
        MonotoneAdditive().fit(X, y, weight)


# The engine under a model


@brief
@given(pools, mentees, st.integers(0, 50))
def test_the_terms_of_a_learned_model_sum_to_the_score_and_to_its_logit(pool: list[Mentor], mentee: Mentee, seed: int) -> None:
    X, y, weight = rows(150, seed)
    model = MonotoneAdditive().fit(X, y, weight)
    learned = model.to_weights()
    index = MentorIndex().fit(pool)
    for mentor in pool:
        plain, why = index.explain(mentee, mentor.id), index.explain(mentee, mentor.id, weights=learned)
        assert sum(why.terms.values()) == pytest.approx(why.score, abs=1e-6)
        shares = shares_of_explanation(plain)
        counted = {name: share for name, share in shares.items() if name != "cover" or learned.cover > 0.001}
        assert counted == pytest.approx({name: shares_of_explanation(why)[name] for name in counted}, abs=2e-5)
        table = np.array([[shares[term] for term in TERMS]])
        for term, value in zip(TERMS, model.score_terms(table)[0], strict=True):
            assert why.terms[term] == pytest.approx(value, abs=1e-5)
        assert model.decision_function(table)[0] == pytest.approx(model.intercept_ + model.scale_ * why.score, abs=2e-4)


@brief
@given(pools, mentees)
def test_shares_are_the_engines_own_terms_over_their_weights(pool: list[Mentor], mentee: Mentee) -> None:
    index = MentorIndex().fit(pool)
    for mentor in pool:
        why = index.explain(mentee, mentor.id)
        for term, share in shares_of_explanation(why).items():
            assert why.weights[term] * share == pytest.approx(why.terms[term], abs=2e-6)


# The verdict


def test_a_known_truth_is_found_again() -> None:
    truth = Weights(
        cover=0.15, text=0.6, experience=0.25, place=0, field=0, language=0, curves={"text": ((0.0, 0.0), (0.2, 0.9), (1.0, 1.0))}
    )
    verdict = judge(make_outcomes(900, truth=truth, seed=5), seed=1)
    assert verdict.is_better
    assert verdict.model is not None
    found = verdict.model.weights_
    assert found["text"] == max(found.values())
    assert found["experience"] > found["place"] + found["field"] + found["language"]
    assert dict(verdict.model.curves_["text"])[0.2] > 0.6
    assert 0.5 < verdict.steepness < 0.95
    assert verdict.gain is not None
    assert verdict.gain.low > 0.02


def test_when_people_go_by_policy_nothing_is_proposed() -> None:
    verdict = judge(make_outcomes(700, truth=Weights(), seed=6), seed=1)
    assert verdict.outcomes >= 200
    assert not verdict.is_better
    assert "too_little_gain" in verdict.reasons


@pytest.mark.parametrize("seed", range(8))
def test_noise_proposes_nothing(seed: int) -> None:
    verdict = judge(make_outcomes(350, noise=True, seed=seed), seed=seed)
    assert verdict.outcomes >= 200
    assert not verdict.is_better


def test_too_few_answers_propose_nothing_however_clear_they_are() -> None:
    evidence = make_outcomes(80, strength=9.0, seed=2)
    verdict = judge(evidence, seed=1)
    assert verdict.outcomes < 200
    assert verdict.gain is not None
    assert verdict.gain.low > 0.02
    assert verdict.reasons == ("too_few_outcomes",)


def test_when_all_end_alike_there_is_nothing_to_fit() -> None:
    evidence = make_outcomes(300, seed=2)
    all_bad = Evidence(*(getattr(evidence, name) for name in Evidence.__slots__[:-1]), good=np.zeros(len(evidence), bool))
    verdict = judge(all_bad, seed=1)
    assert verdict.model is None
    assert verdict.reasons == ("one_sided",)


def test_the_verdict_depends_on_seed_and_rows_alone() -> None:
    evidence = make_outcomes(200, seed=4)
    one, other = judge(evidence, seed=9), judge(shuffled(evidence, 1), seed=9)
    assert (one.gain, one.error, one.odds, one.steepness) == (other.gain, other.error, other.odds, other.steepness)
    assert one.model is not None
    assert other.model is not None
    assert one.model.weights_ == other.model.weights_
    assert evidence.digest() == shuffled(evidence, 2).digest()
    assert judge(evidence, seed=10).gain != one.gain
    assert make_outcomes(200, seed=5).digest() != evidence.digest()


def test_odds_are_said_only_when_they_hold() -> None:
    sure = judge(make_outcomes(900, seed=5), seed=1)
    assert sure.odds is not None
    assert sure.error is not None
    assert sure.error.high <= 0.10
    assert sum(n for _said, _happened, n in sure.bins) == sure.outcomes
    assert 0 < sure.odds.of(0.1) < sure.odds.of(0.9) < 1
    unsure = judge(make_outcomes(70, seed=5), seed=1)
    assert unsure.error is not None
    assert unsure.odds is None


def test_noticing_is_told_from_merit() -> None:
    for steepness in (0.0, 0.5, 1.0):
        evidence = make_outcomes(1500, steepness=steepness, strength=3.0, asking=0.2, seed=3)
        assert noticing(evidence.slots, evidence.shares, evidence.asked) == pytest.approx(steepness, abs=0.15)
    nobody = np.zeros(len(evidence), bool)
    assert noticing(evidence.slots, evidence.shares, nobody) == 0


def test_rows_that_contradict_themselves_are_refused() -> None:
    evidence = make_outcomes(30, seed=1)
    for broken in (
        {"slots": evidence.slots * 0},
        {"chances": evidence.chances * 2},
        {"good": ~evidence.known},
        {"mentees": evidence.mentees[1:]},
    ):
        with pytest.raises(InvalidInput):
            judge(Evidence(**({name: getattr(evidence, name) for name in Evidence.__slots__} | broken)))
