"""Rows of communities, their rooms and what is said there.

A room is an append-only log: every post, edit, deletion, new topic and change of membership takes the next number of
``Room.last_seq`` under the room's lock and leaves a ``RoomEvent``. Everything live is a view of that log.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant
from mentorlink.people.models import Person


class Community(Base):
    """A learning community (komunitas belajar)."""

    __tablename__ = "community"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    folded_name: Mapped[str] = mapped_column(sa.String(120), unique=True, comment="kernel.text.fold(name)")
    purpose: Mapped[str] = mapped_column(sa.Text, comment="the problem it works on")
    why: Mapped[str] = mapped_column(sa.Text, default="", comment="why it matters to its members")
    joining: Mapped[str] = mapped_column(
        sa.String(12), comment="open, by request, or by invitation; a community by invitation does not exist for strangers"
    )
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (sa.CheckConstraint("joining IN ('open', 'request', 'invitation')", name="joining"),)


class Membership(Base):
    """Somebody belongs to a community. Who leaves has no row any more; the room's log keeps that they left."""

    __tablename__ = "membership"

    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(sa.String(12), default="member")
    joined_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship(lazy="raise")
    community: Mapped[Community] = relationship(lazy="raise")

    __table_args__ = (sa.CheckConstraint("role IN ('member', 'facilitator', 'expert')", name="role"),)


class Entry(Base):
    """A way in that is not yet taken: somebody asked to join, or was invited."""

    __tablename__ = "community_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(8), comment="asked or invited")
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    message: Mapped[str] = mapped_column(sa.Text, default="", comment="why they wish to join, or a word of invitation")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="who asked or invited")
    created_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise")
    by: Mapped[Person] = relationship(foreign_keys=[by_id], lazy="raise")
    community: Mapped[Community] = relationship(lazy="raise")

    __table_args__ = (
        sa.CheckConstraint("kind IN ('asked', 'invited')", name="kind"),
        sa.CheckConstraint("state IN ('open', 'accepted', 'declined', 'withdrawn')", name="state"),
        sa.Index("uq_community_entry_open", "community_id", "person_id", unique=True,
                 sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")),
    )  # fmt: skip


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
    folded_title: Mapped[str] = mapped_column(sa.String(120), default="", comment="kernel.text.fold(title)")
    last_seq: Mapped[int] = mapped_column(sa.BigInteger, default=0, comment="number of its newest message")
    last_at: Mapped[datetime] = mapped_column(Instant, comment="time of its newest message, or of its making")
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)

    room: Mapped[Room] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (sa.UniqueConstraint("room_id", "folded_title"),)


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


class RoomEvent(Base):
    """One entry of a room's log. It points; what it points at is read as it is now, so applying it twice does no harm."""

    __tablename__ = "room_event"

    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(10), comment="posted, edited, deleted, topic, renamed, joined or left")
    stamp: Mapped[str] = mapped_column(
        sa.String(8), comment="random; a client whose last event has another stamp knew a database that was rolled back"
    )
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"))
    topic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="who did it, or who came or went")
    at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        sa.CheckConstraint("kind IN ('posted', 'edited', 'deleted', 'topic', 'renamed', 'joined', 'left')", name="kind"),
    )


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
