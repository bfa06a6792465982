"""Pages of mentoring."""

from mentorlink.web.mentoring import agreement, board, closing, goals, roadmap, steps
from mentorlink.web.mentoring.frame import pages

__all__ = ["agreement", "board", "closing", "goals", "pages", "roadmap", "steps"]
