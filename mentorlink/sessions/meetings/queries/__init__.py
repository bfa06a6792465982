"""Reads about meetings. To anybody outside the series they do not exist."""

from mentorlink.sessions.meetings.queries.meetings import (
    PAGE,
    MeetingRoom,
    SeriesSummary,
    action_item_for,
    action_items_for,
    agenda_item_for,
    meeting_for,
    meetings_for,
    notes_history_for,
    notes_of,
    room_for,
    series_for,
    summaries_of,
    upcoming_for,
)

__all__ = [
    "PAGE",
    "MeetingRoom",
    "SeriesSummary",
    "action_item_for",
    "action_items_for",
    "agenda_item_for",
    "meeting_for",
    "meetings_for",
    "notes_history_for",
    "notes_of",
    "room_for",
    "series_for",
    "summaries_of",
    "upcoming_for",
]
