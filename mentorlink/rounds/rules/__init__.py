"""Decisions of rounds: values in, values out."""

from mentorlink.rounds.rules.cohort import Cohort, fingerprint, pack, unpack, weights_fingerprint
from mentorlink.rounds.rules.cover import CoverRow, cover_rows
from mentorlink.rounds.rules.fairness import Group, Outcome, groups_of
from mentorlink.rounds.rules.solving import Answer, Board, Line, Plan, discreet, lines_of, pair_facts, pairs_fingerprint, solve
from mentorlink.rounds.rules.steps import Standing, Step, next_step, steps_of

__all__ = [
    "Answer",
    "Board",
    "Cohort",
    "CoverRow",
    "Group",
    "Line",
    "Outcome",
    "Plan",
    "Standing",
    "Step",
    "cover_rows",
    "discreet",
    "fingerprint",
    "groups_of",
    "lines_of",
    "next_step",
    "pack",
    "pair_facts",
    "pairs_fingerprint",
    "solve",
    "steps_of",
    "unpack",
    "weights_fingerprint",
]
