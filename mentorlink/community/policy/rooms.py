"""Who may do what in a room."""

from __future__ import annotations

from mentorlink.community.models import Message, Room, Topic
from mentorlink.community.policy.communities import may_change_community, role_in
from mentorlink.kernel.actor import Actor


def may_change_room(actor: Actor, room: Room) -> bool:
    """Facilitators of its community."""
    return may_change_community(actor, room.community)


def may_read_room(actor: Actor, room: Room) -> bool:
    """Members of its community, nobody else: no administrator, no HR."""
    return role_in(actor, room.community_id) is not None


def may_post_message(actor: Actor, room: Room) -> bool:
    """Who may read the room."""
    return may_read_room(actor, room)


def may_start_topic(actor: Actor, room: Room) -> bool:
    """Who may read the room."""
    return may_read_room(actor, room)


def may_mark_room(actor: Actor, room: Room) -> bool:
    """Who may read the room marks for themself what they have seen."""
    return may_read_room(actor, room)


def may_rename_topic(actor: Actor, topic: Topic) -> bool:
    """Who started it, and facilitators; the general talk has no title."""
    role = role_in(actor, topic.room.community_id)
    return bool(topic.title) and (role == "facilitator" or (role is not None and actor.is_person(topic.created_by_id)))


def may_edit_message(actor: Actor, message: Message) -> bool:
    """Its author, while they belong to the community."""
    return actor.is_person(message.author_id) and may_read_room(actor, message.room)


def may_delete_message(actor: Actor, message: Message) -> bool:
    """Its author, and facilitators."""
    role = role_in(actor, message.room.community_id)
    return role == "facilitator" or (role is not None and actor.is_person(message.author_id))


def may_choose_presence(actor: Actor) -> bool:
    """Everyone for themself."""
    return actor.person_id is not None
