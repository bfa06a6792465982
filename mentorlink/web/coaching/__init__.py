"""Pages of coaching."""

from mentorlink.web.coaching import board, closing, commitments, goal, sessions, sharing, steps
from mentorlink.web.coaching.frame import pages

__all__ = ["board", "closing", "commitments", "goal", "pages", "sessions", "sharing", "steps"]
