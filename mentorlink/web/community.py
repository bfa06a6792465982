"""Pages of communities and their rooms."""

from __future__ import annotations

from flask import Blueprint, render_template

from mentorlink.community.queries import communities_for
from mentorlink.web.guard import actor, signed_in

pages = Blueprint("community", __name__)


@pages.get("/communities")
@signed_in
def index() -> str:
    """My communities with what is unread, and those to join."""
    return render_template("community/index.html", communities=communities_for(actor()))
