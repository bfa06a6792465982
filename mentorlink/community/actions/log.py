"""Writing into a room's log. Only actions of this folder call it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from mentorlink.community.events import RoomMoved
from mentorlink.community.models import Room, RoomEvent
from mentorlink.kernel import clock
from mentorlink.kernel.actions import record
from mentorlink.kernel.db import db
from mentorlink.kernel.prepared import Prepared


def hold(room_id: int) -> None:
    """Take the room's lock: whoever writes into its log does so one after another, so commits follow the numbers."""
    if db.engine.dialect.name != "sqlite":  # whose writers come one after another anyway
        _held.run({"room": room_id})


def next_number(room_id: int) -> int:
    """The next number of the room's log; it stands when the transaction does, so no number is ever missing."""
    return int(_next.scalar({"room": room_id}))


def next_numbers(room_id: int, count: int) -> list[int]:
    """The next so many numbers, in order."""
    if not count:
        return []
    room = sa.update(Room).where(Room.id == room_id).values(last_seq=Room.last_seq + count).returning(Room.last_seq)
    last = int(db.session.execute(room, execution_options={"synchronize_session": False}).scalar_one())
    return list(range(last - count + 1, last + 1))


def write_posted(room_id: int, topic_id: int, said: list[tuple[int, int, int]]) -> None:
    """Enter messages that came from another room: number, message, author."""
    _enter(
        room_id,
        [
            {"seq": seq, "kind": "posted", "message_id": message_id, "topic_id": topic_id, "person_id": author_id}
            for seq, message_id, author_id in said
        ],
    )


def write(room_id: int, seq: int, kind: str, *, message_id: int | None = None, topic_id: int | None = None,
          from_topic_id: int | None = None, person_id: int | None = None) -> None:  # fmt: skip
    """Enter under number ``seq`` what happened, and tell whoever shows the room."""
    entry = {
        "room_id": room_id, "seq": seq, "kind": kind, "stamp": secrets.token_hex(4), "message_id": message_id,
        "topic_id": topic_id, "from_topic_id": from_topic_id, "person_id": person_id, "at": clock.now(),
    }  # fmt: skip
    _entered.run(entry)
    record(RoomMoved(room_id))


def write_in_all(community_id: int, kind: str, person_ids: Sequence[int | None] = (None,)) -> None:
    """Enter into every room of the community what goes for all of them, once for each person; rooms in the order of their ids."""
    for room_id in db.session.scalars(sa.select(Room.id).where(Room.community_id == community_id).order_by(Room.id)).all():
        numbers = next_numbers(room_id, len(person_ids))
        of_each = zip(numbers, person_ids, strict=True)
        _enter(room_id, [{"seq": seq, "kind": kind, "person_id": person_id} for seq, person_id in of_each])


def _enter(room_id: int, entries: Sequence[Mapping[str, Any]]) -> None:
    """Enter several at once."""
    instant = clock.now()
    said = {"room_id": room_id, "message_id": None, "topic_id": None, "from_topic_id": None, "at": instant}
    db.session.execute(sa.insert(RoomEvent), [{**said, "stamp": secrets.token_hex(4), **entry} for entry in entries])
    record(RoomMoved(room_id))


@Prepared
def _held() -> Any:
    room = Room.__table__
    return sa.select(room.c.last_seq).where(room.c.id == sa.bindparam("room")).with_for_update()


@Prepared
def _next() -> Any:
    room = Room.__table__
    one = sa.update(room).where(room.c.id == sa.bindparam("room"))  # type: ignore[arg-type]  # a declarative class has a table
    return one.values(last_seq=room.c.last_seq + 1).returning(room.c.last_seq)


@Prepared
def _entered() -> Any:
    table = RoomEvent.__table__
    return sa.insert(table).values({each.name: sa.bindparam(each.name, type_=each.type) for each in table.c})  # type: ignore[arg-type]  # a declarative class has a table
