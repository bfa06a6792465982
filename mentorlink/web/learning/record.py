"""My record: everything about me in one click, what I may ask about it, what I agree to; and HR's queue with the law's clock."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import format_date, format_datetime, get_locale, ngettext
from flask_babel import gettext as _

from mentorlink.insights.queries.record import REASONS, Section, record_counts_for, record_for
from mentorlink.insights.queries.record.fates import FATES, KEPT
from mentorlink.kernel import clock, crypto
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Invalid, NotFound
from mentorlink.kernel.inputs import read_form
from mentorlink.learning import actions
from mentorlink.learning.inputs import ConsentInput, DataAnswer, DataRequestInput
from mentorlink.learning.policy import may_change_settings
from mentorlink.learning.queries import person_with_hours_for
from mentorlink.learning.queries.rights import data_request_for, data_requests_for, purposes_of, waiting_data_requests_for
from mentorlink.learning.queries.settings import settings_now
from mentorlink.learning.stages import ERASABLE
from mentorlink.people.models import Person
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, requires, signed_in
from mentorlink.web.learning.blueprint import pages
from mentorlink.web.learning.papers import as_pdf
from mentorlink.web.learning.recordwords import field_name, reason_name, section_name, seen_by, theme_name
from mentorlink.web.locale import agency_name, in_language


def purpose_name(code: str) -> tuple[str, str]:
    """A purpose in a few words, and what yes and no mean."""
    return {
        "public_check": (
            _("My name on the public page of my certificates"),
            _("With your yes, whoever holds your paper reads there what is printed on it, and the Open Badge can be fetched. "
              "Without it, the page tells whether the paper holds, and not whose it is."),
        ),
        "evaluation": (
            _("My answers in evaluations"),
            _("What you say of sessions and tests counts in sums of five people and more. If you object, it is left out."),
        ),
        "comparison": (
            _("My levels in comparisons of who was paired with who was not"),
            _("Only means over five people and more are told. If you object, you are left out on both sides."),
        ),
    }[code]  # fmt: skip


def ground_name(code: str) -> str:
    """On which ground of the law data are used."""
    return {
        "consent": _("Ground: your consent. Nothing is used before you say yes; taken back, it ends at once."),
        "duty": _("Ground: a public task that the law gives the agency, here to evaluate how its people learn. "
                  "Nobody is asked first; you may object at any time, and it holds at once."),
    }[code]  # fmt: skip


def fate_name(code: str) -> str:
    """What becomes of a part of the record when somebody asks for deletion."""
    return {
        "service": _("Kept: the law has the agency keep the record of service (Law 27/2022, article 15)."),
        "shared": _("Kept: it belongs to another person too, who keeps it."),
        "community": _("Kept: the work of others rests on it."),
        "proof": _("Kept: it proves that rules and rights were observed."),
        "own_choice": _("You end it yourself where you chose it."),
        "claims": _("Erased on request where it does not count; what counts is kept by law."),
        "finding": _("Erased on request once it is settled."),
        "traces": _("Erased on request; what you are signed in with stays."),
    }.get(code, _("Erased on request."))


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


for _filter in (section_name, seen_by, field_name, purpose_name, ground_name, fate_name, theme_name, reason_name, cell):
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
        sections=record_counts_for(actor(), _me()),
        reasons=REASONS,
        requests=data_requests_for(actor(), _me()),
        purposes=purposes_of(actor().person_id or 0),
        fates=FATES,
        part_name=part_name,
        form=form,
        client_id=form.data.get("client_id") or crypto.new_token()[:32],
        now=clock.now(),
        may_answer=actor().has(Role.MANAGER),
        answer_time=answer_time(),
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
        "learning/papers/record.html", person=me, sections=sections, reasons=REASONS, fates=FATES, now=clock.now(),
        language=str(get_locale()),
    )  # fmt: skip
    return Response(as_pdf(html), mimetype="application/pdf", headers=headers)


def _json(sections: list[Section]) -> dict[str, Any]:
    return {
        "made_at": clock.now().isoformat(timespec="seconds"),
        "agency": agency_name(),
        "not_in_it": [reason_name(reason) for reason in REASONS],
        "sections": [
            {
                "theme": theme_name(section.theme),
                "section": section.code,
                "what": section_name(section.code),
                "who_could_see_it": seen_by(section.seen_by),
                "on_deletion": fate_name(FATES[section.code]),
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
    flash(_("Asked. HR has %(time)s; the clock is on this page.", time=answer_time()), "good")
    return redirect(url_for("learning.my_record"), 303)


@pages.post("/my-record/consent")
@signed_in
def say_consent() -> Any:
    """Yes or no to one purpose; who said it on the page of a certificate is back there."""
    actions.say_consent(actor(), _me(), read_form(ConsentInput, request.form))
    flash(_("Noted. It holds from now on."), "good")
    number = request.args.get("certificate", type=int)
    back = url_for("learning.certificate", certificate_id=number) if number else url_for("learning.my_record", _anchor="purposes")
    return redirect(back, 303)


@pages.get("/data-requests")
@requires(Role.MANAGER)
def data_requests() -> str:
    """What people asked about their data, the most urgent first."""
    return _queue(Form())


def answer_time() -> str:
    """In which time HR answers: ``3 × 24 hours``, as the law counts, or plain hours."""
    days, rest = divmod(settings_now().answer_hours, 24)
    return ngettext("%(num)s hour", "%(num)s hours", rest + 24 * days) if rest else _("%(days)s × 24 hours", days=days)


def _queue(form: Form, *, answering: int | None = None) -> str:
    return render_template(
        "learning/data_requests.html",
        requests=waiting_data_requests_for(actor()),
        answer_time=answer_time(),
        may_set=may_change_settings(actor()),
        now=clock.now(),
        form=form,
        answering=answering,
        ticked=request.form.getlist("erase"),
        erasable=[(part, part_name(part)) for part in ERASABLE],
        kept=[_kept_of_others(fate) for fate in KEPT],
        part_name=part_name,
    )


def _kept_of_others(fate: str) -> tuple[str, str]:
    """Why parts of somebody's record are kept when they ask for deletion, and which: as HR speaks of them."""
    if fate == "own_choice":
        return _("They end it themself where they chose it."), _(
            "Whom they blocked, how they want to be found, memberships of communities, papers as a coach."
        )
    return fate_name(fate), {
        "service": _(
            "Account, roles, units headed, assessments, learning hours, development plans, certificates, recaps, contract years,"
            " professionalism index, and that mentorships and coachings took place."
        ),
        "shared": _(
            "Agreements, goals, reflections and evaluations of mentorships, sheets and goals of coachings, sessions with their"
            " agendas, notes and tasks, groups, thanks."
        ),
        "community": _(
            "Communities, rooms, topics and knowledge pages they made, decisions, votes, gatherings, questions and answers."
        ),
        "proof": _(
            "What they did in MentorLink, consents, requests like this one, waiting lines, matching rounds, what they reported or"
            " confided."
        ),
    }[fate]


def part_name(part: str) -> str:
    """A part of somebody's record that can be erased."""
    return {
        "profile": _("What they wrote about themself"),
        "feedback": _("What they said of sessions and events"),
        "tests": _("Their answers and results in tests"),
        "behaviour": _("What was said of what shows at work"),
        "claims": _("Claims that do not count, with their files"),
        "words": _("What they said in communities, with its files"),
        "private": _("Private notes, and why they ended something early"),
        "finding": _("Lists shown to them, people saved, words in settled requests"),
        "calendars": _("Calendars, busy times and hours for sessions"),
        "traces": _("Notifications, links, old sign-ins, choices of how to be told"),
    }[part]


@pages.post("/data-requests/<int:data_request_id>")
@requires(Role.MANAGER)
def answer_data_request(data_request_id: int) -> Any:
    """Say what was done, or why not."""
    row = data_request_for(actor(), data_request_id)
    try:
        actions.answer_data_request(actor(), row, read_form(DataAnswer, request.form))
    except Invalid as error:
        return _queue(sent(error), answering=row.id), 422
    flash(_("Answered. The person is told."), "good")
    return redirect(url_for("learning.data_requests"), 303)
