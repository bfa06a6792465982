"""Rows of communities: who belongs, and how one comes in."""

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
