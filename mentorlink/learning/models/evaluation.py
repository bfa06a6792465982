"""Rows of the evaluation: reaction, learning, behaviour, result."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.competencies.models import Competency
from mentorlink.kernel.db import Base, Instant, Json, SecretJson
from mentorlink.people.models import Person, Unit
from mentorlink.programmes.models import Programme


class Feedback(Base):
    """How somebody found a session or an event. Told in figures of five people and more, never by name."""

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    origin: Mapped[str] = mapped_column(sa.String(80), comment="the deed, e.g. meeting:12 or gathering:3")
    path: Mapped[str] = mapped_column(sa.String(30))
    useful: Mapped[int] = mapped_column(comment="1 not at all … 5 very; the giver alone reads the single answer")
    usable: Mapped[int] = mapped_column(comment="can be used at work, 1 … 5; the giver alone reads the single answer")
    happened_on: Mapped[date]
    given_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        sa.UniqueConstraint("person_id", "origin"),
        sa.CheckConstraint("useful BETWEEN 1 AND 5 AND usable BETWEEN 1 AND 5", name="scale"),
        sa.Index("ix_feedback_day", "happened_on", "path"),
    )


class TestItem(Base):
    """A question of the item bank, on one competency."""

    __tablename__ = "test_item"
    __test__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), index=True)
    level: Mapped[int] = mapped_column(comment="the level that the question asks for")
    stem: Mapped[str] = mapped_column(sa.Text)
    options: Mapped[list[str]] = mapped_column(Json, comment="two to five answers")
    correct: Mapped[int] = mapped_column(comment="place of the right one, from 0; shown to who keeps the bank")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant, comment="no new form takes it; old ones keep it")

    competency: Mapped[Competency] = relationship()

    __table_args__ = (
        sa.CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        sa.CheckConstraint("correct BETWEEN 0 AND 4", name="correct"),
    )


class TestForm(Base):
    """A test before and after, made from the bank: two sets of as many questions of the same levels."""

    __tablename__ = "test_form"
    __test__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(160))
    before: Mapped[list[int]] = mapped_column(Json, comment="items asked first")
    after: Mapped[list[int]] = mapped_column(Json, comment="items asked afterwards")
    after_from: Mapped[date] = mapped_column(comment="the second test opens on this day")
    closes_on: Mapped[date]
    programme_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("programme.id"), index=True, comment="whose people sit it; none: everybody"
    )
    closed_at: Mapped[datetime | None] = mapped_column(Instant, comment="closed before its day")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)

    competency: Mapped[Competency] = relationship()
    programme: Mapped[Programme | None] = relationship()

    __table_args__ = (sa.CheckConstraint("after_from <= closes_on", name="days"),)


class TestSitting(Base):
    """What one person reached in both tests of a form."""

    __tablename__ = "test_sitting"
    __test__ = False

    form_id: Mapped[int] = mapped_column(sa.ForeignKey("test_form.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    before: Mapped[int | None] = mapped_column(comment="right answers of the first test; the person and sums of five and more")
    after: Mapped[int | None] = mapped_column(comment="right answers of the second")
    most: Mapped[int] = mapped_column(comment="questions in each")
    before_at: Mapped[datetime | None] = mapped_column(Instant)
    after_at: Mapped[datetime | None] = mapped_column(Instant)
    answers: Mapped[dict[str, Any] | None] = mapped_column(SecretJson, comment="item id → answer, of each test; the person alone")

    form: Mapped[TestForm] = relationship()

    __table_args__ = (
        sa.CheckConstraint("most > 0 AND before BETWEEN 0 AND most AND after BETWEEN 0 AND most", name="scores"),
        sa.CheckConstraint("after IS NULL OR before IS NOT NULL", name="before_after"),
    )


class BehaviourReview(Base):
    """Months after a mentorship or coaching: what of it shows at work, said by the person and by their superior."""

    __tablename__ = "behaviour_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True, comment="whose behaviour")
    origin: Mapped[str] = mapped_column(sa.String(80), comment="what ended, e.g. mentorship:12")
    side: Mapped[str] = mapped_column(sa.String(8))
    asked_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id"), index=True, comment="who is asked; none: nobody there"
    )
    competency_ids: Mapped[list[int]] = mapped_column(Json)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    closes_on: Mapped[date]
    score: Mapped[int | None] = mapped_column(comment="how often it shows, 1 never … 5 always; the two, and sums of five")
    given_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    __table_args__ = (
        sa.UniqueConstraint("origin", "side"),
        sa.CheckConstraint("side IN ('self', 'superior')", name="side"),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        sa.CheckConstraint("(score IS NULL) = (given_at IS NULL)", name="given"),
    )


class ResultIndicator(Base):
    """What the organisation means to move: where it stood, where it is to get, who measures it, in which time."""

    __tablename__ = "result_indicator"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(160))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True, comment="none: the whole agency")
    measure: Mapped[str] = mapped_column(sa.String(40), comment="what the number counts, e.g. points, %")
    baseline: Mapped[Decimal] = mapped_column(sa.Numeric(12, 2))
    target: Mapped[Decimal] = mapped_column(sa.Numeric(12, 2))
    source: Mapped[str] = mapped_column(sa.String(200), comment="who measures it, and how")
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)

    unit: Mapped[Unit | None] = relationship()
    values: Mapped[list[IndicatorValue]] = relationship(back_populates="indicator", order_by="IndicatorValue.measured_on")

    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('test_score', 'productivity', 'job_satisfaction', 'public_satisfaction', 'other')", name="kind"
        ),
        sa.CheckConstraint("begins_on < ends_on", name="days"),
        sa.CheckConstraint("baseline <> target", name="moves"),
    )


class IndicatorValue(Base):
    """One measurement of an indicator."""

    __tablename__ = "indicator_value"

    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("result_indicator.id"), primary_key=True)
    measured_on: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[Decimal] = mapped_column(sa.Numeric(12, 2))
    people: Mapped[int | None] = mapped_column(comment="how many answered or were counted")
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    noted_at: Mapped[datetime] = mapped_column(Instant)

    indicator: Mapped[ResultIndicator] = relationship(back_populates="values")
