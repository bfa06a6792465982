"""What every page stands in: navigation, name, language, theme, unread notices."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import generate_csrf

from mentorlink.kernel.actor import Actor, Role
from mentorlink.notifications.queries import unread_count
from mentorlink.people.queries import demo_runs
from mentorlink.web.assets import asset
from mentorlink.web.guard import actor, person_here
from mentorlink.web.locale import agency_name, zone_label

BELONGS = {
    "ranking": "insights",
    "rounds": "insights",
    "meetings": "mentoring",
    "coaching": "mentoring",
    "programmes": "insights",
}
"""Pages that stand under another feature's main destination."""


def set_up(app: Flask) -> None:
    """Give every template the shell's context."""
    app.jinja_env.globals.update(asset=asset, csrf_token=generate_csrf)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def _shell() -> dict[str, Any]:
        settings = current_app.config["SETTINGS"]
        person = person_here()
        return {
            "agency_name": LazyString(agency_name),
            "mail_server": bool(settings.smtp_url),
            "demo_mode": settings.demo and demo_runs(),
            "locale": str(get_locale()),
            "theme": person.theme if person else request.cookies.get("theme", "auto"),
            "current_person": person,
            "actor": actor() if person else None,
            "nav": navigation(actor()) if person else [],
            "unread_notices": lambda: unread_count(actor()) if person else 0,  # asked by whole pages, not by pieces of one
            "timezone_label": zone_label(person.timezone) if person else "",
        }


def navigation(who: Actor) -> list[dict[str, Any]]:
    """The main destinations of ``who``, most used first; the first five make the phone's bottom bar."""
    items = [
        ("home.index", _("Home"), "house"),
        ("competencies.my_map", _("Competencies"), "chart-no-axes-column"),
        ("pairing.suggestions", _("Find a mentor"), "users-round"),
        ("mentoring.index", _("Mentoring"), "handshake"),
        ("community.index", _("Communities"), "messages-square"),
    ]
    if who.has(Role.MANAGER):
        items.append(("insights.overview", _("Programme"), "chart-line"))
    if who.has(Role.MANAGER, Role.ADMINISTRATOR):
        items += [("exchange.index", _("Files"), "file-up"), ("people.directory", _("People"), "building-2")]
    here = (request.endpoint or "").split(".")[0]
    here = BELONGS.get(here, here)
    return [
        {"endpoint": endpoint, "label": label, "icon": icon, "active": endpoint.split(".")[0] == here, "count": 0}
        for endpoint, label, icon in items
    ]
