"""Rows of coaching. What the two say is encrypted; dates, states and numbers are not: HR counts states, and reads no number."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Secret, SecretJson, one_of
from mentorlink.people.models import Person
from mentorlink.programmes.models import Programme
from mentorlink.sessions.coaching.stages import ANSWERS, MOMENTS, OPEN_STATES, SHARED, STATES
from mentorlink.sessions.meetings.models import Meeting, Series

_OPEN = sa.text(one_of("state", [str(state) for state in OPEN_STATES]))


class Engagement(Base):
    """A coach and a coachee on the way to the coachee's goal."""

    __tablename__ = "engagement"

    id: Mapped[int] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    coachee_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_series.id"), unique=True)
    state: Mapped[str] = mapped_column(sa.String(12), default="conversation")
    started_at: Mapped[datetime] = mapped_column(Instant)
    coach_yes_at: Mapped[datetime | None] = mapped_column(Instant, comment="the coach wants to go on after the first talk")
    coachee_yes_at: Mapped[datetime | None] = mapped_column(Instant, comment="the coachee wants to go on")
    engaged_at: Mapped[datetime | None] = mapped_column(Instant, comment="both said yes")
    ended_at: Mapped[datetime | None] = mapped_column(Instant, comment="declined, closed or ended early")
    goal_number: Mapped[int] = mapped_column(default=0, comment="number of the newest version of the goal")
    touched_at: Mapped[datetime | None] = mapped_column(
        Instant, comment="when one of the two last did something here; none: not since it began"
    )
    paused_until: Mapped[date | None] = mapped_column(comment="the day of return while it rests; none: it runs or is over")

    coach: Mapped[Person] = relationship(foreign_keys=[coach_id])
    coachee: Mapped[Person] = relationship(foreign_keys=[coachee_id])
    series: Mapped[Series] = relationship()
    programme: Mapped[Programme | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint(one_of("state", [str(state) for state in STATES]), name="state"),
        sa.CheckConstraint("coach_id <> coachee_id", name="two_people"),
        sa.CheckConstraint(
            "state NOT IN ('engaged', 'closed', 'ended_early') "
            "OR (coach_yes_at IS NOT NULL AND coachee_yes_at IS NOT NULL AND engaged_at IS NOT NULL)",
            name="engaged_by_both",
        ),
        sa.CheckConstraint("(state IN ('conversation', 'engaged')) = (ended_at IS NULL)", name="ended_or_open"),
        sa.Index("uq_engagement_open_pair", "coach_id", "coachee_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_engagement_state", "state"),
        sa.Index("ix_engagement_state_touched", "state", "touched_at"),
    )

    @property
    def person_ids(self) -> tuple[int, int]:
        """Coach and coachee."""
        return self.coach_id, self.coachee_id

    @property
    def is_open(self) -> bool:
        """True until somebody said no, or it is closed or ended early."""
        return self.state in OPEN_STATES

    def partner_id(self, person_id: int | None) -> int | None:
        """The other of the two."""
        if person_id not in self.person_ids:
            return None
        return self.coach_id if person_id == self.coachee_id else self.coachee_id

    def side_of(self, person_id: int | None) -> str | None:
        """``coach``, ``coachee``, or None for anybody else."""
        if person_id is None or person_id not in self.person_ids:
            return None
        return "coach" if person_id == self.coach_id else "coachee"


class Goal(Base):
    """The coachee's goal as they wrote it. Never changed: another wording is a new version."""

    __tablename__ = "coaching_goal"

    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Secret, comment="the two only")
    why: Mapped[str] = mapped_column(Secret, comment="why it matters; the two only")
    sign: Mapped[str] = mapped_column(Secret, comment="how one will notice; the two only")
    now: Mapped[int] = mapped_column(comment="where the coachee stands when writing, 1 to 10; the two only")
    wanted: Mapped[int] = mapped_column(comment="where they want to be, 1 to 10; the two only")
    by_on: Mapped[date] = mapped_column(comment="by when")
    written_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        sa.CheckConstraint("now BETWEEN 1 AND 10 AND wanted BETWEEN 1 AND 10", name="scale"),
        sa.CheckConstraint("wanted > now", name="upward"),
    )


class Scale(Base):
    """A number for the goal, said once by one person at one moment."""

    __tablename__ = "coaching_scale"

    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id"), primary_key=True)
    moment: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    value: Mapped[int] = mapped_column(comment="1 to 10; read by the two once both said theirs")
    said_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        sa.CheckConstraint(one_of("moment", MOMENTS), name="moment"),
        sa.CheckConstraint("value BETWEEN 1 AND 10", name="value"),
    )


