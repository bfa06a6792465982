"""Which of the texts kept on a device the server has taken: ``static/js/lib/drafts.js`` forgets those and no others."""

from __future__ import annotations

import re

from flask import Flask, Response, request, session

FIELD = "draft_key"
COOKIE = "drafts-taken"
"""Read and deleted by the next page's script: a redirect that never arrives loses nothing, the next page tells it."""

SHAPE = re.compile(r"[\w.~%-]{1,160}@\d{1,16}")
"""Key of a draft, and when it was sent by the clock of its device."""

MOST = 12
LASTS = 86400


def set_up(app: Flask) -> None:
    """Confirm each form of ``app`` that was accepted."""
    secure = app.config["SETTINGS"].secure_cookies

    @app.after_request
    def _confirm(response: Response) -> Response:
        key = request.form.get(FIELD, "") if request.method == "POST" and response.status_code < 400 else ""
        if SHAPE.fullmatch(key) and not _was_refused():
            before = [one for one in request.cookies.get(COOKIE, "").split("|") if SHAPE.fullmatch(one) and one != key]
            taken = "|".join([*before[1 - MOST :], key])
            response.set_cookie(COOKIE, taken, max_age=LASTS, secure=secure, httponly=False, samesite="Lax")
        return response


def _was_refused() -> bool:
    """A page that leads back with a warning has taken nothing."""
    return any(tone in ("warn", "bad") for tone, _text in session.get("_flashes", ()))
