"""Groups as plain values, for JSON: what whoever finds one may know, and what its mentor and those in it know besides."""

from __future__ import annotations

from typing import Any

from mentorlink.sessions.mentoring.groups.models import Group, GroupMember


def group_shape(group: Group) -> dict[str, Any]:
    """A group as colleagues find it."""
    return {
        "id": group.id,
        "name": group.name,
        "about": group.about,
        "mentor": {"id": group.mentor_id, "name": group.mentor.name},
        "competencies": [competency.code for competency in group.competencies],
        "state": group.state,
        "places": group.places,
        "room": group.room,
    }


def membership_shape(member: GroupMember) -> dict[str, Any]:
    """Somebody's way into a group, for them and for its mentor."""
    return {
        "id": member.id,
        "person": {"id": member.person_id, "name": member.person.name},
        "state": member.state,
        "words": member.words,
        "mentorship_id": member.mentorship_id,
    }
