"""What use cases about members take from outside."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mentorlink.kernel.inputs import Input, Line, Text


class CommunityInput(Input):
    """A new or changed community."""

    name: Annotated[Line, Field(min_length=3, max_length=120)]
    purpose: Annotated[Text, Field(min_length=10, max_length=2000)]
    why: Annotated[Text, Field(max_length=2000)] = ""
    joining: Literal["open", "request", "invitation"]


class AskInput(Input):
    """Why somebody wishes to join."""

    message: Annotated[Text, Field(max_length=1000)] = ""


class InvitationInput(Input):
    """Whom to invite, and a word to them."""

    person_id: Annotated[int, Field(ge=1)]
    message: Annotated[Text, Field(max_length=1000)] = ""


class AnswerInput(Input):
    """Yes or no to who asked to join."""

    answer: Literal["accept", "decline"]


class RoleInput(Input):
    """What a member is in the community."""

    role: Literal["member", "facilitator", "expert"]
