"""Reads about mentorships. To anybody but the two a mentorship does not exist."""

from mentorlink.sessions.mentoring.queries.board import BoardRow, StageTime, board_for, stage_times, style_tip_for
from mentorlink.sessions.mentoring.queries.gates import facts_of
from mentorlink.sessions.mentoring.queries.mentorships import (
    mentorship_for,
    mentorship_of_series,
    mentorships_for,
)
from mentorlink.sessions.mentoring.queries.papers import (
    AfterLevelView,
    Closing,
    agreements_for,
    closing_for,
    competencies_left,
    competency_names,
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
from mentorlink.sessions.mentoring.queries.stages import (
    newest_stage_rule,
    stage_rule_for,
    stage_rule_on,
    stage_rules_for,
    stage_words_of,
)
from mentorlink.sessions.mentoring.queries.standings import NextAct, Standing, standing_for, standings_for
from mentorlink.sessions.mentoring.queries.superiors import Team, TeamRow, Wanted, superior_word_for, team_for, words_wanted_for

__all__ = [
    "AfterLevelView",
    "BoardRow",
    "Closing",
    "NextAct",
    "StageTime",
    "Standing",
    "Team",
    "TeamRow",
    "Wanted",
    "agreements_for",
    "board_for",
    "closing_for",
    "competencies_left",
    "competency_names",
    "early_end_for",
    "facts_of",
    "goals_for",
    "history_for",
    "issue_for",
    "issues_for",
    "mentorship_for",
    "mentorship_of_series",
    "mentorships_for",
    "newest_stage_rule",
    "roadmap_for",
    "roadmap_item_for",
    "stage_rule_for",
    "stage_rule_on",
    "stage_rules_for",
    "stage_times",
    "stage_words_of",
    "standing_for",
    "standings_for",
    "style_tip_for",
    "superior_word_for",
    "target_for",
    "targets_for",
    "team_for",
    "words_wanted_for",
]
