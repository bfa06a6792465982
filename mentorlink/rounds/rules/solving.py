"""From a cohort to answers: solve, say of each line why, and what a change by hand would cost."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from mentorlink.kernel.groups import FEWEST
from mentorlink.matching import (
    Cost,
    Explanation,
    Hint,
    MatchingError,
    Mentee,
    MentorIndex,
    Pair,
    RoundResult,
    RoundSolver,
    TextBridge,
    Unmatched,
    gini,
    people_moved,
)
from mentorlink.rounds.rules.cohort import Cohort

MILLION = 1_000_000

LARGE = 0.8
"""A pair that covers so much of what is missing covers most of it."""

_BARRED = 2**40
"""As a price: nobody is offered this mentor."""


def millionths(score: float) -> int:
    """A score as the whole number it is."""
    return round(score * MILLION)


_HOLDERS = 10

_TELLING = ("blocked", "past_failed_pair")


def discreet(codes: Iterable[str]) -> tuple[str, ...]:
    """The rules that forbid a pair, in codes that do not tell who blocked whom: that and an earlier pair share one."""
    return tuple(dict.fromkeys("not_possible" if code in _TELLING else code for code in codes))


@dataclass(frozen=True)
class Line:
    """A line of a draft: a mentee with a mentor or with nobody, and why, as codes and figures."""

    mentee_id: int
    mentor_id: int | None
    score: int
    decided: str
    why: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """One stop of the slider."""

    position: int
    value: float
    result: RoundResult
    changes: Mapping[str, Any]
    beside: Mapping[str, Any] = field(default_factory=dict)
    """Figures that the answer alone does not hold: wishes, gaps, idle mentors, who moved."""

    @property
    def pairs(self) -> list[tuple[int, int, int]]:
        """Mentee, mentor and score of each pair, by mentee."""
        return [(pair.mentee, pair.mentor, millionths(pair.score)) for pair in self.result.pairs]

    @property
    def gap(self) -> float | None:
        """How far the answer may be from the best, as a share of it; None where stability was asked for and not the best."""
        return None if math.isnan(self.result.gap) else float(self.result.gap)

    @property
    def figures(self) -> dict[str, Any]:
        """What is shown of this stop."""
        scores = sorted(pair.score for pair in self.result.pairs)
        matched, alone = len(scores), len(self.result.unmatched)
        tenth = scores[: max(1, matched // 10)]
        return {
            "matched": matched,
            "unmatched": alone,
            "total": sum(millionths(score) for score in scores),
            "mean": 100 * sum(scores) / matched if matched else 0.0,
            "lowest": 100 * scores[0] if scores else 0.0,
            "lowest_tenth": 100 * sum(tenth) / len(tenth) if scores else 0.0,
            "gini": gini(scores),
            "best_fits": sum(pair.rank == 1 for pair in self.result.pairs),
            "gap": self.gap,
            "exact": bool(self.result.exact),
            "quotas": {each.code: [each.count, each.met, round(100 * each.multiplier, 2)] for each in self.result.quotas},
        } | dict(self.beside)


@lru_cache(maxsize=2)
def _bridge(said: tuple[tuple[str, str], ...]) -> TextBridge | None:
    """What leads from texts in one language to those in the other; learning it takes a moment, so it is kept."""
    return TextBridge().fit(said) if said else None


@dataclass(frozen=True)
class Plan:
    """The draft as it stands: the stop it came from, and the pairs that HR locked, pinned or put together since."""

    value: float
    result: RoundResult
    kept: Mapping[int, int]


class Board:
    """A cohort ready to be solved: index, scores, solver. Building one reads everybody once; asking it is cheap."""

    def __init__(self, cohort: Cohort) -> None:
        self.cohort = cohort
        self.index = MentorIndex(text_bridge=_bridge(cohort.said)).fit(cohort.mentors)
        self.mentees = {mentee.id: mentee for mentee in cohort.mentees}
        self.scores = self.index.batch(cohort.mentees, rules=cohort.rules, weights=cohort.weights, bans=cohort.bans)

    @cached_property
    def mentor_ids(self) -> frozenset[int]:
        """Every mentor of the cohort."""
        return frozenset(mentor.id for mentor in self.cohort.mentors)

    def explain(self, mentee_id: int, mentor_id: int) -> Explanation:
        """The parts of a pair's score, whether a rule forbids it or not."""
        return self.index.explain(self.mentees[mentee_id], mentor_id, weights=self.cohort.weights)

    def best_for(self, mentee_id: int, k: int, *, offset: int = 0) -> Any:
        """The ranked list of one mentee over the round's mentors."""
        return self.index.rank(
            self.mentees[mentee_id], k, offset=offset, rules=self.cohort.rules, weights=self.cohort.weights, explain=False
        )

    def why_not(self, mentee_id: int, mentor_id: int) -> tuple[str, ...]:
        """The rules that forbade a pair when the run began."""
        broken = discreet(self.index.why_not(self.mentees[mentee_id], mentor_id, rules=self.cohort.rules))
        return (*broken, "kept_apart") if (mentee_id, mentor_id) in set(self.cohort.bans) else broken

    def cost_of(self, plan: Plan, mentee_id: int, mentor_id: int) -> Cost | None:
        """What forcing a pair costs the whole round, in fit alone: what wishes add is nobody's to read.

        None where it cannot be said: both sides rank each other, or what stands fast contradicts what the run began with.
        """
        params = self.cohort.params | {"value": plan.value}
        if params["mode"] == "stable":
            return None
        given = replace(self.cohort.given, locks=self._fast(plan.kept, mentee_id))
        try:
            laid = RoundSolver(**params).board(self.scores, given, plan.result)
        except MatchingError:
            return None
        before = laid.pairs().get(mentee_id)
        cost = laid.cost_of(mentee_id, mentor_id)
        moves = [(mentee_id, before, mentor_id), *cost.moved]
        change = sum(self._fit(mentee, after) - self._fit(mentee, was) for mentee, was, after in moves)
        return replace(cost, optimum=change) if cost.allowed else cost

    def _fit(self, mentee_id: int, mentor_id: int | None) -> float:
        return self.explain(mentee_id, mentor_id).score if mentor_id is not None else 0.0

    def _fast(self, kept: Mapping[int, int], but: int) -> tuple[tuple[int, int], ...]:
        """Pairs that stand fast, as far as the mentors of the run have places."""
        left = dict(self.cohort.capacity)
        found = []
        for mentee, mentor in sorted(kept.items()):
            if mentee != but and mentee in self.mentees and left.get(mentor, 0) > 0:
                left[mentor] -= 1
                found.append((mentee, mentor))
        return tuple(found)


