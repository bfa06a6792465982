"""JSON of people: oneself, a colleague's public profile, search."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request
from flask_wtf.csrf import generate_csrf

from mentorlink.api.guard import actor, current_person, number, read_json, signed_in
from mentorlink.people import actions
from mentorlink.people import queries as people
from mentorlink.people.inputs import ProfileInput
from mentorlink.people.shapes import colleague_shape, found_shape, own_shape

api = APIBlueprint("api_people", __name__)


@api.get("/me")
@signed_in
def me() -> dict[str, Any]:
    """Oneself, one's roles, and the secret that changing requests carry in ``X-CSRFToken``."""
    who = actor()
    grants = [{"role": str(grant.role), "unit_path": grant.unit_path} for grant in who.grants]
    return {"person": own_shape(current_person()), "grants": grants, "heads": list(who.heads), "csrf_token": generate_csrf()}


@api.put("/me/profile")
@signed_in
def edit_me() -> dict[str, Any]:
    """Write what one says about oneself; the whole of it."""
    person = actions.edit_profile(actor(), current_person(), read_json(ProfileInput))
    return {"person": own_shape(person)}


@api.get("/people")
@signed_in
def search() -> dict[str, Any]:
    """Active colleagues whose names begin with the words of ``q``; at most ``limit`` (10, 50 at most)."""
    found = people.search_people(actor(), request.args.get("q", "")[:100], limit=number("limit", 10, most=50))
    return {"people": [found_shape(person) for person in found]}


@api.get("/people/<int:person_id>")
@signed_in
def colleague(person_id: int) -> dict[str, Any]:
    """A colleague's public profile."""
    return {"person": colleague_shape(people.person_for(actor(), person_id))}
