"""Pages of mentoring."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("mentoring", __name__)
