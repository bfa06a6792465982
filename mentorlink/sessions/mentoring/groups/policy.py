"""Who may do what with a group."""

from __future__ import annotations

from mentorlink.kernel import settings
from mentorlink.kernel.actor import Actor, Role
from mentorlink.sessions.meetings.policy import is_member
from mentorlink.sessions.mentoring.groups.models import Group, GroupMember


def may_open_group(actor: Actor) -> bool:
    """Whoever may mentor: the granted role, unless the agency lets everyone offer."""
    return actor.person_id is not None and (settings.current().open_offers or actor.has(Role.MENTOR))


def may_lead_group(actor: Actor, group: Group) -> bool:
    """Its mentor."""
    return actor.is_person(group.mentor_id)


def may_see_group(actor: Actor, group: Group) -> bool:
    """Its mentor and who is in it: who else is in it, and when they meet."""
    return actor.is_person(group.mentor_id) or is_member(actor, group.series)


def may_ask_group(actor: Actor, group: Group) -> bool:
    """Every colleague but its mentor."""
    return actor.person_id is not None and not actor.is_person(group.mentor_id)


def may_see_membership(actor: Actor, member: GroupMember) -> bool:
    """Who it is about, and the mentor."""
    return actor.person_id is not None and actor.person_id in (member.person_id, member.group.mentor_id)


def may_say_yes(actor: Actor, member: GroupMember) -> bool:
    """The one who was asked: the mentor about who wants in, the mentee about an invitation."""
    return actor.is_person(member.group.mentor_id if member.state == "asked" else member.person_id)


def may_end_membership(actor: Actor, member: GroupMember) -> bool:
    """Who is in it, and the mentor; the house where the mentorship has ended."""
    return actor.is_system or may_see_membership(actor, member)


def may_end_group(actor: Actor, group: Group) -> bool:
    """Its mentor; the house when they left."""
    return actor.is_system or actor.is_person(group.mentor_id)
