"""Rounds over people who came in by files: each round pairs everybody once, no pair twice."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mentorlink.matching import (
    DenseScores,
    Mentee,
    Mentor,
    MentorIndex,
    RoundInput,
    RoundResult,
    RoundSolver,
    Rules,
    TextBridge,
    Weights,
)
from mentorlink.pairing.queries import askings
from mentorlink.pairing.queries.pool import bridge_now, load_mentors
from mentorlink.pairing.queries.terms import terms_of
from mentorlink.people.models import Person
from mentorlink.people.queries import people_by_id
from mentorlink.programmes.queries import default_programme, rules_of
from mentorlink.programmes.rules import ProgrammeRules, weights

FIRST_IN_LINE = 0.05
"""By so much of the score the pair of somebody who has nobody yet goes before others, as the bonus of a round does usually."""


@dataclass(frozen=True)
class PairLine:
    """One pair of one round, or one person whom a round leaves without."""

    round: int
    mentee: Person
    mentor: Person | None
    points: float
    """By the programme's own points; out of 100 where it has none."""
    parts: Mapping[str, float]
    """Part of the score → points, where above 0."""
    first_choice: bool
    """Nobody whom this mentee has not had yet would have fitted better."""
    nobody_allowed: bool
    """Without a mentor because the rules leave nobody; else everybody who may is taken."""


@dataclass(frozen=True)
class RoundTold:
    """What one round came to."""

    pairs: int
    points: float
    exact: bool
    gap: float


@dataclass(frozen=True)
class PairedRounds:
    """The lines of all rounds, and what they come to."""

    lines: list[PairLine]
    rounds: tuple[RoundTold, ...]
    mentees: int
    with_mentor: int
    """Mentees with at least one mentor."""
    mentors: int
    with_mentee: int
    seconds: float
    """Of the processor, for scores and rounds; reading and telling aside."""

    @property
    def pairs(self) -> int:
        """Of all rounds."""
        return sum(one.pairs for one in self.rounds)

    @property
    def points(self) -> float:
        """Of all rounds."""
        return sum(one.points for one in self.rounds)


@dataclass(frozen=True)
class PairTerms:
    """By what the rounds pair: hard rules, weights, and how many points the whole score is told as."""

    rules: Rules
    weights: Weights
    whole: float


def terms_by(rules: ProgrammeRules) -> PairTerms:
    """The terms that the rules of a programme make. Its importances are the usual ones where it has no points of its own."""
    hard = Rules(
        with_room=False, same_field=rules.same_field, other_unit=rules.other_unit, grade_min=rules.grade_min,
        grade_max=rules.grade_max,
    )  # fmt: skip
    own = {name: value for name, value in rules.points.items() if value}
    return PairTerms(hard, Weights(**weights({}, own), grade_points=rules.grade_points), sum(own.values()) or 100.0)


def paired_rounds(mentee_ids: Collection[int], rounds: int, *, value: float = 0.0) -> PairedRounds:
    """Pair people of the database in so many rounds by the running programme's rules."""
    terms = terms_of("mentor")
    own = rules_of(default_programme("mentoring")).points
    mentors = load_mentors(states=("active", "invited"))[0]["mentor"]
    asking = [who.mentee for who in askings(mentee_ids)]
    people = people_by_id({mentor.id for mentor in mentors} | {mentee.id for mentee in asking})
    return pair_in_rounds(
        asking,
        mentors,
        people,
        terms=PairTerms(terms.rules, terms.weights, sum(own.values()) or 100.0),
        rounds=rounds,
        value=value,
        bridge=bridge_now() if terms.weights.text else None,
    )


