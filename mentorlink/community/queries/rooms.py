"""Reads about rooms, topics and the messages in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, lazyload, load_only

from mentorlink.community import policy
from mentorlink.community.models import (
    Attachment,
    AttachmentContent,
    Membership,
    Message,
    MessageVersion,
    PresenceChoice,
    Room,
    RoomChoice,
    Topic,
    TopicChoice,
    TopicMark,
)
from mentorlink.community.models.lives import Life
from mentorlink.community.models.safety import GlassLine, RoomRule, TopicLock
from mentorlink.community.queries.said import columns, joined, message, said
from mentorlink.community.queries.unread import seen_in, unread_by_topic
from mentorlink.competencies.queries import among
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.prepared import Prepared
from mentorlink.people.models import Block, Person
from mentorlink.people.queries import kept_away_by

PAGE = 50
"""Messages loaded at once."""

CONTEXT = 10
"""Messages shown before the first one not yet seen."""

LAST = 2**62
"""Beyond every number of a log."""


@dataclass(frozen=True)
class TopicLine:
    """A topic in the list, with what the reader has not seen in it."""

    topic: Topic
    unread: int = 0
    choice: str = "normal"
    """follow, normal or mute."""


@dataclass(frozen=True)
class Window:
    """A stretch of a topic, oldest first, and whether there is more on either side."""

    messages: tuple[Any, ...]
    """As ``queries.said`` reads them."""
    older: bool = False
    newer: bool = False
    first_unread: int | None = None
    """Number of the first message not seen."""


def room_for(actor: Actor, room_id: int) -> Room:
    """A room that ``actor`` may read."""
    row = db.session.execute(_room_and_reader(), {"room": room_id, "me": actor.person_id}).first()
    if row is None or not _may_read(actor, row[0], row[1]):
        raise NotFound()
    return row[0]  # type: ignore[no-any-return]  # a row holds anything


def topic_for(actor: Actor, topic_id: int) -> Topic:
    """A topic in a room that ``actor`` may read; of a merged one that which took it in."""
    wanted: int | None = topic_id
    while wanted is not None:
        row = db.session.execute(_topic_and_reader(), {"topic": wanted, "me": actor.person_id}).first()
        if row is None or not _may_read(actor, row[0].room, row[1]):
            raise NotFound()
        topic, wanted = row[0], row[0].merged_into_id
    return topic  # type: ignore[no-any-return]  # a row holds anything


def _may_read(actor: Actor, room: Room, membership: Membership | None) -> bool:
    """What the policy says; ``membership`` was read with the room, so that it need not ask for it."""
    policy.hold_membership(actor, room.community_id, membership)
    return policy.may_read_room(actor, room)


@cache
def _room_and_reader() -> sa.Select[tuple[Room, Membership]]:
    return _with_reader(sa.select(Room, Membership).options(contains_eager(Room.community)).join(Room.community)).where(
        Room.id == sa.bindparam("room")
    )


@cache
def _topic_and_reader() -> sa.Select[tuple[Topic, Membership]]:
    found = sa.select(Topic, Membership).options(contains_eager(Topic.room).contains_eager(Room.community))
    return _with_reader(found.join(Topic.room).join(Room.community)).where(Topic.id == sa.bindparam("topic"))


def _with_reader(found: sa.Select[Any]) -> sa.Select[Any]:
    me = sa.bindparam("me", type_=sa.Integer)
    return found.outerjoin(Membership, sa.and_(Membership.community_id == Room.community_id, Membership.person_id == me))


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


def file_for(actor: Actor, attachment_id: int) -> Attachment:
    """A file that ``actor`` may read."""
    found = db.session.scalar(sa.select(Attachment).where(Attachment.id == attachment_id).options(joinedload(Attachment.room)))
    if found is None or not policy.may_read_file(actor, found):
        raise NotFound()
    return found


def content_of(attachment: Attachment, *, small: bool = False) -> bytes:
    """The bytes of a file that was found; ``small`` what the talk shows of an image."""
    column = AttachmentContent.small if small else AttachmentContent.content
    found = db.session.scalar(sa.select(column).where(AttachmentContent.attachment_id == attachment.id))
    if found is None:
        raise NotFound()
    return found


def pinned_for(actor: Actor, topic: Topic) -> list[Any]:
    """The pinned messages of a topic, newest pin first."""
    if not policy.may_read_room(actor, topic.room):
        raise NotFound()
    return [said(row) for row in _pinned.all({"topic": topic.id, "most": 20})]


def people_of(actor: Actor, message: Message) -> dict[int, str]:
    """Names of who answered the message without words or voted in it: id → name; whom the actor keeps away has none."""
    if not policy.may_read_room(actor, message.room):
        raise NotFound()
    votes = message.extras.get("p", {}).get("v", [])
    ids = {each for group in (*message.extras.get("r", {}).values(), *votes) for each in group}
    ids -= kept_away_by(actor.person_id or 0)
    named = sa.select(Person.id, Person.name).where(among(Person.id, ids)).order_by(Person.folded_name, Person.id)
    return {row.id: row.name for row in db.session.execute(named)} if ids else {}


def followers_of(topic_id: int, room_id: int) -> dict[int, int]:
    """Who follows a topic and may read it → how far they have seen it."""
    return dict(_followers.all({"topic": topic_id, "room": room_id}))


@Prepared
def _followers() -> Any:
    choice, mark, room, member = (each.__table__ for each in (TopicChoice, TopicMark, Room, Membership))
    belongs = sa.and_(member.c.community_id == room.c.community_id, member.c.person_id == choice.c.person_id)
    marked = sa.and_(mark.c.topic_id == choice.c.topic_id, mark.c.person_id == choice.c.person_id)
    joined = choice.join(room, room.c.id == sa.bindparam("room")).join(member, belongs).outerjoin(mark, marked)
    followed = sa.and_(choice.c.topic_id == sa.bindparam("topic"), choice.c.choice == "follow")
    return sa.select(choice.c.person_id, sa.func.coalesce(mark.c.seen_seq, 0)).select_from(joined).where(followed)


@dataclass(frozen=True)
class Stillness:
    """Why the reader cannot write in a topic at present, or how slowly they can."""

    why: str = ""
    """closed: the community is; room, topic: only facilitators write there; empty: the reader writes."""
    slow_seconds: int = 0
    """Between two messages of the reader; 0: at any pace."""


@dataclass(frozen=True)
class Standing:
    """How the reader stands in a room, beside being there."""

    still: Stillness
    choice: str
    """mute or normal."""
    shown: bool
    """Others see that the reader is there."""
    glass: bool
    """The room's log tells that administrators opened it."""


