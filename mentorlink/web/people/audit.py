"""The record of who did what."""

from __future__ import annotations

from flask import render_template, request

from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Fault
from mentorlink.people import queries as people
from mentorlink.people.models import AuditEntry
from mentorlink.web.guard import actor, requires
from mentorlink.web.people.door import pages
from mentorlink.web.people.facts import role_word
from mentorlink.web.words import fault_sentence, knows


@pages.get("/audit")
@requires(Role.ADMINISTRATOR)
def audit() -> str:
    """Who did what, newest first."""
    who, asked = actor(), request.args
    page = people.audit_for(who, act=asked.get("act", "")[:60], person_id=_number("person"), before=_number("before"))
    return render_template(
        "people/audit.html",
        page=page,
        acts=sorted(((act, _deed(act)) for act in people.audit_acts_for(who)), key=lambda item: item[1]),
        deed=_deed,
        facts=_facts,
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _deed(act: str) -> str:
    code = f"audit.{act}"
    return fault_sentence(Fault("", code)) if knows(code) else act.replace("_", " ")


def _facts(entry: AuditEntry) -> str:
    shown = dict(entry.facts)
    if "role" in shown:
        shown["role"] = role_word(str(shown["role"]))
    said = {name: ", ".join(map(str, value)) if isinstance(value, list) else value for name, value in shown.items()}
    return " · ".join(f"{name}: {value}" for name, value in said.items())
