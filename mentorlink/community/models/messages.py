"""Rows of what is said."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.community.models.rooms import Room, Topic
from mentorlink.kernel.db import Base, Instant
from mentorlink.people.models import Person


class Message(Base):
    """What somebody said. Deleted, it keeps its place and loses its words."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"))
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    client_id: Mapped[str] = mapped_column(sa.String(36), comment="UUID made by the writer's device: said twice, stands once")
    seq: Mapped[int] = mapped_column(sa.BigInteger, comment="number in the room's log with which it was said")
    body: Mapped[str] = mapped_column(sa.Text, comment="Markdown as written; a mention is @[Name](person id)")
    html: Mapped[str] = mapped_column(sa.Text, comment="body rendered and cleaned when it was written")
    reply_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"), index=True)
    version: Mapped[int] = mapped_column(default=1, comment="grows with each edit")
    created_at: Mapped[datetime] = mapped_column(Instant)
    edited_at: Mapped[datetime | None] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    deleted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    author: Mapped[Person] = relationship(foreign_keys=[author_id], lazy="raise")
    topic: Mapped[Topic] = relationship()
    room: Mapped[Room] = relationship()
    reply_to: Mapped[Message | None] = relationship(remote_side=[id], lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("author_id", "client_id"),
        sa.UniqueConstraint("room_id", "seq"),
        sa.Index("ix_message_topic_id_seq", "topic_id", "seq"),
    )


class MessageVersion(Base):
    """What a message said before an edit."""

    __tablename__ = "message_version"

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    html: Mapped[str] = mapped_column(sa.Text)
    until: Mapped[datetime] = mapped_column(Instant, comment="when it was replaced")


class Mention(Base):
    """A message names somebody who may read it."""

    __tablename__ = "mention"

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
