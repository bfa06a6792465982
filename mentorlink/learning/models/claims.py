"""Rows of what people claim as learning, and the evidence for it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Secret, one_of
from mentorlink.learning.models.plans import PlanLine
from mentorlink.learning.stages import CLAIM_STATES
from mentorlink.people.models import Person


class Claim(Base):
    """Something learned outside MentorLink, claimed with evidence; the superior decides."""

    __tablename__ = "hours_claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(sa.String(64), comment="made by the form; the same sending twice is one claim")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(sa.String(12), default="sent")
    path: Mapped[str] = mapped_column(sa.String(30))
    activity: Mapped[str] = mapped_column(sa.String(200))
    folded_activity: Mapped[str] = mapped_column(sa.String(200), comment="kernel.text.fold(activity)")
    provider: Mapped[str] = mapped_column(sa.String(160), default="")
    certificate_no: Mapped[str] = mapped_column(sa.String(80), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    minutes: Mapped[int | None]
    units: Mapped[int | None] = mapped_column(comment="sessions, days or activities, as the path counts")
    stated_jp: Mapped[int | None] = mapped_column(comment="what the certificate states; wins over the table")
    abroad: Mapped[bool] = mapped_column(default=False)
    link: Mapped[str | None] = mapped_column(sa.String(500), comment="evidence elsewhere; never fetched from here")
    plan_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan_line.id", ondelete="SET NULL"), index=True)
    sent_at: Mapped[datetime] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column(default=1, comment="rises with every sending; who decides says which one they read")
    decision_note: Mapped[str | None] = mapped_column(
        Secret, comment="what the superior says; those who may see the claim read it"
    )

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    evidence: Mapped[Evidence | None] = relationship(back_populates="claim")
    plan_line: Mapped[PlanLine | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("person_id", "client_id"),
        sa.CheckConstraint(one_of("state", CLAIM_STATES), name="state"),
        sa.CheckConstraint("starts_on <= ends_on", name="days"),
        sa.CheckConstraint("minutes > 0 AND units > 0 AND stated_jp > 0", name="amounts"),
        sa.Index("ix_hours_claim_state", "state", "id"),
    )


class Evidence(Base):
    """A file that shows what a claim says. Given out as an attachment under a random name, to who may see the claim."""

    __tablename__ = "hours_evidence"

    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("hours_claim.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), comment="what the file was called")
    stored_name: Mapped[str] = mapped_column(sa.String(60), unique=True, comment="random; what it is called when taken away")
    kind: Mapped[str] = mapped_column(sa.String(4), comment="pdf, png or jpg, by its first bytes")
    size: Mapped[int] = mapped_column(comment="bytes")
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    content: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary, nullable=False))
    uploaded_at: Mapped[datetime] = mapped_column(Instant)

    claim: Mapped[Claim] = relationship(back_populates="evidence")

    __table_args__ = (sa.CheckConstraint("kind IN ('pdf', 'png', 'jpg')", name="kind"),)
