"""What happened in a room."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class RoomMoved(Event):
    """A room's log has grown: whoever shows the room reads on. Recorded beside what made it grow."""

    room_id: int


@dataclass(frozen=True)
class MessagePosted(Event):
    """``mentioned`` and ``answered_id`` hold only people who may read it, never the author."""

    message_id: int
    room_id: int
    topic_id: int
    author_id: int
    mentioned: tuple[int, ...] = ()
    answered_id: int | None = None
    """Author of the message it replies to."""


@dataclass(frozen=True)
class MessageEdited(Event):
    """``mentioned`` holds who is newly named by the edit."""

    message_id: int
    room_id: int
    topic_id: int
    author_id: int
    mentioned: tuple[int, ...] = ()


@dataclass(frozen=True)
class TopicSeen(Event):
    """Somebody's mark moved forward; all their tabs agree on it."""

    person_id: int
    room_id: int
    topic_id: int
    seq: int


@dataclass(frozen=True)
class PresenceChosen(Event):
    person_id: int
    shown: bool


@dataclass(frozen=True)
class ChoiceMade(Event):
    """Somebody follows or mutes a topic, or mutes a room: what counts as unread for them is another number."""

    person_id: int
    room_id: int
    topic_id: int | None
