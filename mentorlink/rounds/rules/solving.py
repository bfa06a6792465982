"""From a cohort to answers: solve, say of each line why, and what a change by hand would cost."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mentorlink.matching import Cost, Explanation, Hint, MentorIndex, RoundResult, Unmatched
from mentorlink.rounds.rules.cohort import Cohort

MILLION = 1_000_000


def millionths(score: float) -> int:
    """A score as the whole number it is."""
    return round(score * MILLION)


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
        }


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
        broken = tuple(self.index.why_not(self.mentees[mentee_id], mentor_id, rules=self.cohort.rules))
        return (*broken, "kept_apart") if (mentee_id, mentor_id) in set(self.cohort.bans) else broken

    def cost_of(self, result: RoundResult, mentee_id: int, mentor_id: int) -> Cost:
        """What forcing a pair costs the whole round."""
        return self.cohort.solver.cost_of(self.scores, self.cohort.given, result, mentee_id, mentor_id)


def solve(
    board: Board, *, progress: Callable[[str, float], None] | None = None, cancelled: Callable[[], bool] | None = None
) -> list[Answer]:
    """Every stop of the slider, from best fit to most people. Deterministic, in whatever order the people came."""
    cohort = board.cohort
    stops = cohort.solver.slider(board.scores, cohort.given, cohort.values, progress=progress, cancelled=cancelled)
    return [
        Answer(
            position,
            stop.value,
            stop.result,
            {
                "gains": [[mentee, round(100 * change, 2)] for mentee, change in stop.gains],
                "loses": [[mentee, round(100 * change, 2)] for mentee, change in stop.loses],
                "enters": list(stop.enters),
                "leaves": list(stop.leaves),
            },
        )
        for position, stop in enumerate(stops)
    ]


def pairs_fingerprint(pairs: Iterable[Sequence[int]]) -> str:
    """A hash over pairs and their scores: what a run must come to again."""
    rows = sorted(list(pair) for pair in pairs)
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


def lines_of(board: Board, result: RoundResult) -> Iterator[Line]:
    """The draft that an answer makes: every mentee once, by id."""
    for pair in result.pairs:
        why = pair_facts(board.explain(pair.mentee, pair.mentor)) | {
            "wish": millionths(pair.wish),
            "rank": pair.rank,
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


def _alone_facts(board: Board, result: RoundResult, alone: Unmatched) -> dict[str, Any]:
    facts = {"options": alone.options, "short": millionths(alone.short or 0), "first": hint_facts(alone.best)}
    if alone.code == "no_allowed_mentor" and alone.mentee in board.mentees:
        rules = result.why_none(board.index, board.mentees[alone.mentee], rules=board.cohort.rules)
        facts["rules"] = {code: list(counts) for code, counts in rules.items()}
    return facts
