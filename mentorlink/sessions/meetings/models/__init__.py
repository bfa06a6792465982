"""Rows of meetings: a series of people who meet, their meetings, and what they write down."""

from mentorlink.sessions.meetings.models.meetings import Meeting, Series, SeriesMember
from mentorlink.sessions.meetings.models.papers import ActionItem, AgendaItem, NotesRevision, PrivateNote

__all__ = ["ActionItem", "AgendaItem", "Meeting", "NotesRevision", "PrivateNote", "Series", "SeriesMember"]
