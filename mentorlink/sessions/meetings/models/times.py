"""Times that somebody proposes, for another to choose from."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Secret
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.models.meetings import Meeting, Series

_OPEN = "state = 'open'"


class TimeProposal(Base):
    """One to five times for a meeting to come, or for one that is to move. Nobody's time is held before one is chosen."""

    __tablename__ = "time_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_series.id"))
    meeting_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("meeting.id"), index=True, comment="the meeting that is to move, or that came of it; none: a new one"
    )
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(sa.String(10), default="open", comment="open, taken, declined, withdrawn or replaced")
    minutes: Mapped[int]
    mode: Mapped[str] = mapped_column(sa.String(10))
    place: Mapped[str | None] = mapped_column(Secret, comment="where, which number, or the link; the pair only")
    agenda: Mapped[str | None] = mapped_column(Secret, comment="an item a line; the pair only")
    words: Mapped[str | None] = mapped_column(Secret, comment="what was said with declining; the pair only")
    created_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    series: Mapped[Series] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])
    times: Mapped[list[ProposedTime]] = relationship(back_populates="proposal", order_by="ProposedTime.starts_at")

    __table_args__ = (
        sa.CheckConstraint("state IN ('open', 'taken', 'declined', 'withdrawn', 'replaced')", name="state"),
        sa.CheckConstraint("mode IN ('in_person', 'video', 'phone')", name="mode"),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes"),
        sa.Index("ix_time_proposal_series", "series_id"),
        sa.Index("uq_time_proposal_one_open", "series_id", unique=True,
                 sqlite_where=sa.text(_OPEN), postgresql_where=sa.text(_OPEN)),
    )  # fmt: skip


class ProposedTime(Base):
    """One of the times of a proposal."""

    __tablename__ = "proposed_time"

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("time_proposal.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)

    proposal: Mapped[TimeProposal] = relationship(back_populates="times")
