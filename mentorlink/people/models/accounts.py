"""Rows about how people sign in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Words
from mentorlink.people.models.persons import Person


class Account(Base):
    """How a person signs in."""

    __tablename__ = "account"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200), comment="argon2id; none until the invitation is taken")
    password_changed_at: Mapped[datetime | None] = mapped_column(Instant)


class SignIn(Base):
    """One signed-in device. The cookie holds the token, the row its hash."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_agent: Mapped[str] = mapped_column(sa.String(300), default="")
    address: Mapped[str] = mapped_column(sa.String(45), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant, comment="last request, to the minute")
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Link(Base):
    """A secret link that was sent out: invitation, password reset, first administrator. Works once."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (sa.CheckConstraint("kind IN ('invitation', 'reset', 'first_administrator')", name="kind"),)


class Attempt(Base):
    """Failed sign-ins that count against an account, an address, or the pair of both. Rows, so that all workers agree."""

    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True, comment="SHA-256 of what is counted; names nobody")
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(Instant, index=True)
    paused_until: Mapped[datetime | None] = mapped_column(Instant)


class DemoSignIn(Base):
    """A person of the demo whom the sign-in page offers at a click. Only the demo's loader writes here."""

    __tablename__ = "demo_sign_in"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    story: Mapped[dict[str, str]] = mapped_column(Words, comment="who this is and what there is to see")
    position: Mapped[int] = mapped_column(default=0)

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
