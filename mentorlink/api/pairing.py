"""JSON of pairing."""

from __future__ import annotations

from apiflask import APIBlueprint

api = APIBlueprint("api_pairing", __name__)
