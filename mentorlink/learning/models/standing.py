"""Rows of what stands beside the hours: the professionalism index, contract years, requests about one's own data, consent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Json, Secret, one_of
from mentorlink.learning.stages import PURPOSES, REQUEST_KINDS, REQUEST_STATES
from mentorlink.people.models import Person

DIMENSIONS = ("qualification", "performance", "discipline", "leadership", "functional")
"""What of the index this house does not know by itself."""


class IndexRule(Base):
    """A version of the weights of the professionalism index. A new one changes no figure of an earlier year."""

    __tablename__ = "index_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    valid_from: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(Json, comment="as data/index.json has it")
    note: Mapped[str] = mapped_column(sa.Text, server_default="", comment="why this version; read by everyone")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="none: shipped")
    made_at: Mapped[datetime] = mapped_column(Instant)

    made_by: Mapped[Person | None] = relationship()


class LearningSetting(Base):
    """A version of what HR sets for certificates and evaluation. The newest holds."""

    __tablename__ = "learning_setting"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="the highest holds; earlier ones stay")
    content: Mapped[dict[str, Any]] = mapped_column(Json, comment="as learning.rules.settings reads it")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)

    made_by: Mapped[Person | None] = relationship()


class IndexFact(Base):
    """What HR knows of somebody that the index counts. Never changed: a newer one takes its place."""

    __tablename__ = "index_fact"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    dimension: Mapped[str] = mapped_column(sa.String(16))
    value: Mapped[str] = mapped_column(Secret, comment="a code of the dimension; the person, HR over the unit")
    source: Mapped[str] = mapped_column(sa.String(160), comment="which paper says so")
    as_of: Mapped[date]
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)

    entered_by: Mapped[Person | None] = relationship(foreign_keys=[entered_by_id])

    __table_args__ = (
        sa.CheckConstraint(one_of("dimension", DIMENSIONS), name="dimension"),
        sa.Index("ix_index_fact_person", "person_id", "dimension", "as_of"),
    )


class ContractTerm(Base):
    """From which day the contract years of somebody under contract are counted."""

    __tablename__ = "contract_term"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    begins_on: Mapped[date]
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    noted_at: Mapped[datetime] = mapped_column(Instant)


class DataRequest(Base):
    """What somebody asks about their own data. The law's clock runs from the asking."""

    __tablename__ = "data_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(sa.String(64), comment="made by the form; the same sending twice is one request")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    text: Mapped[str] = mapped_column(Secret, comment="what is wrong or is to go; the person and HR over the unit")
    state: Mapped[str] = mapped_column(sa.String(8), default="open")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant, comment="as the settings of the day gave time; kept")
    warned: Mapped[int] = mapped_column(
        default=0, server_default=sa.text("0"), comment="HR was told: 1 that it is due soon, 2 that it is overdue"
    )
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answer: Mapped[str | None] = mapped_column(Secret, comment="what was done, or why not; the person and HR over the unit")
    erased: Mapped[list[str]] = mapped_column(
        Json, default=list, server_default=sa.text("'[]'"), comment="parts of the record that were erased, codes of ERASABLE"
    )

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])

    __table_args__ = (
        sa.UniqueConstraint("person_id", "client_id"),
        sa.CheckConstraint(one_of("kind", REQUEST_KINDS), name="kind"),
        sa.CheckConstraint(one_of("state", REQUEST_STATES), name="state"),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        sa.CheckConstraint("warned BETWEEN 0 AND 2", name="warned"),
        sa.Index("ix_data_request_state", "state", "due_at"),
    )


class Consent(Base):
    """What somebody said to one purpose: yes or no, or to a duty that they object or do not any more. The newest word counts; the
    earlier ones stay."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(sa.String(16))
    given: Mapped[bool]
    said_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        sa.CheckConstraint(one_of("purpose", PURPOSES), name="purpose"),
        sa.Index("ix_consent_person", "person_id", "purpose", "id"),
    )
