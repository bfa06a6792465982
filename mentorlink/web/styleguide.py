"""Every part of the design system on one page, and pages that few ever see; for those who build pages and for the demo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, render_template, url_for

from mentorlink.web.guard import public

pages = Blueprint("styleguide", __name__)

RARE: dict[str, tuple[str, dict[str, Any]]] = {
    **{
        str(status): (f"errors/{status}.html", {"request_id": "3f9c21ab70de", "back_href": "/styleguide", "retry_after": 120})
        for status in (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)
    },
    "session-expired": (
        "errors/session_expired.html",
        {
            "sign_in_href": "/sign-in",
            "kept": [],
            "said": [("Pesan Anda", "Saya ingin belajar menyusun anggaran berbasis kinerja."), ("Mulai", "2026-03-02")],
        },
    ),
    "sent-once-more": (
        "errors/session_expired.html",
        {"sign_in_href": "", "kept": [], "said": [("Pesan Anda", "Terima kasih.")]},
    ),
    "first-administrator": ("people/first_administrator.html", {"key": "", "form": None, "asks_agency": True}),
}
"""Name → template and what it is shown with."""


@pages.get("/styleguide")
@public
def index() -> str:
    """The style guide; only where the demo runs."""
    _only_in_the_demo()
    return render_template("styleguide/index.html")


@pages.get("/styleguide/rare/<name>")
@public
def rare(name: str) -> str:
    """A page that few ever see, as it would look."""
    _only_in_the_demo()
    if name not in RARE:
        abort(404)
    template, context = RARE[name]
    return render_template(template, **context, address=url_for("styleguide.rare", name=name))


def _only_in_the_demo() -> None:
    if not current_app.config["SETTINGS"].demo:
        abort(404)
