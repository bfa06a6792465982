"""What somebody says about when they can be met."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from mentorlink.kernel.inputs import Input, Line

STRETCHES = 4
"""So many stretches a day may have."""
LONGEST = timedelta(days=366)


class Stretch(Input):
    """From, to, on the clock of the writer's wall; 00:00 as the end is midnight."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    starts: time
    ends: time

    @property
    def minutes(self) -> tuple[int, int]:
        """The same in minutes of the day."""
        return minute_of(self.starts), minute_of(self.ends) or 1440


def minute_of(moment: time) -> int:
    """The minute of the day."""
    return moment.hour * 60 + moment.minute


class HoursInput(Input):
    """The hours of every week, and how somebody wants to be booked."""

    stretches: Annotated[list[Stretch], Field(max_length=7 * STRETCHES)] = []
    notice_hours: Annotated[int, Field(ge=0, le=168)] = 0
    gap_minutes: Annotated[int, Field(ge=0, le=60)] = 0

    @field_validator("stretches")
    @classmethod
    def _in_order(cls, stretches: list[Stretch]) -> list[Stretch]:
        ordered = sorted(stretches, key=lambda stretch: (stretch.weekday, stretch.minutes))
        for stretch in ordered:
            if stretch.minutes[0] >= stretch.minutes[1]:
                raise ValueError("ends_before_it_starts")
        for one, other in pairwise(ordered):
            if one.weekday == other.weekday and other.minutes[0] < one.minutes[1]:
                raise ValueError("hours_overlap")
        return ordered


class ExceptionInput(Input):
    """Days on which the weekly hours do not hold."""

    kind: Literal["away", "open"]
    from_on: date
    to_on: date | None = None
    """None: that one day."""
    starts: time | None = None
    ends: time | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> ExceptionInput:
        if self.last < self.from_on:
            raise ValueError("ends_before_it_starts")
        if self.last - self.from_on > LONGEST:
            raise ValueError("too_long_away")
        if (self.starts is None) != (self.ends is None) or (self.kind == "open" and self.starts is None):
            raise ValueError("hours_missing")
        if self.starts is not None and self.ends is not None and minute_of(self.starts) >= (minute_of(self.ends) or 1440):
            raise ValueError("ends_before_it_starts")
        return self

    @property
    def last(self) -> date:
        """The last day."""
        return self.to_on or self.from_on


class CalendarName(Input):
    """What a calendar is called that came as a file."""

    name: Annotated[Line, Field(max_length=60)] = ""


class CalendarAddress(Input):
    """Where a calendar is fetched from."""

    name: Annotated[Line, Field(max_length=60)] = ""
    address: Annotated[Line, Field(min_length=12, max_length=2000)]

    @field_validator("address")
    @classmethod
    def _https(cls, address: str) -> str:
        scheme, _, rest = address.partition("://")
        if scheme.lower() not in ("https", "webcal", "webcals") or not rest:
            raise ValueError("link_not_https")
        return f"https://{rest}"
