"""Reads for the archive of a closed community: what it holds, and everything in it, as its members may read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.community.models.communities import Community
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.models.knowledge import KnowledgePage, Material, TopicQuestion
from mentorlink.community.models.lives import CycleReview, Measure, Promise
from mentorlink.community.models.messages import Attachment, AttachmentContent, Message
from mentorlink.community.models.rooms import Room, Topic
from mentorlink.community.policy.lives import may_take_archive
from mentorlink.community.queries.lives import with_person
from mentorlink.community.queries.said import columns, joined, message, said
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound

PART = 500
"""Messages in one file of the archive."""

FILES_MOST = 200 * 2**20
"""Bytes of files that go with it; beyond them files are named and stay where they are."""


@dataclass(frozen=True)
class Holdings:
    """How much of what there is."""

    gatherings: int
    decisions: int
    pages: int
    material: int
    reviews: int
    topics: int
    messages: int
    """With their words."""
    files: int
    file_bytes: int


@dataclass(frozen=True)
class Kept:
    """A file that goes with the archive."""

    kind: str
    """message or material."""
    id: int
    name: str


def holdings_for(actor: Actor, community: Community) -> Holdings:
    """What the archive holds."""
    _may(actor, community)
    here = community.id
    talk = sa.select(sa.func.count(Message.id), sa.func.count(sa.distinct(Message.topic_id))).join(Room)
    messages, topics = db.session.execute(talk.where(Room.community_id == here, Message.deleted_at.is_(None))).one()
    sizes = [size for _kind, _id, _name, size in _files(here)]
    return Holdings(
        gatherings=_count(Gathering, Gathering.community_id == here, Gathering.state == "held"),
        decisions=_count(Decision, Decision.community_id == here, Decision.state == "decided"),
        pages=_count(KnowledgePage, KnowledgePage.community_id == here, KnowledgePage.state != "withdrawn"),
        material=_count(Material, Material.community_id == here),
        reviews=_count(CycleReview, CycleReview.community_id == here),
        topics=topics,
        messages=messages,
        files=len(sizes),
        file_bytes=sum(sizes),
    )


def files_with(actor: Actor, community: Community) -> list[Kept]:
    """Files of messages and of the library that go with the archive, the oldest first, as far as they fit."""
    _may(actor, community)
    found, left = [], FILES_MOST
    for kind, number, name, size in _files(community.id):
        left -= size
        if left < 0:
            break
        found.append(Kept(kind, number, name))
    return found


def content_of_kept(actor: Actor, community: Community, kept: Kept) -> bytes:
    """The bytes of such a file; none where it was taken away meanwhile."""
    _may(actor, community)
    if kept.kind == "material":
        query = sa.select(Material.content).where(Material.id == kept.id, Material.community_id == community.id)
    else:
        there = sa.and_(Message.id == Attachment.message_id, Message.deleted_at.is_(None))
        query = sa.select(AttachmentContent.content).join(Attachment).join(Message, there).where(Attachment.id == kept.id)
    return db.session.scalar(query) or b""


def past_gatherings(actor: Actor, community: Community) -> Iterator[Gathering]:
    """Gatherings that took place, in their order."""
    _may(actor, community)
    query = sa.select(Gathering).where(Gathering.community_id == community.id, Gathering.state == "held")
    yield from db.session.scalars(query.options(with_person(Gathering.host)).order_by(Gathering.starts_at, Gathering.id)).all()


def past_decisions(actor: Actor, community: Community) -> list[Decision]:
    """What was decided, in its order."""
    _may(actor, community)
    query = sa.select(Decision).where(Decision.community_id == community.id, Decision.state == "decided")
    options = (selectinload(Decision.alternatives), joinedload(Decision.opened_by))
    return list(db.session.scalars(query.options(*options).order_by(Decision.id)))


def all_pages(actor: Actor, community: Community) -> list[KnowledgePage]:
    """Pages that were not withdrawn, by title."""
    _may(actor, community)
    query = sa.select(KnowledgePage).where(KnowledgePage.community_id == community.id, KnowledgePage.state != "withdrawn")
    options = (
        selectinload(KnowledgePage.authors),
        selectinload(KnowledgePage.competencies),
        joinedload(KnowledgePage.reviewed_by),
    )
    return list(db.session.scalars(query.options(*options).order_by(KnowledgePage.folded_title)))


def all_material(actor: Actor, community: Community) -> list[Material]:
    """The library, by title."""
    _may(actor, community)
    query = sa.select(Material).where(Material.community_id == community.id).options(selectinload(Material.competencies))
    return list(db.session.scalars(query.order_by(Material.title, Material.id)))


def all_reviews(actor: Actor, community: Community) -> tuple[list[CycleReview], list[Measure], list[Promise]]:
    """What each round came to, by what it was measured, and what was promised."""
    _may(actor, community)
    came = sa.select(CycleReview).where(CycleReview.community_id == community.id).order_by(CycleReview.cycle)
    measured = sa.select(Measure).where(Measure.community_id == community.id).order_by(Measure.cycle, Measure.id)
    promised = sa.select(Promise).where(Promise.community_id == community.id).options(with_person(Promise.person))
    return (
        list(db.session.scalars(came)),
        list(db.session.scalars(measured)),
        list(db.session.scalars(promised.order_by(Promise.cycle, Promise.id))),
    )


def all_topics(actor: Actor, community: Community) -> list[tuple[Room, Topic, int | None]]:
    """Rooms with their topics in which something was said, and the message that helped where one asked something."""
    _may(actor, community)
    query = (
        sa.select(Room, Topic, TopicQuestion.accepted_id)
        .join(Topic, Topic.room_id == Room.id)
        .outerjoin(TopicQuestion, TopicQuestion.topic_id == Topic.id)
        .where(Room.community_id == community.id, Topic.merged_into_id.is_(None), Topic.last_seq > 0)
        .order_by(Room.id, Topic.id)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def parts_of(actor: Actor, community: Community, topic_id: int) -> Iterator[tuple[list[Any], bool]]:
    """Everything that was said in a topic, in parts, and whether another follows; what was removed, hidden or held has its
    place and no words."""
    after = 0
    while True:
        _may(actor, community)
        query = sa.select(*columns()).select_from(joined(message)).where(message.c.topic_id == topic_id, message.c.seq > after)
        rows = [said(row) for row in db.session.execute(query.order_by(message.c.seq).limit(PART + 1))]
        more, rows = len(rows) > PART, rows[:PART]
        if rows:
            yield rows, more
        if not more:
            return
        after = rows[-1].seq


def _files(community_id: int) -> list[tuple[str, int, str, int]]:
    said_there = (
        sa.select(sa.literal("message"), Attachment.id, Attachment.name, Attachment.size)
        .join(Message, Message.id == Attachment.message_id)
        .join(Room, Room.id == Message.room_id)
        .where(Room.community_id == community_id, Message.deleted_at.is_(None))
    )
    documents = sa.select(sa.literal("material"), Material.id, Material.name, Material.size)
    documents = documents.where(Material.community_id == community_id, Material.kind == "document")
    rows = [*db.session.execute(documents.order_by(Material.id)), *db.session.execute(said_there.order_by(Attachment.id))]
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _count(table: type[Any], *conditions: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions)) or 0


def _may(actor: Actor, community: Community) -> None:
    if not may_take_archive(actor, community):
        raise NotFound()
