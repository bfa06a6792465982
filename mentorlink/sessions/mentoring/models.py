"""Rows of mentorships. Texts of a pair are encrypted; dates, stages, competencies and levels are not: HR counts them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.competencies.models import Competency
from mentorlink.kernel.db import Base, Instant, Json, Secret, SecretJson
from mentorlink.people.models import Person
from mentorlink.programmes.models import Programme
from mentorlink.sessions.meetings.models import Series

_OPEN = "state IN ('active', 'paused')"


class StageRule(Base):
    """A version of what the four stages ask and of what is said of them. A mentorship keeps the one it began with."""

    __tablename__ = "stage_rule"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    valid_from: Mapped[date] = mapped_column(comment="mentorships that begin on this day or later")
    gates: Mapped[dict[str, Any]] = mapped_column(Json, comment="as data/stages.json has them")
    words: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True, comment="as data/stages.json has them; lists need none")
    note: Mapped[str] = mapped_column(sa.Text, server_default="", comment="why this version; read by everyone")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="none: shipped")
    made_at: Mapped[datetime] = mapped_column(Instant)

    made_by: Mapped[Person | None] = relationship()


class Mentorship(Base):
    """A mentor and a mentee on their way through the four stages."""

    __tablename__ = "mentorship"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    mentee_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_series.id"), index=True)
    stage: Mapped[str] = mapped_column(sa.String(15), default="prescriptive")
    state: Mapped[str] = mapped_column(sa.String(12), default="active")
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant, comment="closed or ended early")
    touched_at: Mapped[datetime] = mapped_column(Instant, comment="when one of the two last did something here")
    agreement_number: Mapped[int] = mapped_column(default=0, comment="number of the newest version of the agreement")
    goals_revision: Mapped[int] = mapped_column(default=0, comment="number of the newest revision of the goals")
    stage_rule_number: Mapped[int | None] = mapped_column(
        sa.ForeignKey("stage_rule.number"), comment="version of the stages it began with; none: as shipped"
    )

    mentor: Mapped[Person] = relationship(foreign_keys=[mentor_id])
    mentee: Mapped[Person] = relationship(foreign_keys=[mentee_id])
    series: Mapped[Series] = relationship()
    programme: Mapped[Programme | None] = relationship()
    stage_rule: Mapped[StageRule | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("stage IN ('prescriptive', 'persuasive', 'collaborative', 'confirmative')", name="stage"),
        sa.CheckConstraint("state IN ('active', 'paused', 'closed', 'ended_early')", name="state"),
        sa.CheckConstraint("state <> 'closed' OR stage = 'confirmative'", name="closed_at_the_end"),
        sa.CheckConstraint("mentor_id <> mentee_id", name="two_people"),
        sa.Index("uq_mentorship_open_pair", "mentor_id", "mentee_id", unique=True,
                 sqlite_where=sa.text(_OPEN), postgresql_where=sa.text(_OPEN)),
        sa.Index("ix_mentorship_state_stage", "state", "stage"),
        sa.Index("ix_mentorship_state_touched", "state", "touched_at"),
    )  # fmt: skip

    @property
    def person_ids(self) -> tuple[int, int]:
        """Mentor and mentee."""
        return self.mentor_id, self.mentee_id

    @property
    def is_open(self) -> bool:
        """True until it is closed or ended early."""
        return self.state in ("active", "paused")

    def partner_id(self, person_id: int | None) -> int | None:
        """The other of the two."""
        if person_id not in self.person_ids:
            return None
        return self.mentor_id if person_id == self.mentee_id else self.mentee_id

    def side_of(self, person_id: int | None) -> str | None:
        """``mentor``, ``mentee``, or None for anybody else."""
        if person_id is None or person_id not in self.person_ids:
            return None
        return "mentor" if person_id == self.mentor_id else "mentee"


class StagePeriod(Base):
    """Time spent in a stage; the newest has no end while the mentorship is open."""

    __tablename__ = "stage_period"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship.id"), index=True)
    stage: Mapped[str] = mapped_column(sa.String(15))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    back: Mapped[bool] = mapped_column(default=False, comment="entered by a step back")
    reason: Mapped[str | None] = mapped_column(Secret, comment="why back; the pair only")

    __table_args__ = (
        sa.Index("uq_stage_period_current", "mentorship_id", unique=True,
                 sqlite_where=sa.text("left_at IS NULL"), postgresql_where=sa.text("left_at IS NULL")),
    )  # fmt: skip


class Pause(Base):
    """A rest with a day of return."""

    __tablename__ = "mentorship_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship.id"), index=True)
    since: Mapped[datetime] = mapped_column(Instant)
    returns_on: Mapped[date]
    resumed_at: Mapped[datetime | None] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(Secret, comment="the pair only")

    __table_args__ = (
        sa.Index("uq_mentorship_pause_current", "mentorship_id", unique=True,
                 sqlite_where=sa.text("resumed_at IS NULL"), postgresql_where=sa.text("resumed_at IS NULL")),
    )  # fmt: skip


class SuperiorWord(Base):
    """What the mentee's superior says to a mentorship, where the programme asks them."""

    __tablename__ = "superior_word"

    mentorship_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship.id"), primary_key=True)
    superior_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True, comment="who was asked")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    agreed: Mapped[bool | None] = mapped_column(comment="none: not answered yet")
    said_at: Mapped[datetime | None] = mapped_column(Instant)

    mentorship: Mapped[Mentorship] = relationship()


