"""The application: config, database, wiring, doors, errors, commands, in that order."""

from __future__ import annotations

import importlib
import pkgutil
import uuid
from pathlib import Path

import sqlalchemy as sa
import structlog
from apiflask import APIFlask
from flask import request
from flask_compress import Compress
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

import mentorlink
from config import Settings, SettingsError, load_settings
from mentorlink import wiring
from mentorlink.kernel import crypto, later, logs
from mentorlink.kernel import settings as settings_in_force
from mentorlink.kernel.db import db, prepare_engine
from mentorlink.people.models import Person
from mentorlink.people.queries import demo_is_safe

ROOT = Path(__file__).parent.parent


class Id(IntegerConverter):
    """A number in an address, of no more digits than any id has; Python refuses to read thousands of them."""

    regex = r"\d{1,19}"


PAGES = (
    "assets", "health", "home", "people", "competencies", "programmes", "pairing", "ranking", "meetings", "mentoring",
    "coaching", "learning", "community", "notifications", "insights", "exchange", "rounds", "styleguide",
)  # fmt: skip
"""Modules of ``mentorlink.web`` with a blueprint named ``pages``."""

API = (
    "people", "competencies", "pairing", "meetings", "sessions", "mentoring", "groups", "coaching", "learning", "community",
    "commons", "lives", "moderation", "notifications", "exchange", "insights",
)  # fmt: skip
"""Modules of ``mentorlink.api`` with a blueprint named ``api``."""


def create_app(settings: Settings | None = None) -> APIFlask:
    """Build the application from ``settings`` (read from the environment when not given)."""
    settings = settings or load_settings()
    app = APIFlask(
        __name__,
        title="MentorLink",
        version="1",
        spec_path=None,
        docs_path=None,
        json_errors=False,
        root_path=str(ROOT),
        template_folder="templates",
        static_folder="static",
    )
    app.url_map.converters["int"] = Id
    _configure(app, settings)
    _connect(app, settings)
    wiring.wire_all()
    _open_doors(app)
    _refuse_demo_over_real_people(app, settings)
    return app


def import_rows() -> None:
    """Import every ``models`` module of the house, so that its metadata is whole."""
    for module in pkgutil.walk_packages(mentorlink.__path__, "mentorlink."):
        if module.name.rsplit(".", 1)[-1] == "models" or ".models." in module.name:
            importlib.import_module(module.name)


def _configure(app: APIFlask, settings: Settings) -> None:
    logs.set_up(settings.log_level)
    crypto.load_keys(settings.data_keys)
    settings_in_force.use(settings)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=(settings.max_upload_mb + 1) * 2**20,  # a file of just that size still gets a sentence of its own
        MAX_FORM_MEMORY_SIZE=2**20,
        SESSION_COOKIE_NAME="__Host-form" if settings.secure_cookies else "form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIN_SIZE=600,
        OPENAPI_VERSION="3.1.0",
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    @app.before_request
    def _name_the_request() -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=uuid.uuid4().hex[:12])
        later.take()


def _connect(app: APIFlask, settings: Settings) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    if settings.database_url.startswith("postgresql"):
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
            "pool_size": settings.database_pool,
            "max_overflow": 0,
            "pool_timeout": 10,
            "pool_pre_ping": True,
            "hide_parameters": True,
            "connect_args": {"options": "-c statement_timeout=15000 -c lock_timeout=10000 -c timezone=UTC"},
        }
    else:
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
            "pool_size": settings.database_pool,
            "max_overflow": 0,
            "pool_timeout": 10,
            "hide_parameters": True,
        }
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def _refuse_demo_over_real_people(app: APIFlask, settings: Settings) -> None:
    """Stop the start when demo sign-ins would open a database in which there are real people."""
    if not settings.demo:
        return
    with app.app_context():
        if sa.inspect(db.engine).has_table(Person.__tablename__) and not demo_is_safe():
            raise SettingsError("MENTORLINK_DEMO cannot be switched on: the database holds people who are not of the demo.")


def _do(app: APIFlask, deeds: tuple[later.Deed, ...]) -> None:
    with app.app_context():
        later.run(deeds)


def _open_doors(app: APIFlask) -> None:
    from mentorlink import live
    from mentorlink.api import guard as api_guard
    from mentorlink.web import drafts, errors, guard, locale, security, shell

    Compress(app)
    security.set_up(app)
    locale.set_up(app)
    shell.set_up(app)
    errors.set_up(app)
    drafts.set_up(app)
    guard.login_manager.init_app(app)
    CSRFProtect(app)
    for name in PAGES:
        app.register_blueprint(importlib.import_module(f"mentorlink.web.{name}").pages)
    api_guard.set_up(app)
    for name in API:
        app.register_blueprint(importlib.import_module(f"mentorlink.api.{name}").api, url_prefix="/api/v1")
    live.set_up(app)
    importlib.import_module("mentorlink.cli.commands").set_up(app)

    @app.after_request
    def _then(response):  # type: ignore[no-untyped-def]  # Flask's own types
        if deeds := later.take():
            response.call_on_close(lambda: _do(app, deeds))
        return response

    @app.after_request
    def _log(response):  # type: ignore[no-untyped-def]  # Flask's own types
        if not request.path.startswith(("/static/", "/healthz")):
            path = logs.shown_path(request.path, request.view_args)
            structlog.get_logger("request").info("answered", method=request.method, path=path, status=response.status_code)
        return response
