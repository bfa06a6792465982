"""Writing into a room's log. Only actions of this folder call it."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from mentorlink.community.events import RoomMoved
from mentorlink.community.models import Room, RoomEvent
from mentorlink.kernel import clock
from mentorlink.kernel.actions import record
from mentorlink.kernel.db import db


def hold(room_id: int) -> None:
    """Take the room's lock: whoever writes into its log does so one after another, so commits follow the numbers."""
    if db.engine.dialect.name != "sqlite":  # whose writers come one after another anyway
        db.session.execute(sa.select(Room.last_seq).where(Room.id == room_id).with_for_update())


def next_number(room_id: int) -> int:
    """The next number of the room's log; it stands when the transaction does, so no number is ever missing."""
    statement = sa.update(Room).where(Room.id == room_id).values(last_seq=Room.last_seq + 1).returning(Room.last_seq)
    return int(db.session.execute(statement, execution_options={"synchronize_session": False}).scalar_one())


def write(room_id: int, seq: int, kind: str, *, message_id: int | None = None, topic_id: int | None = None,
          from_topic_id: int | None = None, person_id: int | None = None) -> None:  # fmt: skip
    """Enter under number ``seq`` what happened, and tell whoever shows the room."""
    db.session.execute(
        sa.insert(RoomEvent.__table__).values(  # type: ignore[arg-type]  # a declarative class has a table
            room_id=room_id, seq=seq, kind=kind, stamp=secrets.token_hex(4), message_id=message_id, topic_id=topic_id,
            from_topic_id=from_topic_id, person_id=person_id, at=clock.now(),
        )
    )  # fmt: skip
    record(RoomMoved(room_id))


def write_in_all(community_id: int, kind: str, person_id: int) -> None:
    """Enter into every room of the community that somebody came or went, rooms in the order of their ids."""
    for room_id in db.session.scalars(sa.select(Room.id).where(Room.community_id == community_id).order_by(Room.id)).all():
        write(room_id, next_number(room_id), kind, person_id=person_id)
