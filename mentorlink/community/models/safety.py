"""Rows of what keeps a community safe: rules of rooms, words withheld, reports, what moderators did, the broken glass."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.community.models.communities import Community
from mentorlink.community.models.messages import Message
from mentorlink.kernel.db import Base, Instant, Json, Secret, one_of
from mentorlink.people.models import Person

REASONS = ("rude", "private", "off_topic", "advertising", "dangerous", "other")
ACTS = ("hidden", "restored", "locked", "unlocked", "slowed", "ruled", "removed", "readmitted", "expired", "glass")


class CommunityRule(Base):
    """What is held back in a community until a moderator has seen it."""

    __tablename__ = "community_rule"

    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), primary_key=True)
    newcomer_days: Mapped[int] = mapped_column(default=0, comment="so long after joining, links are held; 0: never")
    held_words: Mapped[list[str]] = mapped_column(Json, default=list, comment="folded; a newcomer's message with one is held")

    __table_args__ = (sa.CheckConstraint("newcomer_days BETWEEN 0 AND 90", name="newcomer_days"),)


class Moderator(Base):
    """A member who looks after reports beside the facilitators."""

    __tablename__ = "moderator"

    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)


class RoomRule(Base):
    """What holds in one room."""

    __tablename__ = "room_rule"

    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"), primary_key=True)
    locked: Mapped[bool] = mapped_column(default=False, comment="only facilitators write")
    slow_seconds: Mapped[int] = mapped_column(default=0, comment="between two messages of one member; 0: at any pace")
    retention_days: Mapped[int | None] = mapped_column(index=True, comment="words go after so long; none: they stay")

    __table_args__ = (
        sa.CheckConstraint("slow_seconds BETWEEN 0 AND 86400", name="slow"),
        sa.CheckConstraint("retention_days BETWEEN 30 AND 3650", name="retention"),
    )


class TopicLock(Base):
    """A topic in which only facilitators write any more."""

    __tablename__ = "topic_lock"

    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)


class Withheld(Base):
    """The words of a message that nobody reads: held until a moderator has seen them, or hidden by one. Its place stays."""

    __tablename__ = "withheld_message"

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), index=True)
    body: Mapped[str] = mapped_column(Secret, comment="as it was written; encrypted")
    why: Mapped[str] = mapped_column(sa.String(12), comment="links or words: held; hidden: by a moderator")
    at: Mapped[datetime] = mapped_column(Instant)

    message: Mapped[Message] = relationship()

    __table_args__ = (sa.CheckConstraint("why IN ('links', 'words', 'hidden')", name="why"),)


class Report(Base):
    """Somebody tells the moderators of a message or a person. Who it is about does not learn who told."""

    __tablename__ = "community_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"))
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True, comment="whom it is about")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(12))
    note: Mapped[str] = mapped_column(Secret, comment="for the moderators alone")
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    at: Mapped[datetime] = mapped_column(Instant)
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)

    community: Mapped[Community] = relationship()
    message: Mapped[Message | None] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])

    __table_args__ = (
        sa.Index("ix_community_report_community", "community_id", "state", "id"),
        sa.Index("uq_community_report_message", "by_id", "message_id", unique=True,
                 sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")),
        sa.Index("uq_community_report_person", "by_id", "community_id", "person_id", unique=True,
                 sqlite_where=sa.text("state = 'open' AND message_id IS NULL"),
                 postgresql_where=sa.text("state = 'open' AND message_id IS NULL")),
        sa.CheckConstraint(one_of("reason", REASONS), name="reason"),
        sa.CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="state"),
    )  # fmt: skip


class ModerationAct(Base):
    """Something a moderator did. Members see of what kind and when; whom it concerns may appeal."""

    __tablename__ = "moderation_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.String(12), default="other")
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True, comment="whom it concerns")
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="none: the house itself")
    at: Mapped[datetime] = mapped_column(Instant)
    appeal: Mapped[str | None] = mapped_column(Secret, comment="why it was wrong, in the words of whom it concerns")
    appeal_state: Mapped[str] = mapped_column(sa.String(10), default="none")
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)

    community: Mapped[Community] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])

    __table_args__ = (
        sa.Index("ix_moderation_act_community", "community_id", "id"),
        sa.CheckConstraint(one_of("kind", ACTS), name="kind"),
        sa.CheckConstraint(one_of("reason", REASONS), name="reason"),
        sa.CheckConstraint("appeal_state IN ('none', 'open', 'kept', 'reversed')", name="appeal_state"),
    )


class BreakGlass(Base):
    """An administrator reads rooms that are closed to them: for a reason, with a second one, and the members are told."""

    __tablename__ = "break_glass"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), index=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(Secret, comment="the members read it once the glass is broken")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    second_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="another administrator who agreed")
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant, comment="nothing can be read after that")

    community: Mapped[Community] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    second: Mapped[Person | None] = relationship(foreign_keys=[second_id])

    __table_args__ = (
        sa.CheckConstraint("second_id <> by_id", name="two"),
        sa.CheckConstraint("(opened_at IS NULL) = (second_id IS NULL) AND (opened_at IS NULL) = (until IS NULL)", name="opened"),
    )


class GlassLine(Base):
    """Which entry of a room's log tells its members that the glass was broken."""

    __tablename__ = "glass_line"

    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, comment="the entry of the room's log")
    glass_id: Mapped[int] = mapped_column(sa.ForeignKey("break_glass.id"), index=True)
