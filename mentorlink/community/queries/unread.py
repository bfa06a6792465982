"""What somebody has not seen yet."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.community.models import Membership, Message, Room, RoomChoice, RoomMark, Topic, TopicChoice, TopicMark
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.models import Block


def unread_by_community(actor: Actor) -> dict[int, int]:
    """Community id → messages that ``actor`` has not seen there; only communities where there are some."""
    return _counts(actor, Room.community_id)


def unread_by_room(actor: Actor, community_id: int) -> dict[int, int]:
    """Room id → messages not seen; only rooms of the community where there are some."""
    return _counts(actor, Room.id, Room.community_id == community_id)


def unread_by_topic(actor: Actor, room_id: int) -> dict[int, int]:
    """Topic id → messages not seen; only topics of the room where there are some."""
    return _counts(actor, Topic.id, Room.id == room_id)


def unread_of_topic(person_id: int, topic_id: int) -> int:
    """Messages of one topic that the person has not seen."""
    return _counts(Actor(person_id), Topic.id, Topic.id == topic_id).get(topic_id, 0)


def seen_in(actor: Actor, topic: Topic) -> int:
    """The number up to which ``actor`` has seen the topic."""
    marks = sa.union_all(
        sa.select(TopicMark.seen_seq).where(TopicMark.person_id == actor.person_id, TopicMark.topic_id == topic.id),
        sa.select(RoomMark.seen_seq).where(RoomMark.person_id == actor.person_id, RoomMark.room_id == topic.room_id),
    )
    return max(db.session.scalars(marks), default=0)


def _counts(actor: Actor, group: Any, *conditions: sa.ColumnElement[bool]) -> dict[int, int]:
    me = actor.person_id
    in_topic, in_room = sa.func.coalesce(TopicMark.seen_seq, 0), sa.func.coalesce(RoomMark.seen_seq, 0)
    seen = sa.case((in_topic > in_room, in_topic), else_=in_room)
    choice = sa.select(TopicChoice.choice).where(TopicChoice.topic_id == Topic.id, TopicChoice.person_id == me)
    muted_topic, followed = (
        choice.where(TopicChoice.choice == "mute").exists(),
        choice.where(TopicChoice.choice == "follow").exists(),
    )
    muted_room = sa.select(RoomChoice.choice).where(RoomChoice.room_id == Room.id, RoomChoice.person_id == me).exists()
    rows = db.session.execute(
        sa.select(group, sa.func.count(Message.id))
        .select_from(Membership)
        .join(Room, Room.community_id == Membership.community_id)
        .join(Topic, Topic.room_id == Room.id)
        .outerjoin(TopicMark, sa.and_(TopicMark.topic_id == Topic.id, TopicMark.person_id == me))
        .outerjoin(RoomMark, sa.and_(RoomMark.room_id == Room.id, RoomMark.person_id == me))
        .join(Message, sa.and_(Message.topic_id == Topic.id, Message.seq > seen))
        .where(
            Membership.person_id == me,
            Topic.last_seq > seen,
            Message.author_id != me,
            Message.author_id.not_in(sa.select(Block.blocked_id).where(Block.person_id == me)),
            Message.deleted_at.is_(None),
            sa.or_(followed, sa.not_(sa.or_(muted_topic, muted_room))),
            *conditions,
        )
        .group_by(group)
    )
    return {row[0]: row[1] for row in rows}


def unread_topics(actor: Actor) -> dict[int, int]:
    """Topic id → messages not seen, over every room of the actor's communities; only topics where there are some."""
    return _counts(actor, Topic.id)
