"""Pages of meetings."""

from mentorlink.web.meetings import plan, room
from mentorlink.web.meetings.frame import pages

__all__ = ["pages", "plan", "room"]
