"""Rows of rooms and their logs.

A room is an append-only log: every post, edit, deletion, new topic and change of membership takes the next number of
``Room.last_seq`` under the room's lock and leaves a ``RoomEvent``. Everything live is a view of that log.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.community.models.communities import Community
from mentorlink.kernel.db import Base, Instant, one_of

KINDS = ("posted", "edited", "deleted", "changed", "topic", "renamed", "settled", "moved", "ruled", "glass", "joined", "left")
"""What a room's log tells."""


class Room(Base):
    """A room of a community, where its members talk by topic."""

    __tablename__ = "room"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    folded_name: Mapped[str] = mapped_column(sa.String(80), comment="kernel.text.fold(name)")
    purpose: Mapped[str] = mapped_column(sa.String(300), default="")
    last_seq: Mapped[int] = mapped_column(
        sa.BigInteger, default=0, comment="newest number of the room's log; taking it is the lock"
    )
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)

    community: Mapped[Community] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (sa.UniqueConstraint("community_id", "folded_name"),)


class Topic(Base):
    """A thread of talk in a room. The room's first topic has no title: it is the general talk."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(120), default="", comment="empty: the room's general talk")
    folded_title: Mapped[str] = mapped_column(
        sa.String(120), default="", comment="kernel.text.fold(title); of a merged topic ~id, so that its title is free"
    )
    last_seq: Mapped[int] = mapped_column(sa.BigInteger, default=0, comment="number of its newest message")
    last_at: Mapped[datetime] = mapped_column(Instant, comment="time of its newest message, or of its making")
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant, comment="settled; it can still be written in")
    resolved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    merged_into_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("topic.id"), comment="where its messages are now; it stays as a way there and is listed no more"
    )

    room: Mapped[Room] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (sa.UniqueConstraint("room_id", "folded_title"),)


class RoomEvent(Base):
    """One entry of a room's log. It points; what it points at is read as it is now, so applying it twice does no harm."""

    __tablename__ = "room_event"

    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(
        sa.String(10),
        comment="changed: what a message shows beside its words; settled: how a topic stands; moved: messages came to the topic; "
        "ruled: who may write there, and how fast; glass: administrators opened the room",
    )
    stamp: Mapped[str] = mapped_column(
        sa.String(8), comment="random; a client whose last event has another stamp knew a database that was rolled back"
    )
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"))
    topic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"))
    from_topic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"), comment="of moved: where they stood before")
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="who did it, or who came or went")
    at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (sa.CheckConstraint(one_of("kind", KINDS), name="kind"),)
