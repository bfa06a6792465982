"""Pages of meetings."""

from mentorlink.web.meetings import hours, notes, plan, room, times
from mentorlink.web.meetings.frame import pages

__all__ = ["hours", "notes", "pages", "plan", "room", "times"]
