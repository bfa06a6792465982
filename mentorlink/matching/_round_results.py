"""What a round gives back: codes and numbers, never words for a page. Everything picklable, and JSON both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, NamedTuple

from ._errors import InvalidInput
from ._index import MentorIndex
from ._records import Mentee, Rules, Weights
from ._results import Explanation

PAIR_REASONS = ("locked", "first_choice", "first_choice_full", "wish", "stayed", "quota", "stable", "whole")
UNMATCHED = ("no_places", "no_allowed_mentor", "below_floor", "below_value", "quota", "outbid")
ROUND_STAGES = ("candidates", "prices", "proof", "floor", "quotas", "result")
LISTED = 16
"""How many of a mentee's best options are looked at for ranks."""


class Hint(NamedTuple):
    """A mentor somebody would rather have had."""

    mentor: int
    score: float
    price: float
    """What a place there costs, in score: who does not bring so much more there than elsewhere does not get it."""
    holders: tuple[int, ...]
    """Mentees who hold the places, by id, ten at most."""
    why: str | None
    """``"pinned"``: all places go to pinned pairs; ``"floor"``: somebody there has no other pair above the floor;
    ``"full"``: they gain more; None: there is room, and another reason decided."""


class Pair(NamedTuple):
    """A mentee and the mentor of the plan."""

    mentee: int
    mentor: int
    score: float
    """``base + wish``."""
    base: float
    """Score of the index: the sum of its explanation's terms."""
    wish: float
    """What the wishes of both add."""
    stay: float
    """Counted in deciding, not in the score: the pair stood in the last run."""
    missed: float
    """Counted in deciding, not in the score: the mentee went without before."""
    locked: bool
    rank: int | None
    """Place of the mentor among the mentee's own options by score, ties shared; None: beyond the sixteenth."""
    options: int
    """How many mentors with places the mentee may have; 16 stands for sixteen or more."""
    price: float
    """Price of the mentor's places: 0 where a place is left."""
    reason: str
    """One of `PAIR_REASONS`."""
    first: Hint | None
    """The mentee's first choice, where the pair is not it."""


class Unmatched(NamedTuple):
    """A mentee without a mentor, why, and what would have been needed."""

    mentee: int
    code: str
    """One of `UNMATCHED`, or the caller's own code of those left out."""
    best: Hint | None
    """The mentor for whom least was missing."""
    options: int
    short: float | None
    """How much more the best hint's pair would have had to be worth."""


class QuotaOutcome(NamedTuple):
    """What became of a quota."""

    code: str
    count: int
    at_least: int | None
    at_most: int | None
    met: bool
    multiplier: float
    """What each pair of the group was lifted (above 0) or lowered by, in score, so that the quota holds."""


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """A pair's score in parts: ``sum(terms.values()) == score`` to 1e-6.

    Attributes
    ----------
    score : float
    terms : mapping of str to float
        The index's terms, and ``wish``.
    explanation : Explanation
        The index's own.
    """

    score: float
    terms: Mapping[str, float]
    explanation: Explanation


