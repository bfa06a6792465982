"""JSON of community."""

from __future__ import annotations

from apiflask import APIBlueprint

api = APIBlueprint("api_community", __name__)
