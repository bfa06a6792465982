"""Rows about finding somebody: how one wants to be ranked and found, whom one saved, who has room again for whom."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.competencies.models import Competency
from mentorlink.kernel.db import Base, Instant, Secret, one_of
from mentorlink.pairing.models.offers import Offer
from mentorlink.pairing.models.requests import Request
from mentorlink.pairing.stages import HOLDING, IN_LINE, INVITATION_STATES, KINDS, PLACE_STATES, STANDINGS, WAITING_STATES
from mentorlink.people.models import Person


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


_WAITS = one_of("state", IN_LINE)


class FindingChoice(Base):
    """What somebody chose about being ranked and being found. Without a row: ranked lists, and not shown to mentors."""

    __tablename__ = "finding_choice"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    unranked: Mapped[bool] = mapped_column(default=False, comment="objects to automated ranking: lists by name, no scores")
    open_to_offers: Mapped[bool] = mapped_column(default=False, comment="mentors may see what they look for, and invite them")
    changed_at: Mapped[datetime] = mapped_column(Instant)


class SavedPerson(Base):
    """Somebody keeps somebody's offer in mind; nobody else knows."""

    __tablename__ = "saved_person"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    saved_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True, comment="mentor or coach")
    stood: Mapped[str] = mapped_column(sa.String(10), comment="how the offer stood then: room, full, paused, closed")
    saved_at: Mapped[datetime] = mapped_column(Instant)

    saved: Mapped[Person] = relationship(foreign_keys=[saved_id])

    __table_args__ = (
        sa.CheckConstraint(one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint(one_of("stood", STANDINGS), name="stood"),
        sa.CheckConstraint("person_id <> saved_id", name="not_oneself"),
    )


class Waiting(Base):
    """Somebody waits for a place: with one mentor, for one competency, or with anybody who fits."""

    __tablename__ = "waiting"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10), comment="mentor or coach")
    competency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("competency.id"), index=True, comment="for help in this")
    offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer.id"), index=True, comment="for a place with this one")
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    joined_at: Mapped[datetime] = mapped_column(Instant)
    since: Mapped[datetime] = mapped_column(Instant, comment="the place in the line; later when an offered place lapsed")
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship()
    competency: Mapped[Competency | None] = relationship()
    offer: Mapped[Offer | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint(one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint(one_of("state", WAITING_STATES), name="state"),
        sa.CheckConstraint("competency_id IS NULL OR offer_id IS NULL", name="one_wish"),
        sa.CheckConstraint(f"({_WAITS}) = (closed_at IS NULL)", name="closed_or_open"),
        sa.Index("uq_waiting_any", "person_id", "kind", unique=True,
                 **_where(f"{_WAITS} AND competency_id IS NULL AND offer_id IS NULL")),
        sa.Index("uq_waiting_competency", "person_id", "kind", "competency_id", unique=True,
                 **_where(f"{_WAITS} AND competency_id IS NOT NULL")),
        sa.Index("uq_waiting_offer", "person_id", "offer_id", unique=True, **_where(f"{_WAITS} AND offer_id IS NOT NULL")),
        sa.Index("ix_waiting_line", "kind", "since", "id", **_where("state = 'waiting'")),
    )  # fmt: skip


class HeldPlace(Base):
    """A place that is kept for somebody from the line, for a set time and then while their request is on its way.

    Whatever holds is counted in ``offer.held``; only conditional UPDATEs change that, in the transaction of this row.
    """

    __tablename__ = "held_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    waiting_id: Mapped[int] = mapped_column(sa.ForeignKey("waiting.id"), index=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True, comment="for whom it is kept")
    state: Mapped[str] = mapped_column(sa.String(10), default="offered")
    offered_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant, comment="lapses then to the next in line")
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("request.id"), unique=True, comment="the request it became")

    waiting: Mapped[Waiting] = relationship()
    offer: Mapped[Offer] = relationship()
    request: Mapped[Request | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint(one_of("state", PLACE_STATES), name="state"),
        sa.CheckConstraint(f"({one_of('state', HOLDING)}) = (closed_at IS NULL)", name="closed_or_held"),
        sa.Index("uq_held_place_person", "person_id", unique=True, **_where("state = 'offered'")),
        sa.Index("uq_held_place_waiting", "waiting_id", unique=True, **_where(one_of("state", HOLDING))),
    )

    @property
    def is_offered(self) -> bool:
        """True while the person may still take it."""
        return self.state == "offered"


class Invitation(Base):
    """Who offers help invites somebody who may need it. Accepting it is the mentee's yes; the mentor's is the invitation."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True, comment="who is invited")
    state: Mapped[str] = mapped_column(sa.String(10), default="sent")
    message: Mapped[str] = mapped_column(Secret, comment="to the invited; the two alone read it")
    reply: Mapped[str | None] = mapped_column(Secret, comment="of the invited; the two alone read it")
    sent_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("request.id"), unique=True, comment="the pair that came of it")

    offer: Mapped[Offer] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    request: Mapped[Request | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint(one_of("state", INVITATION_STATES), name="state"),
        sa.CheckConstraint("(state = 'sent') = (closed_at IS NULL)", name="closed_or_open"),
        sa.Index("uq_invitation_open", "offer_id", "person_id", unique=True, **_where("state = 'sent'")),
    )

    @property
    def mentor_id(self) -> int:
        """Who invites."""
        return self.offer.person_id

    @property
    def is_open(self) -> bool:
        """True while the invited may still answer."""
        return self.state == "sent"


class NeedVoice(Base):
    """Somebody told HR that nobody covers what they need. HR reads the counts by need, not the names."""

    __tablename__ = "need_voice"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10), comment="mentor or coach")
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), index=True)
    level: Mapped[int] = mapped_column(comment="what their job asks for, 1 to 5")
    said_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant, comment="HR took it up then")
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    competency: Mapped[Competency] = relationship()

    __table_args__ = (
        sa.CheckConstraint(one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        sa.Index("uq_need_voice_open", "person_id", "kind", "competency_id", unique=True, **_where("settled_at IS NULL")),
    )
