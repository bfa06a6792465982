"""The record of who did what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask_babel import gettext as _

from mentorlink.exchange.rules.columns import KINDS
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Fault
from mentorlink.people import queries as people
from mentorlink.people.models import AuditEntry
from mentorlink.people.queries.audit import AuditPage
from mentorlink.web.exchange import kind_name
from mentorlink.web.guard import actor, requires
from mentorlink.web.locale import chosen_timezone, in_language
from mentorlink.web.people.door import pages
from mentorlink.web.people.facts import role_word
from mentorlink.web.words import fault_sentence, knows


@pages.get("/audit")
@requires(Role.ADMINISTRATOR)
def audit() -> str:
    """Who did what, newest first."""
    who, asked = actor(), request.args
    day = _day()
    page = people.audit_for(
        who,
        act=asked.get("act", "")[:60],
        person_id=_number("person"),
        name=asked.get("name", "")[:80],
        since=day,
        until=day + timedelta(days=1) if day else None,
        before=_number("before"),
    )
    return render_template(
        "people/audit.html",
        page=page,
        acts=sorted(((act, _deed(act)) for act in people.audit_acts_for(who)), key=lambda item: item[1]),
        deed=_deed,
        facts=_facts,
        named=_named,
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _day() -> datetime | None:
    """The first instant of the day that is asked for, where the reader is."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(chosen_timezone() or "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _deed(act: str) -> str:
    code = f"audit.{act}"
    return fault_sentence(Fault("", code)) if knows(code) else act.replace("_", " ")


def _named(entry: AuditEntry) -> str:
    code = f"thing.{entry.thing}"
    return fault_sentence(Fault("", code, {"id": entry.thing_id or ""})).strip() if knows(code) else ""


def _facts(entry: AuditEntry, page: AuditPage) -> str:
    words = {
        "role": _("role"),
        "unit_id": _("unit"),
        "parent_id": _("below"),
        "person_id": _("person"),
        "fields": _("fields"),
        "added": _("added"),
        "changed": _("changed"),
        "devices": _("devices"),
        "where": _("page"),
        "kind": _("kind"),
        "form": _("format"),
        "counts": _("rows"),
        "people": _("people"),
    }
    of_file = entry.act in ("file_applied", "file_taken")
    facts = {name: value for name, value in entry.facts.items() if name != "kind" or of_file}
    known = [(name, value) for name, value in facts.items() if name in words and value is not None]
    return " · ".join(f"{words[name]}: {_value(name, value, page)}" for name, value in known)


def _value(name: str, value: Any, page: AuditPage) -> str:
    if name == "role":
        return role_word(value)
    if name == "kind":
        return kind_name(value) if value in KINDS else _("Matching round") if value == "round" else str(value)
    if name == "form":
        return str(value).upper()
    if name == "counts" and isinstance(value, dict):
        told = [(_("new"), "add"), (_("changed"), "change"), (_("unchanged"), "same"), (_("to correct"), "faulty")]
        return ", ".join(f"{value[code]} {word}" for word, code in told if value.get(code))
    if name in ("unit_id", "parent_id"):
        return in_language(page.units[value].name) if value in page.units else str(value)
    if name == "person_id":
        return page.people[value].name if value in page.people else str(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
