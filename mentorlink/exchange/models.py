"""Rows about files that were brought, and about how their columns are read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Json
from mentorlink.people.models import Person

_WAITING = sa.text("state = 'uploaded'")


class ImportFile(Base):
    """A file that was brought. Its bytes go when it is applied or dropped, at the latest after a day."""

    __tablename__ = "import_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20), comment="units, jobs, people, standards, assessments or offers")
    name: Mapped[str] = mapped_column(sa.String(200), comment="what the file was called")
    size: Mapped[int] = mapped_column(comment="bytes")
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    mapping: Mapped[dict[str, Any]] = mapped_column(Json, comment="columns and words, as inputs.Mapping")
    mapping_name: Mapped[str | None] = mapped_column(sa.String(80), comment="the saved mapping it came from")
    state: Mapped[str] = mapped_column(sa.String(10), default="uploaded", comment="uploaded, applied or dropped")
    counts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, comment="what applying did: added, changed, same, …")
    leftover: Mapped[Any] = deferred(
        mapped_column(Json, nullable=True, comment="head, faulty rows as they stood, and their faults")
    )
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    uploaded_at: Mapped[datetime] = mapped_column(Instant, index=True)
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)

    uploaded_by: Mapped[Person | None] = relationship(foreign_keys=[uploaded_by_id])

    __table_args__ = (
        sa.CheckConstraint("state IN ('uploaded', 'applied', 'dropped')", name="state"),
        sa.Index("uq_import_file_waiting", "uploaded_by_id", "kind", "sha256", unique=True,
                 sqlite_where=_WAITING, postgresql_where=_WAITING),
    )  # fmt: skip


class SavedMapping(Base):
    """How the columns and words of one source of files become ours, kept for the next time."""

    __tablename__ = "saved_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(80))
    folded_name: Mapped[str] = mapped_column(sa.String(80), comment="kernel.text.fold(name)")
    headings: Mapped[str] = mapped_column(sa.String(64), index=True, comment="SHA-256 of the set of headings it was made for")
    content: Mapped[dict[str, Any]] = mapped_column(Json, comment="as inputs.Mapping")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (sa.UniqueConstraint("kind", "folded_name"),)
