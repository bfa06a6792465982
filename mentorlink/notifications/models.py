"""Rows of what people are told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mentorlink.kernel.db import Base, Instant, Json, Secret


class Notice(Base):
    """Something a person is told, with a link to where they act."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(sa.String(40), comment="one of notifications.rules.KINDS")
    facts: Mapped[dict[str, Any]] = mapped_column(
        Json, comment="what fills the sentence: names and numbers, never confidential text"
    )
    about: Mapped[str] = mapped_column(sa.String(20), comment="what one acts on: request, mentorship, meeting, message …")
    about_id: Mapped[int] = mapped_column(comment="its id; the page door knows its address")
    created_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    dedupe_key: Mapped[str | None] = mapped_column(sa.String(160), comment="said twice, stands once")

    __table_args__ = (
        sa.Index("ix_notice_person_newest", "person_id", "id"),
        sa.Index(
            "ix_notice_unread", "person_id", sqlite_where=sa.text("read_at IS NULL"), postgresql_where=sa.text("read_at IS NULL")
        ),
        sa.UniqueConstraint("person_id", "dedupe_key"),
    )


class Preference(Base):
    """How somebody wants to hear of a group of notices; without a row the defaults of the rules hold."""

    __tablename__ = "notice_preference"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    group: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    in_app: Mapped[bool]
    by_mail: Mapped[bool]


class PushDevice(Base):
    """A browser that is told while no page is open. It goes with the sign-in in which it was added."""

    __tablename__ = "push_device"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    sign_in_id: Mapped[int | None] = mapped_column(index=True, comment="signing out there ends it; sign-ins that ran out do not")
    endpoint: Mapped[str] = mapped_column(Secret, comment="address at the push service: who knows it may send")
    endpoint_hash: Mapped[str] = mapped_column(sa.String(64), unique=True, comment="SHA-256: the same browser stands once")
    public: Mapped[str] = mapped_column(Secret, comment="the browser's key: point on P-256, url-safe base64")
    shared: Mapped[str] = mapped_column(Secret, comment="16 bytes that the browser shares with whoever it subscribed to")
    user_agent: Mapped[str] = mapped_column(sa.String(300), comment="what the browser says of itself, to name it in the list")
    created_at: Mapped[datetime] = mapped_column(Instant)
    told_at: Mapped[datetime | None] = mapped_column(Instant, comment="when its service last took something")


class Rhythm(Base):
    """When somebody wishes to hear by mail: a digest of their communities, and hours in which no mail goes out."""

    __tablename__ = "notice_rhythm"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(8), default="never", comment="never, daily or weekly (on Monday)")
    hour: Mapped[int] = mapped_column(default=7, comment="of the person's own clock")
    quiet_from: Mapped[int | None] = mapped_column(comment="hour from which no mail goes out; none: mails go at any hour")
    quiet_to: Mapped[int | None] = mapped_column(comment="hour until which")
    sent_on: Mapped[date | None] = mapped_column(comment="the person's day of the last digest: one a day at most")

    __table_args__ = (
        sa.CheckConstraint("digest IN ('never', 'daily', 'weekly')", name="digest"),
        sa.CheckConstraint("hour BETWEEN 0 AND 23 AND quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23", name="hours"),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name="quiet"),
    )
