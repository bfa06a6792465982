"""Pages of exchange."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("exchange", __name__)
