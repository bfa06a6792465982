"""My record: everything about me in one click, what I may ask about it, what I agree to; and HR's queue with the law's clock."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import format_date, format_datetime, get_locale
from flask_babel import gettext as _

from mentorlink.insights.queries.record import Section, record_for
from mentorlink.kernel import clock, crypto
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Invalid, NotFound
from mentorlink.kernel.inputs import read_form
from mentorlink.learning import actions
from mentorlink.learning.inputs import ConsentInput, DataAnswer, DataRequestInput
from mentorlink.learning.queries import person_with_hours_for
from mentorlink.learning.queries.rights import consents_of, data_request_for, data_requests_for, waiting_data_requests_for
from mentorlink.people.models import Person
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, requires, signed_in
from mentorlink.web.learning.blueprint import pages
from mentorlink.web.learning.papers import as_pdf
from mentorlink.web.locale import in_language


def section_name(code: str) -> str:
    """What a part of the record is called."""
    return {
        "profile": _("Profile"), "roles": _("Roles"), "devices": _("Signed-in devices"), "assessments": _("Assessments"),
        "hours": _("Learning hours"), "claims": _("Claims"), "plans": _("Development plans"),
        "certificates": _("Certificates"), "index": _("Professionalism index"), "tests": _("Tests"),
        "feedback": _("What I said of sessions"), "behaviour": _("What I said months later"),
        "mentorships": _("Mentorships"), "reflections": _("My reflections"), "coaching": _("Coaching"),
        "goals": _("My coaching goals"), "meetings": _("Sessions"), "private_notes": _("My private notes"),
        "offers": _("My offers"), "requests": _("My requests"), "communities": _("Communities"),
        "messages": _("What I wrote in communities"), "blocks": _("Whom I blocked"), "notices": _("Notifications"),
        "deeds": _("What I did"), "consents": _("What I agreed to"), "data_requests": _("What I asked about my data"),
    }[code]  # fmt: skip


def seen_by(code: str) -> str:
    """Who else could see it."""
    return {
        "me": _("only you"),
        "agency_hr": _("colleagues see name, unit, job and what you tell of yourself; NIP, rank and contract only you and HR"),
        "hr": _("you and HR of your unit"),
        "superior_hr": _("you, your superiors and HR of your unit"),
        "pair": _("you and the other of the two"),
        "pair_hr": _("you and the other of the two; HR sees counts, dates and stages, never a text"),
        "sums": _("only you; others see sums of five people and more"),
        "agency": _("everybody of the agency"),
        "room": _("the members of the community"),
        "administrator": _("administrators, as codes without texts"),
        "public": _("you, your superiors, HR, and whoever holds the paper"),
    }[code]


def field_name(code: str) -> str:
    """What a field is."""
    return {
        "name": _("Name"), "email": _("E-mail"), "nip": _("NIP, the civil servant number"), "title_before": _("Title before"),
        "title_after": _("Title after"), "contract": _("Kind of contract"), "rank": _("Rank"), "unit": _("Unit"),
        "job": _("Job"), "in_field_since": _("In the field since"), "languages": _("Languages"), "place": _("Place"),
        "timezone": _("Time zone"), "locale": _("Language of the pages"), "bio": _("About me"),
        "can_help_with": _("What I can help with"), "wants_to_grow_in": _("What I want to grow in"), "state": _("State"),
        "created_at": _("Made on"), "role": _("Role"), "at": _("When"), "device": _("Device"), "address": _("Network address"),
        "seen_at": _("Last seen"), "ended_at": _("Ended"), "competency": _("Competency"), "level": _("Level"),
        "source": _("Source"), "day": _("Day"), "by": _("By"), "path": _("Path"), "minutes": _("Minutes"), "jp": _("JP"),
        "origin": _("The deed it came from"), "reason": _("Why it was corrected"), "activity": _("Activity"),
        "note": _("What the superior said"), "year": _("Year"), "number": _("Number"), "revoked_at": _("Revoked"),
        "dimension": _("Part of the index"), "value": _("Value"), "title": _("Title"), "before": _("Right answers before"),
        "after": _("Right answers after"), "most": _("Questions"), "useful": _("How useful, 1 to 5"),
        "usable": _("Usable at work, 1 to 5"), "side": _("As"), "with": _("With"), "stage": _("Stage"), "text": _("Text"),
        "why": _("Why it matters"), "sign": _("How one will notice"), "mode": _("How we met"), "summary": _("What it came to"),
        "kind": _("Kind"), "capacity": _("Places"), "message": _("Message"), "closed_at": _("Closed"),
        "community": _("Community"), "read_at": _("Read"), "purpose": _("Purpose"),
        "given": _("Agreed"), "answer": _("Answer"),
    }[code]  # fmt: skip


def purpose_name(code: str) -> tuple[str, str]:
    """A purpose in a few words, and what no means."""
    return {
        "public_check": (
            _("My name on the public page of my certificates"),
            _("If you say no, the page tells whether the paper holds, without your name."),
        ),
        "evaluation": (
            _("My answers in evaluations"),
            _("If you say no, what you say of sessions and tests is left out of every sum."),
        ),
        "comparison": (
            _("My levels in comparisons of who was paired with who was not"),
            _("If you say no, you are left out on both sides."),
        ),
    }[code]


def cell(value: Any) -> str:
    """A value as one reads it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return str(format_datetime(value, "medium"))
    if isinstance(value, date):
        return str(format_date(value, "medium"))
    if isinstance(value, dict) and value and set(value) <= {"id", "en"}:
        return in_language(value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {cell(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(cell(part) for part in value)
    return str(value)


for _filter in (section_name, seen_by, field_name, purpose_name, cell):
    pages.app_template_filter(f"record_{_filter.__name__}")(_filter)


def _me() -> Person:
    return person_with_hours_for(actor(), actor().person_id or 0)


@pages.get("/my-record")
@signed_in
def my_record() -> str:
    """What there is about me, and what I may do about it."""
    return _record(Form())


def _record(form: Form) -> str:
    return render_template(
        "learning/record.html",
        sections=record_for(actor(), _me()),
        requests=data_requests_for(actor(), _me()),
        consents=consents_of(actor().person_id or 0),
        form=form,
        client_id=form.data.get("client_id") or crypto.new_token()[:32],
        now=clock.now(),
        may_answer=actor().has(Role.MANAGER),
    )


@pages.get("/my-record.<form>")
@signed_in
def record_file_of_mine(form: str) -> Response:
    """Everything as PDF to read or as JSON for a machine."""
    if form not in ("pdf", "json"):
        raise NotFound()
    actions.note_record_taken(actor(), _me(), form)
    sections, me = record_for(actor(), _me()), _me()
    headers = {"Content-Disposition": f'attachment; filename="my-record-{clock.today().isoformat()}.{form}"'}
    if form == "json":
        return Response(json.dumps(_json(sections), ensure_ascii=False, indent=1), mimetype="application/json", headers=headers)
    html = render_template(
        "learning/papers/record.html", person=me, sections=sections, now=clock.now(), language=str(get_locale())
    )
    return Response(as_pdf(html), mimetype="application/pdf", headers=headers)


def _json(sections: list[Section]) -> dict[str, Any]:
    return {
        "made_at": clock.now().isoformat(timespec="seconds"),
        "agency": current_app.config["SETTINGS"].agency_name,
        "sections": [
            {
                "section": section.code,
                "what": section_name(section.code),
                "who_could_see_it": seen_by(section.seen_by),
                "fields": {name: field_name(name) for name in section.fields},
                "rows": [{name: _plain(value) for name, value in row.items()} for row in section.rows],
            }
            for section in sections
        ],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


@pages.post("/my-record/requests")
@signed_in
def ask_about_data() -> Any:
    """Ask for a correction or a deletion, halt, object."""
    try:
        actions.ask_about_data(actor(), _me(), read_form(DataRequestInput, request.form))
    except Invalid as error:
        return _record(sent(error)), 422
    flash(_("Asked. HR has 3 × 24 hours; the clock is on this page."), "good")
    return redirect(url_for("learning.my_record"), 303)


@pages.post("/my-record/consent")
@signed_in
def say_consent() -> Any:
    """Yes or no to one purpose."""
    actions.say_consent(actor(), _me(), read_form(ConsentInput, request.form))
    flash(_("Noted. It holds from now on."), "good")
    return redirect(url_for("learning.my_record"), 303)


@pages.get("/data-requests")
@requires(Role.MANAGER)
def data_requests() -> str:
    """What people asked about their data, the most urgent first."""
    return _queue(Form())


def _queue(form: Form) -> str:
    return render_template("learning/data_requests.html", requests=waiting_data_requests_for(actor()), now=clock.now(), form=form)


@pages.post("/data-requests/<int:data_request_id>")
@requires(Role.MANAGER)
def answer_data_request(data_request_id: int) -> Any:
    """Say what was done, or why not."""
    row = data_request_for(actor(), data_request_id)
    try:
        actions.answer_data_request(actor(), row, read_form(DataAnswer, request.form))
    except Invalid as error:
        return _queue(sent(error)), 422
    flash(_("Answered. The person is told."), "good")
    return redirect(url_for("learning.data_requests"), 303)
