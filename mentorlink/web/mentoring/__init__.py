"""Pages of mentoring."""

from mentorlink.web.mentoring import agreement, board, care, closing, goals, groups, roadmap, stages, steps, superiors
from mentorlink.web.mentoring.frame import pages

__all__ = ["agreement", "board", "care", "closing", "goals", "groups", "pages", "roadmap", "stages", "steps", "superiors"]
