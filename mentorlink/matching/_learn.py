"""A monotone additive model of what came of lists: the engine's own terms, bent by curves and weighed by outcomes.

The model is logistic in the shares of the terms, a straight line in some of them and a bent one that never falls in others. So it
is nothing but `Weights` with curves: the engine ranks by it, and the explanation stays the sum of the terms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ._base import Estimator
from ._codes import TERMS
from ._errors import InvalidInput, InvalidParameter
from ._logistic import expit
from ._records import Weights
from ._results import Explanation

Floats = npt.NDArray[np.float64]
Curve = tuple[tuple[float, float], ...]
Loss = tuple[float, Floats, Floats]
"""Value, and slope and bend by row."""

KNOTS: Mapping[str, tuple[float, ...]] = {
    "text": (0.0, 0.05, 0.1, 0.2, 0.4, 1.0),
    "experience": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
}
"""Where the curve of a term may bend: finer where the likeness of texts crowds, whole years for the lead in experience. The
others are straight: field and language are yes or no, place is two halves that are added, grade has points of its own."""
STRAIGHT = ("cover", "place", "grade")
"""Terms whose curve may not bend."""

LEAD_YEARS = 5
MOST_STEEP = 1.5
"""Noticing falls with the place at most by this power of it."""


class MonotoneAdditive(Estimator):
    """Logistic regression on the shares of the terms, with curves that never fall.

    ``logit P(y = 1 | x) = b + Σ_t f_t(x_t)`` with ``f_t(0) = 0`` and ``f_t`` piecewise linear and nowhere falling; gap cover,
    place and grade are straight lines. Minimised is

    ``Σ_i w_i log(1 + exp(−±logit_i)) + α/2 · Σ_t ∫₀¹ (f_t'(x) − s·p_t)² dx``

    over ``b``, ``f`` and a scale ``s ≥ 0``: the penalty pulls the slopes towards the policy weights ``p``, whatever their common
    scale, so that a term of which the data say little keeps the weight that policy gave it.

    Parameters
    ----------
    policy : Weights or None
        The weights pulled towards. None: ``Weights()``. Their own curves are not used.
    alpha : float, default=4.0
        Strength of the pull, > 0. At 4 a slope strays by half a logit (one standard deviation) before the data speak.
    knots : mapping of str to sequence of float, or None
        Where the curve of a term may bend, from 0 to 1. None: `KNOTS`; a term that is not named bends nowhere.
    max_iter : int, default=200
        Steps of Newton's method at most; about ten are usual.

    Attributes
    ----------
    intercept_ : float
    scale_ : float
        Sum of the highest values of all curves: a score of 1 adds this many logits.
    weights_ : dict of str to float
        Term → its share of `scale_`. They sum to 1; all 0 when nothing was found to count.
    curves_ : dict of str to tuple of (float, float)
        Term → points (share, part of the term's weight), from (0, 0) to (1, 1).
    coef_ : ndarray of shape (n_slopes,), float64
        What the curves rise by between two knots, in logits, all ≥ 0.
    classes_ : ndarray of shape (2,)
        ``[0, 1]``.
    feature_names_in_, n_features_in_
        The terms, in the order of the columns of X.
    n_iter_ : int

    Notes
    -----
    Rows are put in one fixed order before anything is summed up, so that the order they come in does not matter to the last bit.

    References
    ----------
    Additive models: Hastie and Tibshirani, "Generalized Additive Models", 1990. Monotone by non-negative increments of a hinge
    basis: Ramsay, "Monotone Regression Splines in Action", Statistical Science 3(4), 1988.

    Examples
    --------
    >>> import numpy as np
    >>> from mentorlink.matching import MonotoneAdditive
    >>> X = np.tile([[0.0] * 7, [1.0] * 7], (50, 1))
    >>> model = MonotoneAdditive().fit(X, np.tile([0, 1], 50))
    >>> bool(model.decision_function(X[1:2])[0] > model.decision_function(X[:1])[0])
    True
    """

    def __init__(
        self,
        *,
        policy: Weights | None = None,
        alpha: float = 4.0,
        knots: Mapping[str, Sequence[float]] | None = None,
        max_iter: int = 200,
    ) -> None:
        self.policy = policy
        self.alpha = alpha
        self.knots = knots
        self.max_iter = max_iter

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None) -> Self:
        """Fit.

        Parameters
        ----------
        X : array-like of shape (n, n_terms), float
            Shares of the terms, 0–1, in the order of `TERMS`.
        y : array-like of shape (n,), 0 or 1
            Both must occur.
        sample_weight : array-like of shape (n,), float, or None
            Positive. Only their proportions count. None: all 1.

        Returns
        -------
        self

        Raises
        ------
        InvalidInput
            ``bad_shares``: not a finite table of numbers from 0 to 1 with a column for each term; ``bad_outcomes``: another value
            than 0 and 1, another length, or only one of the two; ``bad_weight``.
        InvalidParameter
            ``bad_parameter``.
        """
        knots, policy = self._checked()
        shares = checked_shares(X)
        happened = _outcomes(y, len(shares))
        weight = _sample_weight(sample_weight, len(shares))
        order = np.lexsort((*shares.T, happened, weight))
        shares, happened, weight = shares[order], happened[order], weight[order]
        steps = np.concatenate([np.diff(points) for points in knots])
        wanted = np.concatenate([policy[term] * np.diff(points) for term, points in zip(TERMS, knots, strict=True)])
        design = np.column_stack([np.ones(len(shares)), np.zeros(len(shares)), _hinges(shares, knots)])
        pull = _pull(steps, wanted, self.alpha)
        least = np.array([-np.inf, *[0.0] * (len(steps) + 1)])
        start = np.concatenate([[_logit(np.average(happened, weights=weight)), 1.0], wanted])

        def loss(logits: Floats) -> Loss:
            chance = expit(logits)
            value = weight @ (np.logaddexp(0.0, logits) - happened * logits)
            return float(value), weight * (chance - happened), weight * chance * (1.0 - chance)

        found, self.n_iter_ = _minimise(design, loss, pull, start=start, least=least, max_iter=self.max_iter)
        self.intercept_, self.coef_ = float(found[0]), np.maximum(found[2:], 0.0)
        self._describe(knots)
        return self

    def decision_function(self, X: npt.ArrayLike) -> Floats:
        """Return the logits: shape (n,). They are ``intercept_ + scale_ · score``, the score the engine's."""
        self._check_fitted()
        return self.intercept_ + _hinges(checked_shares(X), self._knots) @ self.coef_

    def predict_proba(self, X: npt.ArrayLike) -> Floats:
        """Return the chances of 0 and of 1: shape (n, 2)."""
        chance = expit(self.decision_function(X))
        return np.column_stack([1.0 - chance, chance])

    def predict(self, X: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Return the likelier of the two: shape (n,)."""
        return self.classes_[(self.decision_function(X) > 0).astype(np.int64)]

    def score_terms(self, X: npt.ArrayLike) -> Floats:
        """Return what each term adds to the score of the engine under `to_weights`: shape (n, n_terms), rows sum to 0–1."""
        self._check_fitted()
        shares = checked_shares(X)
        columns = [
            self.weights_[term] * np.interp(shares[:, at], *np.array(self.curves_[term]).T) for at, term in enumerate(TERMS)
        ]
        return np.column_stack(columns)

    def to_weights(self) -> Weights:
        """Return the model as the engine ranks by it.

        Raises
        ------
        InvalidParameter
            ``nothing_counts``: every curve is flat, so there is nothing to rank by.
        """
        self._check_fitted()
        if not self.scale_:
            raise InvalidParameter("nothing_counts")
        return Weights(**self.weights_, curves={term: self.curves_[term] for term in TERMS if len(self.curves_[term]) > 2})

    def _describe(self, knots: list[Floats]) -> None:
        self._knots = knots
        self.classes_ = np.array([0, 1])
        self.feature_names_in_ = np.array(TERMS, dtype=object)
        self.n_features_in_ = len(TERMS)
        self.scale_ = float(self.coef_.sum())
        self.weights_, self.curves_ = {}, {}
        begin = 0
        for term, points in zip(TERMS, knots, strict=True):
            rises = self.coef_[begin : begin + len(points) - 1]
            begin += len(rises)
            top = float(rises.sum())
            heights = np.concatenate([[0.0], np.cumsum(rises)]) / top if top else points
            heights = np.minimum(heights, 1.0)
            heights[-1] = 1.0
            self.weights_[term] = top / self.scale_ if self.scale_ else 0.0
            self.curves_[term] = tuple(zip(points.tolist(), heights.tolist(), strict=True))

    def _checked(self) -> tuple[list[Floats], dict[str, float]]:
        policy = Weights() if self.policy is None else self.policy
        if not isinstance(policy, Weights):
            raise InvalidParameter("bad_parameter", name="policy", value=repr(policy)[:80])
        if isinstance(self.alpha, bool) or not isinstance(self.alpha, int | float) or not 0 < self.alpha < float("inf"):
            raise InvalidParameter("bad_parameter", name="alpha", value=self.alpha)
        if isinstance(self.max_iter, bool) or not isinstance(self.max_iter, int) or self.max_iter < 1:
            raise InvalidParameter("bad_parameter", name="max_iter", value=self.max_iter)
        given = KNOTS if self.knots is None else self.knots
        if not isinstance(given, Mapping) or not given.keys() <= set(TERMS):
            raise InvalidParameter("bad_parameter", name="knots", value=repr(given)[:80])
        knots = [_points(term, given.get(term, (0.0, 1.0))) for term in TERMS]
        values = np.array([getattr(policy, term) for term in TERMS], dtype=np.float64)
        if not np.isfinite(values).all() or (values < 0).any() or not values.sum():
            raise InvalidParameter("bad_parameter", name="policy", value=repr(policy)[:80])
        return knots, dict(zip(TERMS, (values / values.sum()).tolist(), strict=True))

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "coef_")

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags  # type: ignore[import-untyped]

        tags = super().__sklearn_tags__()
        tags.estimator_type, tags.classifier_tags = "classifier", ClassifierTags(multi_class=False)
        tags.target_tags.required = True
        return tags


def shares_of_explanation(why: Explanation, *, lead_years: int = LEAD_YEARS) -> dict[str, float]:
    """Return the share of each term before any weight or curve: what a list must keep so that a model can be fitted later.

    Parameters
    ----------
    why : Explanation
    lead_years : int, default=5
        The index's own.

    Returns
    -------
    dict of str to float
        Term → 0–1, to six decimals. ``weight · share == term`` under weights without curves.

    Notes
    -----
    Under weights that leave gap cover out, its share is counted in levels, without priorities.
    """
    cover = why.terms["cover"] / why.weights["cover"] if why.weights["cover"] else why.covered / why.gap if why.gap else 0.0
    known = {
        "cover": cover,
        "text": why.text_similarity,
        "experience": min(lead_years, max(0, why.years_lead or 0)) / lead_years,
        "place": (0.5 if why.place_shared else 0.0) + _shared_day(why.time_zone_distance),
        "field": 1.0 if why.field_shared else 0.0,
        "language": 1.0 if why.languages_shared else 0.0,
    }
    others = {term: _straight(why, term) for term in TERMS if term not in known}
    return {term: round(min(1.0, max(0.0, (known | others)[term])), 6) for term in TERMS}


def noticing(slots: npt.ArrayLike, X: npt.ArrayLike, asked: npt.ArrayLike) -> float:
    """Estimate how noticing falls with the place on a page: P(noticed) = slot^−η.

    Parameters
    ----------
    slots : array-like of shape (n,), integer ≥ 1
        Place on the page, as seen.
    X : array-like of shape (n, n_terms), float
        Shares of the terms.
    asked : array-like of shape (n,), 0 or 1
        Whether the person seen there was asked.

    Returns
    -------
    float
        η, 0–1.5, to four decimals. 0 when nobody or everybody was asked.

    Notes
    -----
    η is the slope on −log(slot) of a regression of asking, on a logarithmic scale (Poisson), that has the terms beside it. One
    list shows one person at one place only; what tells place from merit is that equal merit stands at other places in other
    people's lists.
    """
    shares, happened = checked_shares(X), np.asarray(asked, dtype=np.float64)
    if not 0 < happened.sum() < len(happened):
        return 0.0
    depth = np.log(np.asarray(slots, dtype=np.float64))
    order = np.lexsort((*shares.T, depth, happened))
    shares, depth, happened = shares[order], depth[order], happened[order]
    design = np.column_stack([np.ones(len(shares)), shares, -depth])
    pull = np.diag([0.0, *[0.05] * shares.shape[1], 0.05])
    start = np.zeros(design.shape[1])
    start[0] = np.log(happened.mean())
    least, most = np.full(len(start), -np.inf), np.full(len(start), np.inf)
    least[-1], most[-1] = 0.0, MOST_STEEP

    def loss(logs: Floats) -> Loss:
        mean = np.exp(np.minimum(logs, 30.0))
        return float(mean.sum() - happened @ logs), mean - happened, mean

    found, _ = _minimise(design, loss, pull, start=start, least=least, most=most)
    return round(float(found[-1]), 4)


def checked_shares(X: npt.ArrayLike) -> Floats:
    """Check a table of shares: shape (n, n_terms), float64."""
    try:
        shares = np.asarray(X, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidInput("bad_shares", terms=TERMS) from None
    if shares.ndim != 2 or shares.shape[1] != len(TERMS) or not len(shares):
        raise InvalidInput("bad_shares", terms=TERMS, shape=shares.shape)
    if not np.isfinite(shares).all() or shares.min() < 0 or shares.max() > 1:
        raise InvalidInput("bad_shares", terms=TERMS)
    return shares


def _straight(why: Explanation, term: str) -> float:
    weight = why.weights.get(term, 0.0)
    return why.terms.get(term, 0.0) / weight if weight else 0.0


def _shared_day(hours_apart: float | None) -> float:
    return 0.0 if hours_apart is None else 0.5 * max(0.0, 8.0 - hours_apart) / 8.0


def _points(term: str, given: Sequence[float]) -> Floats:
    try:
        points = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidParameter("bad_parameter", name=f"knots.{term}", value=repr(given)[:80]) from None
    if points.ndim != 1 or len(points) < 2 or points[0] != 0 or points[-1] != 1 or not (np.diff(points) > 0).all():
        raise InvalidParameter("bad_parameter", name=f"knots.{term}", value=repr(given)[:80])
    if term in STRAIGHT and len(points) != 2:
        raise InvalidParameter("bad_parameter", name=f"knots.{term}", value=repr(given)[:80])
    return points


def _outcomes(y: npt.ArrayLike, count: int) -> Floats:
    happened = np.asarray(y)
    if happened.shape != (count,) or not np.isin(happened, (0, 1)).all() or not 0 < (happened == 1).sum() < count:
        raise InvalidInput("bad_outcomes", expected=count)
    return happened.astype(np.float64)


def _sample_weight(given: npt.ArrayLike | None, count: int) -> Floats:
    weight = np.ones(count) if given is None else np.asarray(given, dtype=np.float64)
    if weight.shape != (count,) or not np.isfinite(weight).all() or (weight <= 0).any():
        raise InvalidInput("bad_weight", expected=count)
    return weight / np.sort(weight).sum() * count


def _hinges(shares: Floats, knots: list[Floats]) -> Floats:
    """Return, for each stretch between two knots, how much of it a share has passed: shape (n, stretches), 0–1."""
    return np.concatenate(
        [
            np.clip((shares[:, [at]] - points[:-1]) / np.diff(points), 0.0, 1.0)
            for at, points in enumerate(knots)
        ],
        axis=1,
    )  # fmt: skip


def _pull(steps: Floats, wanted: Floats, alpha: float) -> Floats:
    """Return the penalty as a quadratic form over (intercept, scale, rises)."""
    size = len(steps) + 2
    form = np.zeros((size, size))
    rises = np.arange(2, size)
    form[rises, rises] = alpha / steps
    form[1, rises] = form[rises, 1] = -alpha * wanted / steps
    form[1, 1] = alpha * float(np.sum(wanted**2 / steps)) + 1e-3
    return form


def _minimise(
    design: Floats,
    loss: Callable[[Floats], Loss],
    form: Floats,
    *,
    start: Floats,
    least: Floats,
    most: Floats | None = None,
    max_iter: int = 200,
) -> tuple[Floats, int]:
    """Minimise ``loss(design θ) + ½ θ' form θ`` within bounds: a convex problem with one minimum, by Newton's method.

    Each step minimises the quadratic model within the bounds exactly and is halved until the value falls.
    """
    bounds = (least, np.full(len(start), np.inf) if most is None else most)
    from scipy.optimize import lsq_linear  # type: ignore[import-untyped]

    theta, steps = start, 0
    value, slope, bend = loss(design @ theta)
    value += 0.5 * theta @ form @ theta
    for _ in range(max_iter):
        steps += 1
        hessian = (design.T * bend) @ design + form + 1e-9 * np.eye(len(theta))
        gradient = design.T @ slope + form @ theta
        root = np.linalg.cholesky(hessian).T
        aim = theta - np.linalg.solve(hessian, gradient)
        move = lsq_linear(root, root @ aim, bounds=bounds, method="bvls").x - theta
        falls = float(gradient @ move)
        size = 1.0
        while size > 1e-8:
            there = theta + size * move
            found, slope, bend = loss(design @ there)
            found += 0.5 * there @ form @ there
            if found <= value + 1e-4 * size * falls:
                break
            size /= 2
        done = size <= 1e-8 or value - found <= 1e-12 * max(1.0, abs(value))
        theta, value = (theta, value) if size <= 1e-8 else (np.clip(there, *bounds), found)
        if done:
            break
    return theta, steps


def _logit(share: float) -> float:
    share = min(max(float(share), 1e-6), 1.0 - 1e-6)
    return float(np.log(share / (1.0 - share)))
