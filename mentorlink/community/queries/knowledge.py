"""Reads about questions, pages and material."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.community.models.communities import Community, Membership
from mentorlink.community.models.knowledge import (
    HelpAsked,
    Helper,
    KnowledgePage,
    Material,
    MaterialCompetency,
    MaterialUse,
    PageCompetency,
    PageVersion,
    TopicQuestion,
)
from mentorlink.community.models.messages import Message
from mentorlink.community.models.rooms import Topic
from mentorlink.community.policy import knowledge as policy
from mentorlink.community.policy.lives import may_see_inside
from mentorlink.community.queries.communities import barred_of
from mentorlink.community.queries.lives import with_person
from mentorlink.community.rules import knowledge as rules
from mentorlink.community.rules.messages import unlink_names
from mentorlink.competencies.models import Competency, CurrentLevel
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.text import fold
from mentorlink.people.models import Person
from mentorlink.people.queries import blocked_with
from mentorlink.sessions.meetings.queries import free_among

LISTED = 40
LOOKED_AT = 400
"""So many of the strongest in a competency are looked at for one question."""


@dataclass(frozen=True)
class Thread:
    """A topic as the page of its question shows it."""

    messages: tuple[Message, ...]
    asked: tuple[HelpAsked, ...]
    page: KnowledgePage | None
    more: bool = False
    """More was said after these."""


def question_of(topic_id: int) -> TopicQuestion | None:
    """What a topic asks, if it asks something."""
    return db.session.scalar(sa.select(TopicQuestion).where(TopicQuestion.topic_id == topic_id))


def lines_of(topic_id: int, *, limit: int) -> list[rules.Line]:
    """All words of a topic, oldest first, with who wrote them."""
    said = sa.select(Message.id, Message.body, Message.author_id).where(
        Message.topic_id == topic_id, Message.deleted_at.is_(None), Message.body != ""
    )
    rows = db.session.execute(said.order_by(Message.seq).limit(limit))
    return [rules.Line(row.id, unlink_names(row.body), row.author_id) for row in rows]


def free_title(community_id: int, title: str) -> str:
    """The title, or with a number behind it where the community has a page of that name."""
    names = [title, *(f"{title} ({number})" for number in range(2, 100))]
    folded = [fold(name) for name in names]
    there = sa.select(KnowledgePage.folded_title).where(
        KnowledgePage.community_id == community_id, KnowledgePage.folded_title.in_(folded)
    )
    taken = set(db.session.scalars(there))
    return next((name for name, key in zip(names, folded, strict=True) if key not in taken), title)


def thread_for(actor: Actor, topic: Topic, *, after: int = 0, limit: int = 100) -> Thread:
    """The words of a topic beyond number ``after``, who was asked to help, and the page made of it."""
    found = (
        sa.select(Message)
        .where(Message.topic_id == topic.id, Message.deleted_at.is_(None), Message.seq > after)
        .options(with_person(Message.author))
        .order_by(Message.seq)
        .limit(limit + 1)
    )
    messages = list(db.session.scalars(found))
    asked = (
        sa.select(HelpAsked).join(TopicQuestion).where(TopicQuestion.topic_id == topic.id).options(with_person(HelpAsked.person))
    )
    page = db.session.scalar(sa.select(KnowledgePage).where(KnowledgePage.topic_id == topic.id))
    if page is not None and not policy.may_see_page(actor, page):
        page = None
    helpers = tuple(db.session.scalars(asked.order_by(HelpAsked.asked_at)))
    return Thread(tuple(messages[:limit]), helpers, page, more=len(messages) > limit)


def questions_for(actor: Actor, community: Community, *, limit: int = LISTED) -> list[TopicQuestion]:
    """Questions of a community, those without an answer first."""
    if not may_see_inside(actor, community):
        raise NotFound()
    return list(
        db.session.scalars(
            sa.select(TopicQuestion)
            .where(TopicQuestion.community_id == community.id)
            .options(joinedload(TopicQuestion.topic), joinedload(TopicQuestion.competency))
            .order_by(TopicQuestion.accepted_at.is_not(None), TopicQuestion.id.desc())
            .limit(limit)
        )
    )


def help_asked_of(actor: Actor) -> list[HelpAsked]:
    """Questions that wait for the actor's help, of communities to which they belong or that they may join."""
    mine = sa.select(Membership.community_id).where(Membership.person_id == actor.person_id)
    rows = db.session.execute(
        sa.select(HelpAsked, TopicQuestion.community_id.in_(mine))
        .join(HelpAsked.question)
        .join(Community, Community.id == TopicQuestion.community_id)
        .where(HelpAsked.person_id == actor.person_id, HelpAsked.state == "asked", TopicQuestion.accepted_id.is_(None))
        .where(TopicQuestion.asker_id.not_in(blocked_with(actor.person_id or 0)))
        .where(sa.or_(TopicQuestion.community_id.in_(mine), Community.joining == "open"))
        .options(joinedload(HelpAsked.question).joinedload(TopicQuestion.topic))
        .order_by(HelpAsked.asked_at.desc())
        .limit(20)
    )
    return [asked for asked, belongs in rows.all() if belongs or policy.may_answer_help(actor, asked)]


