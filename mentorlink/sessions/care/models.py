"""Rows of care. What people confide is encrypted; who reads it is named beside each column."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel import clock
from mentorlink.kernel.db import Base, Instant, Secret
from mentorlink.people.models import Person
from mentorlink.sessions.mentoring.models import Mentorship


class Silence(Base):
    """How far the house has gone in reminding a quiet pair, and when it looks again."""

    __tablename__ = "mentorship_silence"

    mentorship_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant, comment="the last sign of life it counts from")
    step: Mapped[int] = mapped_column(default=0, comment="reminders sent since then; 4: closing was announced")
    due_at: Mapped[datetime | None] = mapped_column(Instant, index=True, comment="when to look again; none: it rests or is over")
    closes_at: Mapped[datetime | None] = mapped_column(Instant, comment="when it ends, as announced")

    mentorship: Mapped[Mentorship] = relationship()

    __table_args__ = (sa.CheckConstraint("step BETWEEN 0 AND 4", name="step"),)


class EngagementSilence(Base):
    """The same for a quiet coaching."""

    __tablename__ = "engagement_silence"

    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant, comment="the last sign of life it counts from")
    step: Mapped[int] = mapped_column(default=0, comment="reminders sent since then; 4: closing was announced")
    due_at: Mapped[datetime | None] = mapped_column(Instant, index=True, comment="when to look again; none: it rests or is over")
    closes_at: Mapped[datetime | None] = mapped_column(Instant, comment="when it ends, as announced")

    __table_args__ = (sa.CheckConstraint("step BETWEEN 0 AND 4", name="step"),)


class Thanks(Base):
    """Thanks from one of a pair to the other; passed on to the receiver's superior only if both want it."""

    __tablename__ = "thanks"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_series.id"))
    from_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Secret, comment="the two; the superior once it was passed on")
    may_pass_on: Mapped[bool] = mapped_column(comment="the writer consents that the receiver's superior reads it")
    sent_at: Mapped[datetime] = mapped_column(Instant)
    passed_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True, comment="the superior who reads it")
    passed_at: Mapped[datetime | None] = mapped_column(Instant)

    sender: Mapped[Person] = relationship(foreign_keys=[from_id])
    receiver: Mapped[Person] = relationship(foreign_keys=[to_id])

    __table_args__ = (
        sa.UniqueConstraint("series_id", "from_id", "to_id"),
        sa.CheckConstraint("from_id <> to_id", name="two_people"),
        sa.CheckConstraint("passed_to_id IS NULL OR may_pass_on", name="passed_with_consent"),
    )


class SafePerson(Base):
    """Somebody to whom anyone may turn with a concern."""

    __tablename__ = "safe_person"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    named_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    named_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class Concern(Base):
    """Something that somebody confides to a safe person about a pair. The other of the pair never learns of it here."""

    __tablename__ = "concern"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_series.id"), comment="whose pair it is about")
    raised_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Secret, comment="who wrote it and the safe person")
    state: Mapped[str] = mapped_column(sa.String(10), default="open", comment="open, heard (the safe person answered) or closed")
    raised_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(Secret, comment="who wrote it and the safe person")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    raised_by: Mapped[Person] = relationship(foreign_keys=[raised_by_id])
    to: Mapped[Person] = relationship(foreign_keys=[to_id])

    __table_args__ = (sa.CheckConstraint("state IN ('open', 'heard', 'closed')", name="state"),)


class Opening(Base):
    """A pair's content opened to somebody outside: with a reason, by a second person, for a day, told to the pair."""

    __tablename__ = "content_opening"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_series.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Secret, comment="who asks, who decides, and the pair")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(sa.String(10), default="asked", comment="asked, agreed or refused")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant, comment="the content is closed again from then on")

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def standing(self) -> str:
        """``state``, or ``over`` where what was agreed to has run out."""
        return "over" if self.until is not None and self.until <= clock.now() else self.state

    __table_args__ = (
        sa.CheckConstraint("state IN ('asked', 'agreed', 'refused')", name="state"),
        sa.CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="second_person"),
        sa.CheckConstraint("(until IS NULL) = (state <> 'agreed')", name="until_when_open"),
        sa.Index("uq_content_opening_asked", "series_id", "asked_by_id", unique=True,
                 sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'")),
    )  # fmt: skip
