"""Pages of competencies: maps, assessments, what colleagues say, dictionaries, standards."""

from mentorlink.web.competencies import assessments, colleagues, dictionary, maps, standards
from mentorlink.web.competencies.frame import pages

__all__ = ["assessments", "colleagues", "dictionary", "maps", "pages", "standards"]