def help_for(actor: Actor, question_id: int) -> HelpAsked:
    """That the actor was asked to answer this question, and may still."""
    asked = db.session.get(HelpAsked, (question_id, actor.person_id or 0))
    if asked is None or not policy.may_answer_help(actor, asked):
        raise NotFound()
    return asked


def asked_again_on(actor: Actor) -> date | None:
    """The day until which the actor is asked nothing; None for who is asked."""
    helper = db.session.get(Helper, actor.person_id or 0)
    until = helper.paused_until if helper else None
    return until if until and until > clock.today() else None


def last_said(question: TopicQuestion) -> rules.Said:
    """When the asker, and when anybody else, last spoke since it was asked."""
    theirs = Message.author_id == question.asker_id
    row = db.session.execute(
        sa.select(
            sa.func.max(sa.case((theirs, Message.created_at))), sa.func.max(sa.case((sa.not_(theirs), Message.created_at)))
        ).where(
            Message.topic_id == question.topic_id, Message.created_at > question.asked_at, Message.deleted_at.is_(None)
        )
    ).one()  # fmt: skip
    return rules.Said(*row)


def candidates_of(question: TopicQuestion) -> list[rules.Candidate]:
    """The strongest in the question's competency who may read it: members, and in an open community every colleague."""
    community = db.session.get_one(Community, question.community_id)
    belongs = sa.select(Membership.person_id).where(Membership.community_id == community.id)
    asker = db.session.get_one(Person, question.asker_id)
    query = (
        sa.select(Person.id, CurrentLevel.level, Person.id.in_(belongs).label("member"), Person.unit_id)
        .join(CurrentLevel, CurrentLevel.person_id == Person.id)
        .where(
            CurrentLevel.competency_id == question.competency_id,
            CurrentLevel.level >= rules.LEAST_LEVEL,
            Person.state == "active",
            Person.id != question.asker_id,
            Person.id.not_in(sa.select(HelpAsked.person_id).where(HelpAsked.question_id == question.id)),
            sa.true() if community.joining == "open" else Person.id.in_(belongs),
        )
        .order_by(CurrentLevel.level.desc(), Person.id.in_(belongs).desc(), Person.id)
        .limit(LOOKED_AT)
    )
    away = blocked_with(question.asker_id) | barred_of(community.id)
    return [
        rules.Candidate(row.id, row.level, bool(row.member), row.unit_id == asker.unit_id)
        for row in db.session.execute(query)
        if row.id not in away
    ]


def with_room(person_ids: Collection[int]) -> set[int]:
    """Of these, who has time today, was not asked within the week and has not asked for a pause.

    Time is what their hours and calendars leave free of planned sessions until this time tomorrow.
    """
    instant = clock.now()
    today, since = clock.today(), instant - rules.ASKED_ONCE_IN
    busy = sa.select(Helper.person_id).where(
        Helper.person_id.in_(person_ids), sa.or_(Helper.asked_at > since, Helper.paused_until >= today)
    )
    rested = set(person_ids) - set(db.session.scalars(busy))
    return free_among(rested, instant, instant + timedelta(days=1), minutes=rules.ANSWER_MINUTES) if rested else set()


def page_for(actor: Actor, page_id: int) -> KnowledgePage:
    """A page that the actor may read."""
    page = db.session.scalar(
        sa.select(KnowledgePage)
        .where(KnowledgePage.id == page_id)
        .options(
            joinedload(KnowledgePage.community),
            selectinload(KnowledgePage.authors),
            selectinload(KnowledgePage.competencies),
            joinedload(KnowledgePage.reviewed_by),
        )
    )
    if page is None or not policy.may_see_page(actor, page):
        raise NotFound()
    return page


def shown_version(actor: Actor, page: KnowledgePage) -> PageVersion | None:
    """The version that a stranger reads, where it is not the newest one."""
    if may_see_inside(actor, page.community) or page.reviewed_version in (None, page.version):
        return None
    return db.session.get(PageVersion, (page.id, page.reviewed_version))


def versions_for(actor: Actor, page: KnowledgePage) -> list[PageVersion]:
    """How a page came about, newest first; for members."""
    if not may_see_inside(actor, page.community):
        raise NotFound()
    return list(
        db.session.scalars(
            sa.select(PageVersion)
            .where(PageVersion.page_id == page.id)
            .options(with_person(PageVersion.by))
            .order_by(PageVersion.number.desc())
            .limit(200)
        )
    )


