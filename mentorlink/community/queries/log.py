"""Reading a room's log from a cursor on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import lazyload, load_only

from mentorlink.community import policy
from mentorlink.community.models import Message, Room, RoomEvent, Topic
from mentorlink.community.queries.rooms import with_author, with_reply
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Person

BATCH = 50
"""Entries read at once."""

TOO_OLD = 1000
"""A cursor further behind reloads the page instead of reading up."""


@dataclass(frozen=True)
class Happened:
    """One entry of the log with what it points at, as that is now."""

    entry: RoomEvent
    message: Message | None
    topic: Topic | None
    person: Person | None


@dataclass(frozen=True)
class News:
    """What came after a cursor. ``reload``: the cursor belongs to another past, or is too old; show the page afresh."""

    happened: tuple[Happened, ...] = ()
    last: int = 0
    more: bool = False
    reload: bool = False


def news_for(actor: Actor, room: Room, *, after: int, stamp: str = "") -> News:
    """Entries after number ``after``; ``stamp`` is that of the entry the reader saw last."""
    if not policy.may_read_room(actor, room):
        raise NotFound()
    last = db.session.scalar(sa.select(Room.last_seq).where(Room.id == room.id)) or 0
    if after == last and not stamp:
        return News(last=last)
    if after > last or last - after > TOO_OLD or (stamp and after and _stamp(room.id, after) != stamp):
        return News(last=last, reload=True)
    happened = entries_after(room.id, after) if after < last else []
    return News(tuple(happened), last, more=bool(happened) and happened[-1].entry.seq < last)


def entries_after(room_id: int, after: int, *, limit: int = BATCH) -> list[Happened]:
    """Entries of a room's log in order, for whoever may read it: two or three queries."""
    rows = db.session.execute(
        sa.select(RoomEvent, Message, Topic, Person)
        .outerjoin(Message, Message.id == RoomEvent.message_id)
        .outerjoin(Topic, Topic.id == RoomEvent.topic_id)
        .outerjoin(Person, Person.id == RoomEvent.person_id)
        .where(RoomEvent.room_id == room_id, RoomEvent.seq > after)
        .options(
            with_author(),
            *with_reply(),
            lazyload(Topic.room),
            load_only(Person.id, Person.name),
            lazyload(Person.unit),
            lazyload(Person.job),
        )
        .order_by(RoomEvent.seq)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [Happened(*row) for row in rows]


def newest_of(room_ids: Iterable[int]) -> dict[int, int]:
    """Room id → newest number of its log."""
    wanted = list(room_ids)
    if not wanted:
        return {}
    rows = db.session.execute(sa.select(Room.id, Room.last_seq).where(Room.id.in_(wanted)))
    return {row.id: row.last_seq for row in rows}


def newest_entry(room: Room) -> tuple[int, str]:
    """Number and stamp of the newest entry: where a page just shown stands. (0, "") in an empty room."""
    row = db.session.execute(
        sa.select(RoomEvent.seq, RoomEvent.stamp).where(RoomEvent.room_id == room.id).order_by(RoomEvent.seq.desc()).limit(1)
    ).first()
    return (row.seq, row.stamp) if row else (0, "")


def _stamp(room_id: int, seq: int) -> str | None:
    return db.session.scalar(sa.select(RoomEvent.stamp).where(RoomEvent.room_id == room_id, RoomEvent.seq == seq))
