"""Rows of the competency framework, what jobs ask, and what was assessed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Json, SecretJson, Words
from mentorlink.people.models import Field, Person

KINDS = ("managerial", "socio_cultural", "technical", "digital")
_OPEN = sa.text("state = 'open'")


class Framework(Base):
    """A competency framework (kamus kompetensi); its current wording is that of its newest published edition."""

    __tablename__ = "framework"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[dict[str, str]] = mapped_column(Words)
    source: Mapped[str] = mapped_column(sa.Text, default="", comment="where codes and names come from")

    __table_args__ = (sa.CheckConstraint("kind IN ('managerial', 'socio_cultural', 'technical', 'digital')", name="kind"),)


class Edition(Base):
    """A version of a framework's wording, kept whole as it was published."""

    __tablename__ = "framework_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(sa.ForeignKey("framework.id"))
    number: Mapped[int]
    content: Mapped[Any] = mapped_column(Json, comment="list of competencies with levels, as loaded")
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    framework: Mapped[Framework] = relationship()

    __table_args__ = (sa.UniqueConstraint("framework_id", "number"),)


class Competency(Base):
    """A competency with its current wording. Its code stays the same over editions."""

    __tablename__ = "competency"

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(sa.ForeignKey("framework.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[dict[str, str]] = mapped_column(Words)
    definition: Mapped[dict[str, str]] = mapped_column(Words)
    field_id: Mapped[int | None] = mapped_column(sa.ForeignKey("field.id"), index=True)
    position: Mapped[int] = mapped_column(default=0, comment="order within the framework")
    retired_at: Mapped[datetime | None] = mapped_column(Instant, comment="not in the newest edition any more")

    framework: Mapped[Framework] = relationship(lazy="joined", innerjoin=True)
    field: Mapped[Field | None] = relationship()
    levels: Mapped[list[Level]] = relationship(back_populates="competency", order_by="Level.number")


class Level(Base):
    """One of the five levels of a competency."""

    __tablename__ = "level"

    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, comment="1 to 5")
    title: Mapped[dict[str, str]] = mapped_column(Words)
    description: Mapped[dict[str, str]] = mapped_column(Words)
    indicators: Mapped[Any] = mapped_column(Json, comment="list of words: what one sees somebody do")

    competency: Mapped[Competency] = relationship(back_populates="levels")

    __table_args__ = (sa.CheckConstraint("number BETWEEN 1 AND 5", name="number"),)


class Standard(Base):
    """The level that a tier (by default) or a job (which overrides) asks of a competency."""

    __tablename__ = "standard"

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), index=True)
    tier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tier.id"))
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("position.id"))
    required: Mapped[int] = mapped_column(comment="0 (a job asks nothing of it) to 5")

    competency: Mapped[Competency] = relationship()

    __table_args__ = (
        sa.CheckConstraint("required BETWEEN 0 AND 5", name="required"),
        sa.CheckConstraint("(tier_id IS NULL) <> (job_id IS NULL)", name="tier_or_job"),
        sa.UniqueConstraint("tier_id", "competency_id"),
        sa.UniqueConstraint("job_id", "competency_id"),
    )


class StandardChange(Base):
    """A figure of a standard became another one. Never changed, never deleted, so what was asked on any day can be told."""

    __tablename__ = "standard_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"))
    tier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tier.id"))
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("position.id"))
    was: Mapped[int | None] = mapped_column(comment="none: there was no figure of its own")
    required: Mapped[int | None] = mapped_column(comment="none: there is none any more")
    at: Mapped[datetime] = mapped_column(Instant)

    competency: Mapped[Competency] = relationship()

    __table_args__ = (
        sa.CheckConstraint("(tier_id IS NULL) <> (job_id IS NULL)", name="tier_or_job"),
        sa.Index("ix_standard_change_tier_id_id", "tier_id", "id"),
        sa.Index("ix_standard_change_job_id_id", "job_id", "id"),
    )


class MatchLimits(Base):
    """From which job-person match on the mapping is optimal, and from which it is fair, as set on a day; earlier ones stay."""

    __tablename__ = "match_limits"

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    optimal: Mapped[int] = mapped_column(comment="percent")
    fair: Mapped[int] = mapped_column(comment="percent")

    __table_args__ = (sa.CheckConstraint("0 < fair AND fair < optimal AND optimal <= 100", name="order"),)


