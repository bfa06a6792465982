"""Pages of programmes."""

from __future__ import annotations

from flask import Blueprint

from mentorlink.programmes import actions, queries  # noqa: F401  the rows belong to the schema

pages = Blueprint("programmes", __name__)
