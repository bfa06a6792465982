"""Rows of the development plan of a year."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.competencies.models import Competency
from mentorlink.kernel.db import Base, Instant, Secret, one_of
from mentorlink.learning.stages import PLAN_STATES
from mentorlink.people.models import Person


class DevelopmentPlan(Base):
    """What somebody means to learn in a year; proposed by them, revised and approved by their superior."""

    __tablename__ = "development_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    year: Mapped[int] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(sa.String(16), default="not_begun")
    revision: Mapped[int] = mapped_column(default=1, comment="rises with every change; who decides says which one they read")
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decision_note: Mapped[str | None] = mapped_column(
        Secret, comment="what the superior says; those who may see the plan read it"
    )
    created_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    lines: Mapped[list[PlanLine]] = relationship(
        back_populates="plan", order_by="(PlanLine.priority, PlanLine.id)", cascade="all, delete-orphan"
    )

    __table_args__ = (
        sa.UniqueConstraint("person_id", "year"),
        sa.CheckConstraint(one_of("state", PLAN_STATES), name="state"),
        sa.CheckConstraint("year BETWEEN 2000 AND 2200", name="year"),
    )


class PlanLine(Base):
    """One thing to learn: for which competency, by which path, when, how long, at what cost."""

    __tablename__ = "plan_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("development_plan.id"))
    client_id: Mapped[str] = mapped_column(sa.String(64), comment="made by the form; the same sending twice is one line")
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), index=True)
    required: Mapped[int] = mapped_column(comment="what the job asked when the line was written")
    actual: Mapped[int | None] = mapped_column(comment="what was held then; none: not assessed")
    path: Mapped[str] = mapped_column(sa.String(30), comment="a path of the hours rule")
    activity: Mapped[str] = mapped_column(sa.String(200))
    jp: Mapped[int]
    month_from: Mapped[int]
    month_to: Mapped[int]
    provider: Mapped[str] = mapped_column(sa.String(160), default="")
    budget: Mapped[int] = mapped_column(sa.BigInteger, default=0, comment="rupiah")
    priority: Mapped[int] = mapped_column(default=2, comment="1 high, 2 medium, 3 low")

    plan: Mapped[DevelopmentPlan] = relationship(back_populates="lines")
    competency: Mapped[Competency] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("plan_id", "client_id"),
        sa.CheckConstraint("required BETWEEN 0 AND 5 AND actual BETWEEN 0 AND 5", name="levels"),
        sa.CheckConstraint("jp BETWEEN 1 AND 400", name="jp"),
        sa.CheckConstraint("month_from BETWEEN 1 AND 12 AND month_to BETWEEN month_from AND 12", name="months"),
        sa.CheckConstraint("budget BETWEEN 0 AND 100000000000", name="budget"),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
    )
