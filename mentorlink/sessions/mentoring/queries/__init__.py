"""Reads about mentorships. To anybody but the two a mentorship does not exist."""

from mentorlink.sessions.mentoring.queries.figures import Progress, Stall, progress_for, stage_counts, stalls
from mentorlink.sessions.mentoring.queries.gates import facts_of
from mentorlink.sessions.mentoring.queries.mentorships import (
    failed_pairs,
    mentorship_for,
    mentorship_of_series,
    mentorships_for,
    partners_failed,
)
from mentorlink.sessions.mentoring.queries.papers import (
    AfterLevelView,
    Closing,
    agreements_for,
    closing_for,
    competencies_left,
    early_end_for,
    goals_for,
    history_for,
    issue_for,
    issues_for,
    roadmap_for,
    roadmap_item_for,
    target_for,
    targets_for,
)
from mentorlink.sessions.mentoring.queries.standings import NextAct, Standing, standing_for, standings_for

__all__ = [
    "AfterLevelView",
    "Closing",
    "NextAct",
    "Progress",
    "Stall",
    "Standing",
    "agreements_for",
    "closing_for",
    "competencies_left",
    "early_end_for",
    "facts_of",
    "failed_pairs",
    "goals_for",
    "history_for",
    "issue_for",
    "issues_for",
    "mentorship_for",
    "mentorship_of_series",
    "mentorships_for",
    "partners_failed",
    "progress_for",
    "roadmap_for",
    "roadmap_item_for",
    "stage_counts",
    "stalls",
    "standing_for",
    "standings_for",
    "target_for",
    "targets_for",
]