class EarlyEnd(Base):
    """Why somebody ended a mentorship early: theirs alone, never shown to the other or to HR."""

    __tablename__ = "early_end"

    mentorship_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship.id"), primary_key=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    code: Mapped[str] = mapped_column(Secret, comment="one of inputs.END_REASONS; the writer only")
    text: Mapped[str | None] = mapped_column(Secret, comment="the writer only")
    ended_at: Mapped[datetime] = mapped_column(Instant)


class Agreement(Base):
    """A version of the agreement. Never changed: an edit is a new version."""

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship.id"))
    number: Mapped[int]
    clauses: Mapped[dict[str, Any]] = mapped_column(SecretJson, comment="clause code → value; the pair only")
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)

    signatures: Mapped[list[Signature]] = relationship(back_populates="agreement", order_by="Signature.signed_at")

    __table_args__ = (sa.UniqueConstraint("mentorship_id", "number"),)


class Signature(Base):
    """One side's signature under one version."""

    __tablename__ = "agreement_signature"

    agreement_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    signed_at: Mapped[datetime] = mapped_column(Instant)

    agreement: Mapped[Agreement] = relationship(back_populates="signatures")


class Target(Base):
    """A competency the pair works on: where the mentee stands, where they mean to get, how they will know."""

    __tablename__ = "mentorship_target"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship.id"))
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    baseline: Mapped[int | None] = mapped_column(comment="level at the start; none until recorded")
    assessment_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("assessment.id"), comment="the assessment the baseline came from; none = the two agreed on it"
    )
    proposed_baseline: Mapped[int | None] = mapped_column(comment="said by one side, waiting for the other")
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    target: Mapped[int | None] = mapped_column(comment="level to reach")
    indicator: Mapped[str | None] = mapped_column(Secret, comment="how both will see it; the pair only")

    competency: Mapped[Competency] = relationship()
    after_levels: Mapped[list[AfterLevel]] = relationship(back_populates="target", cascade="all, delete-orphan")
    mentorship: Mapped[Mentorship] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("mentorship_id", "competency_id"),
        sa.CheckConstraint("baseline BETWEEN 0 AND 5", name="baseline"),
        sa.CheckConstraint("proposed_baseline BETWEEN 0 AND 5", name="proposed_baseline"),
        sa.CheckConstraint("target BETWEEN 1 AND 5", name="target"),
    )


