"""Whether a model learned from outcomes ranks better than policy: cross-validation by mentee, intervals, calibration.

A model is proposed on evidence alone: enough answers, a better order on people it was not fitted on, and an interval that leaves
chance out. Everything is a function of the rows and the seed; the order of the rows does not matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ._codes import TERMS
from ._errors import InvalidInput
from ._learn import Floats, MonotoneAdditive, checked_shares, noticing
from ._logistic import expit
from ._records import Weights

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ENOUGH = 200
"""Answers with a known end below which nothing is proposed."""
LEAST_GAIN = 0.02
"""Area under the curve that a model must gain over policy."""
MOST_WRONG = 0.10
"""Odds are said only if, with 95 % confidence, they are off by less than this on average."""
MOST_WEIGHT = 10.0
"""An outcome counts at most as much as so many that were seen in the first place."""
SURE = 0.99
"""The gain's interval: wider than usual, because a fit is tried again and again."""
FOLDS = 5
BINS = 5
RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was shown and what came of it: one row for each pair of a mentee and a person shown to them.

    Parameters
    ----------
    mentees : ndarray of shape (n,), int64
        Who saw the list.
    shares : ndarray of shape (n, n_terms), float64
        Shares of the terms as the engine had them then, in the order of `TERMS`.
    slots : ndarray of shape (n,), int64
        Place on the page, ≥ 1.
    chances : ndarray of shape (n,), float64
        Chance of standing at that place, in (0, 1]; 1 where the order leaves nothing to chance.
    asked : ndarray of shape (n,), bool
        The mentee asked this person.
    known : ndarray of shape (n,), bool
        Asked, and how it ended is known.
    good : ndarray of shape (n,), bool
        Asked, and it came to something. Only where `known`.
    """

    mentees: Ints
    shares: Floats
    slots: Ints
    chances: Floats
    asked: Bools
    known: Bools
    good: Bools

    def __len__(self) -> int:
        return len(self.mentees)

    def in_order(self) -> Evidence:
        """The same rows, checked, in an order that depends on nothing but what they hold."""
        shares = checked_shares(self.shares)
        columns = [np.asarray(getattr(self, name)) for name in ("mentees", "slots", "chances", "asked", "known", "good")]
        if any(column.shape != (len(shares),) for column in columns):
            raise InvalidInput("length_mismatch", expected=len(shares))
        mentees, slots, chances, asked, known, good = columns
        sound = (slots >= 1).all() and ((chances > 0) & (chances <= 1)).all()
        if not sound or (known & ~asked).any() or (good & ~known).any():
            raise InvalidInput("bad_outcomes", expected=len(shares))
        order = np.lexsort((good, known, asked, chances, slots, *shares.T, mentees))
        return Evidence(
            mentees[order], shares[order], slots[order], chances[order], asked[order], known[order], good[order]
        )  # fmt: skip

    def digest(self) -> str:
        """A hash of the rows that does not depend on their order."""
        rows = self.in_order()
        parts = (rows.mentees, np.round(rows.shares * 1e6).astype(np.int64), rows.slots, np.round(rows.chances * 1e6), rows.asked,
                 rows.known, rows.good)  # fmt: skip
        return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval, from resampling mentees: 95 % unless said otherwise."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Odds:
    """The chance that asking comes to something: ``expit(slope · score + base)``, the score the engine's under the model."""

    slope: float
    base: float

    def of(self, score: float) -> float:
        """Return the chance for a score."""
        return float(expit(self.slope * score + self.base))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evidence says.

    Attributes
    ----------
    shown, mentees, asked, outcomes, good : int
        Rows; people who saw a list; how many were asked; of how many the end is known; how many came to something.
    steepness : float
        Noticing falls as this power of the place on the page.
    policy_auc, model_auc, gain : Figure or None
        Of two people shown to the same mentee, how often the one it came to something with stood higher: by policy, by models
        fitted on other mentees, and the difference with its 99 % interval. None: too little to say.
    reasons : tuple of str
        Why nothing is proposed: ``too_few_outcomes``, ``one_sided`` (all ended alike), ``nothing_counts``, ``too_little_gain``,
        ``uncertain``, ``like_chance`` (the model itself does not clearly order better than a coin). Empty: the model is better.
    model : MonotoneAdditive or None
        Fitted on all rows; None when there is nothing to fit.
    error : Figure or None
        How far said odds and what happened lie apart on average, in five groups of equal size; with its 90 % interval.
    bins : tuple of (float, float, int)
        Said, happened, how many: the same five groups.
    odds : Odds or None
        None unless they are calibrated: the upper end of `error` is at most 0.10.
    """

    shown: int
    mentees: int
    asked: int
    outcomes: int
    good: int
    steepness: float
    policy_auc: Figure | None = None
    model_auc: Figure | None = None
    gain: Figure | None = None
    reasons: tuple[str, ...] = ()
    model: MonotoneAdditive | None = None
    error: Figure | None = None
    bins: tuple[tuple[float, float, int], ...] = ()
    odds: Odds | None = None

    @property
    def is_better(self) -> bool:
        """True when the model may be proposed."""
        return self.model is not None and not self.reasons


@dataclass(frozen=True, slots=True)
class _Held:
    """How one order does, mentee by mentee: pairs won and pairs in all."""

    won: Floats
    all: Floats
    mentees: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def area(self, times: Floats | None = None) -> float:
        won, every = (self.won, self.all) if times is None else (self.won * times, self.all * times)
        return float(won.sum() / every.sum()) if every.sum() else 0.5


def judge(evidence: Evidence, *, policy: Weights | None = None, seed: int = 0, alpha: float = 4.0) -> Verdict:
    """Fit, and say whether the model ranks better than policy on mentees it has not seen.

    Parameters
    ----------
    evidence : Evidence
    policy : Weights or None
        What ranks without a model. None: ``Weights()``.
    seed : int
        For the folds and the resampling.
    alpha : float
        See `MonotoneAdditive`.

    Returns
    -------
    Verdict

    Raises
    ------
    InvalidInput
        ``bad_shares``, ``bad_outcomes``, ``length_mismatch``.

    Notes
    -----
    *Order*: within a mentee's own list, so that a mentee with better lists does not count for the order.

    *Propensity*: an outcome at place k of a page weighs ``min(10, k^η / chance)``, η from `noticing`: who stands low is noticed
    less, so each outcome there stands for more. Joachims, Swaminathan and Schnabel, "Unbiased Learning-to-Rank with Biased
    Feedback", WSDM 2017.

    *Odds* are those of a request, not of a line on a page: fitted (Platt, 1999) on scores of folds that the model was not fitted
    on, among those asked whose end is known, and judged by fitting them again on four fifths of those.
    """
    rows = evidence.in_order()
    counts = {
        "shown": len(rows), "mentees": len(np.unique(rows.mentees)), "asked": int(rows.asked.sum()),
        "outcomes": int(rows.known.sum()), "good": int(rows.good.sum()),
    }  # fmt: skip
    steepness = noticing(rows.slots, rows.shares, rows.asked)
    folds = _folds(rows.mentees, seed)
    usable = ~rows.asked | rows.known
    if not _can_fit(rows, usable, folds):
        return Verdict(**counts, steepness=steepness, reasons=_few(counts["outcomes"]) or ("one_sided",))
    weight = np.where(rows.good, np.minimum(MOST_WEIGHT, rows.slots**steepness / rows.chances), 1.0)
    seen = np.empty(len(rows))
    for fold in range(FOLDS):
        fitted = _fit(rows, usable & (folds != fold), weight, policy, alpha)
        seen[folds == fold] = fitted.decision_function(rows.shares[folds == fold])
    model = _fit(rows, usable, weight, policy, alpha)
    orders = [_held(rows, usable, weight, scores) for scores in (_by_policy(rows.shares, policy), seen)]
    areas, gains = _intervals(orders, seed)
    reasons = _few(counts["outcomes"])
    if not model.scale_:
        reasons = (*reasons, "nothing_counts")
    if gains.value < LEAST_GAIN:
        reasons = (*reasons, "too_little_gain")
    if gains.low <= 0:
        reasons = (*reasons, "uncertain")
    if areas[1].low <= 0.5:
        reasons = (*reasons, "like_chance")
    error, bins, odds = _calibrate(rows, seen, folds, model, seed)
    return Verdict(
        **counts, steepness=steepness, policy_auc=areas[0], model_auc=areas[1], gain=gains, reasons=reasons, model=model,
        error=error, bins=bins, odds=odds if counts["outcomes"] >= ENOUGH else None,
    )  # fmt: skip


def make_outcomes(
    n_mentees: int = 300,
    *,
    per_mentee: int = 10,
    truth: Weights | None = None,
    strength: float = 6.0,
    steepness: float = 0.7,
    asking: float = 0.35,
    noise: bool = False,
    seed: int = 0,
) -> Evidence:
    """Make evidence of which the truth is known.

    Parameters
    ----------
    n_mentees, per_mentee : int
        How many see a list, and of how many lines. Lists stand in the order of the policy weights.
    truth : Weights or None
        What people in truth go by, curves included. None: text and experience count for more than policy says.
    strength : float
        Logits between the worst pair and the best.
    steepness : float
        Noticing falls as this power of the place.
    asking : float
        Chance of asking somebody who is noticed and fits middling well.
    noise : bool
        Outcomes have nothing to do with the shares.
    seed : int

    Returns
    -------
    Evidence
    """
    dice = np.random.default_rng(seed)
    truth = truth or Weights(cover=0.2, text=0.5, experience=0.2, place=0.05, field=0.05, language=0.0,
                             curves={"text": ((0.0, 0.0), (0.1, 0.7), (0.4, 0.95), (1.0, 1.0))})  # fmt: skip
    pool = per_mentee * 3
    count = n_mentees * pool
    columns = {
        "cover": dice.beta(2, 3, count), "text": dice.beta(0.8, 6, count), "experience": dice.integers(0, 6, count) / 5,
        "place": 0.5 * (dice.random(count) < 0.3) + 0.5 * dice.choice([1.0, 0.875, 0.75], count),
        "field": (dice.random(count) < 0.25) * 1.0, "language": (dice.random(count) < 0.9) * 1.0,
    }  # fmt: skip
    shares = np.round(np.column_stack([columns.get(term, np.zeros(count)) for term in TERMS]), 6)
    shares = shares.reshape(n_mentees, pool, len(TERMS))
    best = np.argsort(-_by_policy(shares.reshape(count, -1), None).reshape(n_mentees, pool), axis=1, kind="stable")
    shares = np.take_along_axis(shares, best[:, :per_mentee, None], axis=1).reshape(-1, len(TERMS))
    slots = np.tile(np.arange(1, per_mentee + 1), n_mentees)
    merit = np.zeros(len(shares)) if noise else strength * (_by_policy(shares, truth) - 0.5)
    noticed = dice.random(len(shares)) < slots**-steepness
    middle = np.log(asking / (1 - asking))
    asked = noticed & (dice.random(len(shares)) < expit(middle + merit))
    good = asked & (dice.random(len(shares)) < expit(merit + 0.3))
    return Evidence(np.repeat(np.arange(n_mentees), per_mentee), shares, slots, np.ones(len(shares)), asked, asked.copy(), good)


def _few(outcomes: int) -> tuple[str, ...]:
    return ("too_few_outcomes",) if outcomes < ENOUGH else ()


def _by_policy(shares: Floats, policy: Weights | None) -> Floats:
    """Return the engine's score: Σ weight · curve(share)."""
    policy = policy or Weights()
    weights = np.array([getattr(policy, term) for term in TERMS], dtype=np.float64)
    bent = [
        np.interp(shares[:, at], *np.array(policy.curves[term]).T) if policy.curves and term in policy.curves else shares[:, at]
        for at, term in enumerate(TERMS)
    ]
    return np.column_stack(bent) @ (weights / weights.sum())


