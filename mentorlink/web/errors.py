"""Refusals as pages: one table from kinds of error to status, one sentence per code."""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from mentorlink.kernel import settings
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, DomainError, Invalid, NotFound, NotSignedIn, TooMany
from mentorlink.kernel.logs import shown_path
from mentorlink.web.fields import said
from mentorlink.web.guard import current_person
from mentorlink.web.words import error_sentence

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotSignedIn: 401,
    Denied: 403,
    Conflict: 409,
    Invalid: 422,
    TooMany: 429,
}
_PAGES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)

log = structlog.get_logger(__name__)


def set_up(app: Flask) -> None:
    """Answer every refusal and every failure of a page with a page."""

    @app.errorhandler(DomainError)
    def _refused(error: DomainError) -> Response:
        db.session.rollback()
        if isinstance(error, NotSignedIn):
            return _sign_in_first()
        status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
        return page(status, reason=error_sentence(error), retry_after=error.facts.get("retry_after"), code=error.code)

    @app.errorhandler(CSRFError)
    def _expired(_error: CSRFError) -> Response:
        if request.form and not current_person:
            return _sign_in_first()
        of_a_page = not request.path.startswith("/api/") and not _for_a_script()
        return _once_more(400) if "csrf_token" in request.form and of_a_page else page(400)

    @app.errorhandler(MethodNotAllowed)
    def _not_so(error: MethodNotAllowed) -> Response:
        asked_again = request.method in ("GET", "HEAD") and not request.path.startswith("/api/") and not _for_a_script()
        if asked_again:
            return make_response(redirect(nearest_page(request.path), 303))
        answer = page(405)
        answer.allow.update(error.valid_methods or ())
        return answer

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        if error.code is None or error.code < 400:
            return make_response(error.get_response())
        if error.code == 413:
            return page(413, reason=_("A file may have at most %(limit)s MB.", limit=settings.current().max_upload_mb))
        return page(error.code)

    @app.errorhandler(Exception)
    def _failed(_error: Exception) -> Response:
        db.session.rollback()
        log.exception("request failed", path=shown_path(request.path, request.view_args), method=request.method)
        return page(500)


def nearest_page(path: str) -> str:
    """The page that an address belongs to which only takes forms, by dropping its last parts: the request, of its refusal.

    A browser asks for such an address when it opens a tab again, or a reader their bookmark. Whether they may read the page is
    decided there.
    """
    adapter = current_app.create_url_adapter(request)
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        shorter = "/" + "/".join(parts[:length])
        if adapter is not None and adapter.test(shorter, "GET"):
            return request.script_root + shorter
    return request.script_root + "/"


def page(status: int, *, reason: str = "", retry_after: int | None = None, code: str = "") -> Response:
    """The error page of ``status``; a JSON object on API paths, and for a script that asks for one, with the sentence to show."""
    if request.path.startswith("/api/"):
        return make_response({"error": {"code": f"http_{status}"}}, status)
    if _for_a_script():
        response = make_response({"error": {"code": code or f"http_{status}", "sentence": reason}}, status)
        if retry_after:
            response.headers["Retry-After"] = str(retry_after)
        return response
    name = status if status in _PAGES else (500 if status >= 500 else 400)
    html = render_template(
        f"errors/{name}.html",
        reason=reason,
        retry_after=retry_after,
        request_id=structlog.contextvars.get_contextvars().get("request"),
        back_href=_form_again() if status == 413 else _back(),
    )
    response = make_response(html, status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _for_a_script() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def _back(*, form: bool = False) -> str:
    """The page before this one; of a form also the same address, where the form stands."""
    referrer = urlsplit(request.referrer or "")
    same = referrer.netloc == request.host and (form or referrer.path != request.path)
    return referrer.path + (f"?{referrer.query}" if referrer.query else "") if same else "/"


def _form_again() -> str:
    """Where the form stands that was sent: the page before this one, or, where the browser names none, that of the address."""
    before = _back(form=True)
    adapter = current_app.create_url_adapter(request)
    own = adapter is not None and adapter.test(request.path, "GET")
    here = request.script_root + request.path if own else nearest_page(request.path)
    return here if before == "/" else before


def _sign_in_first() -> Response:
    """Send a reader to sign in and back; a writer sees what they wrote, kept, with the way on."""
    if request.method == "GET":
        here = request.full_path.rstrip("?")
        response = make_response("", 303)
        response.headers["Location"] = url_for("people.sign_in", next=here if here != "/" else None)
        return response
    return _once_more(401, sign_in_href=url_for("people.sign_in", next=_back(form=True)))


def _once_more(status: int, *, sign_in_href: str = "") -> Response:
    """What came with the secret of another sign-in, or none: kept on the page, to be sent again as it was."""
    secret = ("csrf_token", "password")
    kept = [(name, value) for name, value in request.form.items(multi=True) if not any(word in name for word in secret)]
    feature = (request.endpoint or "").split(".")[0]
    html = render_template(
        "errors/session_expired.html",
        sign_in_href=sign_in_href,
        kept=kept,
        said=said(feature, kept),
        address="" if any("password" in name for name in request.form) else request.full_path.rstrip("?"),
    )
    return make_response(html, status)
