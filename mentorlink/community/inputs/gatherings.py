"""What use cases of gatherings take from outside."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from mentorlink.community.inputs.lives import Day
from mentorlink.kernel.inputs import Input, Line, Text

ADDRESS = re.compile(r"[\w-]+(\.[\w-]+)+(/\S*)?$")
"""What somebody types who means a page: meet.example.go.id/abc."""


def _without_gaps(code: object) -> object:
    return re.sub(r"[\s-]", "", code) if isinstance(code, str) else code


class GatheringInput(Input):
    """When and where a community meets, what for, who leads it and how many may come."""

    title: Annotated[Line, Field(min_length=3, max_length=160)]
    about: Annotated[Text, Field(max_length=2000)] = ""
    day: Day
    at: time
    minutes: Annotated[int, Field(ge=10, le=600)] = 60
    mode: Literal["in_person", "video", "phone"] = "in_person"
    place: Annotated[Line, Field(max_length=300)] = ""
    places: Annotated[int, Field(ge=2, le=5000)] | None = None
    host_id: Annotated[int, Field(ge=1)] | None = None
    agenda: Annotated[Text, Field(max_length=3000)] = ""

    @field_validator("place")
    @classmethod
    def _only_safe_links(cls, place: str) -> str:
        if "://" in place and not place.startswith("https://"):
            raise ValueError("link_not_https")
        return place

    @model_validator(mode="before")
    @classmethod
    def _whole_link(cls, data: object) -> object:
        if isinstance(data, dict) and data.get("mode") == "video" and ADDRESS.match(str(data.get("place", "")).strip()):
            return data | {"place": f"https://{data['place'].strip()}"}
        return data

    def instant(self, timezone: str) -> datetime:
        """The moment this is on a clock in ``timezone`` (IANA name)."""
        return datetime.combine(self.day, self.at.replace(tzinfo=None), ZoneInfo(timezone))


class ComingInput(Input):
    """Whether one comes."""

    answer: Literal["going", "not_going"]


class CodeInput(Input):
    """The digits that stand on the wall, with a gap or without."""

    code: Annotated[Line, StringConstraints(pattern=r"^\d{6}$"), BeforeValidator(_without_gaps)]


class PresentInput(Input):
    """Who was there, as the host saw it."""

    person_id: Annotated[int, Field(ge=1)]
    present: bool = False


class PointInput(Input):
    """One thing to talk about."""

    text: Annotated[Line, Field(min_length=2, max_length=300)]


class MinutesInput(Input):
    """The minutes; ``version`` is the one the writer began from."""

    body: Annotated[Text, Field(min_length=1, max_length=20_000)]
    version: Annotated[int, Field(ge=0)]


class FollowUpInput(Input):
    """What somebody does, until when."""

    text: Annotated[Line, Field(min_length=3, max_length=300)]
    owner_id: Annotated[int, Field(ge=1)]
    due_on: Day | None = None


class FollowUpStateInput(Input):
    """How it went."""

    state: Literal["open", "done", "dropped"]


class TurnInput(Input):
    """Whom one saw speak when one gave the turn on; none: nobody."""

    seen: Annotated[int, Field(ge=1)] | None = None


class CancelInput(Input):
    """Why it does not take place."""

    reason: Annotated[Line, Field(min_length=3, max_length=400)]
