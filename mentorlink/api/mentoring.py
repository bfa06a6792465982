"""JSON of mentoring."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from mentorlink.api.guard import actor, read_json, signed_in
from mentorlink.sessions.coaching.queries import shared_for
from mentorlink.sessions.coaching.shapes import shared_shape
from mentorlink.sessions.meetings import actions as meetings
from mentorlink.sessions.meetings.inputs import MeetingLog, MeetingPlan
from mentorlink.sessions.meetings.queries import action_items_for, meetings_for
from mentorlink.sessions.meetings.shapes import action_item_shape, meeting_shape
from mentorlink.sessions.mentoring import actions, queries
from mentorlink.sessions.mentoring.inputs import SignedVersion, StepInput
from mentorlink.sessions.mentoring.shapes import agreement_shape, standing_shape, target_shape

api = APIBlueprint("api_mentoring", __name__)


@api.get("/mentorships")
@signed_in
def mentorships() -> dict[str, Any]:
    """The actor's mentorships as they stand, running ones first."""
    return {"mentorships": [standing_shape(standing) for standing in queries.standings_for(actor())]}


@api.get("/mentorships/<int:mentorship_id>")
@signed_in
def mentorship(mentorship_id: int) -> dict[str, Any]:
    """One mentorship with its newest agreement, targets, latest meetings and open actions."""
    row = queries.mentorship_for(actor(), mentorship_id)
    agreements = queries.agreements_for(actor(), row)
    return standing_shape(queries.standing_for(actor(), row)) | {
        "agreement": agreement_shape(agreements[0]) if agreements else None,
        "targets": [target_shape(target) for target in queries.targets_for(actor(), row)],
        "meetings": [meeting_shape(meeting) for meeting in meetings_for(actor(), row.series)],
        "actions": [action_item_shape(item) for item in action_items_for(actor(), row.series)],
    }


@api.post("/mentorships/<int:mentorship_id>/meetings")
@signed_in
def plan_meeting(mentorship_id: int) -> tuple[dict[str, Any], int]:
    """Plan a meeting; ``day`` and ``at`` are the actor's own calendar and clock."""
    row = queries.mentorship_for(actor(), mentorship_id)
    return meeting_shape(meetings.plan_meeting(actor(), row.series, read_json(MeetingPlan))), 201


@api.post("/mentorships/<int:mentorship_id>/meetings/log")
@signed_in
def log_meeting(mentorship_id: int) -> tuple[dict[str, Any], int]:
    """Write down a talk that took place."""
    row = queries.mentorship_for(actor(), mentorship_id)
    return meeting_shape(meetings.log_meeting(actor(), row.series, read_json(MeetingLog))), 201


@api.post("/mentorships/<int:mentorship_id>/agreement/sign")
@signed_in
def sign_agreement(mentorship_id: int) -> dict[str, Any]:
    """Sign the version ``number``."""
    row = queries.mentorship_for(actor(), mentorship_id)
    return agreement_shape(actions.sign_agreement(actor(), row, read_json(SignedVersion)))


@api.post("/mentorships/<int:mentorship_id>/advance")
@signed_in
def advance(mentorship_id: int) -> dict[str, Any]:
    """Go on from ``stage`` to the next one."""
    row = queries.mentorship_for(actor(), mentorship_id)
    actions.advance_stage(actor(), row, read_json(StepInput))
    return standing_shape(queries.standing_for(actor(), row))


@api.get("/coaching/shared")
@signed_in
def shared() -> dict[str, Any]:
    """What coachees let the actor see as their superior, at this moment."""
    return {"coaching": [shared_shape(one) for one in shared_for(actor())]}
