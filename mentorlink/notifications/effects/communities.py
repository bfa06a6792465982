"""Who is told of coming and going, and of the life of a community."""

from __future__ import annotations

from mentorlink.community.events import InvitationDeclined, JoinAnswered, JoinAsked, MemberInvited, MemberRoleChanged
from mentorlink.community.events.lives import KeeperNamed, MembersAssigned, StepEntered
from mentorlink.community.models import Community
from mentorlink.community.queries import facilitator_ids
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.actions import Told, notify_many
from mentorlink.notifications.effects.telling import tell, tell_members


def tell_of_join_request(event: JoinAsked) -> None:
    """The facilitators learn that somebody wants to join."""
    name = db.session.get_one(Community, event.community_id).name
    for person_id in facilitator_ids(event.community_id):
        tell(person_id, "join_asked", "community", event.community_id, who=event.person_id, community=name)


def tell_of_join_answer(event: JoinAnswered) -> None:
    """Who asked learns the answer."""
    name = db.session.get_one(Community, event.community_id).name
    tell(event.person_id, "join_accepted" if event.accepted else "join_declined", "community", event.community_id, community=name)


def tell_of_invitation(event: MemberInvited) -> None:
    """Who is invited learns of it."""
    name = db.session.get_one(Community, event.community_id).name
    tell(event.person_id, "invited", "community", event.community_id, who=event.by_id, community=name)


def tell_of_refusal(event: InvitationDeclined) -> None:
    """The facilitators learn that an invitation was not taken."""
    name = db.session.get_one(Community, event.community_id).name
    for person_id in facilitator_ids(event.community_id):
        tell(person_id, "invitation_declined", "community", event.community_id, who=event.person_id, community=name)


def tell_of_role(event: MemberRoleChanged) -> None:
    """A member learns what they are in the community now."""
    if event.person_id != event.by_id:
        name = db.session.get_one(Community, event.community_id).name
        tell(event.person_id, "role_changed", "community", event.community_id, role=event.role, community=name)


def tell_of_step(event: StepEntered) -> None:
    """Members learn that their community stands elsewhere in its life."""
    name = db.session.get_one(Community, event.community_id).name
    facts = {"community": name, "step": event.step}
    tell_members(event.community_id, "step_entered", "community_life", event.community_id, but=event.by_id, **facts)


def tell_of_keeping(event: KeeperNamed) -> None:
    """A member learns that something was put into their hands."""
    name = db.session.get_one(Community, event.community_id).name
    tell(event.person_id, "keeper_named", "community_life", event.community_id, who=event.by_id, community=name)


def tell_of_assignment(event: MembersAssigned) -> None:
    """Who was sent by a programme learns where they belong now."""
    name = db.session.get_one(Community, event.community_id).name
    told = [Told(person_id, event.community_id, {"community": name}) for person_id in event.person_ids]
    notify_many(Actor.system(), told, kind="member_assigned", about="community")