def solve(
    board: Board, *, progress: Callable[[str, float], None] | None = None, cancelled: Callable[[], bool] | None = None
) -> list[Answer]:
    """Every stop of the slider, from best fit to most people. Deterministic, in whatever order the people came.

    Where both sides rank each other there is one answer: what being matched is worth does not count there.
    """
    cohort = board.cohort
    if cohort.params["mode"] == "stable":
        results = [cohort.solver.solve(board.scores, cohort.given, progress=progress, cancelled=cancelled)]
    else:
        stops = cohort.solver.slider(board.scores, cohort.given, cohort.values, progress=progress, cancelled=cancelled)
        results = [stop.result for stop in stops]
    told = [without_wishes(result, board) for result in results]
    return [
        Answer(
            position, cohort.values[position], told[position], _changes(told[position - 1] if position else None, told[position]),
            _beside(board, told[position]),
        )
        for position in range(len(told))
    ]  # fmt: skip


def _beside(board: Board, result: RoundResult) -> dict[str, Any]:
    cohort, made = board.cohort, result.mentor_of
    used = set(made.values())
    with_places = {mentor for mentor in board.mentor_ids if cohort.capacity.get(mentor, 0) > 0}
    return {
        "idle": len(with_places - used),
        "mentors": len(with_places),
        "wishes": wishes_met(cohort, result),
        "cover": _cover(board.mentees, {mentor.id: mentor.levels for mentor in cohort.mentors}, made),
        "moved": people_moved(dict(cohort.previous), made) if cohort.previous else None,
    }


