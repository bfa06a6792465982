"""Rows of the learning record."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Json


class HoursRule(Base):
    """A version of the table that turns deeds into learning hours (JP). A new version changes no old entry."""

    __tablename__ = "hours_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    valid_from: Mapped[date] = mapped_column(comment="deeds from this day on")
    paths: Mapped[dict[str, dict[str, Any]]] = mapped_column(Json, comment="path code → name, JP per session, monthly cap")


class HoursEntry(Base):
    """Learning hours of one deed for one person. Never changed, never deleted."""

    __tablename__ = "hours_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    path: Mapped[str] = mapped_column(sa.String(30))
    happened_on: Mapped[date]
    minutes: Mapped[int] = mapped_column(comment="the fact; JP is the rule's answer to it")
    jp: Mapped[int] = mapped_column(comment="what counts, after the cap")
    capped_from: Mapped[int | None] = mapped_column(comment="what it would have counted without the cap, where that is more")
    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("hours_rule.id"))
    origin: Mapped[str] = mapped_column(sa.String(80), comment="the deed, e.g. meeting:12; credited once per person")
    created_at: Mapped[datetime] = mapped_column(Instant)

    rule: Mapped[HoursRule] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("person_id", "origin"),
        sa.Index("ix_hours_entry_person_day", "person_id", "path", "happened_on"),
        sa.CheckConstraint("jp >= 0 AND minutes > 0", name="amounts"),
    )


class Certificate(Base):
    """What a closed mentorship is certified with: facts as they were on that day, never a word of what was said."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    origin: Mapped[str] = mapped_column(sa.String(80), unique=True, comment="the deed, e.g. mentorship:12")
    facts: Mapped[dict[str, Any]] = mapped_column(Json, comment="names, dates, competencies with levels, sessions, JP")
    issued_at: Mapped[datetime] = mapped_column(Instant)
