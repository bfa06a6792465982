"""Pages of mentoring."""

from __future__ import annotations

from flask import Blueprint, render_template

from mentorlink.sessions.mentoring.queries import mentorships_for
from mentorlink.web.guard import actor, signed_in

pages = Blueprint("mentoring", __name__)


@pages.get("/mentoring")
@signed_in
def index() -> str:
    """The actor's mentorships, as mentee and as mentor."""
    return render_template("mentoring/index.html", mentorships=mentorships_for(actor()))
