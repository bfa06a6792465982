"""Pages of programmes."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("programmes", __name__)
