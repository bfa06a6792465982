"""Who may do what in communities and their rooms. Belonging is a row, so it is asked afresh each time."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.community.models import Community, Entry, Membership, Message, Room, Topic
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db

LISTED = ("open", "request")
"""Ways of joining under which every colleague may know of a community."""


def role_in(actor: Actor, community_id: int) -> str | None:
    """What ``actor`` is in the community; None for who does not belong."""
    if actor.person_id is None:
        return None
    membership = db.session.get(Membership, (community_id, actor.person_id))
    held = db.session.info.setdefault("memberships", {})
    held[community_id, actor.person_id] = membership  # the session forgets rows that nobody holds, and would ask again
    return membership.role if membership else None


def may_see_community(actor: Actor, community: Community) -> bool:
    """Everyone those that are listed; one by invitation only its members and who is invited."""
    return (
        actor.is_system
        or (actor.person_id is not None and community.joining in LISTED)
        or role_in(actor, community.id) is not None
        or _open_entry(actor, community.id) == "invited"
    )


def may_create_community(actor: Actor) -> bool:
    """Everyone of the agency; who proposes one is its first facilitator."""
    return actor.person_id is not None


def may_change_community(actor: Actor, community: Community) -> bool:
    """Its facilitators."""
    return actor.is_system or role_in(actor, community.id) == "facilitator"


def may_manage_members(actor: Actor, community: Community) -> bool:
    """Its facilitators."""
    return may_change_community(actor, community)


def may_create_room(actor: Actor, community: Community) -> bool:
    """Facilitators of the community."""
    return may_change_community(actor, community)


def may_change_room(actor: Actor, room: Room) -> bool:
    """Facilitators of its community."""
    return may_change_community(actor, room.community)


def may_join_community(actor: Actor, community: Community) -> bool:
    """Anyone an open one; otherwise who was invited."""
    return actor.person_id is not None and (community.joining == "open" or _open_entry(actor, community.id) == "invited")


def may_ask_to_join(actor: Actor, community: Community) -> bool:
    """Who does not belong to a community that one joins by request."""
    return actor.person_id is not None and community.joining == "request"


def may_leave_community(actor: Actor, community: Community) -> bool:
    """Its members."""
    return role_in(actor, community.id) is not None


def may_answer_invitation(actor: Actor, community: Community) -> bool:
    """Who was invited."""
    return _open_entry(actor, community.id) == "invited"


def may_withdraw_asking(actor: Actor, community: Community) -> bool:
    """Who asked."""
    return _open_entry(actor, community.id) == "asked"


def may_see_members(actor: Actor, community: Community) -> bool:
    """Whoever may see the community."""
    return may_see_community(actor, community)


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


def may_let_go(actor: Actor) -> bool:
    """Only the house itself, when somebody leaves the agency."""
    return actor.is_system


def _open_entry(actor: Actor, community_id: int) -> str | None:
    """How ``actor`` stands at the door of the community: asked, invited, or not at all."""
    if actor.person_id is None:
        return None
    return db.session.scalar(
        sa.select(Entry.kind).where(Entry.community_id == community_id, Entry.person_id == actor.person_id, Entry.state == "open")
    )
