"""Reads about communities. What one may not know of does not exist: ``<thing>_for(actor, id)`` raises NotFound."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from mentorlink.community.models import Community, Entry, Membership, Message, Room, RoomMark, Topic, TopicMark
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db

LISTED = ("open", "request")
"""Ways of joining under which every colleague may know of a community."""


@dataclass(frozen=True)
class CommunityLine:
    """A community in a list, with what the reader has to do with it."""

    community: Community
    members: int
    role: str | None = None
    unread: int = 0
    entry: Entry | None = None


@dataclass(frozen=True)
class CommunityList:
    """What the reader belongs to, was invited to, and could join."""

    mine: tuple[CommunityLine, ...]
    invited: tuple[CommunityLine, ...]
    others: tuple[CommunityLine, ...]

    @property
    def unread(self) -> int:
        """Messages not yet seen in all of them."""
        return sum(line.unread for line in self.mine)


def communities_for(actor: Actor) -> CommunityList:
    """Every community that ``actor`` may know of, by name."""
    me = actor.person_id
    counted = sa.select(Membership.community_id, sa.func.count().label("n")).group_by(Membership.community_id).subquery()
    rows = db.session.execute(
        sa.select(Community, sa.func.coalesce(counted.c.n, 0), Membership.role, Entry)
        .outerjoin(counted, counted.c.community_id == Community.id)
        .outerjoin(Membership, sa.and_(Membership.community_id == Community.id, Membership.person_id == me))
        .outerjoin(Entry, sa.and_(Entry.community_id == Community.id, Entry.person_id == me, Entry.state == "open"))
        .where(sa.or_(Community.joining.in_(LISTED), Membership.person_id.is_not(None), Entry.kind == "invited"))
        .order_by(Community.folded_name)
        .limit(500)
    )
    unread = unread_by_community(actor)
    lines = [CommunityLine(community, n, role, unread.get(community.id, 0), entry) for community, n, role, entry in rows]
    return CommunityList(
        mine=tuple(line for line in lines if line.role),
        invited=tuple(line for line in lines if not line.role and line.entry and line.entry.kind == "invited"),
        others=tuple(line for line in lines if not line.role and not (line.entry and line.entry.kind == "invited")),
    )


def unread_by_community(actor: Actor) -> dict[int, int]:
    """Community id → messages that ``actor`` has not seen there; only communities where there are some."""
    unread = _unread(actor).add_columns(Room.community_id).group_by(Room.community_id)
    return {community_id: n for n, community_id in db.session.execute(unread)}


def _unread(actor: Actor) -> sa.Select[tuple[int]]:
    """Count of unseen messages in the actor's rooms; callers add what to group by."""
    me = actor.person_id
    in_topic, in_room = sa.func.coalesce(TopicMark.seen_seq, 0), sa.func.coalesce(RoomMark.seen_seq, 0)
    seen = sa.case((in_topic > in_room, in_topic), else_=in_room)
    return (
        sa.select(sa.func.count(Message.id))
        .select_from(Membership)
        .join(Room, Room.community_id == Membership.community_id)
        .join(Topic, Topic.room_id == Room.id)
        .outerjoin(TopicMark, sa.and_(TopicMark.topic_id == Topic.id, TopicMark.person_id == me))
        .outerjoin(RoomMark, sa.and_(RoomMark.room_id == Room.id, RoomMark.person_id == me))
        .join(Message, sa.and_(Message.topic_id == Topic.id, Message.seq > seen))
        .where(
            Membership.person_id == me, Topic.last_seq > seen, Message.author_id != me, Message.deleted_at.is_(None)
        )
    )
