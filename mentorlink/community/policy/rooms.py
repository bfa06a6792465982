"""Who may do what in a room. In a closed community all is read and nothing changed, but that one takes one's own words back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.community.models import Attachment, Membership, Message, Room, Topic
from mentorlink.community.models.lives import Life
from mentorlink.community.policy.communities import lives, may_change_community, role_in
from mentorlink.community.policy.safety import may_moderate
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, key_of
from mentorlink.kernel.prepared import Prepared


def may_change_room(actor: Actor, room: Room) -> bool:
    """Facilitators of its community."""
    return may_change_community(actor, room.community)


def may_read_room(actor: Actor, room: Room) -> bool:
    """Members of its community, nobody else: no administrator, no HR."""
    return role_in(actor, room.community_id) is not None


def may_post_message(actor: Actor, room: Room) -> bool:
    """Who may read the room, until the community is closed."""
    return may_post_in(actor, key_of(room))


def may_post_in(actor: Actor, room_id: int) -> bool:
    """The same, asked in one statement."""
    return actor.person_id is not None and bool(_speaks.all({"room": room_id, "me": actor.person_id}))


def may_start_topic(actor: Actor, room: Room) -> bool:
    """Who may read the room, until the community is closed."""
    return may_post_message(actor, room)


def may_mark_room(actor: Actor, room: Room) -> bool:
    """Who may read the room marks for themself what they have seen."""
    return may_read_room(actor, room)


def may_rename_topic(actor: Actor, topic: Topic) -> bool:
    """Who started it, and facilitators, while the community lives; the general talk has no title."""
    role = _working_role(actor, topic.room)
    return bool(topic.title) and (role == "facilitator" or (role is not None and actor.is_person(topic.created_by_id)))


def may_edit_message(actor: Actor, message: Message) -> bool:
    """Its author, while they belong to the community and it lives."""
    return actor.is_person(message.author_id) and _working_role(actor, message.room) is not None


def may_delete_message(actor: Actor, message: Message) -> bool:
    """Its author, and facilitators, also once the community is closed."""
    role = role_in(actor, message.room.community_id)
    return role == "facilitator" or (role is not None and actor.is_person(message.author_id))


def may_react(actor: Actor, message: Message) -> bool:
    """Who may read the message, while the community lives; a removed one is answered no more."""
    return _working_role(actor, message.room) is not None


def may_vote(actor: Actor, message: Message) -> bool:
    """Who may read the message, while the community lives."""
    return _working_role(actor, message.room) is not None


def may_close_poll(actor: Actor, message: Message) -> bool:
    """Who asked, and facilitators, while the community lives."""
    return may_delete_message(actor, message) and lives(message.room.community_id)


def may_pin_message(actor: Actor, message: Message) -> bool:
    """Facilitators, experts, and who started the topic."""
    return _keeps_topic(actor, message.topic)


def may_settle_topic(actor: Actor, topic: Topic) -> bool:
    """Facilitators, experts, and who started it; the general talk is never settled."""
    return bool(topic.title) and _keeps_topic(actor, topic)


def may_move_message(actor: Actor, message: Message) -> bool:
    """Facilitators and experts, while the community lives."""
    return _working_role(actor, message.room) in ("facilitator", "expert")


def may_merge_topic(actor: Actor, topic: Topic) -> bool:
    """Facilitators, while the community lives; the general talk stays."""
    return bool(topic.title) and _working_role(actor, topic.room) == "facilitator"


def may_move_topic(actor: Actor, topic: Topic) -> bool:
    """Facilitators, while the community lives; the general talk stays in its room."""
    return may_merge_topic(actor, topic)


def may_attach_file(actor: Actor, room: Room) -> bool:
    """Who may write in the room."""
    return may_post_message(actor, room)


def may_drop_file(actor: Actor, attachment: Attachment) -> bool:
    """Its owner, until its message is sent."""
    return attachment.message_id is None and actor.is_person(attachment.person_id)


def may_read_file(actor: Actor, attachment: Attachment) -> bool:
    """Members of the room; before its message is sent its owner alone; of words withheld their author and moderators."""
    if not may_read_room(actor, attachment.room):
        return False
    message = db.session.get(Message, attachment.message_id) if attachment.message_id is not None else None
    if message is None:
        return actor.is_person(attachment.person_id)
    theirs = actor.is_person(attachment.person_id) or may_moderate(actor, attachment.room.community)
    return message.deleted_at is None or theirs


def may_choose_topic(actor: Actor, topic: Topic) -> bool:
    """Who may read it, for themself."""
    return may_read_room(actor, topic.room)


def may_choose_room(actor: Actor, room: Room) -> bool:
    """Who may read it, for themself."""
    return may_read_room(actor, room)


def may_clear_files(actor: Actor) -> bool:
    """Only the house itself, each night."""
    return actor.is_system


def _working_role(actor: Actor, room: Room) -> str | None:
    """What the actor is in the room's community; None for who does not belong, and for everybody once it is closed."""
    return role_in(actor, room.community_id) if lives(room.community_id) else None


def _keeps_topic(actor: Actor, topic: Topic) -> bool:
    role = _working_role(actor, topic.room)
    return role in ("facilitator", "expert") or (role is not None and bool(topic.title) and actor.is_person(topic.created_by_id))


def may_choose_presence(actor: Actor) -> bool:
    """Everyone for themself."""
    return actor.person_id is not None


@Prepared
def _speaks() -> Any:
    room, member, life = Room.__table__, Membership.__table__, Life.__table__
    belongs = sa.and_(member.c.community_id == room.c.community_id, member.c.person_id == sa.bindparam("me"))
    joined = room.join(member, belongs).outerjoin(life, life.c.community_id == room.c.community_id)
    alive = sa.func.coalesce(life.c.step, "") != "closed"
    return sa.select(room.c.id).select_from(joined).where(room.c.id == sa.bindparam("room"), alive)
