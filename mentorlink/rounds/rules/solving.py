"""From a cohort to answers: solve, say of each line why, and what a change by hand would cost."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from mentorlink.matching import Cost, Explanation, Hint, MatchingError, MentorIndex, Pair, RoundResult, RoundSolver, Unmatched
from mentorlink.rounds.rules.cohort import Cohort

MILLION = 1_000_000


def millionths(score: float) -> int:
    """A score as the whole number it is."""
    return round(score * MILLION)


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
            "first_choices": sum(pair.rank == 1 for pair in self.result.pairs),
            "wishes": sum(pair.wish > 0 for pair in self.result.pairs),
            "gap": self.gap,
            "exact": bool(self.result.exact),
            "quotas": {each.code: [each.count, each.met, round(100 * each.multiplier, 2)] for each in self.result.quotas},
        }


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
        self.index = MentorIndex().fit(cohort.mentors)
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
        only = cohort.solver.solve(board.scores, cohort.given, progress=progress, cancelled=cancelled)
        return [Answer(0, cohort.values[0], without_wishes(only, cohort), _changes(None, only))]
    stops = cohort.solver.slider(board.scores, cohort.given, cohort.values, progress=progress, cancelled=cancelled)
    told = [without_wishes(stop.result, cohort) for stop in stops]
    return [
        Answer(position, stop.value, told[position], _changes(told[position - 1] if position else None, told[position]))
        for position, stop in enumerate(stops)
    ]


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


def without_wishes(result: RoundResult, cohort: Cohort) -> RoundResult:
    """The answer with fit alone: what a wish added stands nowhere, and of a pair only whether a wish was met.

    Not even that of a pair that was pinned or locked, else pinning would ask for wishes. A first choice that a wish may have
    made is not named.
    """
    wished = {(mentee, mentor) for mentee, wanted in cohort.mentee_wishes.items() for mentor in wanted}
    wished |= {(mentee, mentor) for mentor, wanted in cohort.mentor_wishes.items() for mentee in wanted}
    concerned = {mentee for mentee, _mentor in wished}

    def plain(pair: Pair) -> Pair:
        met = float(pair.wish > 0 and not pair.locked)
        hint = None if pair.mentee in concerned else pair.first
        rank = None if pair.mentee in concerned else pair.rank
        reason = "locked" if pair.locked else pair.reason
        return pair._replace(score=pair.base, wish=met, first=hint, rank=rank, reason=reason)

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
