"""Rows of programmes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Json, Words
from mentorlink.people.models import Person, Unit


class Programme(Base):
    """A programme, such as the mentoring programme of a year: who runs it, when, and by which rules people meet in it."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[dict[str, str]] = mapped_column(Words)
    state: Mapped[str] = mapped_column(sa.String(10), default="draft", comment="draft, active or closed")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    owner_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id"), index=True, comment="who answers for it; none: all HR"
    )
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), comment="for this unit and below; none: the agency")
    rules: Mapped[Any] = mapped_column(Json, comment="what differs from the usual rules (programmes.rules.ProgrammeRules)")
    weights: Mapped[Any] = mapped_column(Json, comment="part of the score → mandatory, high, medium, low or off")
    revision: Mapped[int] = mapped_column(default=1, comment="counts edits; an edit of an older one is refused")
    created_at: Mapped[datetime] = mapped_column(Instant)

    owner: Mapped[Person | None] = relationship()
    unit: Mapped[Unit | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("kind IN ('mentoring', 'coaching')", name="kind"),
        sa.CheckConstraint("state IN ('draft', 'active', 'closed')", name="state"),
        sa.CheckConstraint("starts_on <= ends_on", name="dates"),
    )
