"""Use cases of meetings."""

from mentorlink.sessions.meetings.actions.outcome import EARLY, cancel_meeting, hold_meeting, miss_meeting, write_summary
from mentorlink.sessions.meetings.actions.papers import (
    add_agenda_item,
    agree_action_item,
    drop_agenda_item,
    move_agenda_item,
    save_notes,
    save_private_note,
    settle_action_item,
    tick_agenda_item,
)
from mentorlink.sessions.meetings.actions.planning import AGENDA_ITEMS, log_meeting, move_meeting, plan_meeting
from mentorlink.sessions.meetings.actions.series import begin_many_series, begin_series, set_series_state

__all__ = [
    "AGENDA_ITEMS",
    "EARLY",
    "add_agenda_item",
    "agree_action_item",
    "begin_many_series",
    "begin_series",
    "cancel_meeting",
    "drop_agenda_item",
    "hold_meeting",
    "log_meeting",
    "miss_meeting",
    "move_agenda_item",
    "move_meeting",
    "plan_meeting",
    "save_notes",
    "save_private_note",
    "set_series_state",
    "settle_action_item",
    "tick_agenda_item",
    "write_summary",
]
