"""Pages of meetings."""

from mentorlink.web.meetings import notes, plan, room
from mentorlink.web.meetings.frame import pages

__all__ = ["notes", "pages", "plan", "room"]
