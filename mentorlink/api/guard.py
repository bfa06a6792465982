"""Who stands before an address of the API, and how it refuses: always as JSON.

Signed in by the same cookie as the pages; whatever changes something carries the form secret in ``X-CSRFToken``, which
``GET /api/v1/me`` hands out. A refusal is ``{"error": {"code", "facts", "faults"}}``: codes and facts, no words.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, current_app, g, jsonify, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import BadRequest, HTTPException

import mentorlink.api
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, DomainError, Invalid, NotFound, NotSignedIn, TooMany
from mentorlink.kernel.guards import guards
from mentorlink.kernel.inputs import Input, read
from mentorlink.kernel.logs import shown_path
from mentorlink.people.actions import note_denial, touch_sign_in
from mentorlink.people.models import Person
from mentorlink.people.queries import actor_of, visit_of

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotSignedIn: 401,
    Denied: 403,
    Conflict: 409,
    Invalid: 422,
    TooMany: 429,
}

I = TypeVar("I", bound=Input)

log = structlog.get_logger(__name__)
_answering: set[str] = set()


def actor() -> Actor:
    """Who acts in this request; raises NotSignedIn."""
    if "api_actor" not in g:
        g.api_actor = actor_of(current_person(), door="api")
    return g.api_actor  # type: ignore[no-any-return]  # Flask's g holds anything


signed_in, requires = guards(actor)


def current_person() -> Person:
    """The signed-in person; raises NotSignedIn."""
    if "api_person" not in g:
        token = request.cookies.get(current_app.config["SETTINGS"].sign_in_cookie, "")
        visit = visit_of(token) if token else None
        if visit is None:
            raise NotSignedIn()
        g.api_sign_in, g.api_person = visit
    return g.api_person  # type: ignore[no-any-return]


def read_json(model: type[I]) -> I:
    """The request's JSON object as ``model``; Invalid with every fault at once."""
    try:
        data = request.get_json()
    except RecursionError:
        raise BadRequest("an object is expected") from None
    if not isinstance(data, dict):
        raise BadRequest("an object is expected")
    return read(model, data)


def number(name: str, default: int, *, most: int) -> int:
    """A small whole number of the query, kept within 1 and ``most``."""
    text = request.args.get(name, "")
    return min(most, max(1, int(text))) if text.isascii() and text.isdigit() and len(text) < 10 else default


def set_up(app: Flask) -> None:
    """Answer every refusal of the API as JSON. Call before the blueprints of ``mentorlink.api`` are registered."""
    for found in pkgutil.iter_modules(mentorlink.api.__path__):
        blueprint = getattr(importlib.import_module(f"mentorlink.api.{found.name}"), "api", None)
        if blueprint is not None and blueprint.name not in _answering:
            _answering.add(blueprint.name)
            blueprint.register_error_handler(DomainError, _refused)
            blueprint.register_error_handler(CSRFError, _http)
            blueprint.register_error_handler(HTTPException, _http)
            blueprint.register_error_handler(Exception, _failed)
    app.after_request(_note_use)


def _refused(error: DomainError) -> Response:
    db.session.rollback()
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    faults = [{"field": f.field, "code": f.code, "facts": f.facts} for f in getattr(error, "faults", ())]
    response = _answer(status, error.code, facts=error.facts, faults=faults)
    if "retry_after" in error.facts:
        response.headers["Retry-After"] = str(error.facts["retry_after"])
    return response


def _http(error: HTTPException) -> Response:
    return _answer(error.code or 500, "csrf" if isinstance(error, CSRFError) else f"http_{error.code}")


def _failed(_error: Exception) -> Response:
    db.session.rollback()
    log.exception("request failed", path=shown_path(request.path, request.view_args), method=request.method)
    return _answer(500, "http_500")


def _answer(status: int, code: str, *, facts: dict[str, Any] | None = None, faults: list[Any] | None = None) -> Response:
    response = jsonify({"error": {"code": code, "facts": facts or {}, "faults": faults or []}})
    response.status_code = status
    return response


def _note_use(response: Response) -> Response:
    if "api_sign_in" not in g or response.status_code >= 500:
        return response
    try:
        used = g.api_sign_in
        if used.ended_at is None and (clock.now() - used.seen_at).total_seconds() > 60:
            touch_sign_in(actor(), used.id)
        if response.status_code == 403:
            note_denial(actor(), "denied", address=request.remote_addr or "", where=request.endpoint or "")
    except SQLAlchemyError:
        db.session.rollback()
        log.exception("sign-in not kept awake")
    return response