def standing_of(actor: Actor, topic: Topic) -> Standing:
    """How the actor stands where a topic that was found is, in one statement."""
    life, rule, lock, choice, shown, glass = db.session.execute(
        _standing(), {"room": topic.room_id, "topic": topic.id, "me": actor.person_id}
    ).one()
    db.session.info.setdefault("lives", {})[topic.room.community_id] = life  # the policy asks for it too
    return Standing(_stillness(actor, topic, life, rule, lock), choice or "normal", bool(shown), bool(glass))


def _stillness(actor: Actor, topic: Topic, life: Life | None, rule: RoomRule | None, lock: TopicLock | None) -> Stillness:
    if life is not None and life.step == "closed":
        return Stillness("closed")
    if policy.role_in(actor, topic.room.community_id) == "facilitator":
        return Stillness()
    why = "topic" if lock else "room" if rule and rule.locked else ""
    return Stillness(why, rule.slow_seconds if rule else 0)


@cache
def _standing() -> Any:
    me = sa.bindparam("me", type_=sa.Integer)
    return (
        sa.select(
            Life, RoomRule, TopicLock, RoomChoice.choice,
            sa.exists().where(PresenceChoice.person_id == me), sa.exists().where(GlassLine.room_id == Room.id),
        )
        .select_from(Room)
        .outerjoin(Life, Life.community_id == Room.community_id)
        .outerjoin(RoomRule, RoomRule.room_id == Room.id)
        .outerjoin(TopicLock, TopicLock.topic_id == sa.bindparam("topic"))
        .outerjoin(RoomChoice, sa.and_(RoomChoice.room_id == Room.id, RoomChoice.person_id == me))
        .where(Room.id == sa.bindparam("room"))
    )  # fmt: skip


