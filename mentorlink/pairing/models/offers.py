"""Rows of offers: who helps, with how many places, in what."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.competencies.models import Competency
from mentorlink.kernel import clock
from mentorlink.kernel.db import Base, Instant, Json, one_of
from mentorlink.pairing.stages import KINDS
from mentorlink.people.models import Person

_OFFER_IS_OPEN = sa.text("closed_at IS NULL")


class Offer(Base):
    """Somebody offers to mentor or to coach, with so many places."""

    __tablename__ = "offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10), comment="mentor or coach")
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"), index=True, comment="none: for whoever asks")
    capacity: Mapped[int] = mapped_column(comment="places in all")
    taken: Mapped[int] = mapped_column(default=0, comment="places in use; only a conditional UPDATE may raise it")
    held: Mapped[int] = mapped_column(
        default=0, server_default=sa.text("0"), comment="places kept for who waited; only a conditional UPDATE may raise it"
    )
    languages: Mapped[list[str]] = mapped_column(Json, default=list, comment="ISO 639 codes in which they can help")
    message: Mapped[str] = mapped_column(sa.Text, default="", comment="a few words to those who look; public in the agency")
    paused_until: Mapped[date | None] = mapped_column(comment="takes no requests before this day")
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    chosen: Mapped[list[OfferCompetency]] = relationship(back_populates="offer", cascade="all, delete-orphan")

    __table_args__ = (
        sa.CheckConstraint(one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint("capacity BETWEEN 1 AND 50", name="capacity"),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
        sa.CheckConstraint("held >= 0 AND taken + held <= capacity", name="held"),
        sa.Index("uq_offer_open", "person_id", "kind", unique=True, sqlite_where=_OFFER_IS_OPEN, postgresql_where=_OFFER_IS_OPEN),
    )

    @property
    def said(self) -> dict[str, object]:
        """What the form of an offer holds."""
        return {
            "capacity": self.capacity,
            "competencies": sorted(row.competency.code for row in self.chosen),
            "languages": list(self.languages),
            "message": self.message,
            "paused_until": self.paused_until,
        }

    @property
    def free(self) -> int:
        """Places left: neither taken nor kept for somebody who waited."""
        return self.capacity - self.taken - self.held

    @classmethod
    def gives(cls, places: int = 1) -> sa.ColumnElement[bool]:
        """So many places are left, and the offer is open and not paused: what every UPDATE that takes or keeps some asks."""
        return sa.and_(
            cls.taken + cls.held + places <= cls.capacity,
            cls.closed_at.is_(None),
            sa.or_(cls.paused_until.is_(None), cls.paused_until <= clock.today()),
        )


class OfferCompetency(Base):
    """A competency that an offer names. An offer that names none follows the person's levels."""

    __tablename__ = "offer_competency"

    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), primary_key=True)
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), primary_key=True, index=True)

    offer: Mapped[Offer] = relationship(back_populates="chosen")
    competency: Mapped[Competency] = relationship()
