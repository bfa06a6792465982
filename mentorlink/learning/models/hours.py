"""Rows of the ledger of learning hours, of the rules behind it, and of certificates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Json
from mentorlink.learning.models.claims import Claim
from mentorlink.people.models import Person


class HoursRule(Base):
    """A version of the table that turns deeds into learning hours (JP). A new version changes no old entry."""

    __tablename__ = "hours_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    valid_from: Mapped[date] = mapped_column(comment="deeds from this day on")
    paths: Mapped[dict[str, dict[str, Any]]] = mapped_column(Json, comment="path code → what learning.rules.PathRule holds")
    giving: Mapped[dict[str, dict[str, Any]]] = mapped_column(Json, comment="deed in a community → path and minutes")
    floor: Mapped[int] = mapped_column(server_default=sa.text("20"), comment="JP a year at least, permanent staff")
    ceiling: Mapped[int] = mapped_column(server_default=sa.text("24"), comment="JP a year at most, contract staff")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="none: shipped")
    made_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(sa.Text, server_default="", comment="why this version; read by everyone")

    made_by: Mapped[Person | None] = relationship()


class HoursEntry(Base):
    """Learning hours of one deed for one person, or a correction of them. Never changed, never deleted.

    The first entry of a deed is turn 0; what a deed counts is the sum over its turns.
    """

    __tablename__ = "hours_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    path: Mapped[str] = mapped_column(sa.String(30))
    happened_on: Mapped[date]
    minutes: Mapped[int] = mapped_column(comment="the fact where it is known, else 0; JP is the rule's answer to it")
    units: Mapped[int] = mapped_column(server_default=sa.text("1"), comment="sessions, days or activities; of a correction 0")
    jp: Mapped[int] = mapped_column(comment="what counts, after the cap; of a correction the difference")
    counted: Mapped[int] = mapped_column(server_default=sa.text("1"), comment="units that count; of a correction the difference")
    capped_from: Mapped[int | None] = mapped_column(comment="what it would have counted without the cap, where that is more")
    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("hours_rule.id"))
    origin: Mapped[str] = mapped_column(sa.String(80), comment="the deed, e.g. meeting:12; credited once per person")
    turn: Mapped[int] = mapped_column(server_default=sa.text("0"), comment="0 the credit, 1 … its corrections")
    reason: Mapped[str] = mapped_column(sa.String(20), server_default="", comment="of a correction: withdrawn or recount")
    claim_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hours_claim.id"), index=True)
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="none: the deed speaks for itself")
    created_at: Mapped[datetime] = mapped_column(Instant)

    rule: Mapped[HoursRule] = relationship()
    claim: Mapped[Claim | None] = relationship()
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])

    __table_args__ = (
        sa.UniqueConstraint("person_id", "origin", "turn"),
        sa.Index("ix_hours_entry_person_day", "person_id", "path", "happened_on"),
        sa.Index("ix_hours_entry_day", "happened_on", "person_id", "jp"),
        sa.CheckConstraint("minutes >= 0 AND (turn > 0 OR (jp >= 0 AND units > 0))", name="amounts"),
        sa.CheckConstraint("(turn = 0) = (reason = '')", name="reason"),
    )

    @property
    def full(self) -> int:
        """JP of the deed without a cap."""
        return self.jp if self.capped_from is None else self.capped_from


class GivenDeed(Base):
    """What somebody gave or got in a community, as a fact: what the ledger makes of it, it can be made of again."""

    __tablename__ = "given_deed"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    deed: Mapped[str] = mapped_column(sa.String(30), comment="a kind of data/giving.csv")
    origin: Mapped[str] = mapped_column(sa.String(80), comment="the deed, e.g. gathering:12; as the ledger names it")
    at: Mapped[datetime] = mapped_column(Instant)
    minutes: Mapped[int] = mapped_column(comment="what it counts for: as long as it lasted, or what such a deed stood for then")
    path: Mapped[str] = mapped_column(sa.String(30), comment="a path of the hours rule")
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant, comment="it was taken back: it counts no more")

    __table_args__ = (
        sa.UniqueConstraint("person_id", "origin"),
        sa.Index("ix_given_deed_at", "at", "person_id"),
        sa.CheckConstraint("minutes >= 0", name="minutes"),
    )


@event.listens_for(HoursEntry, "before_update")
@event.listens_for(HoursEntry, "before_delete")
def _refuse(*_: object) -> None:
    raise RuntimeError("the ledger is only added to")
