"""JSON of people: oneself, a colleague's public profile, search, units; for HR whom they look after, and roles."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request
from flask_wtf.csrf import generate_csrf

from mentorlink.api.guard import actor, current_person, number, read_json, requires, signed_in
from mentorlink.kernel.actor import Role
from mentorlink.kernel.stamps import stamp
from mentorlink.people import actions
from mentorlink.people import queries as people
from mentorlink.people.inputs import ProfileInput, RoleInput, StampedProfile
from mentorlink.people.shapes import branch_shape, colleague_shape, found_shape, grant_shape, kept_shape, own_shape

api = APIBlueprint("api_people", __name__)
hr = requires(Role.MANAGER, Role.ADMINISTRATOR)


@api.get("/me")
@signed_in
def me() -> dict[str, Any]:
    """Oneself, one's roles, and the secret that changing requests carry in ``X-CSRFToken``."""
    who = actor()
    grants = [{"role": str(grant.role), "unit_path": grant.unit_path} for grant in who.grants]
    person = current_person()
    found = {"person": own_shape(person), "stamp": stamp(person.own_words), "grants": grants, "heads": list(who.heads)}
    return found | {"csrf_token": generate_csrf()}


@api.put("/me/profile")
@signed_in
def edit_me() -> dict[str, Any]:
    """Write what one says about oneself, the whole of it, over what ``stamp`` names; 409 where it reads otherwise by now."""
    sent = read_json(StampedProfile)
    data = ProfileInput.model_validate(sent.model_dump(exclude={"stamp"}))
    person = actions.edit_profile(actor(), current_person(), data, seen=sent.stamp)
    return {"person": own_shape(person), "stamp": stamp(person.own_words)}


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


@api.get("/units")
@signed_in
def units() -> dict[str, Any]:
    """The tree of open units, parents before children, with heads and numbers of people."""
    return {"units": [branch_shape(branch) for branch in people.branches_for(actor())]}


@api.get("/units/<int:unit_id>/people")
@signed_in
def people_of_unit(unit_id: int) -> dict[str, Any]:
    """Who works in a unit itself."""
    unit = people.unit_for(actor(), unit_id)
    return {"people": [found_shape(person) for person in people.people_of_unit_for(actor(), unit)]}


@api.get("/directory")
@hr
def directory() -> dict[str, Any]:
    """Whom HR looks after, by name: narrowed by ``q``, ``unit``, ``role``, ``state``; ``next_after`` leads to the next page."""
    unit_id = number("unit", 0, most=2**31 - 1) if request.args.get("unit") else 0
    found = people.directory_for(
        actor(),
        text=request.args.get("q", "")[:100],
        unit=people.unit_for(actor(), unit_id) if unit_id else None,
        state=request.args.get("state", "")[:20],
        role=request.args.get("role", "")[:20],
        after=request.args.get("after", "")[:300],
        limit=number("limit", 50, most=200),
    )
    return {
        "people": [
            kept_shape(person, found.grants.get(person.id, ()), nip=people.nip_for(actor(), person), state=found.state_of(person))
            for person in found.people
        ],
        "total": found.total,
        "next_after": found.next_after,
    }


@api.get("/people/<int:person_id>/roles")
@hr
def roles(person_id: int) -> dict[str, Any]:
    """What somebody whom HR looks after was given."""
    person = people.person_to_manage_for(actor(), person_id)
    return {"roles": [grant_shape(grant) for grant in people.role_grants_of([person.id]).get(person.id, ())]}


@api.post("/people/<int:person_id>/roles")
@hr
def grant(person_id: int) -> tuple[dict[str, Any], int]:
    """Give a role, for the agency or for a unit and all below it."""
    who, person, data = actor(), people.person_to_manage_for(actor(), person_id), read_json(RoleInput)
    unit = people.unit_for(who, data.unit_id) if data.unit_id else None
    return {"role": grant_shape(actions.grant_role(who, person, data.role, unit))}, 201


@api.delete("/people/<int:person_id>/roles/<int:grant_id>")
@hr
def revoke(person_id: int, grant_id: int) -> dict[str, Any]:
    """Take a role away; answers with what is left."""
    actions.revoke_role(actor(), people.person_to_manage_for(actor(), person_id), grant_id)
    return roles(person_id)
