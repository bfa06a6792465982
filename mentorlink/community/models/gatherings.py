"""Rows of gatherings: when a community meets, who comes, what is talked about and what follows from it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.community.models.communities import Community
from mentorlink.community.stages import ATTENDANCE_STATES, GATHERING_STATES, MODES
from mentorlink.kernel.db import Base, Instant, Secret, one_of
from mentorlink.people.models import Person


class Gathering(Base):
    """A meeting of a community. A planned one turns into a held one when its host says so; that is when it counts."""

    __tablename__ = "gathering"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"))
    title: Mapped[str] = mapped_column(sa.String(160))
    about: Mapped[str] = mapped_column(sa.Text, default="", comment="what for; with the invitation")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    minutes: Mapped[int]
    mode: Mapped[str] = mapped_column(sa.String(10))
    place: Mapped[str] = mapped_column(sa.String(300), default="", comment="where, or the link of the call")
    places: Mapped[int | None] = mapped_column(comment="so many may come; none: everybody")
    taken: Mapped[int] = mapped_column(default=0, comment="places promised; raised by a conditional UPDATE")
    host_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True, comment="who leads it; members take turns")
    state: Mapped[str] = mapped_column(sa.String(10), default="planned")
    code: Mapped[str] = mapped_column(sa.String(6), comment="digits shown in the room; who types them was there")
    minutes_text: Mapped[str | None] = mapped_column(Secret, comment="the minutes, for members; encrypted")
    minutes_version: Mapped[int] = mapped_column(default=0, comment="rises with every save; a stale one is refused")
    minutes_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    held_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(sa.String(400), default="", comment="why it was cancelled; empty: the community closed")
    round_open: Mapped[bool] = mapped_column(default=False, comment="a round of talk is going on")
    revision: Mapped[int] = mapped_column(default=0, comment="rises with every other time or place, for calendar programs")
    changed_at: Mapped[datetime | None] = mapped_column(Instant, comment="when it was last moved or called off")
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)

    community: Mapped[Community] = relationship()
    host: Mapped[Person] = relationship(foreign_keys=[host_id])

    __table_args__ = (
        sa.Index("ix_gathering_community_day", "community_id", "starts_at"),
        sa.CheckConstraint(one_of("state", GATHERING_STATES), name="state"),
        sa.CheckConstraint(one_of("mode", MODES), name="mode"),
        sa.CheckConstraint("minutes BETWEEN 10 AND 600", name="minutes"),
        sa.CheckConstraint("taken >= 0 AND (places IS NULL OR taken <= places)", name="places"),
        sa.CheckConstraint("(state = 'held') = (held_at IS NOT NULL)", name="held"),
    )


class AgendaPoint(Base):
    """One thing to talk about."""

    __tablename__ = "gathering_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    gathering_id: Mapped[int] = mapped_column(sa.ForeignKey("gathering.id"), index=True)
    text: Mapped[str] = mapped_column(sa.String(300))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    done_at: Mapped[datetime | None] = mapped_column(Instant)

    by: Mapped[Person] = relationship(lazy="raise")


class Attendance(Base):
    """Whether a member means to come, and whether they came."""

    __tablename__ = "attendance"

    gathering_id: Mapped[int] = mapped_column(sa.ForeignKey("gathering.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    state: Mapped[str] = mapped_column(sa.String(10), comment="going, waiting for a place, or not going")
    answered_at: Mapped[datetime] = mapped_column(Instant, comment="who waits longest moves up first")
    present_at: Mapped[datetime | None] = mapped_column(Instant)
    noted_by: Mapped[str | None] = mapped_column(sa.String(6), comment="how one knows: the code, or the host")
    turn: Mapped[int] = mapped_column(default=0, comment="how often it was taken back that they were there")

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        sa.CheckConstraint(one_of("state", ATTENDANCE_STATES), name="state"),
        sa.CheckConstraint("noted_by IN ('code', 'host')", name="noted_by"),
        sa.CheckConstraint("(present_at IS NULL) = (noted_by IS NULL)", name="present"),
    )


class CodeTry(Base):
    """How often somebody has typed a wrong code of a gathering: after a few they wait, so that nobody guesses it."""

    __tablename__ = "gathering_code_try"

    gathering_id: Mapped[int] = mapped_column(sa.ForeignKey("gathering.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    tries: Mapped[int] = mapped_column(default=0, comment="wrong ones since the last wait")
    last_at: Mapped[datetime] = mapped_column(Instant)


class FollowUp(Base):
    """What somebody does after a gathering, until when."""

    __tablename__ = "gathering_follow_up"

    id: Mapped[int] = mapped_column(primary_key=True)
    gathering_id: Mapped[int] = mapped_column(sa.ForeignKey("gathering.id"), index=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(sa.String(300))
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(sa.String(8), default="open")
    settled_at: Mapped[datetime | None] = mapped_column(Instant)

    owner: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),)


class Hand(Base):
    """A turn in the round of talk of a gathering: asked for, then spoken, then over."""

    __tablename__ = "gathering_hand"

    id: Mapped[int] = mapped_column(primary_key=True)
    gathering_id: Mapped[int] = mapped_column(sa.ForeignKey("gathering.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    raised_at: Mapped[datetime] = mapped_column(Instant)
    began_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant, comment="spoken, or the hand was taken down")

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        sa.Index("ix_gathering_hand_gathering_id", "gathering_id"),
        sa.Index("uq_gathering_hand_open", "gathering_id", "person_id", unique=True,
                 sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")),
        sa.Index("uq_gathering_hand_speaking", "gathering_id", unique=True,
                 sqlite_where=sa.text("began_at IS NOT NULL AND ended_at IS NULL"),
                 postgresql_where=sa.text("began_at IS NOT NULL AND ended_at IS NULL")),
    )  # fmt: skip
