"""JSON of people."""

from __future__ import annotations

from apiflask import APIBlueprint

api = APIBlueprint("api_people", __name__)
