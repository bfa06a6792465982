"""Rows of what a community knows: questions and who was asked, pages with their versions, a library of material."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from mentorlink.community.models.communities import Community
from mentorlink.community.models.rooms import Topic
from mentorlink.competencies.models import Competency
from mentorlink.kernel.db import Base, Instant
from mentorlink.people.models import Person


class TopicQuestion(Base):
    """A topic that asks something; it is answered when an answer is accepted."""

    __tablename__ = "community_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), index=True)
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"), unique=True)
    competency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("competency.id"), index=True, comment="what it is about")
    asker_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    accepted_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id"), index=True, comment="the answer that helped")
    accepted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)

    community: Mapped[Community] = relationship()
    topic: Mapped[Topic] = relationship()
    competency: Mapped[Competency | None] = relationship()

    __table_args__ = (sa.CheckConstraint("(accepted_id IS NULL) = (accepted_at IS NULL)", name="accepted"),)


class HelpAsked(Base):
    """Somebody strong in the competency was asked to answer a question that nobody had answered."""

    __tablename__ = "help_asked"

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("community_question.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(sa.String(8), default="asked")

    person: Mapped[Person] = relationship()
    question: Mapped[TopicQuestion] = relationship()

    __table_args__ = (sa.CheckConstraint("state IN ('asked', 'declined', 'taken')", name="state"),)


class Helper(Base):
    """When somebody was last asked, and until when they do not wish to be. Who asks claims the week by an UPDATE here."""

    __tablename__ = "helper"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    asked_at: Mapped[datetime | None] = mapped_column(Instant, comment="never twice within a week")
    paused_until: Mapped[date | None] = mapped_column(comment="asked nothing until then")


class KnowledgePage(Base):
    """A page of knowledge. It stands in its newest version; who does not belong reads the version that was reviewed."""

    __tablename__ = "knowledge_page"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"))
    topic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"), unique=True, comment="the talk it was made from")
    title: Mapped[str] = mapped_column(sa.String(160))
    folded_title: Mapped[str] = mapped_column(sa.String(160), comment="kernel.text.fold(title)")
    body: Mapped[str] = mapped_column(sa.Text, comment="Markdown")
    html: Mapped[str] = mapped_column(sa.Text, comment="body rendered and cleaned when it was written")
    version: Mapped[int] = mapped_column(default=1, comment="grows with each edit; an edit of an older one is refused")
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    open_to: Mapped[str] = mapped_column(sa.String(8), default="members", comment="who reads the reviewed: members or agency")
    reviewed_version: Mapped[int | None] = mapped_column(comment="the newest version that an expert has reviewed")
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    review_on: Mapped[date | None] = mapped_column(index=True, comment="when it is to be looked at again")
    returned_note: Mapped[str] = mapped_column(sa.Text, default="", comment="of a page sent back: what is missing")
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)

    community: Mapped[Community] = relationship()
    reviewed_by: Mapped[Person | None] = relationship(foreign_keys=[reviewed_by_id])
    authors: Mapped[list[Person]] = relationship(secondary="knowledge_author", order_by=Person.folded_name, viewonly=True)
    competencies: Mapped[list[Competency]] = relationship(secondary="knowledge_competency", viewonly=True)

    __table_args__ = (
        sa.UniqueConstraint("community_id", "folded_title"),
        sa.CheckConstraint("state IN ('draft', 'in_review', 'reviewed', 'withdrawn')", name="state"),
        sa.CheckConstraint("open_to IN ('members', 'agency')", name="open_to"),
        sa.CheckConstraint("(reviewed_version IS NULL) = (reviewed_at IS NULL)", name="reviewed"),
    )


class PageVersion(Base):
    """A page as somebody left it."""

    __tablename__ = "knowledge_version"

    page_id: Mapped[int] = mapped_column(sa.ForeignKey("knowledge_page.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(sa.String(160))
    body: Mapped[str] = mapped_column(sa.Text)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)

    by: Mapped[Person] = relationship()


class PageAuthor(Base):
    """Somebody whose words stand in a page."""

    __tablename__ = "knowledge_author"

    page_id: Mapped[int] = mapped_column(sa.ForeignKey("knowledge_page.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)


class PageCompetency(Base):
    """A page helps with a competency."""

    __tablename__ = "knowledge_competency"

    page_id: Mapped[int] = mapped_column(sa.ForeignKey("knowledge_page.id"), primary_key=True)
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), primary_key=True, index=True)


class Material(Base):
    """Something in the library of a community: an address elsewhere, a document, or a page."""

    __tablename__ = "material"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    title: Mapped[str] = mapped_column(sa.String(160))
    about: Mapped[str] = mapped_column(sa.String(400), default="", comment="what one finds in it")
    link: Mapped[str | None] = mapped_column(sa.String(500), comment="never fetched from here")
    page_id: Mapped[int | None] = mapped_column(sa.ForeignKey("knowledge_page.id"), index=True)
    name: Mapped[str | None] = mapped_column(sa.String(120), comment="of a document: what the file was called")
    media_type: Mapped[str | None] = mapped_column(sa.String(80))
    size: Mapped[int | None] = mapped_column(comment="bytes")
    content: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    open_to: Mapped[str] = mapped_column(sa.String(8), default="members")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)

    community: Mapped[Community] = relationship()
    by: Mapped[Person] = relationship()
    page: Mapped[KnowledgePage | None] = relationship()
    competencies: Mapped[list[Competency]] = relationship(secondary="material_competency", viewonly=True)

    __table_args__ = (
        sa.CheckConstraint("kind IN ('link', 'page', 'document')", name="kind"),
        sa.CheckConstraint("open_to IN ('members', 'agency')", name="open_to"),
        sa.CheckConstraint("(kind = 'link') = (link IS NOT NULL)", name="link"),
        sa.CheckConstraint("(kind = 'page') = (page_id IS NOT NULL)", name="page"),
        sa.CheckConstraint("(kind = 'document') = (content IS NOT NULL)", name="document"),
    )


class MaterialCompetency(Base):
    """Material helps with a competency: a gap points to it."""

    __tablename__ = "material_competency"

    material_id: Mapped[int] = mapped_column(sa.ForeignKey("material.id"), primary_key=True)
    competency_id: Mapped[int] = mapped_column(sa.ForeignKey("competency.id"), primary_key=True, index=True)


class MaterialUse(Base):
    """Something points to material: a gathering of the community, a session of two, a line of a plan."""

    __tablename__ = "material_use"

    material_id: Mapped[int] = mapped_column(sa.ForeignKey("material.id"), primary_key=True)
    about: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    about_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="id of the gathering, session or line")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)

    material: Mapped[Material] = relationship()

    __table_args__ = (
        sa.CheckConstraint("about IN ('gathering', 'meeting', 'plan_line')", name="about"),
        sa.Index("ix_material_use_about", "about", "about_id"),
    )
