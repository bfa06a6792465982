"""JSON of notifications."""

from __future__ import annotations

from apiflask import APIBlueprint

api = APIBlueprint("api_notifications", __name__)
