"""What somebody has not seen yet. Of one topic no more is counted than is shown: "99+" beside it, up to a thousand in words."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from mentorlink.community.models import Membership, Message, Room, RoomChoice, RoomMark, Topic, TopicChoice, TopicMark
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.prepared import Prepared
from mentorlink.people.models import Block

BADGE = 100
"""So many messages of a topic are counted for a number beside it, which says 99+ from there on."""

MOST = 1000
"""So many are counted where a sentence tells of all communities."""


def unread_by_community(actor: Actor) -> dict[int, int]:
    """Community id → messages that ``actor`` has not seen there; only communities where there are some."""
    return _summed(_of_person.all({"me": actor.person_id}), 0)


def unread_by_room(actor: Actor, community_id: int) -> dict[int, int]:
    """Room id → messages not seen; only rooms of the community where there are some."""
    return _summed(_in_community.all({"me": actor.person_id, "community": community_id}), 1)


def unread_by_topic(actor: Actor, room_id: int) -> dict[int, int]:
    """Topic id → messages not seen; only topics of the room where there are some."""
    return _summed(_in_room.all({"me": actor.person_id, "room": room_id}), 2)


def unread_in(actor: Actor, community_id: int) -> tuple[dict[int, int], dict[int, int]]:
    """The same by room and by topic, over a whole community and in one statement."""
    rows = _in_community.all({"me": actor.person_id, "community": community_id})
    return _summed(rows, 1), _summed(rows, 2)


def unread_of_topic(person_id: int, topic_id: int) -> int:
    """Messages of one topic that the person has not seen."""
    return _summed(_of_topic.all({"me": person_id, "topic": topic_id}), 2).get(topic_id, 0)


def unread_topics(actor: Actor) -> dict[int, int]:
    """Topic id → messages not seen, over every room of the actor's communities; only topics where there are some."""
    return _summed(_of_person.all({"me": actor.person_id}), 2)


def seen_in(actor: Actor, topic: Topic) -> int:
    """The number up to which ``actor`` has seen the topic."""
    marks = sa.union_all(
        sa.select(TopicMark.seen_seq).where(TopicMark.person_id == actor.person_id, TopicMark.topic_id == topic.id),
        sa.select(RoomMark.seen_seq).where(RoomMark.person_id == actor.person_id, RoomMark.room_id == topic.room_id),
    )
    return max(db.session.scalars(marks), default=0)


def _summed(rows: list[Any], place: int) -> dict[int, int]:
    """Community (0), room (1) or topic (2) → how many."""
    counts: Counter[int] = Counter()
    for row in rows:
        if row[3]:
            counts[row[place]] += row[3]
    return dict(counts)


def _counts(most: int, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Each topic with something new below the reader's marks: its community, its room, itself, how many."""
    me = sa.bindparam("me", type_=sa.Integer)
    in_topic, in_room = sa.func.coalesce(TopicMark.seen_seq, 0), sa.func.coalesce(RoomMark.seen_seq, 0)
    seen = sa.case((in_topic > in_room, in_topic), else_=in_room)
    few = (
        sa.select(sa.literal_column("1").label("one"))
        .where(
            Message.topic_id == Topic.id,
            Message.seq > seen,
            Message.author_id != me,
            Message.author_id.not_in(sa.select(Block.blocked_id).where(Block.person_id == me)),
            Message.deleted_at.is_(None),
        )
        .order_by(Message.seq)  # the index from the mark on, no further than is counted
        .limit(sa.literal_column(str(most)))
        .correlate(Topic, TopicMark, RoomMark)
        .subquery()
    )
    count = sa.select(sa.func.count()).select_from(few).correlate(Topic, TopicMark, RoomMark).scalar_subquery()
    loud = sa.or_(TopicChoice.choice == "follow", sa.and_(TopicChoice.choice.is_(None), RoomChoice.choice.is_(None)))
    return (
        sa.select(Room.community_id, Room.id, Topic.id, count)
        .select_from(Membership)
        .join(Room, Room.community_id == Membership.community_id)
        .join(Topic, Topic.room_id == Room.id)
        .outerjoin(TopicMark, sa.and_(TopicMark.topic_id == Topic.id, TopicMark.person_id == me))
        .outerjoin(RoomMark, sa.and_(RoomMark.room_id == Room.id, RoomMark.person_id == me))
        .outerjoin(TopicChoice, sa.and_(TopicChoice.topic_id == Topic.id, TopicChoice.person_id == me))
        .outerjoin(RoomChoice, sa.and_(RoomChoice.room_id == Room.id, RoomChoice.person_id == me))
        .where(Membership.person_id == me, Topic.last_seq > seen, loud, *conditions)
    )


@Prepared
def _of_person() -> sa.Select[Any]:
    return _counts(MOST)


@Prepared
def _in_community() -> sa.Select[Any]:
    return _counts(BADGE, Room.community_id == sa.bindparam("community"))


@Prepared
def _in_room() -> sa.Select[Any]:
    return _counts(BADGE, Room.id == sa.bindparam("room"))


@Prepared
def _of_topic() -> sa.Select[Any]:
    return _counts(BADGE, Topic.id == sa.bindparam("topic"))
