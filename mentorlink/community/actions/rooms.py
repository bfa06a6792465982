"""Rooms and their topics."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.community import policy
from mentorlink.community.actions import index, log, safety
from mentorlink.community.actions.communities import open_room
from mentorlink.community.actions.messages import Posted, refuse_where_closed, said_before, say
from mentorlink.community.actions.topics import new_topic
from mentorlink.community.inputs import MessageInput, RoomInput, TitleInput, TopicInput
from mentorlink.community.models import Community, Room, Topic
from mentorlink.community.queries.ground import ground_for
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict
from mentorlink.kernel.text import fold


@action
def create_room(actor: Actor, community: Community, data: RoomInput) -> Room:
    """The community has another room, with a general talk in it."""
    ensure(policy.may_create_room, actor, community)
    room = open_room(community, data.name, data.purpose, actor.person_id)
    safety.tell_new_room(room)
    return room


@action
def change_room(actor: Actor, room: Room, data: RoomInput) -> None:
    """The room has this name and purpose now."""
    ensure(policy.may_change_room, actor, room)
    with or_refuse(Conflict("room_name_taken", name=data.name)):
        room.name, room.folded_name, room.purpose = data.name, fold(data.name), data.purpose
    index.put_room(room)


@action
def start_topic(actor: Actor, room: Room, data: TopicInput) -> Posted:
    """The room has a topic of this title, begun by this message. Sent twice, it stands once."""
    ensure(policy.may_start_topic, actor, room)
    log.hold(room.id)
    ground = ground_for(actor, room.id, 0, data.client_id)
    said = said_before(ground)
    if said is not None:
        return said
    refuse_where_closed(actor, ground)
    safety.refuse_held_title(actor, room, data.title)
    topic = new_topic(actor, room, data.title)
    return say(actor, ground, topic.id, MessageInput(topic_id=topic.id, body=data.body, client_id=data.client_id))


@action
def rename_topic(actor: Actor, topic: Topic, data: TitleInput) -> None:
    """The topic has this title now, for everyone at once."""
    ensure(policy.may_rename_topic, actor, topic)
    log.hold(topic.room_id)
    if topic.title == data.title:
        return
    safety.refuse_held_title(actor, topic.room, data.title)
    with or_refuse(Conflict("topic_title_taken", title=data.title)):
        statement = sa.update(Topic).where(Topic.id == topic.id)
        db.session.execute(statement.values(title=data.title, folded_title=fold(data.title)))
    index.put_topic(db.session.get_one(Topic, topic.id, populate_existing=True), topic.room)
    log.write(topic.room_id, log.next_number(topic.room_id), "renamed", topic_id=topic.id, person_id=actor.person_id)
