"""JSON of competencies."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from mentorlink.api.guard import actor, signed_in
from mentorlink.competencies import queries, shapes

api = APIBlueprint("api_competencies", __name__)


@api.get("/competencies/map")
@signed_in
def my_map() -> dict[str, Any]:
    """The actor's own competency map."""
    return shapes.map_shape(queries.map_for(actor(), actor().person_id or 0))


@api.get("/people/<int:person_id>/competencies")
@signed_in
def person_map(person_id: int) -> dict[str, Any]:
    """Somebody's competency map, for their superiors and HR."""
    return shapes.map_shape(queries.map_for(actor(), person_id))


@api.get("/frameworks")
@signed_in
def frameworks() -> dict[str, Any]:
    """Every competency dictionary."""
    return {"frameworks": [shapes.framework_shape(shelf) for shelf in queries.frameworks_for(actor())]}


@api.get("/frameworks/<code>/editions/<int:number>")
@signed_in
def edition(code: str, number: int) -> dict[str, Any]:
    """An edition of a dictionary, in the shape in which it is loaded."""
    return queries.edition_content(queries.edition_for(actor(), code, number))


@api.get("/competencies/<code>")
@signed_in
def competency(code: str) -> dict[str, Any]:
    """One competency with its levels."""
    return shapes.competency_shape(queries.competency_for(actor(), code))
