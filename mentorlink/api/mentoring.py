"""JSON of mentoring."""

from __future__ import annotations

from apiflask import APIBlueprint

api = APIBlueprint("api_mentoring", __name__)