class GoalsRevision(Base):
    """Purpose and targets as they stood after a change. The newest counts; acceptances belong to a revision."""

    __tablename__ = "goals_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship.id"))
    number: Mapped[int]
    purpose: Mapped[str] = mapped_column(Secret, comment="the pair only")
    targets: Mapped[list[dict[str, Any]]] = mapped_column(SecretJson, comment="the targets at that time; the pair only")
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)

    acceptances: Mapped[list[Acceptance]] = relationship(back_populates="revision", order_by="Acceptance.accepted_at")

    __table_args__ = (sa.UniqueConstraint("mentorship_id", "number"),)


class Acceptance(Base):
    """One side's yes to one revision of the goals."""

    __tablename__ = "goals_acceptance"

    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("goals_revision.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    accepted_at: Mapped[datetime] = mapped_column(Instant)
    period_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("stage_period.id"), index=True, comment="the time in a stage in which it was said, or said again"
    )

    revision: Mapped[GoalsRevision] = relationship(back_populates="acceptances")


class Issue(Base):
    """A general or specific issue that the two talk about."""

    __tablename__ = "mentoring_issue"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10), comment="general or specific")
    text: Mapped[str] = mapped_column(Secret, comment="the pair only")
    state: Mapped[str] = mapped_column(sa.String(10), default="open", comment="open or settled")
    outcome: Mapped[str | None] = mapped_column(Secret, comment="what came of it; the pair only")
    raised_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    raised_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    mentorship: Mapped[Mentorship] = relationship()

    __table_args__ = (
        sa.CheckConstraint("kind IN ('general', 'specific')", name="kind"),
        sa.CheckConstraint("state IN ('open', 'settled')", name="state"),
    )


class RoadmapItem(Base):
    """A step of the roadmap: what to take up, until when, and how it stands."""

    __tablename__ = "roadmap_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship.id"), index=True)
    issue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("mentoring_issue.id"), comment="the issue it answers")
    text: Mapped[str] = mapped_column(Secret, comment="the pair only")
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(sa.String(12), default="planned", comment="planned, under_way, done or dropped")
    reason: Mapped[str | None] = mapped_column(Secret, comment="why dropped; the pair only")
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)

    mentorship: Mapped[Mentorship] = relationship()

    __table_args__ = (
        sa.CheckConstraint("state IN ('planned', 'under_way', 'done', 'dropped')", name="state"),
        sa.CheckConstraint("state <> 'dropped' OR reason IS NOT NULL", name="dropped_with_reason"),
    )


class Reflection(Base):
    """What one side takes from the mentorship; both read both."""

    __tablename__ = "reflection"

    mentorship_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    body: Mapped[dict[str, str]] = mapped_column(SecretJson, comment="question code → answer; the pair only")
    written_at: Mapped[datetime] = mapped_column(Instant)


class AfterLevel(Base):
    """The level one side says the mentee has reached. Equal on both sides is confirmed."""

    __tablename__ = "after_level"

    target_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship_target.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    level: Mapped[int]
    said_at: Mapped[datetime] = mapped_column(Instant)

    target: Mapped[Target] = relationship(back_populates="after_levels")

    __table_args__ = (sa.CheckConstraint("level BETWEEN 0 AND 5", name="level"),)


class Direction(Base):
    """Where the mentee goes from here; one text that both may edit until closing."""

    __tablename__ = "next_direction"

    mentorship_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    text: Mapped[str] = mapped_column(Secret, comment="the pair only")
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


class Evaluation(Base):
    """How one side found the mentorship. Hidden from the other until both have given theirs; never changed."""

    __tablename__ = "mentorship_evaluation"

    mentorship_id: Mapped[int] = mapped_column(sa.ForeignKey("mentorship.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(SecretJson, comment="question → answer; the pair only, after both gave")
    given_at: Mapped[datetime] = mapped_column(Instant)
