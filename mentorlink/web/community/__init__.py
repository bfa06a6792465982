"""Pages of communities and their rooms."""

from mentorlink.web.community import communities, joining, messages, rooms
from mentorlink.web.community.frame import pages

__all__ = ["communities", "joining", "messages", "pages", "rooms"]
