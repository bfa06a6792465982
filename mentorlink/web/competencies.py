"""Pages of competencies."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("competencies", __name__)
