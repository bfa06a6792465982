"""Reads about rooms, topics and the messages in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, lazyload, load_only

from mentorlink.community import policy
from mentorlink.community.models import Message, MessageVersion, PresenceChoice, Room, Topic
from mentorlink.community.queries.unread import seen_in, unread_by_topic
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Person

PAGE = 50
"""Messages loaded at once."""

CONTEXT = 10
"""Messages shown before the first one not yet seen."""


@dataclass(frozen=True)
class TopicLine:
    """A topic in the list, with what the reader has not seen in it."""

    topic: Topic
    unread: int = 0


@dataclass(frozen=True)
class Window:
    """A stretch of a topic, oldest first, and whether there is more on either side."""

    messages: tuple[Message, ...]
    older: bool = False
    newer: bool = False
    first_unread: int | None = None
    """Number of the first message not seen."""


def room_for(actor: Actor, room_id: int) -> Room:
    """A room that ``actor`` may read."""
    room = db.session.get(Room, room_id)
    if room is None or not policy.may_read_room(actor, room):
        raise NotFound()
    return room


def topic_for(actor: Actor, topic_id: int) -> Topic:
    """A topic in a room that ``actor`` may read."""
    topic = db.session.get(Topic, topic_id)
    if topic is None or not policy.may_read_room(actor, topic.room):
        raise NotFound()
    return topic


def message_for(actor: Actor, message_id: int) -> Message:
    """A message in a room that ``actor`` may read, with its author, room and topic."""
    message = db.session.scalar(
        sa.select(Message)
        .where(Message.id == message_id)
        .options(with_author(), *with_reply(), joinedload(Message.room), joinedload(Message.topic))
    )
    if message is None or not policy.may_read_room(actor, message.room):
        raise NotFound()
    return message


def versions_for(actor: Actor, message: Message) -> list[MessageVersion]:
    """What the message said before, oldest first; gone when it was deleted."""
    if not policy.may_read_room(actor, message.room):
        raise NotFound()
    return list(
        db.session.scalars(
            sa.select(MessageVersion).where(MessageVersion.message_id == message.id).order_by(MessageVersion.version)
        )
    )


def topics_for(actor: Actor, room: Room, *, limit: int = 200) -> list[TopicLine]:
    """Topics of a room, the one with the newest message first, the general talk above all."""
    if not policy.may_read_room(actor, room):
        raise NotFound()
    unread = unread_by_topic(actor, room.id)
    topics = db.session.scalars(
        sa.select(Topic)
        .where(Topic.room_id == room.id)
        .order_by(sa.case((Topic.folded_title == "", 0), else_=1), Topic.last_at.desc(), Topic.id.desc())
        .limit(limit)
    )
    return [TopicLine(topic, unread.get(topic.id, 0)) for topic in topics]


def opening_topic(lines: list[TopicLine]) -> Topic:
    """Where a room opens: the topic with the newest message among those with something unread, else among all."""
    waiting = [line.topic for line in lines if line.unread]
    return max(waiting or [line.topic for line in lines], key=lambda topic: (topic.last_seq, -topic.id))


def window_for(actor: Actor, topic: Topic, *, around: int | None = None) -> Window:
    """The stretch where a topic opens: at message number ``around``, else at the first unread, else at the end."""
    if not policy.may_read_room(actor, topic.room):
        raise NotFound()
    seen = seen_in(actor, topic)
    unread = db.session.scalar(
        sa.select(sa.func.min(Message.seq)).where(
            Message.topic_id == topic.id, Message.seq > seen, Message.author_id != actor.person_id, Message.deleted_at.is_(None)
        )
    )
    start = around or unread
    if start is None:
        return replace(_before(topic, None, PAGE), first_unread=None)
    earlier = _before(topic, start, CONTEXT if around is None else PAGE // 2)
    later = _from(topic, start, PAGE)
    return Window(earlier.messages + later.messages, earlier.older, later.newer, unread)


def older_for(actor: Actor, topic: Topic, before: int) -> Window:
    """The page of messages just before number ``before``."""
    if not policy.may_read_room(actor, topic.room):
        raise NotFound()
    return _before(topic, before, PAGE)


def newer_for(actor: Actor, topic: Topic, after: int) -> Window:
    """The page of messages just after number ``after``."""
    if not policy.may_read_room(actor, topic.room):
        raise NotFound()
    return _from(topic, after + 1, PAGE)


def shows_presence(person_id: int) -> bool:
    """True for who chose to be seen."""
    return db.session.get(PresenceChoice, person_id) is not None


def with_author() -> Any:
    """Loads of an author what a message shows."""
    return joinedload(Message.author).options(load_only(Person.id, Person.name), lazyload("*"))


def with_reply() -> tuple[Any, ...]:
    """Loads of the message replied to what a quotation shows."""
    reply = joinedload(Message.reply_to)
    return (
        reply.load_only(Message.id, Message.body, Message.html, Message.deleted_at, Message.author_id),
        reply.joinedload(Message.author).options(load_only(Person.id, Person.name), lazyload("*")),
    )


def _before(topic: Topic, seq: int | None, limit: int) -> Window:
    conditions = [Message.topic_id == topic.id, *([Message.seq < seq] if seq is not None else [])]
    rows = _messages(*conditions, order=Message.seq.desc(), limit=limit + 1)
    return Window(tuple(reversed(rows[:limit])), older=len(rows) > limit)


def _from(topic: Topic, seq: int, limit: int) -> Window:
    rows = _messages(Message.topic_id == topic.id, Message.seq >= seq, order=Message.seq.asc(), limit=limit + 1)
    return Window(tuple(rows[:limit]), newer=len(rows) > limit)


def _messages(*conditions: Any, order: Any, limit: int) -> list[Message]:
    statement = sa.select(Message).where(*conditions).options(with_author(), *with_reply()).order_by(order).limit(limit)
    return list(db.session.scalars(statement))
