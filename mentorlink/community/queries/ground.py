"""On what somebody stands who speaks in a room: all that posting asks before it writes, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mentorlink.community import rules
from mentorlink.community.models.communities import Membership
from mentorlink.community.models.messages import Message
from mentorlink.community.models.rooms import Room, RoomEvent, Topic
from mentorlink.community.models.safety import CommunityRule, RoomRule, TopicLock
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.prepared import Prepared

NEWEST = 300
"""So much of the end of a log is looked through for what somebody did lately."""


@dataclass(frozen=True)
class Ground:
    """A member, a room of their community, the topic they mean, and what stands there already."""

    room_id: int
    community_id: int
    role: str
    joined_at: datetime
    newcomer_days: int
    """So long after joining links and held words wait for a moderator; 0: never."""
    held_words: tuple[str, ...]
    locked: bool
    """The room or the topic: only facilitators write."""
    slow_seconds: int
    lately: int
    """Messages of this member, in any room, within ``rules.POSTS_WITHIN``."""
    topic_id: int | None
    """None: there is no such topic in this room."""
    merged_into_id: int | None
    said_seq: int | None
    """The number under which this very message stands already, and below where."""
    said_id: int | None
    said_topic_id: int | None
    said_room_id: int | None


_FOUND = (
    "room_id", "community_id", "role", "joined_at", "newcomer_days", "held_words", "locked", "slow_seconds", "topic_locked",
    "lately", "topic_id", "merged_into_id", "said_seq", "said_id", "said_topic_id", "said_room_id",
)  # fmt: skip


def ground_for(actor: Actor, room_id: int, topic_id: int, client_id: str) -> Ground:
    """The ground of a member; asked only while holding the room, so that it stays true until the end."""
    since = clock.now() - rules.POSTS_WITHIN
    values = {"me": actor.person_id, "room": room_id, "topic": topic_id, "client": client_id, "since": since}
    row = _ground.first(values)
    if row is None:
        raise NotFound()
    found = dict(zip(_FOUND, row, strict=True))
    locked_topic = found.pop("topic_locked")
    found["newcomer_days"], found["held_words"] = found["newcomer_days"] or 0, tuple(found["held_words"] or ())
    found["locked"] = bool(found["locked"]) or locked_topic is not None
    found["slow_seconds"] = found["slow_seconds"] or 0
    return Ground(**found)


def last_said_at(actor: Actor, room_id: int) -> datetime | None:
    """When the actor spoke last in a room."""
    return _last.scalar({"me": actor.person_id, "room": room_id})


def deeds_lately(actor: Actor, room_id: int) -> int:
    """Entries that the actor left in the newest part of a room's log within ``rules.POSTS_WITHIN``."""
    since = clock.now() - rules.POSTS_WITHIN
    return int(_deeds.scalar({"me": actor.person_id, "room": room_id, "since": since}) or 0)


@Prepared
def _deeds() -> sa.Select[tuple[int]]:
    event, room = RoomEvent.__table__, Room.__table__
    newest = sa.select(room.c.last_seq - NEWEST).where(room.c.id == sa.bindparam("room")).scalar_subquery()
    return sa.select(sa.func.count()).where(
        event.c.room_id == sa.bindparam("room"), event.c.seq > newest, event.c.person_id == sa.bindparam("me"),
        event.c.kind != "joined", event.c.kind != "left", event.c.at > sa.bindparam("since", type_=event.c.at.type),
    )  # fmt: skip


@Prepared
def _ground() -> sa.Select[Any]:
    room, member, topic, said = (each.__table__ for each in (Room, Membership, Topic, Message))
    rule, held, lock = (each.__table__ for each in (RoomRule, CommunityRule, TopicLock))
    late, me = sa.alias(Message.__table__), sa.bindparam("me", type_=sa.Integer)
    lately = sa.select(sa.func.count()).where(
        late.c.author_id == me, late.c.created_at > sa.bindparam("since", type_=late.c.created_at.type)
    )
    belongs = sa.and_(member.c.community_id == room.c.community_id, member.c.person_id == me)
    meant = sa.and_(topic.c.id == sa.bindparam("topic"), topic.c.room_id == room.c.id)
    this = sa.and_(said.c.author_id == me, said.c.client_id == sa.bindparam("client"))
    return (
        sa.select(
            room.c.id.label("room_id"), room.c.community_id, member.c.role, member.c.joined_at,
            held.c.newcomer_days, held.c.held_words, rule.c.locked, rule.c.slow_seconds,
            lock.c.topic_id.label("topic_locked"), lately.scalar_subquery().label("lately"),
            topic.c.id.label("topic_id"), topic.c.merged_into_id,
            said.c.seq.label("said_seq"), said.c.id.label("said_id"), said.c.topic_id.label("said_topic_id"),
            said.c.room_id.label("said_room_id"),
        )
        .select_from(
            room.join(member, belongs)
            .outerjoin(held, held.c.community_id == room.c.community_id)
            .outerjoin(rule, rule.c.room_id == room.c.id)
            .outerjoin(topic, meant)
            .outerjoin(lock, lock.c.topic_id == topic.c.id)
            .outerjoin(said, this)
        )
        .where(room.c.id == sa.bindparam("room"))
    )  # fmt: skip


@Prepared
def _last() -> sa.Select[tuple[datetime]]:
    mine = sa.select(Message.created_at).where(
        Message.author_id == sa.bindparam("me", type_=sa.Integer), Message.room_id == sa.bindparam("room", type_=sa.Integer)
    )
    return mine.order_by(Message.created_at.desc()).limit(1)
