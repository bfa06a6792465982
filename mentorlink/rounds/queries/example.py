"""An example for the page of weights: somebody who takes part, and how the first of their list change with what counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mentorlink.matching import Match, MentorIndex, Weights
from mentorlink.pairing.queries import askings
from mentorlink.pairing.queries.pool import bridge_now, load_mentors
from mentorlink.pairing.rules import points
from mentorlink.people.models import Person
from mentorlink.programmes.queries import rules_of
from mentorlink.programmes.rules import weights as weights_by
from mentorlink.rounds.models import Round
from mentorlink.rounds.queries.cohort import hard_rules, people_named
from mentorlink.rounds.queries.people import member_ids, states_of
from mentorlink.rounds.queries.rounds import enrolment_of, weights_of_round

MOST_MENTORS = 60
SHOWN = 3


@dataclass(frozen=True)
class ExampleLine:
    """One mentor of the example."""

    mentor: Person
    score: float
    """Of 100."""
    points: Mapping[str, float]
    """Part of the score → what it adds, of 100."""
    before: int | None
    """Their place under the weights that are saved; None: further down."""


@dataclass(frozen=True)
class Example:
    """One mentee's first mentors under weights that are being tried."""

    mentee: Person
    number: int
    lines: Sequence[ExampleLine]
    considered: int


def example_view(round_: Round, *, importances: Mapping[str, str], own_points: bool, number: int) -> Example | None:
    """The example; None while nobody takes part. Read from a few dozen mentors, so it costs the same at any size."""
    mentees, mentors = member_ids(round_, "mentee"), member_ids(round_, "mentor")
    if not mentees or not mentors:
        return None
    who = next(iter(askings((mentees[number % len(mentees)],))), None)
    some = mentors[:: max(1, len(mentors) // MOST_MENTORS)][:MOST_MENTORS]
    records = load_mentors(some, states=states_of(enrolment_of(round_)))[0]["mentor"]
    if who is None or not records:
        return None
    own = rules_of(round_.programme)
    index = MentorIndex(text_bridge=bridge_now()).fit(records)
    tried = weights_by(importances, own.points if own_points else None)
    if not any(tried.values()):
        tried = weights_of_round(round_)
    ranked = [
        list(
            index.rank(
                who.mentee, 10, rules=hard_rules(round_.programme), weights=Weights(**chosen, grade_points=own.grade_points)
            )
        )
        for chosen in (tried, weights_of_round(round_))
    ]
    before = {match.mentor_id: match.place for match in ranked[1]}
    people = people_named({match.mentor_id for match in ranked[0]})
    lines = [_line(match, people[match.mentor_id], before.get(match.mentor_id)) for match in ranked[0][:SHOWN]]
    return Example(who.person, number, lines, len(records))


def _line(match: Match, mentor: Person, before: int | None) -> ExampleLine:
    assert match.explanation is not None
    return ExampleLine(mentor, 100 * match.score, points(match.explanation.terms, match.score), before)
