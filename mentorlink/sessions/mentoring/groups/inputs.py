"""What the use cases of groups take from outside."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mentorlink.kernel.inputs import Input, Line, Text
from mentorlink.sessions.mentoring.groups.models import MOST


class GroupInput(Input):
    """A group as its mentor describes it."""

    name: Annotated[Line, Field(min_length=3, max_length=80)]
    about: Annotated[Text, Field(min_length=10, max_length=600)]
    places: Annotated[int, Field(ge=2, le=MOST)] = MOST
    competency_ids: Annotated[list[int], Field(max_length=8)] = []
    programme_id: int | None = None
    by_invitation: bool = False
    """Colleagues do not find it; only whom the mentor invites comes in."""


class Invited(Input):
    """Whom the mentor invites."""

    person_id: int


class Asking(Input):
    """Why somebody would like to join."""

    words: Annotated[Text, Field(max_length=600)] = ""