def _folds(mentees: Ints, seed: int) -> Ints:
    """Return the fold of each row: all rows of a mentee in one, whatever else there is."""
    there, back = np.unique(mentees, return_inverse=True)
    keys = [int.from_bytes(hashlib.sha256(f"{seed}:{mentee}".encode()).digest()[:8], "big") for mentee in there.tolist()]
    ranks = np.empty(len(there), np.int64)
    ranks[np.argsort(np.array(keys, dtype=np.uint64), kind="stable")] = np.arange(len(there))
    return (ranks % FOLDS)[back]


def _can_fit(rows: Evidence, usable: Bools, folds: Ints) -> bool:
    """True when both outcomes occur outside every fold."""
    return all(0 < rows.good[usable & (folds != fold)].sum() < (usable & (folds != fold)).sum() for fold in range(FOLDS))


def _fit(rows: Evidence, which: Bools, weight: Floats, policy: Weights | None, alpha: float) -> MonotoneAdditive:
    return MonotoneAdditive(policy=policy, alpha=alpha).fit(rows.shares[which], rows.good[which], weight[which])


def _held(rows: Evidence, usable: Bools, weight: Floats, scores: Floats) -> _Held:
    """Count, mentee by mentee, how often a good outcome stands above another line of the list; a tie counts half."""
    mentees, good, weight = rows.mentees[usable], rows.good[usable], weight[usable]
    scores = np.round(scores[usable], 6)
    order = np.lexsort((scores, mentees))
    mentees, scores, good, weight = mentees[order], scores[order], good[order], weight[order]
    there, first = np.unique(mentees, return_index=True)
    below = np.concatenate([[0], np.cumsum(~good)])
    ends = np.append(first[1:], len(mentees))
    others = (below[ends] - below[first])[np.searchsorted(there, mentees)]
    new = np.concatenate([[True], (mentees[1:] != mentees[:-1]) | (scores[1:] != scores[:-1])])
    run = np.cumsum(new) - 1
    starts = np.flatnonzero(new)
    stops = np.append(starts[1:], len(mentees))
    beaten = below[starts][run] - below[first][np.searchsorted(there, mentees)] + 0.5 * (below[stops] - below[starts])[run]
    counts = good & (others > 0)
    group = np.searchsorted(there, mentees[counts])
    part = beaten[counts] / others[counts]
    won = np.bincount(group, weight[counts] * part, len(there))
    every = np.bincount(group, weight[counts], len(there))
    kept = every > 0
    return _Held(won[kept], every[kept], there[kept])


