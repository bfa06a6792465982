"""Pages of community."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("community", __name__)
