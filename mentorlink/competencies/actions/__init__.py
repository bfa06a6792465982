"""Use cases of competencies."""

from mentorlink.competencies.actions.assessments import (
    Counts,
    confirm_levels,
    note_changes,
    record_sheet,
    refresh_levels,
    save_assessments,
)
from mentorlink.competencies.actions.colleagues import (
    answer_review,
    ask_colleagues,
    decline_review,
    end_reviews,
    withdraw_review,
)
from mentorlink.competencies.actions.frameworks import edit_competency, load_framework
from mentorlink.competencies.actions.reference import load_reference
from mentorlink.competencies.actions.scale import save_level_words
from mentorlink.competencies.actions.standards import save_standards, set_match_limits, set_standards

__all__ = [
    "Counts",
    "answer_review",
    "ask_colleagues",
    "confirm_levels",
    "decline_review",
    "edit_competency",
    "end_reviews",
    "load_framework",
    "load_reference",
    "note_changes",
    "record_sheet",
    "refresh_levels",
    "save_assessments",
    "save_level_words",
    "save_standards",
    "set_match_limits",
    "set_standards",
    "withdraw_review",
]
