"""The page for who was away."""

from __future__ import annotations

from flask import render_template

from mentorlink.community.queries.catchup import catch_up
from mentorlink.web.community.frame import pages
from mentorlink.web.guard import actor, signed_in


@pages.get("/catch-up")
@signed_in
def catching_up() -> str:
    """What mattered since I was last here: what concerns me first, then by topic."""
    return render_template("community/catch_up.html", news=catch_up(actor()))