def pair_in_rounds(
    mentees: Sequence[Mentee],
    mentors: Sequence[Mentor],
    people: Mapping[int, Person],
    *,
    terms: PairTerms,
    rounds: int,
    value: float = 0.0,
    bridge: TextBridge | None = None,
) -> PairedRounds:
    """Pair in so many rounds: in each, every mentor has one place, every mentee gets one mentor at most, nobody the same twice.

    Each round's sum of points is the greatest there is, where who has nobody yet goes first. Between equal plans lots decide,
    drawn from the addresses, so that the order in which people came in changes nothing.
    """
    by_address = sorted(people, key=lambda id_: (people[id_].email, id_))
    number_of = {id_: number for number, id_ in enumerate(by_address)}
    started = time.process_time()
    index = MentorIndex(rules=terms.rules, weights=terms.weights, text_bridge=bridge).fit(mentors)
    batch = index.batch(mentees)
    table = np.array([batch.scores(row) for row in range(len(mentees))], np.int64).reshape(len(mentees), len(mentors))
    rows, columns = ([number_of[id_] for id_ in ids.tolist()] for ids in (batch.mentee_ids, batch.mentor_ids))
    score = _Score(rows, columns, table)
    # compiled loops take longer to load than the rounds take; of many equal scores more are fetched at once
    solver = RoundSolver(value=value, compiled=False, candidates=64, more=128)
    results: list[RoundResult] = []
    made: set[tuple[int, int]] = set()
    for _ in range(rounds):
        scores = DenseScores(rows, columns, score.with_first_in_line(made), bans=made)
        results.append(solver.solve(scores, RoundInput(dict.fromkeys(columns, 1), bans=made)))
        made |= set(results[-1].mentor_of.items())
    seconds = time.process_time() - started
    person = {number: people[id_] for id_, number in number_of.items()}
    record = {number_of[mentee.id]: mentee for mentee in mentees}
    lines: list[PairLine] = []
    made.clear()
    for number, result in enumerate(results, start=1):
        best = score.best(made)
        for pair in result.pairs:
            told = index.explain(record[pair.mentee], by_address[pair.mentor])
            parts = {term: part * terms.whole for term, part in told.terms.items() if part}
            first = round(told.score * 1_000_000) >= best[pair.mentee]
            lines.append(
                PairLine(number, person[pair.mentee], person[pair.mentor], told.score * terms.whole, parts, first, False)
            )
        for none in result.unmatched:
            lines.append(PairLine(number, person[none.mentee], None, 0.0, {}, False, none.code == "no_allowed_mentor"))
        made |= set(result.mentor_of.items())
    lines.sort(key=lambda line: (line.round, line.mentee.email))
    told_rounds = tuple(
        RoundTold(len(one.pairs), sum(line.points for line in lines if line.round == number), bool(one.exact), float(one.gap))
        for number, one in enumerate(results, start=1)
    )
    return PairedRounds(
        lines, told_rounds, len(mentees), len({one for one, _ in made}), len(mentors), len({other for _, other in made}), seconds
    )


@dataclass(frozen=True)
class _Score:
    """The scores of every pair, and the numbers that rows and columns stand for."""

    rows: Sequence[int]
    columns: Sequence[int]
    table: np.ndarray[tuple[int, int], np.dtype[np.int64]]

    def best(self, made: Collection[tuple[int, int]]) -> dict[int, int]:
        """The best score that each mentee could have with somebody new."""
        row_of, column_of = ({number: at for at, number in enumerate(numbers)} for numbers in (self.rows, self.columns))
        left = self.table.copy()
        for mentee, mentor in made:
            left[row_of[mentee], column_of[mentor]] = -1
        return dict(zip(self.rows, left.max(axis=1, initial=-1).tolist(), strict=True))

    def with_first_in_line(self, made: Collection[tuple[int, int]]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        """The scores, a little higher where either side has had nobody so far."""
        if not made:
            return self.table
        served = {mentee for mentee, _ in made}, {mentor for _, mentor in made}
        alone = np.array([row not in served[0] for row in self.rows], bool)
        idle = np.array([column not in served[1] for column in self.columns], bool)
        first = alone[:, None] | idle[None, :]
        return np.where((self.table >= 0) & first, self.table + round(FIRST_IN_LINE * 1_000_000), self.table)
