"""JSON of competencies."""

from __future__ import annotations

from apiflask import APIBlueprint

api = APIBlueprint("api_competencies", __name__)
