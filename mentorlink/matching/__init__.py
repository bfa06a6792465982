"""Ranks mentors for a mentee by what they add to the mentee's competency gaps, and explains each score term by term.

Never reads a database, a clock, a request or a word of the interface; never compares people by sex, religion, ethnicity,
marital status or age.

The way of a question: records (`Mentor`, `Mentee`) → byte columns of the pool and small tables of the mentee → kernel (masks,
then one addition per table) → best k by (−score, id) → explanation, which is those very table entries.

>>> from mentorlink.matching import Mentee, Mentor, MentorIndex
>>> index = MentorIndex().fit([Mentor(7, {"M.1": 4}), Mentor(8, {"M.1": 3})])
>>> [(match.mentor_id, match.place) for match in index.rank(Mentee(1, {"M.1": 2}, {"M.1": 4}))]
[(7, 1), (8, 2)]
"""

from ._batch import MASKED, Batch
from ._bridge import TextBridge
from ._codes import FILTERS, RULES, TERMS
from ._cohort import SyntheticCohort, make_cohort
from ._cover import CoverMap, CoverRow, Recruit, cover_map
from ._encoders import BinEncoder, CategoryEncoder, LevelEncoder
from ._errors import (
    InvalidInput,
    InvalidParameter,
    MatchingError,
    NotFitted,
    UnknownCompetency,
    UnknownMentor,
    UnreadableFile,
)
from ._index import MentorIndex
from ._judge import ENOUGH, LEAST_GAIN, MOST_WRONG, Evidence, Figure, Odds, Verdict, judge, make_outcomes
from ._kernels import prepare_kernel
from ._learn import MonotoneAdditive, noticing, shares_of_explanation
from ._metrics import GroupRow, blocking_pairs, gap_cover, gini, group_metrics, people_moved, round_metrics
from ._records import Filters, Mentee, Mentor, MentorColumns, Rules, Weights
from ._results import CompetencyTerm, Explanation, Match, Ranking, WordTerm
from ._round_board import Board
from ._round_input import LOCK_FAULTS, DenseScores, Quota, RoundCancelled, RoundError, RoundInput, Scores
from ._round_results import (
    PAIR_REASONS,
    ROUND_STAGES,
    UNMATCHED,
    Cost,
    Hint,
    Move,
    Pair,
    PairExplanation,
    QuotaOutcome,
    RoundResult,
    Stop,
    Unmatched,
)
from ._rounds import RoundSolver
from ._shared import TextModel
from ._text import TextEncoder

__all__ = [
    "ENOUGH",
    "FILTERS",
    "LEAST_GAIN",
    "LOCK_FAULTS",
    "MASKED",
    "MOST_WRONG",
    "PAIR_REASONS",
    "ROUND_STAGES",
    "RULES",
    "TERMS",
    "UNMATCHED",
    "Batch",
    "BinEncoder",
    "Board",
    "CategoryEncoder",
    "CompetencyTerm",
    "Cost",
    "CoverMap",
    "CoverRow",
    "DenseScores",
    "Evidence",
    "Explanation",
    "Figure",
    "Filters",
    "GroupRow",
    "Hint",
    "InvalidInput",
    "InvalidParameter",
    "LevelEncoder",
    "Match",
    "MatchingError",
    "Mentee",
    "Mentor",
    "MentorColumns",
    "MentorIndex",
    "MonotoneAdditive",
    "Move",
    "NotFitted",
    "Odds",
    "Pair",
    "PairExplanation",
    "Quota",
    "QuotaOutcome",
    "Ranking",
    "Recruit",
    "RoundCancelled",
    "RoundError",
    "RoundInput",
    "RoundResult",
    "RoundSolver",
    "Rules",
    "Scores",
    "Stop",
    "SyntheticCohort",
    "TextBridge",
    "TextEncoder",
    "TextModel",
    "UnknownCompetency",
    "UnknownMentor",
    "Unmatched",
    "UnreadableFile",
    "Verdict",
    "Weights",
    "WordTerm",
    "blocking_pairs",
    "cover_map",
    "gap_cover",
    "gini",
    "group_metrics",
    "judge",
    "make_cohort",
    "make_outcomes",
    "noticing",
    "people_moved",
    "prepare_kernel",
    "round_metrics",
    "shares_of_explanation",
]