@dataclass(frozen=True)
class RoundResult:
    """A plan, its proof, and all that is needed to run it again.

    Attributes
    ----------
    pairs : tuple of Pair
        By mentee id.
    unmatched : tuple of Unmatched
        By mentee id.
    total : float
        Sum of the pairs' scores.
    value : float
        What was made as great as possible: the scores, and for each pair the value of being matched and the bonuses.
    bound : float
        No plan over *all* allowed pairs has a greater value.
    gap : float
        ``(bound − value) / total``, 0 for a proven best; ``nan`` in stable mode, which does not look for the greatest value.
    exact : bool
        The gap is 0.
    floor : float or None
        No pair made has a lower score (pinned pairs aside).
    floor_best : float or None
        The best possible lowest score of a plan that matches as many as can be.
    floor_exact : bool
        Whether that is proven over all pairs.
    quotas : tuple of QuotaOutcome
    prices : mapping of int to float
        Mentor id → price of a place where it is above 0.
    ignored_wishes : tuple of (int, int)
        (who, for whom): forbidden, or not in the round.
    inputs_hash, weights_hash : str
        SHA-256 in hex: of people, places, pins, wishes … and each mentee's sixteen best scores; of weights, rules and parameters.
    seed : int
    params : mapping of str to Any
        Of the solver.
    seconds : mapping of str to float
        Time by stage.
    passes : int
        How often candidates were looked for.
    edges : int
        Pairs listed in the end.
    """

    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]
    total: float
    value: float
    bound: float
    gap: float
    exact: bool
    floor: float | None
    floor_best: float | None
    floor_exact: bool
    quotas: tuple[QuotaOutcome, ...]
    prices: Mapping[int, float]
    ignored_wishes: tuple[tuple[int, int], ...]
    inputs_hash: str
    weights_hash: str
    seed: int
    params: Mapping[str, Any]
    seconds: Mapping[str, float]
    passes: int
    edges: int

    @cached_property
    def mentor_of(self) -> dict[int, int]:
        """Mentee id → mentor id."""
        return {pair.mentee: pair.mentor for pair in self.pairs}

    def explain(self, index: MentorIndex, mentee: Mentee, *, weights: Weights | None = None) -> PairExplanation:
        """Explain a matched mentee's pair with the index that scored it.

        Raises
        ------
        InvalidInput
            ``not_matched``.
        """
        found = next((pair for pair in self.pairs if pair.mentee == mentee.id), None)
        if found is None:
            raise InvalidInput("not_matched", id=mentee.id)
        told = index.explain(mentee, found.mentor, weights=weights)
        terms = {**told.terms, "wish": found.wish}
        return PairExplanation(round(told.score + found.wish, 6), terms, told)

    def why_none(self, index: MentorIndex, mentee: Mentee, *, rules: Rules | None = None) -> dict[str, tuple[int, int]]:
        """Return for each hard rule how many mentors break it for this mentee, and how many break it alone."""
        ranking = index.rank(mentee, 1, rules=rules, explain=False)
        return {code: (count, ranking.masked_only.get(code, 0)) for code, count in ranking.masked.items()}

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        told["pairs"] = [[*pair[:-1], _hint_out(pair.first)] for pair in self.pairs]
        told["unmatched"] = [[each.mentee, each.code, _hint_out(each.best), each.options, each.short] for each in self.unmatched]
        told["quotas"] = [list(each) for each in self.quotas]
        told["prices"] = [[mentor, price] for mentor, price in self.prices.items()]
        told["ignored_wishes"] = [list(each) for each in self.ignored_wishes]
        told["gap"] = None if self.gap != self.gap else self.gap
        return told

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> RoundResult:
        """Return what `to_dict` told, also after JSON."""
        values = dict(told)
        values["pairs"] = tuple(Pair(*pair[:-1], _hint_in(pair[-1])) for pair in told["pairs"])
        values["unmatched"] = tuple(Unmatched(a, b, _hint_in(c), d, e) for a, b, c, d, e in told["unmatched"])
        values["quotas"] = tuple(QuotaOutcome(*each) for each in told["quotas"])
        values["prices"] = dict(told["prices"])
        values["ignored_wishes"] = tuple((one, other) for one, other in told["ignored_wishes"])
        values["gap"] = float("nan") if told["gap"] is None else told["gap"]
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the slider from best fit to most people, against the stop before.

    Attributes
    ----------
    value : float
        Value of being matched.
    result : RoundResult
    enters, leaves : tuple of int
        Mentees who get a mentor, who lose theirs.
    gains, loses : tuple of (int, float)
        Mentees with a mentor at both stops, and by how much their score rises or falls; the greatest change first.
    """

    value: float
    result: RoundResult
    enters: tuple[int, ...]
    leaves: tuple[int, ...]
    gains: tuple[tuple[int, float], ...]
    loses: tuple[tuple[int, float], ...]


class Move(NamedTuple):
    """A mentee whose mentor changes; None: without."""

    mentee: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Cost:
    """What it costs to make a pair.

    Attributes
    ----------
    allowed : bool
    code : str or None
        Why not: ``forbidden`` (a hard rule or a ban), ``no_places``, ``pinned`` (the mentee is pinned to another),
        ``pinned_full`` (all
        places go to pinned pairs).
    direct : float
        Change of this mentee's own score.
    optimum : float
        Change of the whole round's value when the pair is forced and everybody else is placed anew: 0 or less.
    moved : tuple of Move
        The others whose mentor changes.
    exact : bool
        Whether the change is proven over all pairs; otherwise it is exact over the listed ones.
    """

    allowed: bool
    code: str | None
    direct: float
    optimum: float
    moved: tuple[Move, ...]
    exact: bool


def _hint_out(hint: Hint | None) -> list[Any] | None:
    return None if hint is None else [*hint[:3], list(hint.holders), hint.why]


def _hint_in(told: Any) -> Hint | None:
    return None if told is None else Hint(told[0], told[1], told[2], tuple(told[3]), told[4])
