"""Rows of certificates, the papers printed of them, and the keys that sign badges."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Json, Secret, one_of
from mentorlink.learning.stages import REVOKED_FOR
from mentorlink.people.models import Person


class Certificate(Base):
    """What a closed mentorship or a period's learning is certified with: facts as they were on that day, never a word of what
    was said."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    code: Mapped[str] = mapped_column(sa.String(24), unique=True, comment="of the public page that checks it; cannot be guessed")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    period_id: Mapped[int | None] = mapped_column(sa.ForeignKey("learning_period.id"), index=True)
    recap_row_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recap_row.id"), unique=True, comment="the line it stands for")
    origin: Mapped[str] = mapped_column(sa.String(80), unique=True, comment="the deed, e.g. mentorship:12 or recap:345")
    facts: Mapped[dict[str, Any]] = mapped_column(
        Json, comment="what is printed: names, NIP, dates, path, competencies, sessions, JP, rule versions, who signs"
    )
    issued_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_for: Mapped[str] = mapped_column(sa.String(12), server_default="", comment="code; told on the public page")
    revoked_note: Mapped[str | None] = mapped_column(Secret, comment="why, in words; read by the holder and HR")
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    __table_args__ = (
        sa.CheckConstraint(one_of("revoked_for", ("", *REVOKED_FOR)), name="revoked_for"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_for = '')", name="revoked"),
    )


class CertificatePaper(Base):
    """A certificate as a PDF in one language, byte for byte as it was given out."""

    __tablename__ = "certificate_paper"

    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    content: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary, nullable=False))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (sa.CheckConstraint("language IN ('id', 'en')", name="language"),)


class SigningKey(Base):
    """A key with which badges are signed. An old one stays, so that what it signed can be checked."""

    __tablename__ = "signing_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(64), unique=True, comment="kid: its RFC 7638 thumbprint")
    public: Mapped[dict[str, str]] = mapped_column(Json, comment="as a JSON Web Key")
    private: Mapped[str] = mapped_column(Secret, comment="PKCS 8; leaves the house never")
    made_at: Mapped[datetime] = mapped_column(Instant)
    only: Mapped[bool | None] = mapped_column(
        unique=True, comment="true for the one that signs now, none for older ones; so that two are never made at once"
    )