class Question(Base):
    """What the coachee asks their superior about the goal: this one sentence, and nothing else of the coaching."""

    __tablename__ = "coaching_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id"), index=True)
    superior_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Secret, comment="in the coachee's words; the two and this superior")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant, comment="from then on it does not exist for the superior")

    engagement: Mapped[Engagement] = relationship()
    superior: Mapped[Person] = relationship()

    __table_args__ = (
        sa.Index("uq_coaching_question_open", "engagement_id", unique=True,
                 sqlite_where=sa.text("withdrawn_at IS NULL"), postgresql_where=sa.text("withdrawn_at IS NULL")),
    )  # fmt: skip


class Share(Base):
    """One item of a coaching that the coachee lets their superior see, until they take it back."""

    __tablename__ = "coaching_share"

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id"))
    item: Mapped[str] = mapped_column(sa.String(12), comment="one of stages.SHARED")
    superior_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="who sees it, while they are the superior")
    since: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant, comment="from then on it does not exist for the superior")

    __table_args__ = (
        sa.CheckConstraint(one_of("item", SHARED), name="item"),
        sa.Index("uq_coaching_share_open", "engagement_id", "item", unique=True,
                 sqlite_where=sa.text("withdrawn_at IS NULL"), postgresql_where=sa.text("withdrawn_at IS NULL")),
        sa.Index("ix_coaching_share_superior", "superior_id", "withdrawn_at"),
    )  # fmt: skip


class Credential(Base):
    """What a coach has learnt the trade by; read by everybody they coach."""

    __tablename__ = "coach_credential"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(160))
    issuer: Mapped[str] = mapped_column(sa.String(160))
    valid_until: Mapped[date | None] = mapped_column(comment="none: without end")
    added_at: Mapped[datetime] = mapped_column(Instant)


class Sheet(Base):
    """What one session came to by GROW: its goal, reality, options; the will are the commitments made in it."""

    __tablename__ = "coaching_sheet"

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    goal: Mapped[str] = mapped_column(Secret, comment="of this session; the two only")
    reality: Mapped[str] = mapped_column(Secret, comment="the two only")
    options: Mapped[list[str]] = mapped_column(SecretJson, comment="the two only")
    barriers: Mapped[dict[str, Any]] = mapped_column(SecretJson, comment="codes and own words; the two only")
    opportunities: Mapped[dict[str, Any]] = mapped_column(SecretJson, comment="codes and own words; the two only")
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)

    meeting: Mapped[Meeting] = relationship()


class Commitment(Base):
    """Something the coachee will do until a day."""

    __tablename__ = "coaching_commitment"

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id"), index=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), index=True, comment="the session it was made in")
    text: Mapped[str] = mapped_column(Secret, comment="the two only")
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(sa.String(10), default="open", comment="open, done or dropped")
    made_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)

    engagement: Mapped[Engagement] = relationship()
    check_ins: Mapped[list[CheckIn]] = relationship(back_populates="commitment", order_by="CheckIn.day.desc()")

    __table_args__ = (
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),
        sa.Index("ix_coaching_commitment_state", "engagement_id", "state"),
    )


class CheckIn(Base):
    """How a commitment stood on a day, in the coachee's one word and perhaps one line."""

    __tablename__ = "coaching_check_in"

    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("coaching_commitment.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(sa.String(10))
    line: Mapped[str | None] = mapped_column(Secret, comment="the two only")
    said_at: Mapped[datetime] = mapped_column(Instant)

    commitment: Mapped[Commitment] = relationship(back_populates="check_ins")

    __table_args__ = (sa.CheckConstraint(one_of("answer", ANSWERS), name="answer"),)


class Review(Base):
    """What one side takes from it, and for the coachee where it goes from here. Read by the other once both wrote."""

    __tablename__ = "coaching_review"

    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    body: Mapped[dict[str, str]] = mapped_column(SecretJson, comment="question code → answer; the two only, after both wrote")
    written_at: Mapped[datetime] = mapped_column(Instant)


class EngagementEnd(Base):
    """Why somebody said no or ended early: theirs alone, never shown to the other or to HR."""

    __tablename__ = "engagement_end"

    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id"), primary_key=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    code: Mapped[str] = mapped_column(Secret, comment="one of inputs.END_REASONS; the writer only")
    text: Mapped[str | None] = mapped_column(Secret, comment="the writer only")
    ended_at: Mapped[datetime] = mapped_column(Instant)
