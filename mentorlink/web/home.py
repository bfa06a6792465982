"""The first page: what comes next."""

from __future__ import annotations

from flask import Blueprint, render_template

from mentorlink.exchange.queries import rejected_for
from mentorlink.insights.queries import home_for
from mentorlink.kernel import clock
from mentorlink.notifications.shapes import STAGES
from mentorlink.pairing.actions import note_after_answer
from mentorlink.pairing.queries import best_shown
from mentorlink.web.guard import actor, by_itself, current_person, signed_in

pages = Blueprint("home", __name__)


@pages.get("/")
@signed_in
def index() -> str:
    """One clear next step, then what is under way."""
    home = home_for(actor(), current_person)
    if not by_itself():
        note_after_answer(actor(), best_shown(actor(), home.suggestions, door="home"))
    rejected = rejected_for(actor())
    return render_template("home/index.html", home=home, stages=STAGES, now=clock.now(), rejected=rejected)
