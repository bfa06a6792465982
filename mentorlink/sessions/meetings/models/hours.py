"""When people have time, and what already takes it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mentorlink.kernel.db import Base, Instant, Secret


class Hold(Base):
    """Five minutes of somebody that a planned meeting takes. The key is what makes double booking impossible."""

    __tablename__ = "meeting_hold"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="five-minute steps since 1970, UTC")
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), index=True)


class MeetingHabits(Base):
    """How somebody wants to be booked; without a row nobody has said so and office hours are assumed."""

    __tablename__ = "meeting_habits"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    notice_hours: Mapped[int] = mapped_column(default=0, comment="others book at the earliest so long ahead")
    gap_minutes: Mapped[int] = mapped_column(default=0, comment="kept free before and after what is taken")
    said_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        sa.CheckConstraint("notice_hours BETWEEN 0 AND 168", name="notice_hours"),
        sa.CheckConstraint("gap_minutes BETWEEN 0 AND 60", name="gap_minutes"),
    )


class WeeklyHours(Base):
    """A stretch of every week in which somebody may be met, on the clock of their own wall."""

    __tablename__ = "weekly_hours"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="0 Monday … 6 Sunday")
    starts: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="minute of the day")
    ends: Mapped[int] = mapped_column(comment="minute of the day, 1440 is midnight")

    __table_args__ = (
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        sa.CheckConstraint("0 <= starts AND starts < ends AND ends <= 1440", name="span"),
    )


class HoursException(Base):
    """Days on which the weekly hours do not hold: away (wholly or for some hours), or open beyond them."""

    __tablename__ = "hours_exception"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(sa.String(4), comment="away, or open")
    from_on: Mapped[date] = mapped_column(comment="first day, on the person's calendar")
    to_on: Mapped[date] = mapped_column(comment="last day")
    starts: Mapped[int | None] = mapped_column(comment="minute of each day; none: from its beginning")
    ends: Mapped[int | None] = mapped_column(comment="minute of each day; none: to its end")

    __table_args__ = (
        sa.CheckConstraint("kind IN ('away', 'open')", name="kind"),
        sa.CheckConstraint("from_on <= to_on", name="days"),
        sa.CheckConstraint(
            "(starts IS NULL AND ends IS NULL AND kind = 'away')"
            " OR (starts IS NOT NULL AND ends IS NOT NULL AND 0 <= starts AND starts < ends AND ends <= 1440)",
            name="span",
        ),
        sa.Index("ix_hours_exception_person_to", "person_id", "to_on"),
    )


class CalendarSource(Base):
    """A calendar kept elsewhere, of which only the busy times are taken over."""

    __tablename__ = "calendar_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60), comment="what its owner calls it")
    address: Mapped[str | None] = mapped_column(Secret, comment="where it is fetched from; none: it came as a file")
    state: Mapped[str] = mapped_column(sa.String(8), comment="waiting (never read yet), good, or failing")
    fault: Mapped[str | None] = mapped_column(sa.String(40), comment="code of what went wrong last")
    failures: Mapped[int] = mapped_column(default=0, comment="in a row; each doubles the pause")
    due_at: Mapped[datetime | None] = mapped_column(Instant, comment="when it is fetched next; none: never by itself")
    read_at: Mapped[datetime | None] = mapped_column(Instant, comment="when its busy times were taken over last")
    etag: Mapped[str | None] = mapped_column(sa.String(200), comment="what its server called the version that was read")
    created_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting', 'good', 'failing')", name="state"),
        sa.Index("ix_calendar_source_due", "due_at"),
    )


class BusyTime(Base):
    """A stretch in which somebody is taken by something that is none of ours to know."""

    __tablename__ = "busy_time"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("calendar_source.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="span"),
        sa.Index("ix_busy_time_person_ends", "person_id", "ends_at"),
    )


class CalendarFeed(Base):
    """The secret address under which somebody's calendar program reads their sessions."""

    __tablename__ = "calendar_feed"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    token: Mapped[str] = mapped_column(Secret, comment="the owner only; shown again on their page")
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True, comment="finds the feed")
    made_at: Mapped[datetime] = mapped_column(Instant, comment="a renewal makes a new one and ends the old")
