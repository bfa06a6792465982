"""Pages of figures: one's own, a superior's, a facilitator's, the agency's, the programme's. Each says of when it is."""

from mentorlink.web.insights import agency, led, mine, programme
from mentorlink.web.insights.blueprint import pages

__all__ = ["agency", "led", "mine", "pages", "programme"]
