"""Making and changing a community, and what its members are in it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from mentorlink.community import policy
from mentorlink.community.actions import index, log, places
from mentorlink.community.events import (
    CommunityCreated,
    MemberRemoved,
    MemberRoleChanged,
)
from mentorlink.community.inputs import CommunityInput, RoleInput
from mentorlink.community.models import Community, Entry, Membership, Room, RoomMark, Topic
from mentorlink.community.models.lives import Keeper
from mentorlink.community.models.safety import Moderator
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into, or_refuse
from mentorlink.kernel.errors import Conflict, NotFound
from mentorlink.kernel.text import fold

FIRST_ROOM = {"id": "Ruang bersama", "en": "Common room"}
"""Name of a community's first room, in the language of who makes it; facilitators may rename it."""


@action
def create_community(actor: Actor, data: CommunityInput) -> Community:
    """A community exists, with a first room; who proposed it facilitates it."""
    ensure(policy.may_create_community, actor)
    instant = clock.now()
    community = Community(**data.model_dump(), folded_name=fold(data.name), created_by_id=actor.person_id, created_at=instant)
    with or_refuse(Conflict("community_name_taken", name=data.name)):
        db.session.add(community)
    db.session.add(Membership(community_id=community.id, person_id=actor.person_id, role="facilitator", joined_at=instant))
    open_room(community, FIRST_ROOM.get(actor.locale, FIRST_ROOM["id"]), "", actor.person_id)
    record(CommunityCreated(community.id, actor.person_id))
    return community


@action
def change_community(actor: Actor, community: Community, data: CommunityInput) -> None:
    """Name, purpose, why and way of joining are these now. Who asked before stays waiting for an answer."""
    ensure(policy.may_change_community, actor, community)
    with or_refuse(Conflict("community_name_taken", name=data.name)):
        for name, value in data.model_dump().items():
            setattr(community, name, value)
        community.folded_name = fold(data.name)


@action
def change_role(actor: Actor, community: Community, person_id: int, data: RoleInput) -> None:
    """The member is a member, an expert or a facilitator now; the last facilitator stays one."""
    ensure(policy.may_manage_members, actor, community)
    membership = member_or_refuse(community, person_id)
    if membership.role == data.role:
        return
    if membership.role == "facilitator":
        keep_a_facilitator(community, person_id)
    membership.role = data.role
    record(MemberRoleChanged(community.id, person_id, data.role, actor.person_id))


@action
def remove_member(actor: Actor, community: Community, person_id: int) -> None:
    """The member belongs no more: from the next message on they see nothing, and only a facilitator lets them in again."""
    ensure(policy.may_remove_member, actor, community)
    membership = member_or_refuse(community, person_id)
    if membership.role == "facilitator":
        keep_a_facilitator(community, person_id)
    drop(membership)
    record(MemberRemoved(community.id, person_id, actor.person_id))


def open_room(community: Community, name: str, purpose: str, person_id: int | None) -> Room:
    """A room with its general talk, inside an action."""
    instant = clock.now()
    room = Room(
        community_id=community.id, name=name, folded_name=fold(name), purpose=purpose, created_by_id=person_id, created_at=instant
    )
    with or_refuse(Conflict("room_name_taken", name=name)):
        db.session.add(room)
    db.session.add(Topic(room_id=room.id, last_at=instant, created_at=instant))
    index.put_room(room)
    return room


def member_or_refuse(community: Community, person_id: int) -> Membership:
    """The membership under the community's lock, so that two facilitators cannot leave at once."""
    db.session.execute(sa.select(Community.id).where(Community.id == community.id).with_for_update())
    membership = db.session.get(Membership, (community.id, person_id), populate_existing=True)
    if membership is None:
        raise NotFound()
    return membership


def keep_a_facilitator(community: Community, person_id: int) -> None:
    """Refuse what would leave a community without a facilitator."""
    others = sa.select(Membership.person_id).where(
        Membership.community_id == community.id, Membership.role == "facilitator", Membership.person_id != person_id
    )
    if db.session.scalar(others.limit(1)) is None:
        raise Conflict("last_facilitator")


def admit(community: Community, *person_ids: int) -> list[int]:
    """Make people members inside an action; what was said before counts as seen. Returns who was none yet."""
    if not person_ids:
        return []
    instant = clock.now()
    put = insert_into(Membership).on_conflict_do_nothing().returning(Membership.person_id)
    new = [
        {"community_id": community.id, "person_id": person_id, "role": "member", "joined_at": instant} for person_id in person_ids
    ]
    came = sorted(db.session.scalars(put, new))
    if came:
        log.write_in_all(community.id, "joined", came)
        _count_as_seen(community, came)
    return came


def _count_as_seen(community: Community, person_ids: Sequence[int]) -> None:
    """Nothing that stands in the rooms now is news to these people."""
    rooms = db.session.execute(sa.select(Room.id, Room.last_seq).where(Room.community_id == community.id)).all()
    marks = [
        {"person_id": person_id, "room_id": room_id, "seen_seq": last_seq}
        for room_id, last_seq in rooms
        for person_id in person_ids
    ]
    put = insert_into(RoomMark)
    further = put.excluded.seen_seq > RoomMark.seen_seq
    put = put.on_conflict_do_update(
        index_elements=["person_id", "room_id"], set_={"seen_seq": put.excluded.seen_seq}, where=further
    )
    db.session.connection().execute(put, marks)


def drop(membership: Membership) -> None:
    """End a membership inside an action, with an entry in every room's log and no way in left open.

    Places, posts and what they had taken on go back to the community.
    """
    db.session.execute(
        sa.update(Entry)
        .where(Entry.community_id == membership.community_id, Entry.person_id == membership.person_id, Entry.state == "open")
        .values(state="withdrawn", answered_at=clock.now())
    )
    places.leave_all(membership.community_id, membership.person_id)
    for post in (Keeper, Moderator):
        db.session.execute(
            sa.delete(post).where(post.community_id == membership.community_id, post.person_id == membership.person_id)
        )
    log.write_in_all(membership.community_id, "left", [membership.person_id])
    db.session.delete(membership)
