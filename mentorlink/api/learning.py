"""JSON of the learning record: hours, claims, plans, and what waits for a superior."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from mentorlink.api.guard import actor, read_json, requires, signed_in
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import NotFound
from mentorlink.learning import actions, queries, shapes
from mentorlink.learning.inputs import ClaimInput, Decision, PlanDecision

api = APIBlueprint("api_learning", __name__)


@api.get("/learning/hours")
@signed_in
def my_hours() -> dict[str, Any]:
    """My learning year; ``year`` is this one unless it is said."""
    return _hours(actor().person_id or 0)


@api.get("/people/<int:person_id>/learning-hours")
@signed_in
def hours(person_id: int) -> dict[str, Any]:
    """Somebody's learning year, for their superiors and HR."""
    return _hours(person_id)


def _hours(person_id: int) -> dict[str, Any]:
    person, year = queries.person_with_hours_for(actor(), person_id), _year()
    return shapes.year_shape(year, queries.year_for(actor(), person, year))


def _year() -> int:
    now = clock.today(actor().timezone).year
    year = request.args.get("year", default=now, type=int)
    return year if 2000 <= year <= now + 1 else now


@api.post("/learning/claims")
@signed_in
def claim_hours() -> tuple[dict[str, Any], int]:
    """Claim something learned, with a link to where it can be seen; a file is sent by the page."""
    me = queries.person_with_hours_for(actor(), actor().person_id or 0)
    return shapes.claim_shape(actions.claim_hours(actor(), me, read_json(ClaimInput))), 201


@api.get("/learning/claims/<int:claim_id>")
@signed_in
def claim(claim_id: int) -> dict[str, Any]:
    """One claim."""
    return shapes.claim_shape(queries.claim_for(actor(), claim_id))


@api.post("/learning/claims/<int:claim_id>/decision")
@signed_in
def decide_claim(claim_id: int) -> dict[str, Any]:
    """Approve, return or refuse a claim, over the revision that was read."""
    row = queries.claim_for(actor(), claim_id)
    actions.decide_claim(actor(), row, read_json(Decision))
    return shapes.claim_shape(queries.claim_for(actor(), claim_id))


@api.get("/learning/plan")
@signed_in
def my_plan() -> dict[str, Any]:
    """My development plan of a year."""
    me = queries.person_with_hours_for(actor(), actor().person_id or 0)
    row = queries.plan_in(actor(), me, _year())
    if row is None:
        raise NotFound()
    return shapes.plan_shape(row, queries.progress_for(actor(), row))


@api.get("/learning/plans/<int:plan_id>")
@signed_in
def plan(plan_id: int) -> dict[str, Any]:
    """One plan."""
    row = queries.plan_for(actor(), plan_id)
    return shapes.plan_shape(row, queries.progress_for(actor(), row))


@api.post("/learning/plans/<int:plan_id>/step")
@signed_in
def take_plan_step(plan_id: int) -> dict[str, Any]:
    """Send, take back, approve, return or reopen a plan, over the revision that was read."""
    row = queries.plan_to_change_for(actor(), plan_id)
    actions.take_plan_step(actor(), row, read_json(PlanDecision))
    row = queries.plan_for(actor(), plan_id)
    return shapes.plan_shape(row, queries.progress_for(actor(), row))


@api.get("/learning/approvals")
@signed_in
def approvals() -> dict[str, Any]:
    """Claims and plans that wait for me."""
    return {
        "claims": [shapes.claim_shape(row) for row in queries.waiting_claims_for(actor())],
        "plans": [{"id": row.id, "person_id": row.person_id, "year": row.year} for row in queries.waiting_plans_for(actor())],
    }


@api.get("/learning/plans/sums")
@requires(Role.MANAGER)
def plan_sums() -> dict[str, Any]:
    """What the plans of ``year`` add up to in the units the actor looks after, or in ``unit`` of them."""
    unit = queries.unit_of_sums_for(actor(), request.args.get("unit", type=int))
    return shapes.sums_shape(_year(), queries.plan_sums_for(actor(), _year(), unit=unit))
