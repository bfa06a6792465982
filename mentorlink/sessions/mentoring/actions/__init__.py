"""Use cases of mentorships."""

from mentorlink.sessions.mentoring.actions.agreement import extend_agreement, propose_agreement, sign_agreement
from mentorlink.sessions.mentoring.actions.closing import give_evaluation, name_direction, say_after_levels, write_reflection
from mentorlink.sessions.mentoring.actions.goals import accept_goals, add_competency, change_goals, drop_competency, say_baseline
from mentorlink.sessions.mentoring.actions.roadmap import (
    add_roadmap_item,
    change_roadmap_item,
    raise_issue,
    reword_issue,
    set_roadmap_state,
    settle_issue,
)
from mentorlink.sessions.mentoring.actions.stages import load_stage_rule, save_stage_rule
from mentorlink.sessions.mentoring.actions.start import Start, start_many_mentorships, start_mentorship
from mentorlink.sessions.mentoring.actions.steps import (
    advance_stage,
    close_mentorship,
    end_early,
    end_for_silence,
    pause_mentorship,
    resume_mentorship,
    say_still_on,
    step_back,
)
from mentorlink.sessions.mentoring.actions.superior import ask_another_superior, ask_superior_word, say_superior_word

__all__ = [
    "Start",
    "accept_goals",
    "add_competency",
    "add_roadmap_item",
    "advance_stage",
    "ask_another_superior",
    "ask_superior_word",
    "change_goals",
    "change_roadmap_item",
    "close_mentorship",
    "drop_competency",
    "end_early",
    "end_for_silence",
    "extend_agreement",
    "give_evaluation",
    "load_stage_rule",
    "name_direction",
    "pause_mentorship",
    "propose_agreement",
    "raise_issue",
    "resume_mentorship",
    "reword_issue",
    "save_stage_rule",
    "say_after_levels",
    "say_baseline",
    "say_still_on",
    "say_superior_word",
    "set_roadmap_state",
    "settle_issue",
    "sign_agreement",
    "start_many_mentorships",
    "start_mentorship",
    "step_back",
    "write_reflection",
]
