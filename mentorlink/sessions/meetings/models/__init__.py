"""Rows of meetings: a series of people who meet, their meetings, and what they write down."""

from mentorlink.sessions.meetings.models.hours import (
    BusyTime,
    CalendarFeed,
    CalendarSource,
    Hold,
    HoursException,
    MeetingHabits,
    WeeklyHours,
)
from mentorlink.sessions.meetings.models.meetings import Meeting, MeetingAttendance, Series, SeriesMember
from mentorlink.sessions.meetings.models.papers import ActionItem, AgendaItem, NotesRevision, PrivateNote
from mentorlink.sessions.meetings.models.times import ProposedTime, TimeProposal

__all__ = [
    "ActionItem",
    "AgendaItem",
    "BusyTime",
    "CalendarFeed",
    "CalendarSource",
    "Hold",
    "HoursException",
    "Meeting",
    "MeetingAttendance",
    "MeetingHabits",
    "NotesRevision",
    "PrivateNote",
    "ProposedTime",
    "Series",
    "SeriesMember",
    "TimeProposal",
    "WeeklyHours",
]
