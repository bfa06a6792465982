"""Reads about communities and who belongs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, lazyload, load_only

from mentorlink.community import policy
from mentorlink.community.models import Community, Entry, Membership, Room
from mentorlink.community.models.lives import Life
from mentorlink.community.policy.communities import barred_from
from mentorlink.community.queries.unread import unread_by_community, unread_by_room
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.text import fold
from mentorlink.people.models import Person, Unit


@dataclass(frozen=True)
class CommunityLine:
    """A community in a list, with what the reader has to do with it."""

    community: Community
    members: int
    role: str | None = None
    unread: int = 0
    entry: Entry | None = None
    closed: bool = False


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


@dataclass(frozen=True)
class MemberLine:
    """A member with what stands beside the name in a list."""

    id: int
    name: str
    role: str
    unit: dict[str, str]


def community_for(actor: Actor, community_id: int) -> Community:
    """A community that ``actor`` may know of."""
    community = db.session.get(Community, community_id)
    if community is None or not policy.may_see_community(actor, community):
        raise NotFound()
    return community


def communities_for(actor: Actor) -> CommunityList:
    """Every community that ``actor`` may know of, by name; of those that are closed only their own, last."""
    me = actor.person_id
    counted = sa.select(Membership.community_id, sa.func.count().label("n")).group_by(Membership.community_id).subquery()
    rows = db.session.execute(
        sa.select(
            Community, sa.func.coalesce(counted.c.n, 0), Membership.role, Entry, sa.func.coalesce(Life.step, "") == "closed"
        )
        .outerjoin(Life, Life.community_id == Community.id)
        .outerjoin(counted, counted.c.community_id == Community.id)
        .outerjoin(Membership, sa.and_(Membership.community_id == Community.id, Membership.person_id == me))
        .outerjoin(Entry, sa.and_(Entry.community_id == Community.id, Entry.person_id == me, Entry.state == "open"))
        .where(sa.or_(Community.joining.in_(policy.LISTED), Membership.person_id.is_not(None), Entry.kind == "invited"))
        .order_by(Community.folded_name)
        .limit(500)
    )
    unread = unread_by_community(actor)
    lines = [
        CommunityLine(community, n, role, unread.get(community.id, 0), entry, closed)
        for community, n, role, entry, closed in rows
    ]
    return CommunityList(
        mine=tuple(sorted((line for line in lines if line.role), key=lambda line: line.closed)),
        invited=tuple(line for line in lines if not line.role and line.entry and line.entry.kind == "invited"),
        others=tuple(
            line for line in lines if not (line.role or line.closed) and not (line.entry and line.entry.kind == "invited")
        ),
    )


def rooms_of(actor: Actor, community: Community, *, unread: dict[int, int] | None = None) -> list[tuple[Room, int]]:
    """The rooms of a community in the order of their making, each with what ``actor`` has not seen in it; ``unread``: if counted
    already."""
    counts = unread_by_room(actor, community.id) if unread is None else unread
    rooms = db.session.scalars(_rooms(), {"community": community.id})
    return [(room, counts.get(room.id, 0)) for room in rooms]


@cache
def _rooms() -> sa.Select[tuple[Room]]:
    rooms = sa.select(Room).where(Room.community_id == sa.bindparam("community")).order_by(Room.id).limit(200)
    return rooms.options(lazyload(Room.community))  # the one that was asked for, which the session knows


def members_for(actor: Actor, community: Community, *, text: str = "", limit: int = 60) -> list[MemberLine]:
    """Members by name, facilitators and experts first; ``text`` asks for names with words that begin so."""
    if not policy.may_see_members(actor, community):
        raise NotFound()
    standing = sa.case((Membership.role == "facilitator", 0), (Membership.role == "expert", 1), else_=2)
    statement = (
        sa.select(Person.id, Person.name, Membership.role, Unit.name.label("unit"))
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Membership.community_id == community.id, *(has_word(word) for word in fold(text).split()[:6]))
        .order_by(*(() if text else (standing,)), Person.folded_name, Person.id)
        .limit(limit)
    )
    return [MemberLine(*row) for row in db.session.execute(statement)]


def member_count(community_id: int) -> int:
    """How many belong."""
    return db.session.scalar(sa.select(sa.func.count()).where(Membership.community_id == community_id)) or 0


def members_among(community_id: int, person_ids: Collection[int]) -> set[int]:
    """Which of these people belong."""
    chosen = sa.select(Membership.person_id).where(Membership.community_id == community_id, Membership.person_id.in_(person_ids))
    return set(db.session.scalars(chosen)) if person_ids else set()


def entry_of(actor: Actor, community: Community) -> Entry | None:
    """How ``actor`` stands at the door: an open request or invitation."""
    return db.session.scalar(
        sa.select(Entry)
        .where(Entry.community_id == community.id, Entry.person_id == actor.person_id, Entry.state == "open")
        .options(_with_person(Entry.by))
    )


def entries_for(actor: Actor, community: Community) -> list[Entry]:
    """Open requests and invitations, oldest first; only facilitators see them."""
    if not policy.may_manage_members(actor, community):
        return []
    return list(
        db.session.scalars(
            sa.select(Entry)
            .where(Entry.community_id == community.id, Entry.state == "open")
            .options(_with_person(Entry.person), _with_person(Entry.by))
            .order_by(Entry.kind, Entry.id)
            .limit(200)
        )
    )


def barred_of(community_id: int) -> set[int]:
    """Who was removed and not let in again."""
    return {one for one in db.session.scalars(barred_from(community_id)) if one is not None}


def facilitator_ids(community_id: int) -> list[int]:
    """Who facilitates: whom to tell that somebody asks to join."""
    return list(
        db.session.scalars(
            sa.select(Membership.person_id)
            .where(Membership.community_id == community_id, Membership.role == "facilitator")
            .order_by(Membership.person_id)
        )
    )


def _with_person(relation: Any) -> Any:
    return joinedload(relation).options(load_only(Person.id, Person.name), lazyload("*"))


def has_word(word: str) -> sa.ColumnElement[bool]:
    """People with a word in their name that begins so."""
    return sa.or_(Person.folded_name.startswith(word, autoescape=True), Person.folded_name.contains(f" {word}", autoescape=True))
