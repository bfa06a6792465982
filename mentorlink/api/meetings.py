"""JSON of planning: free times, proposed times, moving, cancelling, one's own hours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import request
from pydantic import AwareDatetime

from mentorlink.api.guard import actor, read_json, signed_in
from mentorlink.kernel import clock
from mentorlink.kernel.inputs import Input
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import Cancelling, HoursInput, MeetingPlan, MeetingTime, NoTime
from mentorlink.sessions.meetings.models import Series
from mentorlink.sessions.meetings.queries import free_times_for, hours_of, meeting_for, open_times_for, series_for, times_for
from mentorlink.sessions.meetings.shapes import hours_shape, meeting_shape, times_shape
from mentorlink.sessions.mentoring.queries import agreed_clauses, mentorship_of_series

api = APIBlueprint("api_meetings", __name__)
DAYS = 14


class Chosen(Input):
    """One of the times of a proposal."""

    starts_at: AwareDatetime


@api.get("/series/<int:series_id>/free-times")
@signed_in
def free_times(series_id: int) -> dict[str, Any]:
    """When everybody who meets is free for ``minutes`` (as the pair agreed; else 60) in the two weeks to come."""
    series = series_for(actor(), series_id)
    minutes = min(max(request.args.get("minutes", _usual_minutes(series), type=int), 5), 480)
    found = free_times_for(actor(), series, minutes=minutes, first=clock.today(actor().timezone), days=DAYS)
    return {"minutes": minutes, "free_times": [moment.isoformat() for moment in found]}


def _usual_minutes(series: Series) -> int:
    pair = mentorship_of_series(series.id)
    return int(agreed_clauses(actor(), pair).get("minutes", 60)) if pair else 60


@api.post("/series/<int:series_id>/meetings")
@signed_in
def plan_meeting(series_id: int) -> tuple[dict[str, Any], int]:
    """Book one of the free times, or another, once or repeated."""
    return meeting_shape(actions.plan_meeting(actor(), series_for(actor(), series_id), read_json(MeetingPlan))), 201


@api.post("/series/<int:series_id>/times")
@signed_in
def propose_times(series_id: int) -> tuple[dict[str, Any], int]:
    """Let the others choose from one to five times."""
    return times_shape(actions.propose_times(actor(), series_for(actor(), series_id), read_json(MeetingPlan))), 201


@api.get("/times")
@signed_in
def open_times() -> dict[str, Any]:
    """Proposed times that wait for an answer."""
    return {"times": [times_shape(proposal) for proposal in open_times_for(actor())]}


@api.get("/times/<int:times_id>")
@signed_in
def times(times_id: int) -> dict[str, Any]:
    """A proposal with its times."""
    return times_shape(times_for(actor(), times_id))


@api.post("/times/<int:times_id>/take")
@signed_in
def take_time(times_id: int) -> dict[str, Any]:
    """Choose one: the meeting is booked."""
    proposal, chosen = times_for(actor(), times_id), read_json(Chosen)
    return meeting_shape(actions.take_time(actor(), proposal, _utc(chosen.starts_at)))


@api.post("/times/<int:times_id>/decline")
@signed_in
def decline_times(times_id: int) -> dict[str, Any]:
    """None of them suits."""
    return times_shape(actions.decline_times(actor(), times_for(actor(), times_id), read_json(NoTime)))


@api.post("/meetings/<int:meeting_id>/move")
@signed_in
def move_meeting(meeting_id: int) -> dict[str, Any]:
    """Give a planned meeting another time."""
    return meeting_shape(actions.move_meeting(actor(), meeting_for(actor(), meeting_id), read_json(MeetingTime)))


@api.post("/meetings/<int:meeting_id>/cancel")
@signed_in
def cancel_meeting(meeting_id: int) -> dict[str, Any]:
    """Call a planned meeting off."""
    return meeting_shape(actions.cancel_meeting(actor(), meeting_for(actor(), meeting_id), read_json(Cancelling)))


@api.get("/me/hours")
@signed_in
def my_hours() -> dict[str, Any]:
    """When the actor can be met."""
    me = actor().person_id or 0
    return hours_shape(hours_of([me])[me])


@api.post("/me/hours")
@signed_in
def say_hours() -> dict[str, Any]:
    """Put the actor's weekly hours in place of those before."""
    actions.say_hours(actor(), read_json(HoursInput))
    return my_hours()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