def wishes_met(cohort: Cohort, result: RoundResult) -> list[int] | None:
    """Of so many mentees who ranked somebody, how many got one of them. None where so few say so that it tells of persons."""
    asked = {mentee: set(wanted) for mentee, wanted in cohort.mentee_wishes.items() if wanted}
    met = sum(result.mentor_of.get(mentee) in wanted for mentee, wanted in asked.items())
    told = all(not part or part >= FEWEST for part in (met, len(asked) - met)) and len(asked) >= FEWEST
    return [met, len(asked)] if told else None


def _cover(mentees: Mapping[int, Mentee], levels: Mapping[int, Mapping[str, int]], made: Mapping[int, int]) -> dict[str, Any]:
    """How much of the levels that are missing the pairs cover, in hundredths, and how many pairs cover most of it."""
    shares = []
    for mentee_id, mentor_id in made.items():
        mentee, brings = mentees[mentee_id], levels[mentor_id]
        gaps = {code: required - mentee.levels.get(code, 0) for code, required in mentee.required.items()}
        missing = sum(gap for gap in gaps.values() if gap > 0)
        if missing:
            covered = (
                min(gap, max(0, brings.get(code, 0) - mentee.levels.get(code, 0))) for code, gap in gaps.items() if gap > 0
            )
            shares.append(sum(covered) / missing)
    large = sum(share >= LARGE for share in shares)
    return {"people": len(shares), "mean": 100 * sum(shares) / len(shares) if shares else None, "large": large}


def _changes(before: RoundResult | None, after: RoundResult) -> dict[str, Any]:
    """Who fares differently at a stop than at the one before, the greatest change first."""
    if before is None:
        return {"gains": [], "loses": [], "enters": [], "leaves": []}
    old, new = ({pair.mentee: pair.score for pair in result.pairs} for result in (before, after))
    moved = sorted(
        ([mentee, round(100 * (new[mentee] - old[mentee]), 2)] for mentee in old.keys() & new.keys()),
        key=lambda row: (-abs(row[1]), row[0]),
    )
    return {
        "gains": [row for row in moved if row[1] > 0],
        "loses": [row for row in moved if row[1] < 0],
        "enters": sorted(new.keys() - old.keys()),
        "leaves": sorted(old.keys() - new.keys()),
    }


def without_wishes(result: RoundResult, board: Board) -> RoundResult:
    """The answer with fit alone: what a wish added stands nowhere, and of a pair only whether a wish was met.

    Not even that of a pair that was pinned or locked, else pinning would ask for wishes. Of whoever wished or was wished, the
    first choice, its rank and what decided are told anew as if nobody had: by how well they fit and who is full.
    """
    cohort = board.cohort
    wished = {(mentee, mentor) for mentee, wanted in cohort.mentee_wishes.items() for mentor in wanted}
    wished |= {(mentee, mentor) for mentor, wanted in cohort.mentor_wishes.items() for mentee in wanted}
    concerned = {mentee for mentee, _mentor in wished}
    fits = _best_fits(board, result, [pair for pair in result.pairs if pair.mentee in concerned])

    def plain(pair: Pair) -> Pair:
        pair = pair._replace(score=pair.base, wish=float(pair.wish > 0 and not pair.locked))
        return _by_fit(pair, fits[pair.mentee]) if pair.mentee in fits else pair

    def alone(one: Unmatched) -> Unmatched:
        return one._replace(best=None, short=0.0) if one.mentee in concerned else one

    added = sum(pair.wish for pair in result.pairs)
    return replace(
        result,
        pairs=tuple(plain(pair) for pair in result.pairs),
        unmatched=tuple(alone(one) for one in result.unmatched),
        total=result.total - added,
        value=result.value - added,
        bound=result.bound - added,
        ignored_wishes=(),
    )


