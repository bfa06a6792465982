"""Pages of learning."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("learning", __name__)