def _intervals(orders: list[_Held], seed: int) -> tuple[list[Figure], Figure]:
    """Resample mentees: each order's area with its interval, and the difference of the second and the first with its own."""
    size = len(orders[0].won)
    drawn = np.array([[order.area(times) for order in orders] for times in _resamples(size, seed)])
    areas = [_figure(order.area(), drawn[:, at]) for at, order in enumerate(orders)]
    return areas, _figure(orders[1].area() - orders[0].area(), drawn[:, 1] - drawn[:, 0], inside=SURE)


def _resamples(size: int, seed: int) -> Iterator[Floats]:
    dice = np.random.default_rng(seed)
    for _ in range(RESAMPLES):
        yield np.bincount(dice.integers(0, size, size), minlength=size).astype(np.float64)


def _figure(value: float, drawn: Floats, *, inside: float = 0.95) -> Figure:
    low, high = np.quantile(drawn, [(1 - inside) / 2, (1 + inside) / 2])
    return Figure(round(value, 6), round(float(low), 6), round(float(high), 6))


def _calibrate(
    rows: Evidence, seen: Floats, folds: Ints, model: MonotoneAdditive, seed: int
) -> tuple[Figure | None, tuple[tuple[float, float, int], ...], Odds | None]:
    known = rows.known
    scores, good, fold = seen[known], rows.good[known].astype(np.float64), folds[known]
    if not all(0 < good[fold != each].sum() < (fold != each).sum() for each in range(FOLDS)) or len(good) < 4 * BINS:
        return None, (), None
    said = np.empty(len(scores))
    for each in range(FOLDS):
        slope, base = _platt(scores[fold != each], good[fold != each])
        said[fold == each] = expit(slope * scores[fold == each] + base)
    bins = _bins(said, good)
    there, back = np.unique(rows.mentees[known], return_inverse=True)
    drawn = np.array([_apart(said, good, times[back]) for times in _resamples(len(there), seed)])
    error = _figure(_apart(said, good, np.ones(len(good))), drawn, inside=0.90)
    slope, base = _platt(scores, good)
    odds = Odds(slope * model.scale_, slope * model.intercept_ + base) if error.high <= MOST_WRONG else None
    return error, bins, odds


