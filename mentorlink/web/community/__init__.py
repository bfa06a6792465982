"""Pages of communities and their rooms."""

from mentorlink.web.community import answers, communities, files, finding, joining, messages, rooms, topics
from mentorlink.web.community.frame import pages

__all__ = ["answers", "communities", "files", "finding", "joining", "messages", "pages", "rooms", "topics"]