class LevelScale(Base):
    """A version of what the five levels are called and mean. Nobody's level changes with it."""

    __tablename__ = "level_scale"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="the highest holds; earlier ones stay")
    words: Mapped[list[dict[str, dict[str, str]]]] = mapped_column(
        Json, comment="five of name and meaning in both languages, ascending"
    )
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)

    made_by: Mapped[Person | None] = relationship()


class Assessment(Base):
    """Somebody found somebody at a level, on a day, by a method. Never changed, never deleted: the gap ledger."""

    __tablename__ = "assessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), index=True)
    source: Mapped[str] = mapped_column(sa.String(20))
    level: Mapped[int]
    assessed_on: Mapped[date]
    assessor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    method: Mapped[str] = mapped_column(sa.String(120), default="", comment="e.g. interview, simulation, file name of an import")
    origin: Mapped[str | None] = mapped_column(
        sa.String(120), comment="the deed it came from, e.g. mentorship:12; once per deed, person and competency"
    )
    voices: Mapped[int | None] = mapped_column(comment="colleagues whose views it brings together; none: one person's word")
    created_at: Mapped[datetime] = mapped_column(Instant)

    competency: Mapped[Competency] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    assessor: Mapped[Person | None] = relationship(foreign_keys=[assessor_id])

    __table_args__ = (
        sa.CheckConstraint("level BETWEEN 0 AND 5", name="level"),
        sa.CheckConstraint("source IN ('self', 'peer', 'superior', 'assessment_centre', 'mentorship')", name="source"),
        sa.CheckConstraint("voices IS NULL OR source = 'peer'", name="voices"),
        sa.Index("ix_assessment_person_competency", "person_id", "competency_id"),
        sa.UniqueConstraint("person_id", "competency_id", "origin"),
    )


class CurrentLevel(Base):
    """The level that counts now by the rule of ``competencies.rules.current``; rewritten with each new assessment."""

    __tablename__ = "current_level"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), primary_key=True, index=True)
    level: Mapped[int]
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment.id"))

    assessment: Mapped[Assessment] = relationship()
    competency: Mapped[Competency] = relationship()


class LevelsNoted(Base):
    """Up to when a person has seen how their levels changed."""

    __tablename__ = "levels_noted"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    noted_at: Mapped[datetime] = mapped_column(Instant)


class PeerReview(Base):
    """Colleagues are asked how somebody works. What enters the ledger is one finding for all of them together."""

    __tablename__ = "peer_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True, comment="whose work")
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="the person, a superior or HR")
    token: Mapped[str] = mapped_column(sa.String(40), comment="of the form that asked; sent twice it asks once")
    competency_ids: Mapped[list[int]] = mapped_column(Json, comment="what they are asked about")
    least: Mapped[int] = mapped_column(comment="so many answers on a competency make a finding; the setting when it was asked")
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    closes_at: Mapped[datetime] = mapped_column(Instant)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    entered: Mapped[int | None] = mapped_column(comment="findings that came of it, once it is closed")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    voices: Mapped[list[PeerVoice]] = relationship(back_populates="review", order_by="PeerVoice.person_id")

    __table_args__ = (
        sa.CheckConstraint("state IN ('open', 'closed', 'withdrawn')", name="state"),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        sa.CheckConstraint("least >= 3", name="least"),
        sa.UniqueConstraint("asked_by_id", "token"),
        sa.Index("uq_peer_review_open", "person_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_peer_review_due", "closes_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )


class PeerVoice(Base):
    """One colleague who is asked. What they say nobody else reads, and it is gone once the review has ended."""

    __tablename__ = "peer_voice"

    review_id: Mapped[int] = mapped_column(sa.ForeignKey("peer_review.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    state: Mapped[str] = mapped_column(sa.String(10), default="asked")
    levels: Mapped[dict[str, int] | None] = mapped_column(SecretJson, comment="competency code → level; until the review ends")

    review: Mapped[PeerReview] = relationship(back_populates="voices")
    person: Mapped[Person] = relationship()

    __table_args__ = (
        sa.CheckConstraint("state IN ('asked', 'answered', 'declined')", name="state"),
        sa.CheckConstraint("levels IS NULL OR state = 'answered'", name="levels"),
    )
