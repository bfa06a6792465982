"""What the pages of people share: the blueprint, cookies, who comes unannounced, where one may be sent on to."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, Response, current_app, g, make_response, redirect, request, session
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from mentorlink.kernel import clock, crypto
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.actions import note_denial, touch_sign_in
from mentorlink.web.guard import actor, by_itself, cookie_name

pages = Blueprint("people", __name__)

YEAR = 365 * 24 * 3600
log = structlog.get_logger(__name__)


def visitor() -> Actor:
    """Who is not signed in yet."""
    return Actor(person_id=None, door="page")


def device() -> dict[str, str]:
    """What is kept of the device: its browser's name for itself, and its address."""
    return {"user_agent": request.user_agent.string, "address": request.remote_addr or ""}


def let_in(token: str, onward: str) -> AnyResponse:
    """Answer a sign-in: the cookie, a fresh form secret, and on to where the person wanted to go."""
    settings = current_app.config["SETTINGS"]
    session.clear()
    response = redirect(onward, 303)
    response.set_cookie(
        cookie_name(),
        token,
        max_age=settings.session_absolute_hours * 3600,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def let_out(onward: str) -> AnyResponse:
    """Answer a sign-out: no cookie, no form secret."""
    session.clear()
    response = redirect(onward, 303)
    response.delete_cookie(
        cookie_name(), secure=current_app.config["SETTINGS"].secure_cookies, httponly=True, samesite="Lax", path="/"
    )
    return response


def remember(response: AnyResponse, name: str, value: str) -> None:
    """Keep a choice that says nothing about anybody, such as the language."""
    secure = current_app.config["SETTINGS"].secure_cookies
    response.set_cookie(name, value, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")


def back(address: str | None, default: str = "/") -> str:
    """``address`` if it is a path of our own, else ``default``: nobody is sent to another site."""
    if not address or not address.startswith("/") or address[1:2] in ("/", "\\"):
        return default
    return default if "\\" in address or any(ord(character) < 33 for character in address) else address


def refused(html: str, status: int = 422, *, retry_after: int | None = None) -> Response:
    """A page that came back."""
    response = make_response(html, status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


@pages.app_template_filter("unseal")
def unseal(sealed: str) -> str:
    """The text of a sealed fact in a mail's payload."""
    return crypto.unseal(sealed.encode())


@pages.after_app_request
def _note_use(response: Response) -> Response:
    """Keep the sign-in awake, once a minute, unless the page asked by itself, and write refusals down.

    The answer goes out whatever becomes of that.
    """
    visit: Any = g.get("_login_user")
    apart = request.path.startswith("/api/") or by_itself()
    if apart or visit is None or not visit.is_authenticated or response.status_code >= 500:
        return response
    try:
        used = visit.sign_in
        if used.ended_at is None and (clock.now() - used.seen_at).total_seconds() > 60:
            touch_sign_in(actor(), used.id)
        if response.status_code == 403:
            note_denial(actor(), "role_needed", address=request.remote_addr or "", where=request.endpoint or "")
    except SQLAlchemyError:
        db.session.rollback()
        log.exception("sign-in not kept awake")
    return response


def signed_in_already() -> bool:
    """True for who came back to the way in."""
    return bool(current_user.is_authenticated)
