"""Pages of communities and their rooms."""

from mentorlink.web.community import (
    answers,
    calendars,
    catchup,
    communities,
    decisions,
    figures,
    files,
    finding,
    gatherings,
    joining,
    knowledge,
    lives,
    messages,
    pointing,
    rooms,
    safety,
    topics,
)
from mentorlink.web.community.frame import pages

__all__ = [
    "answers",
    "calendars",
    "catchup",
    "communities",
    "decisions",
    "figures",
    "files",
    "finding",
    "gatherings",
    "joining",
    "knowledge",
    "lives",
    "messages",
    "pages",
    "pointing",
    "rooms",
    "safety",
    "topics",
]
