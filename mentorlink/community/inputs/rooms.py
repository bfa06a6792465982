"""What use cases about rooms and messages take from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from mentorlink.community.models import REACTIONS
from mentorlink.community.rules.files import FILES
from mentorlink.kernel.inputs import Input, Line, Text

MESSAGE_LENGTH = 4000


_UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"


ClientId = Annotated[str, StringConstraints(pattern=_UUID, to_lower=True)]
"""UUID made by the writer's device before the first try; every retry carries the same."""


Body = Annotated[Text, Field(min_length=1, max_length=MESSAGE_LENGTH)]


Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
Title = Annotated[Line, Field(min_length=2, max_length=120)]


@dataclass(frozen=True)
class Upload:
    """A file as it came: what it was called, and its bytes."""

    name: str
    content: bytes


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
    """Something said in a topic; it may be files alone."""

    topic_id: Annotated[int, Field(ge=1)]
    body: Annotated[Text, Field(max_length=MESSAGE_LENGTH)] = ""
    client_id: ClientId
    reply_to_id: Annotated[int, Field(ge=1)] | None = None
    files: Annotated[tuple[Id, ...], Field(max_length=FILES)] = ()


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


class ReactionInput(Input):
    """An answer without words, given or taken back."""

    code: Literal[REACTIONS]  # type: ignore[valid-type]  # the rows name them once
    on: bool = True


class PinInput(Input):
    """Whether a message is pinned to its topic."""

    pinned: bool


class SettleInput(Input):
    """Whether a topic is settled."""

    resolved: bool


class MoveInput(Input):
    """Where a message goes: to a topic of the room, or to a new one; alone, or with all that follow it."""

    topic_id: Id | None = None
    title: Annotated[Line, Field(max_length=120)] = ""
    rest: bool = False


class MergeInput(Input):
    """The topic that takes in another."""

    topic_id: Id


class RoomMoveInput(Input):
    """The room of the community to which a topic goes."""

    room_id: Id


class PollInput(Input):
    """A question with what one may choose, an option a line."""

    topic_id: Id
    body: Body
    client_id: ClientId
    options: Annotated[Text, Field(min_length=1, max_length=1000)]
    many: bool = False


class VoteInput(Input):
    """The places of the options chosen; none takes the vote back."""

    options: Annotated[tuple[Annotated[int, Field(ge=0, le=9)], ...], Field(max_length=10)] = ()


class ChoiceInput(Input):
    """How much one wishes to hear of a topic or a room."""

    choice: Literal["follow", "normal", "mute"]


class SearchInput(Input):
    """What to look for, and where."""

    q: Annotated[Line, Field(max_length=200)] = ""
    kind: Literal["message", "topic", "question", "room", "page", "material", "person"] | None = None
    community: Id | None = None
    room: Id | None = None
    topic: Id | None = None
    by: Id | None = None
    author: Annotated[Line, Field(max_length=80)] = ""
    has: Literal["file", "image", "poll", "competency", "link"] | None = None
    since: date | None = None
    until: date | None = None
    before: Annotated[int, Field(ge=1, le=2**53)] | None = None
