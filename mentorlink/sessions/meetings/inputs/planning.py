"""What planning a meeting takes from outside."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, field_validator

from mentorlink.kernel.inputs import Input, Line, Text
from mentorlink.sessions.meetings.inputs.papers import Presence

Mode = Literal["in_person", "video", "phone"]
Minutes = Annotated[int, Field(ge=5, le=480)]
MOST_TIMES = 5
"""So many times may be proposed at once."""


class When(Input):
    """A day and a time as the clock on the writer's wall shows them."""

    day: date
    at: time

    def instant(self, timezone: str) -> datetime:
        """The moment this is in ``timezone`` (IANA name)."""
        return datetime.combine(self.day, self.at.replace(tzinfo=None), ZoneInfo(timezone))


class Place(Input):
    """How long, how and where."""

    minutes: Minutes = 60
    mode: Mode = "in_person"
    place: Annotated[Line, Field(max_length=300)] = ""

    @field_validator("place")
    @classmethod
    def _only_safe_links(cls, place: str) -> str:
        if "://" in place and not place.startswith("https://"):
            raise ValueError("link_not_https")
        return place


class MeetingTime(Place):
    """When (one of the free times, or a day and a time), how long, how and where."""

    slots: Annotated[list[AwareDatetime], Field(max_length=MOST_TIMES)] = []
    """Moments chosen from the free times."""
    day: date | None = None
    at: time | None = None
    anyway: bool = False
    """The others agreed to it although they had said that they are not free then."""
    revision: int | None = None
    """Of a meeting that moves: the one its mover looked at (how often it had been moved by then)."""
    later_too: bool = False
    """Of a meeting that moves: those after it in the same repetition move by as many days, to the same hour."""

    def instants(self, timezone: str) -> list[datetime]:
        """Every moment that was chosen, soonest first; day and time are those on the wall in ``timezone``."""
        found = set(self.slots)
        if self.day is not None and self.at is not None:
            found.add(datetime.combine(self.day, self.at.replace(tzinfo=None), ZoneInfo(timezone)))
        return sorted(found)


class MeetingPlan(MeetingTime):
    """A meeting to come, or several a fixed number of weeks apart; each line of ``agenda`` becomes an item."""

    agenda: Annotated[Text, Field(max_length=3000)] = ""
    every_weeks: Literal[0, 1, 2, 4] = 0
    """0: once."""
    times: Annotated[int, Field(ge=2, le=26)] = 6
    """How often, where it repeats."""
    skip_taken: bool = False
    """Leave out the days on which somebody is already booked, instead of booking none."""

    @field_validator("every_weeks", mode="before")
    @classmethod
    def _number(cls, value: object) -> object:
        return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 3 else value


class MeetingLog(When, Presence):
    """A talk that took place without having been planned."""

    minutes: Minutes = 30
    mode: Mode = "in_person"
    summary: Annotated[Text, Field(min_length=1, max_length=2000)]


class NoTime(Input):
    """None of the proposed times suits, in the writer's words if they like."""

    words: Annotated[Text, Field(max_length=500)] = ""
