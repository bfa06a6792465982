"""Reading a room's log from a cursor on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from mentorlink.community import policy
from mentorlink.community.models import Message, Room, RoomEvent, Topic
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
    """One entry of the log with what it points at, as that is now, under the names that the rows have."""

    entry: Any
    """A ``RoomEvent``'s columns."""
    message: Any
    """A ``Message``'s columns, its ``author`` and ``reply_to``; None for an entry that points at none."""
    topic: Any
    """A ``Topic``'s id, title, room and when it was settled; or None."""
    source: Any
    """Of what moved: the topic where it stood before, and the one that took it in; or None."""
    person: Any
    """Id and name of who did it, or who came or went; or None."""


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
    """Entries of a room's log in order, for whoever may read it: one statement, and no rows that the session would watch."""
    statement, parts = _entries()
    rows = db.session.execute(statement, {"room": room_id, "after": after, "most": limit})
    return [_happened(row, parts) for row in rows]


def _happened(row: Any, parts: dict[str, tuple[int, tuple[str, ...]]]) -> Happened:
    found: dict[str, Any] = {}
    for name, (start, columns) in parts.items():
        values = row[start : start + len(columns)]
        found[name] = SimpleNamespace(**dict(zip(columns, values, strict=True))) if values[0] is not None else None
    message, reply = found["message"], found["reply_to"]
    if message is not None:
        message.author, message.reply_to = found["author"], reply
        if reply is not None:
            reply.author = found["reply_author"]
    return Happened(found["entry"], message, found["topic"], found["source"], found["person"])


@cache
def _entries() -> tuple[Any, dict[str, tuple[int, tuple[str, ...]]]]:
    """The statement, and which of its columns belong together; the first of each part says whether there is one."""
    event, message, topic = (each.__table__ for each in (RoomEvent, Message, Topic))
    person, source = Person.__table__, topic.alias()
    reply, author, replied, doer = message.alias(), person.alias(), person.alias(), person.alias()
    parts = {
        "entry": [event.c[name] for name in ("seq", "room_id", "kind", "stamp", "from_topic_id", "person_id", "at")],
        "message": list(message.c),
        "author": [author.c.id, author.c.name],
        "reply_to": [reply.c[name] for name in ("id", "author_id", "body", "html", "deleted_at")],
        "reply_author": [replied.c.id, replied.c.name],
        "topic": [topic.c.id, topic.c.title, topic.c.room_id, topic.c.resolved_at],
        "source": [source.c.id, source.c.merged_into_id],
        "person": [doer.c.id, doer.c.name],
    }
    joined = (
        event.outerjoin(message, message.c.id == event.c.message_id)
        .outerjoin(author, author.c.id == message.c.author_id)
        .outerjoin(reply, reply.c.id == message.c.reply_to_id)
        .outerjoin(replied, replied.c.id == reply.c.author_id)
        .outerjoin(topic, topic.c.id == event.c.topic_id)
        .outerjoin(source, source.c.id == event.c.from_topic_id)
        .outerjoin(doer, doer.c.id == event.c.person_id)
    )
    columns = [column.label(f"{name}_{column.name}") for name, some in parts.items() for column in some]
    statement = (
        sa.select(*columns)
        .select_from(joined)
        .where(event.c.room_id == sa.bindparam("room"), event.c.seq > sa.bindparam("after"))
        .order_by(event.c.seq)
        .limit(sa.bindparam("most"))
    )
    places, start = {}, 0
    for name, some in parts.items():
        places[name] = (start, tuple(column.name for column in some))
        start += len(some)
    return statement, places


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
