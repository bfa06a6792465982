"""Pages of insights."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("insights", __name__)
