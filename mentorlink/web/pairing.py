"""Pages of pairing."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("pairing", __name__)
