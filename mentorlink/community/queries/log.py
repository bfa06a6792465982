"""Reading a room's log from a cursor on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from mentorlink.community import policy
from mentorlink.community.models import Room, RoomEvent, Topic
from mentorlink.community.queries.safety import GlassTold, glass_lines
from mentorlink.community.queries.said import WIDTH, columns, joined, message, said
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.prepared import Prepared
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
    glass: GlassTold | None = None
    """Of ``glass``: who opened the room, and when."""


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
    happened = [_happened(row) for row in _entries.apart({"room": room_id, "after": after, "most": limit})]
    if any(each.entry.kind == "glass" for each in happened):  # once in a room's life, if ever
        told = {line.seq: line for line in glass_lines(room_id, apart=True)}
        happened = [replace(each, glass=told.get(each.entry.seq)) for each in happened]
    return happened


def _happened(row: Any) -> Happened:
    found: dict[str, Any] = {}
    start = WIDTH
    for name, names in _PARTS.items():
        values = row[start : start + len(names)]
        start += len(names)
        found[name] = SimpleNamespace(**dict(zip(names, values, strict=True))) if values[0] is not None else None
    return Happened(message=said(row), **found)


_PARTS = {
    "entry": ("seq", "room_id", "kind", "stamp", "from_topic_id", "person_id", "at"),
    "topic": ("id", "title", "room_id", "resolved_at"),
    "source": ("id", "merged_into_id"),
    "person": ("id", "name"),
}
"""Which columns of an entry belong together, in their order; the first of each part says whether there is one."""


@Prepared
def _entries() -> Any:
    event, topic = RoomEvent.__table__, Topic.__table__
    source, doer = topic.alias(), Person.__table__.alias()
    tables = {"entry": event, "topic": topic, "source": source, "person": doer}
    start = (
        joined(event.outerjoin(message, message.c.id == event.c.message_id))
        .outerjoin(topic, topic.c.id == event.c.topic_id)
        .outerjoin(source, source.c.id == event.c.from_topic_id)
        .outerjoin(doer, doer.c.id == event.c.person_id)
    )
    parts = [tables[part].c[name].label(f"{part}_{name}") for part, names in _PARTS.items() for name in names]
    return (
        sa.select(*columns(), *parts)
        .select_from(start)
        .where(event.c.room_id == sa.bindparam("room"), event.c.seq > sa.bindparam("after"))
        .order_by(event.c.seq)
        .limit(sa.bindparam("most"))
    )


def newest_of(room_ids: Iterable[int]) -> dict[int, int]:
    """Room id → newest number of its log."""
    wanted = list(room_ids)
    if not wanted:
        return {}
    rows = db.session.execute(sa.select(Room.id, Room.last_seq).where(Room.id.in_(wanted)))
    return {row.id: row.last_seq for row in rows}


def newest_entry(room: Room) -> tuple[int, str]:
    """Number and stamp of the newest entry: where a page just shown stands. (0, "") in an empty room."""
    return _newest.first({"room": room.id}) or (0, "")


@Prepared
def _newest() -> Any:
    event = RoomEvent.__table__
    newest = sa.select(event.c.seq, event.c.stamp).where(event.c.room_id == sa.bindparam("room"))
    return newest.order_by(event.c.seq.desc()).limit(1)


def _stamp(room_id: int, seq: int) -> str | None:
    return db.session.scalar(sa.select(RoomEvent.stamp).where(RoomEvent.room_id == room_id, RoomEvent.seq == seq))
