"""Who is told of what is said in rooms."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.community.events import MessageEdited, MessagePosted, TopicSeen
from mentorlink.community.models import Message, Room, Topic
from mentorlink.community.queries import followers_of
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.actions import hush_notices
from mentorlink.notifications.effects.telling import tell
from mentorlink.people.events import Blocked
from mentorlink.people.queries import blocked_with


def _where(topic_id: int) -> str:
    """The topic's title, or the room's name for its general talk, which has none."""
    topic = db.session.get_one(Topic, topic_id)
    return topic.title or db.session.get_one(Room, topic.room_id).name


def tell_of_message(event: MessagePosted) -> None:
    """Who is mentioned or answered learns of it, once; who follows the topic, once until they have looked again."""
    followers = followers_of(event.topic_id, event.room_id)
    if not (followers or event.mentioned or event.answered_id):
        return
    topic = _where(event.topic_id)
    for person_id in event.mentioned:
        tell(person_id, "mentioned", "message", event.message_id, who=event.author_id, topic=topic)
    if event.answered_id is not None and event.answered_id not in event.mentioned:
        tell(event.answered_id, "replied", "message", event.message_id, who=event.author_id, topic=topic)
    told = {event.author_id, event.answered_id, *event.mentioned, *(blocked_with(event.author_id) if followers else ())}
    for person_id, seen in followers.items():
        if person_id not in told:
            once = f"followed:{event.topic_id}:{person_id}:{seen}"
            tell(person_id, "followed", "message", event.message_id, topic=topic, once=once)


def tell_of_edit(event: MessageEdited) -> None:
    """Who is newly mentioned learns of it."""
    topic = _where(event.topic_id)
    for person_id in event.mentioned:
        tell(person_id, "mentioned", "message", event.message_id, who=event.author_id, topic=topic)


def hush_what_was_seen(event: TopicSeen) -> None:
    """Who has read the talk need not be told of it any more."""
    seen = sa.select(Message.id).where(Message.topic_id == event.topic_id, Message.seq <= event.seq)
    kinds = ("mentioned", "replied", "followed")
    hush_notices(Actor.system(), event.person_id, about="message", about_ids=seen, kinds=kinds)


def hush_the_blocked(event: Blocked) -> None:
    """What somebody was told of the blocked one's words, and has not read, no longer asks for them."""
    theirs = sa.select(Message.id).where(Message.author_id == event.blocked_id)
    hush_notices(Actor.system(), event.person_id, about="message", about_ids=theirs)
