"""Rows of the life of a community: where it stands, what its members promise, what is measured, what came of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.community.models.communities import Community
from mentorlink.community.stages import OUTCOMES, STEPS
from mentorlink.competencies.models import Competency
from mentorlink.kernel.db import Base, Instant, one_of
from mentorlink.people.models import Person


class Life(Base):
    """Where a community stands in its life. Every community has one, from the moment it is made."""

    __tablename__ = "community_life"

    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), primary_key=True)
    step: Mapped[str] = mapped_column(sa.String(16), default="preparation")
    cycle: Mapped[int] = mapped_column(default=1, comment="grows when an evaluation ends in going on or handing over")
    belongs: Mapped[str] = mapped_column(sa.Text, default="", comment="who belongs: whose work the problem touches")
    programme_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("programme.id"), index=True, comment="the programme whose manager may assign members"
    )
    entered_at: Mapped[datetime] = mapped_column(Instant, comment="when the present step began")
    started_at: Mapped[datetime | None] = mapped_column(Instant, comment="when the present cycle's implementation began")

    community: Mapped[Community] = relationship(lazy="raise")

    __table_args__ = (
        sa.CheckConstraint(one_of("step", STEPS), name="step"),
        sa.CheckConstraint("cycle >= 1", name="cycle"),
    )


class Focus(Base):
    """A competency that a community works on."""

    __tablename__ = "community_focus"

    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), primary_key=True)
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), primary_key=True, index=True)

    competency: Mapped[Competency] = relationship(lazy="raise")


class Keeper(Base):
    """Who has taken it on that a step yields what it must."""

    __tablename__ = "community_keeper"

    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(24), primary_key=True, comment="what the step must yield, a code of stages.py")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)

    person: Mapped[Person] = relationship(lazy="raise")


class Promise(Base):
    """What a member promises the community in a cycle: one promise each, which they may put into better words."""

    __tablename__ = "community_promise"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"))
    cycle: Mapped[int]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(sa.String(400))
    state: Mapped[str] = mapped_column(sa.String(8), default="open")
    made_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("community_id", "cycle", "person_id"),
        sa.CheckConstraint("state IN ('open', 'kept', 'partly', 'dropped')", name="state"),
    )


class Measure(Base):
    """By what one will see that something changed: a figure at the start, one aimed at, one at the end."""

    __tablename__ = "community_measure"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"))
    cycle: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(160), comment="e.g. days until a report is answered")
    folded_name: Mapped[str] = mapped_column(sa.String(160), comment="kernel.text.fold(name)")
    unit: Mapped[str] = mapped_column(sa.String(30), default="", comment="of the figures: days, %, reports …")
    start: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2))
    start_on: Mapped[date]
    aim: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2))
    result: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 2))
    result_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(sa.String(200), default="", comment="where the figures come from")

    __table_args__ = (
        sa.UniqueConstraint("community_id", "cycle", "folded_name"),
        sa.CheckConstraint("(result IS NULL) = (result_on IS NULL)", name="result"),
    )


class CycleReview(Base):
    """What a cycle came to, in the members' words, and what follows from it."""

    __tablename__ = "community_review"

    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), primary_key=True)
    cycle: Mapped[int] = mapped_column(primary_key=True)
    changed: Mapped[str] = mapped_column(sa.Text, comment="what changed against the start")
    keep: Mapped[str] = mapped_column(sa.Text, comment="what to keep")
    lessons: Mapped[str] = mapped_column(sa.Text, default="", comment="what to do otherwise")
    outcome: Mapped[str | None] = mapped_column(sa.String(10), comment="go_on, hand_over or close; none: not decided yet")
    version: Mapped[int] = mapped_column(default=1, comment="rises with every change; a stale save is refused")
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)

    written_by: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        sa.CheckConstraint(one_of("outcome", OUTCOMES), name="outcome"),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
    )