def pages_for(actor: Actor, community: Community, *, limit: int = LISTED) -> list[KnowledgePage]:
    """Pages of a community: those that wait first, then by title."""
    if not may_see_inside(actor, community):
        raise NotFound()
    waits = sa.case({"in_review": 0, "draft": 1, "reviewed": 2}, value=KnowledgePage.state, else_=3)
    query = sa.select(KnowledgePage).where(KnowledgePage.community_id == community.id)
    return list(
        db.session.scalars(
            query.options(selectinload(KnowledgePage.authors)).order_by(waits, KnowledgePage.folded_title).limit(limit)
        )
    )


def library_for(actor: Actor, *, competency_id: int | None = None, text: str = "", community: Community | None = None,
                limit: int = LISTED) -> tuple[list[KnowledgePage], list[Material]]:  # fmt: skip
    """Reviewed pages and material that the actor may read, newest first: for a competency, with a word, of a community."""
    mine = sa.select(Membership.community_id).where(Membership.person_id == actor.person_id)
    pages = sa.select(KnowledgePage).where(
        KnowledgePage.reviewed_version.is_not(None),
        KnowledgePage.state != "withdrawn",
        sa.or_(KnowledgePage.community_id.in_(mine), KnowledgePage.open_to == "agency"),
    )
    material = sa.select(Material).where(sa.or_(Material.community_id.in_(mine), Material.open_to == "agency"))
    if competency_id is not None:
        pages = pages.where(KnowledgePage.id.in_(_tagged(PageCompetency, PageCompetency.page_id, competency_id)))
        material = material.where(Material.id.in_(_tagged(MaterialCompetency, MaterialCompetency.material_id, competency_id)))
    if community is not None:
        pages = pages.where(KnowledgePage.community_id == community.id)
        material = material.where(Material.community_id == community.id)
    for word in fold(text).split()[:6]:
        pages = pages.where(KnowledgePage.folded_title.contains(word, autoescape=True))
        material = material.where(sa.func.lower(Material.title).contains(word, autoescape=True))
    pages = pages.options(joinedload(KnowledgePage.community), selectinload(KnowledgePage.authors))
    material = material.options(joinedload(Material.community), selectinload(Material.competencies))
    return (
        list(db.session.scalars(pages.order_by(KnowledgePage.reviewed_at.desc(), KnowledgePage.id.desc()).limit(limit))),
        list(db.session.scalars(material.order_by(Material.id.desc()).limit(limit))),
    )


def material_for(actor: Actor, material_id: int) -> Material:
    """Material that the actor may read."""
    row = db.session.get(Material, material_id)
    if row is None or not policy.may_see_material(actor, row):
        raise NotFound()
    return row


def material_of(actor: Actor, about: str, about_id: int) -> list[Material]:
    """What a gathering, a session or a line of a plan points to, as far as the actor may read it."""
    rows = db.session.scalars(
        sa.select(Material)
        .join(MaterialUse, MaterialUse.material_id == Material.id)
        .where(MaterialUse.about == about, MaterialUse.about_id == about_id)
        .order_by(Material.id)
        .limit(50)
    )
    return [row for row in rows if policy.may_see_material(actor, row)]


def material_of_many(actor: Actor, about: str, about_ids: Collection[int]) -> dict[int, list[Material]]:
    """The same for many: id → material, only where there is some that the actor may read. One query."""
    mine = sa.select(Membership.community_id).where(Membership.person_id == actor.person_id)
    rows = db.session.execute(
        sa.select(MaterialUse.about_id, Material)
        .join(Material, Material.id == MaterialUse.material_id)
        .where(MaterialUse.about == about, MaterialUse.about_id.in_(about_ids))
        .where(sa.or_(Material.community_id.in_(mine), Material.open_to == "agency"))
        .order_by(Material.id)
        .limit(500)
    )
    found: dict[int, list[Material]] = {}
    for about_id, material in rows if about_ids else ():
        found.setdefault(about_id, []).append(material)
    return found


def expert_ids(community_id: int) -> list[int]:
    """Who reviews the pages of a community."""
    return list(
        db.session.scalars(
            sa.select(Membership.person_id)
            .where(Membership.community_id == community_id, Membership.role == "expert")
            .order_by(Membership.person_id)
        )
    )


def competency_by_code(code: str) -> Competency | None:
    """The competency of that code, if there is one."""
    return db.session.scalar(sa.select(Competency).where(Competency.code == code))


def _tagged(table: type[PageCompetency] | type[MaterialCompetency], column: sa.orm.InstrumentedAttribute[int],
            competency_id: int) -> sa.Select[tuple[int]]:  # fmt: skip
    return sa.select(column).where(table.competency_id == competency_id)
