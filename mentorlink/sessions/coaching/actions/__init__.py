"""Use cases of coaching."""

from mentorlink.sessions.coaching.actions.commitments import check_in, commit, drop_commitment, remind_of_commitment
from mentorlink.sessions.coaching.actions.goals import answer_question, ask_superior, scale_goal, withdraw_question, write_goal
from mentorlink.sessions.coaching.actions.sheets import save_sheet
from mentorlink.sessions.coaching.actions.steps import (
    begin_engagement,
    close_engagement,
    decline_engagement,
    end_engagement_early,
    end_engagement_for_leaver,
    say_yes,
    write_review,
)

__all__ = [
    "answer_question",
    "ask_superior",
    "begin_engagement",
    "check_in",
    "close_engagement",
    "commit",
    "decline_engagement",
    "drop_commitment",
    "end_engagement_early",
    "end_engagement_for_leaver",
    "remind_of_commitment",
    "save_sheet",
    "say_yes",
    "scale_goal",
    "withdraw_question",
    "write_goal",
    "write_review",
]
