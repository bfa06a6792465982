"""Pages of periods: the list, one with its steps, the run of its certificates, its files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _

from mentorlink.exchange.shapes import csv_pieces, xlsx_file
from mentorlink.kernel import clock
from mentorlink.kernel.cells import csv_text
from mentorlink.kernel.errors import Conflict, Invalid, NotFound
from mentorlink.kernel.inputs import read_form
from mentorlink.learning import actions
from mentorlink.learning.inputs import PeriodInput, PeriodStep
from mentorlink.learning.models import LearningPeriod, RecapRow
from mentorlink.learning.policy import may_approve_period, may_close_period
from mentorlink.learning.queries.periods import (
    SAMPLE,
    latest_period,
    newest_period,
    period_for,
    periods_for,
    recap_for,
    recap_sample_for,
    recap_sums_for,
    run_of,
)
from mentorlink.learning.queries.settings import settings_now
from mentorlink.learning.rules.periods import likely_after
from mentorlink.learning.rules.settings import SIGNS
from mentorlink.learning.stages import PERIOD_STEPS
from mentorlink.people.queries import mask_nip
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in, unasked
from mentorlink.web.learning import papers
from mentorlink.web.learning.blueprint import pages
from mentorlink.web.learning.sums import XLSX
from mentorlink.web.locale import in_language
from mentorlink.web.words import error_sentence


@pages.get("/learning-periods")
@signed_in
def periods() -> str:
    """Every period, and the form of a new one."""
    newest, latest, signs = newest_period(), latest_period(), settings_now().signs
    last_year = clock.today(actor().timezone).year - 1
    first, last = date(last_year, 1, 1), date(last_year, 12, 31)
    if latest is not None:
        first, last = likely_after(latest.begins_on, latest.ends_on)
    data = signs or ({name: getattr(newest, name) for name in SIGNS} if newest else {})
    return _periods(Form({"begins_on": first.isoformat(), "ends_on": last.isoformat(), **data}))


def _periods(form: Form) -> str:
    who = actor()
    return render_template("learning/periods.html", periods=periods_for(who), form=form, may_close=may_close_period(who))


@pages.post("/learning-periods")
@signed_in
def add_period() -> Any:
    """Lay down a period."""
    try:
        period = actions.add_period(actor(), read_form(PeriodInput, request.form))
    except Invalid as error:
        return _periods(sent(error)), 422
    return redirect(url_for("learning.period", period_id=period.id), 303)


@pages.get("/learning-periods/<int:period_id>")
@signed_in
def period(period_id: int) -> str:
    """One period: where it stands, its recap, what comes next."""
    return _period(period_for(actor(), period_id), Form())


def _period(row: LearningPeriod, form: Form) -> str:
    who = actor()
    by = {"closer": may_close_period(who), "approver": may_approve_period(who, row)}
    return render_template(
        "learning/period.html",
        period=row,
        form=form,
        sums=recap_sums_for(who, row),
        sample=recap_sample_for(who, row),
        sample_size=SAMPLE,
        run=run_of(row),
        steps=[step.code for step in PERIOD_STEPS if step.before == row.state and by[step.by]],
        may_close=by["closer"],
    )


@pages.get("/learning-periods/<int:period_id>/progress")
@signed_in
@unasked
def period_progress(period_id: int) -> Any:
    """How far the building or the issuing is: a part of the page that asks again by itself."""
    row = period_for(actor(), period_id)
    run = run_of(row)
    if row.state != "building" and (run is None or run.state == "done"):
        answer = Response("")
        answer.headers["HX-Redirect"] = url_for("learning.period", period_id=row.id)
        return answer
    return render_template("learning/_period_progress.html", period=row, run=run)


@pages.post("/learning-periods/<int:period_id>/step")
@signed_in
def take_period_step(period_id: int) -> Any:
    """Build, check, return, approve, freeze."""
    row = period_for(actor(), period_id)
    try:
        actions.take_period_step(actor(), row, read_form(PeriodStep, request.form))
    except Invalid as error:
        return _period(period_for(actor(), period_id), sent(error)), 422
    except Conflict as error:
        if error.code not in ("recap_outdated", "period_not_over"):
            raise
        flash(error_sentence(error), "warn")
    return redirect(url_for("learning.period", period_id=period_id), 303)


@pages.post("/learning-periods/<int:period_id>/drop")
@signed_in
def drop_period(period_id: int) -> Any:
    """Take away a period that was not built."""
    actions.drop_period(actor(), period_for(actor(), period_id))
    flash(_("The period is gone."), "info")
    return redirect(url_for("learning.periods"), 303)


@pages.post("/learning-periods/<int:period_id>/certificates")
@signed_in
def issue_certificates(period_id: int) -> Any:
    """Begin to issue, or go on."""
    period = period_for(actor(), period_id)
    if not papers.can_draw():
        raise Conflict("no_papers")
    actions.start_certificates(actor(), period)
    return redirect(url_for("learning.period", period_id=period_id), 303)


@pages.get("/learning-periods/<int:period_id>/recap.<form>")
@signed_in
def recap_file(period_id: int, form: str) -> Response:
    """The recap in our columns."""
    row = period_for(actor(), period_id)
    return _file(row, form, "recap", _("recap-%(period)s", period=row.id), _recap_head(), _recap_rows(row.id))


def _recap_head() -> list[str]:
    return [
        _("No."), "NIP", _("Name"), _("Job"), _("Unit"), _("Path"), _("Coach or mentor"), _("Competency, level from → to"),
        _("Goal"), _("Start"), _("End"), _("Sessions held"), _("Sessions counted"), "JP", _("Evidence"), _("Approved by"),
        _("Approved on"), _("Certificate no."), _("Status"),
    ]  # fmt: skip


def _recap_rows(period_id: int) -> Iterator[list[Any]]:
    """Read while the file goes out, when the request's own rows are gone."""
    period = period_for(actor(), period_id)
    evidence = {"file": _("file"), "link": _("link"), "record": _("seen by MentorLink")}
    for number, (row, certificate) in enumerate(recap_for(actor(), period), 1):
        facts = row.facts
        yield [
            number, _nip(row), facts["name"], in_language(facts["job"]), in_language(facts["unit"]),
            in_language(facts["path"]), facts["helper"] or "", "; ".join(_moved(each) for each in facts["competencies"]),
            _goal(row), row.starts_on, row.ends_on, row.held, row.counted, row.jp, evidence[facts["evidence"]],
            facts["approved_by"] or "", facts["approved_on"] or "", certificate or "", period_state(period.state),
        ]  # fmt: skip


