"""A series of people who meet, and their meetings."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Secret
from mentorlink.people.models import Person

if TYPE_CHECKING:
    from mentorlink.sessions.meetings.models.papers import AgendaItem

_STANDING = "state IN ('planned', 'held')"


class Series(Base):
    """People who meet again and again. Why they meet is known to whoever began the series."""

    __tablename__ = "meeting_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(10), default="open", comment="open, paused (nothing new is planned) or closed")
    host_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id"),
        comment="who alone plans, moves, calls off and says how it went, where several meet; none: each member does",
    )
    takes_actions: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="false: what is taken on in its meetings is written down elsewhere"
    )
    created_at: Mapped[datetime] = mapped_column(Instant)

    members: Mapped[list[SeriesMember]] = relationship(back_populates="series", order_by="SeriesMember.person_id")

    __table_args__ = (sa.CheckConstraint("state IN ('open', 'paused', 'closed')", name="state"),)


class SeriesMember(Base):
    """Somebody who meets in a series: the only ones who see what it holds."""

    __tablename__ = "meeting_series_member"

    series_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_series.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    since: Mapped[datetime | None] = mapped_column(
        Instant, comment="who came later sees what begins from then on; none: was there from the beginning"
    )

    series: Mapped[Series] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()


class Meeting(Base):
    """One meeting of a series: planned, then held, cancelled or missed."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_series.id"))
    number: Mapped[int] = mapped_column(comment="1, 2, 3 … within the series, in the order they were planned")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    minutes: Mapped[int]
    mode: Mapped[str] = mapped_column(sa.String(10))
    place: Mapped[str | None] = mapped_column(Secret, comment="where to meet, which number, or the video link; the pair only")
    state: Mapped[str] = mapped_column(sa.String(10), default="planned")
    revision: Mapped[int] = mapped_column(
        default=0, comment="how often time or place changed, its cancelling included; a calendar's SEQUENCE"
    )
    changed_at: Mapped[datetime | None] = mapped_column(Instant, comment="when that was; none: never")
    uid: Mapped[str] = mapped_column(sa.String(32), default=lambda: uuid.uuid4().hex, comment="its name in calendars, for good")
    zone: Mapped[str | None] = mapped_column(sa.String(40), comment="IANA name of the clock it was planned on")
    run_uid: Mapped[str | None] = mapped_column(
        sa.String(32), index=True, comment="shared by the meetings that were booked in one go; the name of their repetition"
    )
    run_at: Mapped[datetime | None] = mapped_column(Instant, comment="when it was to begin as one of the repetition")
    run_weeks: Mapped[int | None] = mapped_column(comment="weeks from one of the repetition to the next")
    logged: Mapped[bool] = mapped_column(default=False, comment="written down afterwards, never planned")
    of_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("meeting.id"), comment="the meeting of several people that this one stands for in a pair's own series"
    )
    summary: Mapped[str | None] = mapped_column(Secret, comment="what it came to, in a few lines; the pair only")
    notes_version: Mapped[int] = mapped_column(default=0, comment="number of the newest revision of the shared notes")
    planned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant, comment="when it was marked held, cancelled or missed")
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Instant, comment="noted as held, and taken back then; it is cancelled")
    reason: Mapped[str | None] = mapped_column(Secret, comment="why cancelled or missed; the pair only")
    absent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="who did not come; none = nobody did")

    series: Mapped[Series] = relationship()
    agenda: Mapped[list[AgendaItem]] = relationship(back_populates="meeting", order_by="(AgendaItem.position, AgendaItem.id)")
    attendance: Mapped[list[MeetingAttendance]] = relationship(back_populates="meeting", order_by="MeetingAttendance.person_id")

    __table_args__ = (
        sa.CheckConstraint("state IN ('planned', 'held', 'cancelled', 'missed')", name="state"),
        sa.CheckConstraint("mode IN ('in_person', 'video', 'phone')", name="mode"),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes"),
        sa.CheckConstraint("of_id IS NULL OR state = 'held'", name="stands_for_what_was_held"),
        sa.UniqueConstraint("series_id", "number"),
        sa.Index("uq_meeting_stands_once", "of_id", "series_id", unique=True,
                 sqlite_where=sa.text("of_id IS NOT NULL"), postgresql_where=sa.text("of_id IS NOT NULL")),
        sa.Index("ix_meeting_series_time", "series_id", "state", "starts_at"),
        sa.Index("ix_meeting_state_time", "state", "starts_at", "series_id"),
        sa.Index("uq_meeting_one_at_a_time", "series_id", "starts_at", unique=True,
                 sqlite_where=sa.text(_STANDING), postgresql_where=sa.text(_STANDING)),
    )  # fmt: skip

    @property
    def ends_at(self) -> datetime:
        """When it is over, by plan."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def away_ids(self) -> set[int]:
        """Who said beforehand that they cannot come."""
        return {row.person_id for row in self.attendance if row.state == "excused"}

    @property
    def present_ids(self) -> set[int]:
        """Who was there, where that is counted."""
        return {row.person_id for row in self.attendance if row.state == "present"}


class MeetingAttendance(Base):
    """Whether one person comes, or came, to a meeting of several; a meeting of two has none of these."""

    __tablename__ = "meeting_attendance"

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    state: Mapped[str] = mapped_column(sa.String(8), comment="excused (cannot come), present or absent")
    said_at: Mapped[datetime] = mapped_column(Instant)

    meeting: Mapped[Meeting] = relationship(back_populates="attendance")

    __table_args__ = (sa.CheckConstraint("state IN ('excused', 'present', 'absent')", name="state"),)