def _platt(scores: Floats, good: Floats) -> tuple[float, float]:
    """Return slope ≥ 0 and base of a logistic regression on one score, by Newton's method with a touch of ridge."""
    design = np.column_stack([scores, np.ones(len(scores))])
    theta, ridge = np.array([1.0, 0.0]), np.diag([1e-3, 0.0])
    for _ in range(50):
        chance = expit(design @ theta)
        slope_of_loss = design.T @ (chance - good) + ridge @ theta
        step = np.linalg.solve((design.T * np.maximum(chance * (1 - chance), 1e-9)) @ design + ridge, slope_of_loss)
        theta = theta - step * min(1.0, 5.0 / max(1e-12, float(np.abs(step).max())))
        if np.abs(step).max() < 1e-10:
            break
    if theta[0] >= 0:
        return float(theta[0]), float(theta[1])
    share = float(np.clip(good.mean(), 1e-6, 1 - 1e-6))
    return 0.0, float(np.log(share / (1 - share)))


def _groups(said: Floats) -> Ints:
    """Return the group of each row: five of equal size, by what was said."""
    order = np.argsort(said, kind="stable")
    group = np.empty(len(said), np.int64)
    group[order] = np.arange(len(said)) * BINS // len(said)
    return group


def _bins(said: Floats, good: Floats) -> tuple[tuple[float, float, int], ...]:
    group = _groups(said)
    return tuple(
        (round(float(said[group == each].mean()), 6), round(float(good[group == each].mean()), 6), int((group == each).sum()))
        for each in range(BINS)
    )


def _apart(said: Floats, good: Floats, times: Floats) -> float:
    """Return the mean distance of said and happened, over five groups of equal size."""
    group = _groups(said)
    size = np.bincount(group, times, BINS)
    distance = np.abs(np.bincount(group, times * (said - good), BINS))
    return float(distance.sum() / size.sum())
