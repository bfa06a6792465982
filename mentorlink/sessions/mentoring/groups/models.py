"""Rows of groups: a circle that a mentor opens, and who asked, was invited, is in it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.competencies.models import Competency
from mentorlink.kernel.db import Base, Instant, Secret
from mentorlink.people.models import Person
from mentorlink.programmes.models import Programme
from mentorlink.sessions.meetings.models import Series
from mentorlink.sessions.mentoring.models import Mentorship

MOST = 6
"""Mentees that one group has room for."""
_LIVE = "state IN ('asked', 'invited', 'in')"
_IN = "state = 'in'"


class Group(Base):
    """A mentor's circle. Its meetings are shared; goals, stages, private notes and reflections are each mentee's own."""

    __tablename__ = "mentoring_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("programme.id"), comment="whose rules hold for mentorships that begin here"
    )
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_series.id"), unique=True, comment="in which the group meets")
    name: Mapped[str] = mapped_column(sa.String(80), comment="shown to every colleague while it is open")
    about: Mapped[str] = mapped_column(sa.Text, comment="what it works on; shown to every colleague while it is open")
    places: Mapped[int] = mapped_column(comment="mentees that it has room for")
    taken: Mapped[int] = mapped_column(default=0, comment="mentees in it; counted up and down with its members")
    state: Mapped[str] = mapped_column(
        sa.String(8), default="open", comment="open (colleagues may ask), shut (by invitation) or ended"
    )
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    mentor: Mapped[Person] = relationship()
    series: Mapped[Series] = relationship()
    programme: Mapped[Programme | None] = relationship()
    competencies: Mapped[list[Competency]] = relationship(secondary="mentoring_group_competency", order_by=Competency.code)

    __table_args__ = (
        sa.CheckConstraint(f"places BETWEEN 2 AND {MOST}", name="places"),
        sa.CheckConstraint("taken BETWEEN 0 AND places", name="room"),
        sa.CheckConstraint("state IN ('open', 'shut', 'ended')", name="state"),
        sa.Index("ix_mentoring_group_state_made", "state", "made_at"),
    )

    @property
    def room(self) -> int:
        """Free places."""
        return self.places - self.taken


class GroupCompetency(Base):
    """A competency that a group works on."""

    __tablename__ = "mentoring_group_competency"

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("mentoring_group.id"), primary_key=True)
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), primary_key=True, index=True)


class GroupMember(Base):
    """Somebody's way into a group and out of it. One row a try; the newest counts."""

    __tablename__ = "mentoring_group_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("mentoring_group.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    mentorship_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("mentorship.id"), comment="the mentee's own way through the stages; none until they are in"
    )
    state: Mapped[str] = mapped_column(sa.String(10), comment="asked, invited, in, left, declined or withdrawn")
    words: Mapped[str | None] = mapped_column(Secret, comment="why they would like to join; the two only")
    began_at: Mapped[datetime] = mapped_column(Instant, comment="asked or invited")
    joined_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant, comment="declined, withdrawn or left")

    group: Mapped[Group] = relationship()
    person: Mapped[Person] = relationship()
    mentorship: Mapped[Mentorship | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("state IN ('asked', 'invited', 'in', 'left', 'declined', 'withdrawn')", name="state"),
        sa.CheckConstraint("state <> 'in' OR mentorship_id IS NOT NULL", name="on_a_way"),
        sa.Index("ix_mentoring_group_member_person_state", "person_id", "state"),
        sa.Index("uq_mentoring_group_member_live", "group_id", "person_id", unique=True,
                 sqlite_where=sa.text(_LIVE), postgresql_where=sa.text(_LIVE)),
        sa.Index("uq_mentoring_group_member_once", "mentorship_id", unique=True,
                 sqlite_where=sa.text(_IN), postgresql_where=sa.text(_IN)),
    )  # fmt: skip