def _nip(row: RecapRow) -> str:
    """In full for HR alone; the head of the agency, who approves the recap, knows people by name."""
    if not row.nip:
        return ""
    return row.nip if may_close_period(actor()) else mask_nip(row.nip)


def _goal(row: RecapRow) -> str:
    """What was to be learned: as the claim says it, as the levels a mentorship aims at; what a coachee wants stays theirs."""
    aims = "; ".join(f"{each['code']} → {each['aim']}" for each in row.facts["competencies"] if each.get("aim") is not None)
    return row.facts["goal"] or aims or (_("kept between the two") if row.path == "coaching" and row.facts["helper"] else "")


def _moved(each: dict[str, Any]) -> str:
    before, after = ("–" if each[side] is None else each[side] for side in ("from", "to"))
    return f"{each['code']} {before} → {after}"


def period_state(state: str) -> str:
    """What a state of a period is called."""
    return {
        "open": _("open"),
        "building": _("being built"),
        "built": _("built"),
        "checked": _("checked"),
        "approved": _("approved"),
        "frozen": _("frozen"),
    }[state]


pages.app_template_filter("period_state")(period_state)

RECORD_SYSTEM = (
    "nipBaru", "nama", "jenisDiklatId", "namaKursus", "institusiPenyelenggara", "noSertipikat", "tanggalKursus",
    "tanggalSelesaiKursus", "tahunKursus", "jumlahJam", "path",
)  # fmt: skip
"""The columns of the national record system, by its names; a machine reads them, so they are in no language."""


@pages.get("/learning-periods/<int:period_id>/record-system.<form>")
@signed_in
def record_file(period_id: int, form: str) -> Response:
    """The recap as rows of the national record system: with its ids, and days as d-m-Y."""
    row = period_for(actor(), period_id)
    return _file(row, form, "record_system", f"record-system-{row.id}", list(RECORD_SYSTEM), _record_rows(row.id))


def _record_rows(period_id: int) -> Iterator[list[Any]]:
    period = period_for(actor(), period_id)
    for row, certificate in recap_for(actor(), period):
        if row.jp > 0:
            yield _record_row(row, certificate, period)


def _record_row(row: RecapRow, certificate: str | None, period: LearningPeriod) -> list[Any]:
    facts = row.facts
    title = facts["goal"] or " – ".join(part for part in (facts["path"].get("id", row.path), facts["helper"]) if part)
    return [
        _nip(row), facts["name"], facts["record_id"] or "", title, facts["provider"] or period.issuing_unit,
        certificate or "", f"{row.starts_on:%d-%m-%Y}", f"{row.ends_on:%d-%m-%Y}", row.ends_on.year, row.jp, "",
    ]  # fmt: skip


def _file(period: LearningPeriod, form: str, what: str, name: str, head: list[str], rows: Iterator[list[Any]]) -> Response:
    if form not in ("csv", "xlsx"):
        raise NotFound()
    actions.note_recap_taken(actor(), period, f"{what}.{form}")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    if form == "xlsx":
        with xlsx_file(head, rows) as file:
            return Response(file.read(), mimetype=XLSX, headers=headers)
    if what == "record_system":
        return Response(csv_text(head, rows), mimetype="text/csv", headers=headers)
    return Response(stream_with_context(csv_pieces(head, rows)), mimetype="text/csv", headers=headers)
