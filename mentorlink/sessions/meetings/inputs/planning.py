"""What planning a meeting takes from outside."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from mentorlink.kernel.inputs import Input, Line, Text

Mode = Literal["in_person", "video", "phone"]
Minutes = Annotated[int, Field(ge=5, le=480)]


class When(Input):
    """A day and a time as the clock on the writer's wall shows them."""

    day: date
    at: time

    def instant(self, timezone: str) -> datetime:
        """The moment this is in ``timezone`` (IANA name)."""
        return datetime.combine(self.day, self.at.replace(tzinfo=None), ZoneInfo(timezone))


class MeetingTime(When):
    """When, how long, how and where."""

    minutes: Minutes = 60
    mode: Mode = "in_person"
    place: Annotated[Line, Field(max_length=300)] = ""

    @field_validator("place")
    @classmethod
    def _only_safe_links(cls, place: str) -> str:
        if "://" in place and not place.startswith("https://"):
            raise ValueError("link_not_https")
        return place


class MeetingPlan(MeetingTime):
    """A meeting to come; each line of ``agenda`` becomes an item."""

    agenda: Annotated[Text, Field(max_length=3000)] = ""


class MeetingLog(When):
    """A talk that took place without having been planned."""

    minutes: Minutes = 30
    mode: Mode = "in_person"
    summary: Annotated[Text, Field(min_length=1, max_length=2000)]
