"""What people write down around a meeting."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Json, Secret
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.models.meetings import Meeting


class AgendaItem(Base):
    """A thing to talk about; every member adds, orders and ticks."""

    __tablename__ = "agenda_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Secret, comment="the pair only")
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    done_at: Mapped[datetime | None] = mapped_column(Instant)

    meeting: Mapped[Meeting] = relationship(back_populates="agenda")


class NotesRevision(Base):
    """The shared notes of a meeting over two minutes of writing. The newest number counts; older ones stay readable."""

    __tablename__ = "meeting_notes"

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Secret, comment="the pair only")
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="who wrote last in it")
    author_ids: Mapped[list[int]] = mapped_column(Json, comment="ids of everybody who wrote in it")
    began_at: Mapped[datetime] = mapped_column(Instant)
    saved_at: Mapped[datetime] = mapped_column(Instant)

    author: Mapped[Person | None] = relationship()


class PrivateNote(Base):
    """What one person wrote for themselves about a meeting. Read by its writer alone, through every door."""

    __tablename__ = "private_note"

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Secret, comment="the writer only")
    version: Mapped[int] = mapped_column(default=1, comment="1, 2, 3 …: what is saved on an older one is refused and shown")
    saved_at: Mapped[datetime] = mapped_column(Instant)


class ActionItem(Base):
    """Something that somebody promised to do. Open ones carry over to every later meeting of the series."""

    __tablename__ = "action_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_series.id"))
    meeting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting.id"), index=True, comment="where it was agreed")
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Secret, comment="the pair only")
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(sa.String(10), default="open", comment="open, done or dropped")
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)

    owner: Mapped[Person] = relationship(foreign_keys=[owner_id])
    meeting: Mapped[Meeting | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),
        sa.Index("ix_action_item_series_state", "series_id", "state"),
    )
