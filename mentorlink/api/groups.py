"""JSON of groups: one's own and those with room, who is in one, asking, joining, leaving. Their sessions are a series'."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from mentorlink.api.guard import actor, number, read_json, signed_in
from mentorlink.sessions.meetings.queries import meetings_for
from mentorlink.sessions.meetings.shapes import meeting_shape
from mentorlink.sessions.mentoring.groups import actions, queries
from mentorlink.sessions.mentoring.groups.inputs import Asking, GroupInput, Invited
from mentorlink.sessions.mentoring.groups.models import Group
from mentorlink.sessions.mentoring.groups.policy import may_lead_group, may_see_group
from mentorlink.sessions.mentoring.groups.shapes import group_shape, membership_shape

api = APIBlueprint("api_groups", __name__)


@api.get("/groups")
@signed_in
def groups() -> dict[str, Any]:
    """The actor's groups with what they are in each, and a page of those with room."""
    found, total = queries.open_groups_for(actor(), page=number("page", 1, most=99_999))
    return {
        "mine": [group_shape(group) | {"as": side} for group, side in queries.groups_for(actor())],
        "with_room": [group_shape(one.group) | {"covers": one.covers} for one in found],
        "total": total,
    }


@api.post("/groups")
@signed_in
def open_group() -> tuple[dict[str, Any], int]:
    """Open a group."""
    return _whole(actions.open_group(actor(), read_json(GroupInput))), 201


@api.get("/groups/<int:group_id>")
@signed_in
def group(group_id: int) -> dict[str, Any]:
    """One group: as its mentor leads it, as a mentee is in it, or as a colleague finds it."""
    return _whole(queries.group_to_join_for(actor(), group_id))


def _whole(row: Group) -> dict[str, Any]:
    me, found = queries.membership_of(actor(), row), group_shape(row)
    found["me"] = membership_shape(me) if me else None
    if may_see_group(actor(), row):
        people = [{"id": member.person_id, "name": member.person.name} for member in row.series.members]
        sessions = [meeting_shape(meeting) for meeting in meetings_for(actor(), row.series)]
        found |= {"series_id": row.series_id, "people": people, "meetings": sessions}
    if may_lead_group(actor(), row):
        found["members"] = [membership_shape(member) for member in queries.memberships_to_lead_for(actor(), row)]
    return found


@api.post("/groups/<int:group_id>/ask")
@signed_in
def ask_to_join(group_id: int) -> tuple[dict[str, Any], int]:
    """Ask its mentor for a place."""
    row = queries.group_to_join_for(actor(), group_id)
    return membership_shape(actions.ask_to_join(actor(), row, read_json(Asking))), 201


@api.post("/groups/<int:group_id>/invite")
@signed_in
def invite_to_group(group_id: int) -> tuple[dict[str, Any], int]:
    """Invite a colleague."""
    row = queries.group_to_lead_for(actor(), group_id)
    return membership_shape(actions.invite_to_group(actor(), row, read_json(Invited))), 201


@api.post("/groups/<int:group_id>/end")
@signed_in
def end_group(group_id: int) -> dict[str, Any]:
    """Meet together no more; each way goes on."""
    return group_shape(actions.end_group(actor(), queries.group_to_lead_for(actor(), group_id)))


@api.post("/groups/members/<int:member_id>/join")
@signed_in
def join_group(member_id: int) -> dict[str, Any]:
    """The mentor lets in who asked; who was invited comes in."""
    return membership_shape(actions.join_group(actor(), queries.membership_for(actor(), member_id)))


@api.post("/groups/members/<int:member_id>/decline")
@signed_in
def decline_group(member_id: int) -> dict[str, Any]:
    """No: by the mentor, by who was invited, or by who asked."""
    return membership_shape(actions.decline_group(actor(), queries.membership_for(actor(), member_id)))


@api.post("/groups/members/<int:member_id>/leave")
@signed_in
def leave_group(member_id: int) -> dict[str, Any]:
    """Go, or let somebody go, from the group; their mentoring goes on."""
    return membership_shape(actions.leave_group(actor(), queries.membership_for(actor(), member_id)))
