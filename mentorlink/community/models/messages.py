"""Rows of what is said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.community.models.rooms import Room, Topic
from mentorlink.kernel.db import Base, Instant, Json, one_of
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
    pinned_at: Mapped[datetime | None] = mapped_column(Instant)
    pinned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    extras: Mapped[dict[str, Any]] = mapped_column(
        Json,
        default=dict,
        comment="what it shows beside its words, gathered at each change: reactions, files, poll; the rows are the truth",
    )

    author: Mapped[Person] = relationship(foreign_keys=[author_id], lazy="raise")
    topic: Mapped[Topic] = relationship()
    room: Mapped[Room] = relationship()
    reply_to: Mapped[Message | None] = relationship(remote_side=[id], lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("author_id", "client_id"),
        sa.UniqueConstraint("room_id", "seq"),
        sa.Index("ix_message_topic", "topic_id", "seq", "author_id", "deleted_at"),  # what is unread is counted in it alone
        sa.Index("ix_message_author_id_created_at", "author_id", "created_at"),
        sa.Index("ix_message_pinned", "topic_id", sqlite_where=sa.text("pinned_at IS NOT NULL"),
                 postgresql_where=sa.text("pinned_at IS NOT NULL")),
    )  # fmt: skip


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


REACTIONS = ("like", "thanks", "agree", "idea", "celebrate", "question")
"""What one may answer without words."""


class Reaction(Base):
    """Somebody answered a message without words; each sort at most once."""

    __tablename__ = "reaction"

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    code: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (sa.CheckConstraint(one_of("code", REACTIONS), name="code"),)


class MessageCompetency(Base):
    """A message names a competency."""

    __tablename__ = "message_competency"

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), primary_key=True)
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), primary_key=True, index=True)


class Poll(Base):
    """A message asks the room to choose; its words are the question."""

    __tablename__ = "poll"

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), primary_key=True)
    options: Mapped[list[str]] = mapped_column(Json, comment="in the order shown; a vote names the place, from 0")
    many: Mapped[bool] = mapped_column(comment="more than one option may be chosen")
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class PollVote(Base):
    """Somebody's choice in a poll. It is open: who chose what is told to members who ask."""

    __tablename__ = "poll_vote"

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("poll.message_id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    option: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Attachment(Base):
    """A file in a room. Until its message is sent it is its owner's alone, and goes after a day."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120), comment="as shown and taken away; never a path")
    kind: Mapped[str] = mapped_column(sa.String(8), comment="image: drawn anew by us; document: handed out to keep, never shown")
    media_type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int] = mapped_column(comment="bytes that are kept")
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)

    room: Mapped[Room] = relationship(lazy="raise")

    __table_args__ = (sa.CheckConstraint("kind IN ('image', 'document')", name="kind"),)


class AttachmentContent(Base):
    """The bytes of a file, apart, so that lists do not read them."""

    __tablename__ = "attachment_content"

    attachment_id: Mapped[int] = mapped_column(sa.ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    small: Mapped[bytes | None] = mapped_column(sa.LargeBinary, comment="of an image: what the talk shows")
