"""Pages of pairing."""

from __future__ import annotations

from flask import Blueprint, render_template

from mentorlink.pairing import models  # noqa: F401  the rows stand in the schema as soon as the door does
from mentorlink.web.guard import signed_in

pages = Blueprint("pairing", __name__)


@pages.get("/find")
@signed_in
def suggestions() -> str:
    """Who could help, best first."""
    return render_template("pairing/suggestions.html")


@pages.get("/requests")
@signed_in
def requests() -> str:
    """Requests to me and from me."""
    return render_template("pairing/requests.html")


@pages.get("/requests/<int:request_id>")
@signed_in
def request_page(request_id: int) -> str:
    """One request with what was said."""
    return render_template("pairing/request.html", request_id=request_id)


@pages.get("/offers")
@signed_in
def offers() -> str:
    """What I offer."""
    return render_template("pairing/offers.html")
