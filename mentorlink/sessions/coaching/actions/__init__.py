"""Use cases of coaching."""

from mentorlink.sessions.coaching.actions.commitments import check_in, commit, drop_commitment, remind_of_commitment
from mentorlink.sessions.coaching.actions.goals import answer_question, ask_superior, scale_goal, withdraw_question, write_goal
from mentorlink.sessions.coaching.actions.sharing import (
    add_credential,
    drop_credential,
    rest_engagement,
    resume_engagement,
    share_with_superior,
)
from mentorlink.sessions.coaching.actions.sheets import save_sheet
from mentorlink.sessions.coaching.actions.steps import (
    begin_engagement,
    close_engagement,
    decline_engagement,
    end_engagement_early,
    end_engagement_for_leaver,
    end_engagement_for_silence,
    say_coaching_goes_on,
    say_yes,
    write_review,
)

__all__ = [
    "add_credential",
    "answer_question",
    "ask_superior",
    "begin_engagement",
    "check_in",
    "close_engagement",
    "commit",
    "decline_engagement",
    "drop_commitment",
    "drop_credential",
    "end_engagement_early",
    "end_engagement_for_leaver",
    "end_engagement_for_silence",
    "remind_of_commitment",
    "rest_engagement",
    "resume_engagement",
    "save_sheet",
    "say_coaching_goes_on",
    "say_yes",
    "scale_goal",
    "share_with_superior",
    "withdraw_question",
    "write_goal",
    "write_review",
]
