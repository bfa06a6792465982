"""What use cases about rooms and messages take from outside."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from mentorlink.kernel.inputs import Input, Line, Text

MESSAGE_LENGTH = 4000


_UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"


ClientId = Annotated[str, StringConstraints(pattern=_UUID, to_lower=True)]
"""UUID made by the writer's device before the first try; every retry carries the same."""


Body = Annotated[Text, Field(min_length=1, max_length=MESSAGE_LENGTH)]


Title = Annotated[Line, Field(min_length=2, max_length=120)]


class RoomInput(Input):
    """A new or changed room."""

    name: Annotated[Line, Field(min_length=2, max_length=80)]
    purpose: Annotated[Line, Field(max_length=300)] = ""


class TopicInput(Input):
    """A new topic begins with its first message."""

    title: Title
    body: Body
    client_id: ClientId


class TitleInput(Input):
    """Another title of a topic."""

    title: Title


class MessageInput(Input):
    """Something said in a topic."""

    topic_id: Annotated[int, Field(ge=1)]
    body: Body
    client_id: ClientId
    reply_to_id: Annotated[int, Field(ge=1)] | None = None


class EditInput(Input):
    """Other words for a message; ``version`` is the one that was edited."""

    body: Body
    version: Annotated[int, Field(ge=1)] | None = None


class SeenInput(Input):
    """How far a topic was on the reader's screen."""

    topic_id: Annotated[int, Field(ge=1)]
    seq: Annotated[int, Field(ge=0)]


class PresenceInput(Input):
    """Whether members of one's rooms may see when one is there."""

    shown: bool = False
