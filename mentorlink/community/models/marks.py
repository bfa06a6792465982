"""Rows of what somebody has seen, and whether they show that they are there."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mentorlink.kernel.db import Base, Instant


class RoomMark(Base):
    """Everything in a room up to here counts as seen: set on joining, and when somebody marks the room as read."""

    __tablename__ = "room_mark"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"), primary_key=True, index=True)
    seen_seq: Mapped[int] = mapped_column(sa.BigInteger)


class TopicMark(Base):
    """How far somebody has seen a topic; it only ever moves forward."""

    __tablename__ = "topic_mark"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"), primary_key=True, index=True)
    seen_seq: Mapped[int] = mapped_column(sa.BigInteger)


class PresenceChoice(Base):
    """Somebody chose that members of their rooms may see when they are there. No row: nobody sees it."""

    __tablename__ = "presence_choice"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    chosen_at: Mapped[datetime] = mapped_column(Instant)


class TopicChoice(Base):
    """Somebody follows a topic and is told of what is new, or mutes it and counts nothing there as unread."""

    __tablename__ = "topic_choice"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"), primary_key=True, index=True)
    choice: Mapped[str] = mapped_column(sa.String(6))

    __table_args__ = (sa.CheckConstraint("choice IN ('follow', 'mute')", name="choice"),)


class RoomChoice(Base):
    """Somebody mutes a room: only mentions reach them, and topics they follow."""

    __tablename__ = "room_choice"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"), primary_key=True, index=True)
    choice: Mapped[str] = mapped_column(sa.String(6))

    __table_args__ = (sa.CheckConstraint("choice = 'mute'", name="choice"),)
