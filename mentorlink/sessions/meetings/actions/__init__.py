"""Use cases of meetings."""

from mentorlink.sessions.meetings.actions.calendars import (
    bring_calendar_address,
    bring_calendar_file,
    claim_due_calendars,
    drop_calendar,
    fetch_calendar_soon,
    note_calendar_failed,
    note_calendar_read,
)
from mentorlink.sessions.meetings.actions.hours import add_exception, drop_exception, end_feed, renew_feed, say_hours
from mentorlink.sessions.meetings.actions.outcome import (
    EARLY,
    UNDO_WITHIN,
    cancel_meeting,
    hold_meeting,
    miss_meeting,
    undo_meeting,
    write_summary,
)
from mentorlink.sessions.meetings.actions.papers import (
    add_agenda_item,
    agree_action_item,
    drop_agenda_item,
    move_agenda_item,
    reword_agenda_item,
    save_private_note,
    settle_action_item,
    tick_agenda_item,
)
from mentorlink.sessions.meetings.actions.planning import AGENDA_ITEMS, log_meeting, move_meeting, plan_meeting
from mentorlink.sessions.meetings.actions.reminding import remind_of_meeting
from mentorlink.sessions.meetings.actions.series import (
    begin_led_series,
    begin_many_series,
    begin_series,
    call_off_until,
    set_series_state,
)
from mentorlink.sessions.meetings.actions.several import (
    add_member,
    come_after_all,
    count_meeting,
    excuse_oneself,
    note_present,
    remove_member,
)
from mentorlink.sessions.meetings.actions.times import decline_times, propose_times, take_time, withdraw_times

__all__ = [
    "AGENDA_ITEMS",
    "EARLY",
    "UNDO_WITHIN",
    "add_agenda_item",
    "add_exception",
    "add_member",
    "agree_action_item",
    "begin_led_series",
    "begin_many_series",
    "begin_series",
    "bring_calendar_address",
    "bring_calendar_file",
    "call_off_until",
    "cancel_meeting",
    "claim_due_calendars",
    "come_after_all",
    "count_meeting",
    "decline_times",
    "drop_agenda_item",
    "drop_calendar",
    "drop_exception",
    "end_feed",
    "excuse_oneself",
    "fetch_calendar_soon",
    "hold_meeting",
    "log_meeting",
    "miss_meeting",
    "move_agenda_item",
    "move_meeting",
    "note_calendar_failed",
    "note_calendar_read",
    "note_present",
    "plan_meeting",
    "propose_times",
    "remind_of_meeting",
    "remove_member",
    "renew_feed",
    "reword_agenda_item",
    "save_private_note",
    "say_hours",
    "set_series_state",
    "settle_action_item",
    "take_time",
    "tick_agenda_item",
    "undo_meeting",
    "withdraw_times",
    "write_summary",
]
