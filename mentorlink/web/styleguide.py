"""Every part of the design system on one page, for those who build pages and for the demo."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, render_template

from mentorlink.web.guard import public

pages = Blueprint("styleguide", __name__)


@pages.get("/styleguide")
@public
def index() -> str:
    """The style guide; only where the demo runs."""
    if not current_app.config["SETTINGS"].demo:
        abort(404)
    return render_template("styleguide/index.html")