def versions_for(actor: Actor, message: Message) -> list[MessageVersion]:
    """What the message said before, oldest first; nothing of one that was removed, hidden or held."""
    if not policy.may_read_room(actor, message.room):
        raise NotFound()
    if message.deleted_at is not None:
        return []
    return list(
        db.session.scalars(
            sa.select(MessageVersion).where(MessageVersion.message_id == message.id).order_by(MessageVersion.version)
        )
    )


def topics_for(actor: Actor, room: Room, *, limit: int = 200, unread: dict[int, int] | None = None) -> list[TopicLine]:
    """Topics of a room, the one with the newest message first, the general talk above all; ``unread``: if counted already."""
    if not policy.may_read_room(actor, room):
        raise NotFound()
    counts = unread_by_topic(actor, room.id) if unread is None else unread
    rows = db.session.execute(_topics(), {"me": actor.person_id, "room": room.id, "most": limit})
    return [TopicLine(topic, counts.get(topic.id, 0), choice or "normal") for topic, choice in rows]


@cache
def _topics() -> Any:
    mine = sa.and_(TopicChoice.topic_id == Topic.id, TopicChoice.person_id == sa.bindparam("me", type_=sa.Integer))
    return (
        sa.select(Topic, TopicChoice.choice)
        .outerjoin(TopicChoice, mine)
        .where(Topic.room_id == sa.bindparam("room"), Topic.merged_into_id.is_(None))
        .options(lazyload(Topic.room))  # the one that was asked for, which the session knows
        .order_by(sa.case((Topic.folded_title == "", 0), else_=1), Topic.last_at.desc(), Topic.id.desc())
        .limit(sa.bindparam("most"))
    )


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
            Message.topic_id == topic.id, Message.seq > seen, Message.author_id != actor.person_id, Message.deleted_at.is_(None),
            Message.author_id.not_in(sa.select(Block.blocked_id).where(Block.person_id == actor.person_id)),
        )
    )  # fmt: skip
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
    return bool(_shown.all({"person": person_id}))


@Prepared
def _shown() -> Any:
    return sa.select(PresenceChoice.person_id).where(PresenceChoice.person_id == sa.bindparam("person"))


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
    rows = _earlier.all({"topic": topic.id, "seq": LAST if seq is None else seq, "most": limit + 1})
    return Window(tuple(said(row) for row in reversed(rows[:limit])), older=len(rows) > limit)


def _from(topic: Topic, seq: int, limit: int) -> Window:
    rows = _later.all({"topic": topic.id, "seq": seq, "most": limit + 1})
    return Window(tuple(said(row) for row in rows[:limit]), newer=len(rows) > limit)


@Prepared
def _pinned() -> Any:
    found = _stretch().where(message.c.pinned_at.is_not(None), message.c.deleted_at.is_(None))
    return found.order_by(message.c.pinned_at.desc(), message.c.id)


@Prepared
def _earlier() -> Any:
    return _stretch().where(message.c.seq < sa.bindparam("seq")).order_by(message.c.seq.desc())


@Prepared
def _later() -> Any:
    return _stretch().where(message.c.seq >= sa.bindparam("seq")).order_by(message.c.seq)


def _stretch() -> Any:
    found = sa.select(*columns()).select_from(joined(message)).where(message.c.topic_id == sa.bindparam("topic"))
    return found.limit(sa.bindparam("most"))
