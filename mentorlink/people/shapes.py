"""Rows about people as dicts. What stands in each shape is stated here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mentorlink.people.models import Person, RoleGrant, Unit


@dataclass(frozen=True)
class Branch:
    """A unit in the tree, with who heads it and how many people work in it and below."""

    unit: Unit
    depth: int
    head: Person | None
    people: int
    people_below: int
    has_units: bool


def colleague_shape(person: Person) -> dict[str, Any]:
    """What every colleague may know of a person; never NIP, e-mail, rank or state."""
    return {
        "id": person.id,
        "name": person.name,
        "full_name": person.full_name,
        "job": dict(person.job.name) if person.job else None,
        "tier": person.job.tier.code if person.job else None,
        "field": person.field.code if person.field else None,
        "unit": unit_shape(person.unit),
        "in_field_since": person.in_field_since,
        "languages": list(person.languages),
        "place": person.place,
        "timezone": person.timezone,
        "bio": person.bio,
        "can_help_with": person.can_help_with,
        "wants_to_grow_in": person.wants_to_grow_in,
    }


def own_shape(person: Person) -> dict[str, Any]:
    """What a person may know of themself."""
    return colleague_shape(person) | {
        "email": person.email,
        "nip": person.nip,
        "contract": person.contract,
        "rank": person.rank,
        "title_before": person.title_before,
        "title_after": person.title_after,
        "locale": person.locale,
        "theme": person.theme,
    }


def kept_shape(person: Person, grants: Iterable[RoleGrant], *, nip: str, state: str) -> dict[str, Any]:
    """What HR over the unit may know of a person, with their roles; ``nip`` as the reader may see it, masked or in full."""
    return own_shape(person) | {"nip": nip or None, "state": state, "grants": [grant_shape(grant) for grant in grants]}


def grant_shape(grant: RoleGrant) -> dict[str, Any]:
    """A role that somebody was given; without a unit it holds for the agency."""
    return {"id": grant.id, "role": grant.role, "unit_id": grant.unit_id, "granted_at": grant.granted_at.isoformat()}


def branch_shape(branch: Branch) -> dict[str, Any]:
    """A unit in the tree."""
    return unit_shape(branch.unit) | {
        "parent_id": branch.unit.parent_id,
        "head": {"id": branch.head.id, "name": branch.head.name} if branch.head else None,
        "place": branch.unit.place,
        "timezone": branch.unit.timezone,
        "people": branch.people,
        "people_below": branch.people_below,
    }


def found_shape(person: Person) -> dict[str, Any]:
    """A person in a list of search results."""
    return {
        "id": person.id,
        "name": person.name,
        "initials": person.initials,
        "job": dict(person.job.name) if person.job else None,
        "unit": dict(person.unit.name),
    }


def unit_shape(unit: Unit) -> dict[str, Any]:
    """A unit where it is mentioned."""
    return {"id": unit.id, "code": unit.code, "name": dict(unit.name)}
