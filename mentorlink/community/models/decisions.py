"""Rows of decisions: a question, the alternatives weighed, and where each member stands."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.community.models.communities import Community
from mentorlink.community.stages import DECISION_STATES, METHODS, STANCES
from mentorlink.kernel.db import Base, Instant, one_of
from mentorlink.people.models import Person


class Decision(Base):
    """Something a community decides: by consent (nobody objects) or by vote (most say so)."""

    __tablename__ = "community_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"))
    gathering_id: Mapped[int | None] = mapped_column(sa.ForeignKey("gathering.id"), index=True)
    question: Mapped[str] = mapped_column(sa.String(200))
    about: Mapped[str] = mapped_column(sa.Text, default="")
    method: Mapped[str] = mapped_column(sa.String(8))
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    closes_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(sa.String(10), comment="chosen, objected, tie or too_few; of a decided one")
    chosen: Mapped[int | None] = mapped_column(comment="position of the alternative that stands")
    voters: Mapped[int | None] = mapped_column(comment="members when it was decided: of how many the figures are")
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)

    community: Mapped[Community] = relationship()
    opened_by: Mapped[Person] = relationship()
    alternatives: Mapped[list[Alternative]] = relationship(order_by="Alternative.position")

    __table_args__ = (
        sa.Index("ix_community_decision_community", "community_id", "state", "id"),
        sa.CheckConstraint(one_of("state", DECISION_STATES), name="state"),
        sa.CheckConstraint(one_of("method", METHODS), name="method"),
        sa.CheckConstraint("outcome IN ('chosen', 'objected', 'tie', 'too_few')", name="outcome"),
        sa.CheckConstraint("(state = 'decided') = (outcome IS NOT NULL)", name="decided"),
        sa.CheckConstraint("(chosen IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'chosen')", name="chosen"),
    )

    @property
    def stands(self) -> Alternative | None:
        """The way that was chosen."""
        return next((way for way in self.alternatives if way.position == self.chosen), None)


class Alternative(Base):
    """One of the ways weighed, with what speaks for and against it."""

    __tablename__ = "community_alternative"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("community_decision.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(300))
    pros: Mapped[str] = mapped_column(sa.String(600), default="", comment="what speaks for it")
    cons: Mapped[str] = mapped_column(sa.String(600), default="", comment="what speaks against it")

    __table_args__ = (sa.UniqueConstraint("decision_id", "position"),)


class Stance(Base):
    """Where a member stands. In a vote: for which way. By consent: agrees, stands aside, or objects and says why."""

    __tablename__ = "community_stance"

    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("community_decision.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    alternative_id: Mapped[int | None] = mapped_column(sa.ForeignKey("community_alternative.id"), index=True)
    stance: Mapped[str] = mapped_column(sa.String(8), default="agree")
    reason: Mapped[str] = mapped_column(sa.String(600), default="", comment="of an objection: what would have to change")
    said_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        sa.CheckConstraint(one_of("stance", STANCES), name="stance"),
        sa.CheckConstraint("stance <> 'object' OR reason <> ''", name="reason"),
    )