def _best_fits(board: Board, result: RoundResult, pairs: Sequence[Pair]) -> dict[int, Hint]:
    """Mentee of these pairs → the mentor with places who fits them best, who holds those places, and whether they are full."""
    if not pairs:
        return {}
    places, scores = board.cohort.capacity, board.scores
    mentors = scores.mentor_ids.tolist()
    barred = np.array([0 if places.get(mentor, 0) > 0 else _BARRED for mentor in mentors], np.int64)
    rows = np.searchsorted(scores.mentee_ids, [pair.mentee for pair in pairs])
    columns, bases = scores.best(1, prices=barred, rows=rows)
    held: dict[int, list[Pair]] = {}
    for pair in result.pairs:
        held.setdefault(pair.mentor, []).append(pair)
    found = {}
    for pair, column, base in zip(pairs, columns[:, 0].tolist(), bases[:, 0].tolist(), strict=True):
        if column >= 0 and not barred[column]:
            mentor = mentors[column]
            there = held.get(mentor, [])
            why = "pinned" if all(each.locked for each in there) else "full"
            found[pair.mentee] = Hint(
                mentor, base / MILLION, result.prices.get(mentor, 0.0), tuple(each.mentee for each in there[:_HOLDERS]),
                why if len(there) >= places[mentor] else None,
            )  # fmt: skip
    return found


def _by_fit(pair: Pair, best: Hint) -> Pair:
    """What is told of a pair whose mentee wished or was wished, from the mentor who fits them best."""
    if pair.locked:
        return pair._replace(rank=None, first=None)
    if best.score <= pair.base:
        reason = "first_choice"
    elif pair.wish:
        reason = "wish"
    elif best.why is not None and pair.reason != "stable":
        reason = "first_choice_full"
    else:
        reason = pair.reason if pair.reason in ("stable", "stayed", "quota") else "whole"
    rank = 1 if reason == "first_choice" else None
    return pair._replace(rank=rank, first=best if reason == "first_choice_full" else None, reason=reason)


def pairs_fingerprint(pairs: Iterable[Sequence[int]]) -> str:
    """A hash over pairs and their scores: what a run must come to again."""
    rows = sorted(list(pair) for pair in pairs)
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


def lines_of(board: Board, result: RoundResult) -> Iterator[Line]:
    """The draft that an answer makes: every mentee once, by id."""
    for pair in result.pairs:
        why = pair_facts(board.explain(pair.mentee, pair.mentor)) | {
            "wish": pair.wish > 0,
            "options": pair.options,
            "price": millionths(pair.price),
            "missed": millionths(pair.missed),
            "stay": millionths(pair.stay),
            "first": hint_facts(pair.first),
        }
        yield Line(pair.mentee, pair.mentor, millionths(pair.score), pair.reason, why)
    for alone in result.unmatched:
        yield Line(alone.mentee, None, 0, alone.code, _alone_facts(board, result, alone))


def pair_facts(told: Explanation) -> dict[str, Any]:
    """The reasons of a pair, as a row keeps them."""
    return {
        "terms": {name: millionths(value) for name, value in told.terms.items()},
        "most": {name: millionths(value) for name, value in told.weights.items()},
        "gaps": [[gap.code, gap.actual, gap.required, gap.held, gap.covered] for gap in told.competencies],
        "field": told.field_shared,
        "lead": told.years_lead,
        "place": told.place_shared,
        "zone": told.time_zone_distance,
        "languages": list(told.languages_shared),
        "words": [each.word for each in told.words],
    }


def hint_facts(hint: Hint | None) -> dict[str, Any] | None:
    """A mentor whom somebody would have liked better, and who holds those places."""
    if hint is None:
        return None
    return {
        "mentor": hint.mentor, "score": millionths(hint.score), "price": millionths(hint.price), "holders": list(hint.holders),
        "why": hint.why,
    }  # fmt: skip


def _discreet_counts(rules: Mapping[str, tuple[int, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for code, counts in rules.items():
        known = found.setdefault(discreet((code,))[0], [0, 0])
        known[:] = [one + other for one, other in zip(known, counts, strict=True)]
    return found


def _alone_facts(board: Board, result: RoundResult, alone: Unmatched) -> dict[str, Any]:
    facts = {"options": alone.options, "short": millionths(alone.short or 0), "first": hint_facts(alone.best)}
    if alone.code == "no_allowed_mentor" and alone.mentee in board.mentees:
        rules = result.why_none(board.index, board.mentees[alone.mentee], rules=board.cohort.rules)
        facts["rules"] = _discreet_counts(rules)
    return facts
