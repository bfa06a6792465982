"""Rows about people, where they belong, and what roles they hold."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Json, Words
from mentorlink.kernel.text import initials

STORIES = ("bio", "can_help_with", "wants_to_grow_in")
"""Columns of what people write about themselves at length."""


class Tier(Base):
    """A level of jobs, e.g. JF Ahli Muda."""

    __tablename__ = "tier"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[dict[str, str]] = mapped_column(Words)
    grade: Mapped[int] = mapped_column(comment="order of seniority, higher is more senior; equal grades are equal rank")


class Field(Base):
    """A field of work (bidang), such as public finance."""

    __tablename__ = "field"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[dict[str, str]] = mapped_column(Words)


class Job(Base):
    """A job (jabatan) that people hold."""

    __tablename__ = "position"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[dict[str, str]] = mapped_column(Words)
    tier_id: Mapped[int] = mapped_column(sa.ForeignKey("tier.id"), index=True)
    field_id: Mapped[int | None] = mapped_column(sa.ForeignKey("field.id"), index=True)

    tier: Mapped[Tier] = relationship(lazy="joined")
    field: Mapped[Field | None] = relationship(lazy="joined")


class Unit(Base):
    """An organisation unit (unit kerja) in the tree."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[dict[str, str]] = mapped_column(Words)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(
        sa.String(400), index=True, comment="ids from the root down, '/1/4/'; below = starts with; kept by actions"
    )
    head_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", use_alter=True, name="fk_unit_head_id"), index=True)
    place: Mapped[str | None] = mapped_column(sa.String(80))
    timezone: Mapped[str | None] = mapped_column(sa.String(40), comment="IANA name, default for its people")
    closed_at: Mapped[datetime | None] = mapped_column(Instant, comment="no longer part of the agency; kept for the record")

    parent: Mapped[Unit | None] = relationship(remote_side=[id])
    head: Mapped[Person | None] = relationship(foreign_keys=[head_id], post_update=True)

    @property
    def written(self) -> dict[str, object]:
        """What the form of a unit holds, but where it hangs."""
        names = {f"name_{language}": self.name.get(language, "") for language in ("id", "en")}
        return {"code": self.code, **names, "place": self.place or "", "timezone": self.timezone or ""}


class Person(Base):
    """A person of the agency. The account (how they sign in) is a row of its own."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True, comment="lower case")
    nip: Mapped[str | None] = mapped_column(
        sa.String(18), unique=True, comment="18 digits; gives away birth date and sex: never shown but to the person and HR"
    )
    name: Mapped[str] = mapped_column(sa.String(160), comment="without titles; may be one word")
    folded_name: Mapped[str] = mapped_column(sa.String(160), index=True, comment="kernel.text.fold(name), for search and order")
    title_before: Mapped[str | None] = mapped_column(sa.String(60))
    title_after: Mapped[str | None] = mapped_column(sa.String(80))
    contract: Mapped[str] = mapped_column(sa.String(10), default="pns", comment="pns, pppk or other")
    rank: Mapped[str | None] = mapped_column(sa.String(8), comment="golongan, I/a to IV/e")
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("position.id"), index=True)
    in_field_since: Mapped[int | None] = mapped_column(comment="year in which they began in their field")
    languages: Mapped[list[str]] = mapped_column(Json, default=list, comment="ISO 639 codes")
    place: Mapped[str | None] = mapped_column(sa.String(80))
    timezone: Mapped[str] = mapped_column(sa.String(40), default="Asia/Jakarta", comment="IANA name")
    locale: Mapped[str] = mapped_column(sa.String(5), default="id", comment="language of pages and mails: id or en")
    theme: Mapped[str] = mapped_column(sa.String(5), default="auto", comment="auto, light or dark")
    bio: Mapped[str] = mapped_column(sa.Text, default="")
    can_help_with: Mapped[str] = mapped_column(sa.Text, default="")
    wants_to_grow_in: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="invited", comment="invited, active or disabled")
    of_demo: Mapped[bool] = mapped_column(default=False, comment="made up by the demo; beside anybody else the demo is over")
    created_at: Mapped[datetime] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], lazy="joined", innerjoin=True)
    job: Mapped[Job | None] = relationship(lazy="joined")

    __table_args__ = (
        sa.CheckConstraint("state IN ('invited', 'active', 'disabled')", name="state"),
        sa.CheckConstraint("contract IN ('pns', 'pppk', 'other')", name="contract"),
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.Index("ix_person_state_name", "state", "folded_name", "id"),
    )

    @property
    def full_name(self) -> str:
        """The name with titles, as one writes it."""
        before = f"{self.title_before} " if self.title_before else ""
        return f"{before}{self.name}" + (f", {self.title_after}" if self.title_after else "")

    @property
    def own_words(self) -> dict[str, object]:
        """What the person says about themself."""
        texts = {name: getattr(self, name) or "" for name in ("title_before", "title_after", "place", *STORIES)}
        return {**texts, "in_field_since": self.in_field_since, "languages": list(self.languages), "timezone": self.timezone}

    @property
    def kept_by_hr(self) -> dict[str, object]:
        """What HR keeps of the person."""
        texts = {name: getattr(self, name) or "" for name in ("nip", "title_before", "title_after", "rank", "place")}
        plain = ("name", "email", "contract", "unit_id", "job_id", "in_field_since", "timezone", "locale")
        return {**texts, **{name: getattr(self, name) for name in plain}}

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        return initials(self.name)

    @property
    def field(self) -> Field | None:
        """The field of the job."""
        return self.job.field if self.job else None

    @property
    def is_active(self) -> bool:
        """True for who can sign in."""
        return self.state == "active"


class RoleGrant(Base):
    """A role that somebody was given, for the agency (no unit) or a unit and all below it."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(20))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(Instant)

    unit: Mapped[Unit | None] = relationship(lazy="joined")

    __table_args__ = (
        sa.CheckConstraint("role IN ('mentor', 'coach', 'manager', 'administrator')", name="role"),
        sa.Index("uq_role_grant_scoped", "person_id", "role", "unit_id", unique=True,
                 sqlite_where=sa.text("unit_id IS NOT NULL"), postgresql_where=sa.text("unit_id IS NOT NULL")),
        sa.Index("uq_role_grant_agency", "person_id", "role", unique=True,
                 sqlite_where=sa.text("unit_id IS NULL"), postgresql_where=sa.text("unit_id IS NULL")),
    )  # fmt: skip


class Block(Base):
    """Somebody wants nothing to do with somebody; every list and the matcher obey, in both directions."""

    __tablename__ = "block"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (sa.CheckConstraint("person_id <> blocked_id", name="not_oneself"),)
