"""What mattered since somebody was last there."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from mentorlink.community.models.communities import Community, Membership
from mentorlink.community.models.decisions import Decision, Stance
from mentorlink.community.models.gatherings import Attendance, Gathering
from mentorlink.community.models.knowledge import HelpAsked, KnowledgePage, TopicQuestion
from mentorlink.community.models.marks import RoomMark, TopicMark
from mentorlink.community.models.messages import Mention, Message
from mentorlink.community.models.rooms import Room, Topic
from mentorlink.community.queries.knowledge import help_asked_of
from mentorlink.community.queries.unread import unread_topics
from mentorlink.community.rules.catchup import Weight, order
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.text import excerpt, plain
from mentorlink.people.queries import kept_away_by

TOPICS = 20
LISTED = 10


@dataclass(frozen=True)
class TopicNews:
    """A topic with something unread, and why it matters to the reader."""

    topic: Topic
    community: str
    weight: Weight
    last: str
    """The beginning of the newest words."""
    by: str


@dataclass(frozen=True)
class CatchUp:
    """What mattered, the most important first."""

    topics: tuple[TopicNews, ...]
    more: int
    helps: tuple[HelpAsked, ...]
    decisions: tuple[Decision, ...]
    gatherings: tuple[Gathering, ...]
    pages: tuple[KnowledgePage, ...]

    @property
    def empty(self) -> bool:
        """True when nothing happened."""
        return not (self.topics or self.helps or self.decisions or self.gatherings or self.pages)


def catch_up(actor: Actor) -> CatchUp:
    """What the actor has not seen, by topic; what waits for their voice; what is new to know. Nothing of who is blocked."""
    unread = unread_topics(actor)
    weights = _weights(actor, unread)
    first = sorted(unread, key=lambda one: (order(weights[one]), -one))[:TOPICS]
    mine = sa.select(Membership.community_id).where(Membership.person_id == actor.person_id)
    instant = clock.now()
    said = sa.select(Stance.decision_id).where(Stance.person_id == actor.person_id)
    coming = sa.select(Attendance.gathering_id).where(Attendance.person_id == actor.person_id)
    return CatchUp(
        topics=tuple(_news(actor, first, weights)),
        more=len(unread) - len(first),
        helps=tuple(help_asked_of(actor)),
        decisions=tuple(
            db.session.scalars(
                sa.select(Decision)
                .where(Decision.community_id.in_(mine), Decision.state == "open", Decision.id.not_in(said))
                .options(joinedload(Decision.community))
                .order_by(Decision.closes_at, Decision.id)
                .limit(LISTED)
            )
        ),
        gatherings=tuple(
            db.session.scalars(
                sa.select(Gathering)
                .where(
                    Gathering.community_id.in_(mine),
                    Gathering.state == "planned",
                    Gathering.starts_at > instant,
                    Gathering.id.not_in(coming),
                )
                .options(joinedload(Gathering.community))
                .order_by(Gathering.starts_at, Gathering.id)
                .limit(LISTED)
            )
        ),
        pages=tuple(
            db.session.scalars(
                sa.select(KnowledgePage)
                .join(Membership, Membership.community_id == KnowledgePage.community_id)
                .where(Membership.person_id == actor.person_id)
                .where(KnowledgePage.reviewed_at > sa.func.coalesce(_last_seen(actor), Membership.joined_at))
                .options(joinedload(KnowledgePage.community))
                .order_by(KnowledgePage.reviewed_at.desc())
                .limit(LISTED)
            )
        ),
    )


def _weights(actor: Actor, unread: dict[int, int]) -> dict[int, Weight]:
    """What makes each topic matter; three queries."""
    if not unread:
        return {}
    ids = sorted(unread)[:2000]
    replied, away = aliased(Message), kept_away_by(actor.person_id or 0)
    news = [Message.topic_id.in_(ids), Message.deleted_at.is_(None), Message.seq > _seen(actor), Message.author_id.not_in(away)]
    mentions = sa.select(Message.topic_id, sa.func.count()).join(Mention, Mention.message_id == Message.id)
    mentions = mentions.where(Mention.person_id == actor.person_id, *news).group_by(Message.topic_id)
    replies = sa.select(Message.topic_id, sa.func.count()).join(replied, replied.id == Message.reply_to_id)
    replies = replies.where(replied.author_id == actor.person_id, Message.author_id != actor.person_id, *news)
    named, answered = dict(db.session.execute(mentions).all()), dict(db.session.execute(replies.group_by(Message.topic_id)).all())
    rows = db.session.execute(
        sa.select(Topic.id, Topic.created_by_id, TopicQuestion.accepted_at)
        .outerjoin(TopicQuestion, TopicQuestion.topic_id == Topic.id)
        .where(Topic.id.in_(ids))
    )
    found = {
        row.id: Weight(
            unread[row.id],
            named.get(row.id, 0),
            answered.get(row.id, 0),
            row.created_by_id == actor.person_id,
            bool(row.accepted_at),
        )
        for row in rows
    }
    return found | {one: Weight(unread[one]) for one in unread if one not in found}


def _news(actor: Actor, ids: list[int], weights: dict[int, Weight]) -> list[TopicNews]:
    away = kept_away_by(actor.person_id or 0)
    newest = sa.select(sa.func.max(Message.id)).where(
        Message.topic_id.in_(ids), Message.deleted_at.is_(None), Message.author_id.not_in(away | {actor.person_id or 0})
    )
    rows = db.session.execute(
        sa.select(Topic, Community.name, Message)
        .join(Room, Room.id == Topic.room_id)
        .join(Community, Community.id == Room.community_id)
        .join(Message, Message.topic_id == Topic.id)
        .where(Message.id.in_(newest.group_by(Message.topic_id)))
        .options(joinedload(Message.author))
    )
    found = {
        topic.id: TopicNews(topic, name, weights[topic.id], excerpt(plain(last.html), 120), last.author.name)
        for topic, name, last in rows
    }
    return [found[one] for one in ids if one in found]


def _seen(actor: Actor) -> sa.ColumnElement[int]:
    """Up to which number the actor has seen the message's topic."""
    topic = sa.select(TopicMark.seen_seq).where(TopicMark.person_id == actor.person_id, TopicMark.topic_id == Message.topic_id)
    room = sa.select(RoomMark.seen_seq).where(RoomMark.person_id == actor.person_id, RoomMark.room_id == Message.room_id)
    in_topic, in_room = (sa.func.coalesce(one.scalar_subquery(), 0) for one in (topic, room))
    return sa.case((in_topic > in_room, in_topic), else_=in_room)


def _last_seen(actor: Actor) -> sa.ScalarSelect[object]:
    """When the newest message that the actor has seen was written: about when they were last there."""
    return (
        sa.select(sa.func.max(Message.created_at))
        .join(TopicMark, sa.and_(TopicMark.topic_id == Message.topic_id, TopicMark.seen_seq == Message.seq))
        .where(TopicMark.person_id == actor.person_id)
        .scalar_subquery()
    )
