"""Rows of requests: who asked whom, and what came of it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.competencies.models import Competency
from mentorlink.kernel.db import Base, Instant, Secret, one_of
from mentorlink.pairing.models.offers import Offer
from mentorlink.pairing.stages import DECLINE_REASONS, OFFER_ENDED, OPEN, STATES
from mentorlink.people.models import Person
from mentorlink.programmes.models import Programme
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.mentoring.models import Mentorship

_REQUEST_IS_OPEN = sa.text(one_of("state", OPEN))


class Request(Base):
    """Somebody asks somebody. Open while it is sent or asked back; what closed it stays."""

    __tablename__ = "request"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="who asks")
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    client_id: Mapped[str] = mapped_column(sa.String(40), comment="made with the form: the same form sent twice is one request")
    state: Mapped[str] = mapped_column(sa.String(12), default="sent")
    message: Mapped[str] = mapped_column(Secret, comment="to the mentor; the two alone read it")
    sent_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, comment="returns to its sender then; each move puts it off")
    replied_at: Mapped[datetime | None] = mapped_column(Instant, comment="first sign of the mentor: question, yes or no")
    closed_at: Mapped[datetime | None] = mapped_column(Instant, comment="accepted, declined, withdrawn or expired")
    decline_reason: Mapped[str | None] = mapped_column(sa.String(12))
    decline_words: Mapped[str | None] = mapped_column(Secret, comment="a few words to who asked; the two alone read them")
    mentorship_id: Mapped[int | None] = mapped_column(sa.ForeignKey("mentorship.id"), index=True, comment="what came of it")
    engagement_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("engagement.id"), index=True, comment="what came of it, where it was about coaching"
    )
    ended_at: Mapped[datetime | None] = mapped_column(Instant, comment="the pair that came of it is over, its place free again")

    offer: Mapped[Offer] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    programme: Mapped[Programme | None] = relationship()
    mentorship: Mapped[Mentorship | None] = relationship()
    engagement: Mapped[Engagement | None] = relationship()
    competencies: Mapped[list[RequestCompetency]] = relationship(back_populates="request", cascade="all, delete-orphan")
    thread: Mapped[list[RequestMessage]] = relationship(back_populates="request", order_by="RequestMessage.id")

    __table_args__ = (
        sa.CheckConstraint(one_of("state", STATES), name="state"),
        sa.CheckConstraint(one_of("decline_reason", (*DECLINE_REASONS, OFFER_ENDED)), name="decline_reason"),
        sa.CheckConstraint(f"({one_of('state', OPEN)}) = (closed_at IS NULL)", name="closed_or_open"),
        sa.UniqueConstraint("person_id", "client_id"),
        sa.Index("uq_request_open", "person_id", "offer_id", unique=True,
                 sqlite_where=_REQUEST_IS_OPEN, postgresql_where=_REQUEST_IS_OPEN),
        sa.Index("ix_request_waiting", "expires_at", sqlite_where=_REQUEST_IS_OPEN, postgresql_where=_REQUEST_IS_OPEN),
    )  # fmt: skip

    @property
    def is_open(self) -> bool:
        """True while somebody still has to answer."""
        return self.state in OPEN

    @property
    def mentor_id(self) -> int:
        """Who is asked."""
        return self.offer.person_id


class RequestCompetency(Base):
    """A competency that the asker wants to grow in with this mentor."""

    __tablename__ = "request_competency"

    request_id: Mapped[int] = mapped_column(sa.ForeignKey("request.id"), primary_key=True)
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), primary_key=True, index=True)

    request: Mapped[Request] = relationship(back_populates="competencies")
    competency: Mapped[Competency] = relationship(lazy="joined", innerjoin=True)


class RequestMessage(Base):
    """A question of the mentor, or the asker's answer."""

    __tablename__ = "request_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("request.id"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(sa.String(10), comment="question or answer")
    body: Mapped[str] = mapped_column(Secret, comment="the two alone read it")
    created_at: Mapped[datetime] = mapped_column(Instant)

    request: Mapped[Request] = relationship(back_populates="thread")
    author: Mapped[Person] = relationship()

    __table_args__ = (sa.CheckConstraint(one_of("kind", ("question", "answer")), name="kind"),)
