"""Rounds over people who came in by files: each round pairs everybody once, no pair twice."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from mentorlink.matching import DenseScores, MentorIndex, Pair, RoundInput, RoundResult, RoundSolver, Unmatched
from mentorlink.pairing.queries import askings
from mentorlink.pairing.queries.pool import load_mentors
from mentorlink.pairing.queries.terms import terms_of
from mentorlink.people.models import Person
from mentorlink.people.queries import people_by_id
from mentorlink.programmes.queries import default_programme, rules_of


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
    pair: Pair | None
    none: Unmatched | None


@dataclass(frozen=True)
class PairedRounds:
    """The lines of all rounds, and what they come to."""

    lines: list[PairLine]
    results: tuple[RoundResult, ...]
    points: float
    people: int
    """Mentees with at least one mentor."""
    mentees: int
    seconds: float
    """Of the processor, for scores and rounds; reading and telling aside."""


def paired_rounds(mentee_ids: Collection[int], rounds: int, *, value: float = 0.0) -> PairedRounds:
    """Pair these people in as many rounds by the running programme's rules: in each, every mentor has one place and every
    mentee gets one
    mentor at most, and nobody the same twice. Each round's sum of points is the greatest there is; between equal plans lots
    decide, drawn from
    the addresses, so that the order in which people came in changes nothing."""
    terms = terms_of("mentor")
    own = rules_of(default_programme("mentoring")).points
    whole = sum(own.values()) or 100.0
    mentors = load_mentors(states=("active", "invited"))[0]["mentor"]
    asking = [who.mentee for who in askings(mentee_ids)]
    people = people_by_id({mentor.id for mentor in mentors} | {mentee.id for mentee in asking})
    by_address = sorted(people, key=lambda id_: (people[id_].email, id_))
    number_of = {id_: number for number, id_ in enumerate(by_address)}
    started = time.process_time()
    index = MentorIndex(rules=terms.rules, weights=terms.weights).fit(mentors)
    batch = index.batch(asking)
    table = np.array([batch.scores(row) for row in range(len(asking))], np.int64).reshape(len(asking), len(mentors))
    solver = RoundSolver(value=value)
    results: list[RoundResult] = []
    rows, columns = ([number_of[id_] for id_ in ids.tolist()] for ids in (batch.mentee_ids, batch.mentor_ids))
    made: set[tuple[int, int]] = set()
    for _ in range(rounds):
        scores = DenseScores(rows, columns, table, bans=made)
        results.append(solver.solve(scores, RoundInput(dict.fromkeys(columns, 1), bans=made)))
        made |= set(results[-1].mentor_of.items())
    seconds = time.process_time() - started
    person = {number: people[id_] for id_, number in number_of.items()}
    record = {number_of[mentee.id]: mentee for mentee in asking}
    lines: list[PairLine] = []
    for number, result in enumerate(results, start=1):
        for pair in result.pairs:
            told = index.explain(record[pair.mentee], person[pair.mentor].id)
            parts = {term: part * whole for term, part in told.terms.items() if part}
            lines.append(PairLine(number, person[pair.mentee], person[pair.mentor], pair.score * whole, parts, pair, None))
        lines += [PairLine(number, person[none.mentee], None, 0.0, {}, None, none) for none in result.unmatched]
    lines.sort(key=lambda line: (line.round, number_of[line.mentee.id]))
    points = sum(result.total for result in results) * whole
    return PairedRounds(lines, tuple(results), points, len({mentee for mentee, _ in made}), len(asking), seconds)
