"""Pages of what units plan together, and the files that go with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Response, render_template, request, stream_with_context
from flask_babel import gettext as _

from mentorlink.exchange.shapes import FORMATS, csv_pieces, xlsx_file
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import NotFound
from mentorlink.learning import actions
from mentorlink.learning.queries import newest_rule, plan_sums_for, planned_lines_for, unit_of_sums_for
from mentorlink.learning.rules import LEAST, paths_of
from mentorlink.people.models import Unit
from mentorlink.people.queries import nip_for
from mentorlink.web.guard import actor, requires
from mentorlink.web.learning.blueprint import asked_year, month_names, pages, this_year
from mentorlink.web.locale import in_language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
hr = requires(Role.MANAGER)


def _unit() -> Unit | None:
    return unit_of_sums_for(actor(), request.args.get("unit", type=int))


@pages.get("/plans")
@hr
def sums() -> str:
    """What the plans of a year add up to."""
    year, unit = asked_year(ahead=1), _unit()
    return render_template(
        "learning/sums.html",
        year=year,
        years=(this_year() + 1, this_year(), this_year() - 1),
        sums=plan_sums_for(actor(), year, unit=unit),
        least=LEAST,
    )


@pages.get("/plans/sums.<form>")
@hr
def sums_file(form: str) -> Response:
    """The sums as a file; what is too small to show on the page is not in it either."""
    year, unit = asked_year(ahead=1), _unit()
    found = plan_sums_for(actor(), year, unit=unit)
    return _file(form, year, "sums", _("plans-sums-%(year)s", year=year), _sums_head(), list(_sums_rows(found)))


def _sums_head() -> list[str]:
    return [
        _("By"), _("Code"), _("Name"), _("People"), _("People with a gap"), _("Gap without a plan"), _("Plans handed in"),
        _("JP"), _("Budget (Rp)"),
    ]  # fmt: skip


def _sums_rows(found: Any) -> Iterator[list[Any]]:
    few = _("fewer than %(n)s", n=LEAST)
    for row in found.units:
        told = [few] * 3 if row.hidden else [row.planned, row.jp, row.budget]
        yield [_("Unit"), row.unit.code, in_language(row.unit.name), row.people, "", "", *told]
    for row in found.competencies:
        uncovered = row.uncovered if row.told else few if row.uncovered < LEAST else "–"
        gaps = [few if 0 < row.needing < LEAST else row.needing, uncovered]
        told = [few] * 3 if row.hidden else [row.planned, row.jp, row.budget]
        yield [_("Competency"), row.competency.code, in_language(row.competency.name), "", *gaps, *told]


@pages.get("/plans/annual.<form>")
@hr
def annual_file(form: str) -> Response:
    """The annual plan, a row for each line, of the people whom the reader looks after."""
    year, unit = asked_year(ahead=1), _unit()
    rows = _annual_rows(planned_lines_for(actor(), year, unit=unit))
    return _file(form, year, "annual", _("annual-plan-%(year)s", year=year), _annual_head(), rows)


def _annual_head() -> list[str]:
    return [
        _("Person"), _("NIP"), _("Job"), _("Unit"), _("Competency code"), _("Competency"), _("Required"), _("Actual"), _("Gap"),
        _("Form"), _("Path"), _("Activity"), _("JP"), _("Time"), _("Provider"), _("Budget (Rp)"), _("Priority"), _("Status"),
    ]  # fmt: skip


def _annual_rows(lines: Any) -> Iterator[list[Any]]:
    rule = newest_rule()
    paths, months = paths_of(rule.paths) if rule else {}, month_names()
    priorities = {1: _("high"), 2: _("medium"), 3: _("low")}
    states = {
        "not_begun": _("not begun"),
        "awaiting": _("awaiting verification"),
        "needs_revision": _("needs revision"),
        "approved": _("approved"),
    }
    for line, plan, person in lines:
        path = paths[line.path]
        yield [
            person.full_name, nip_for(actor(), person) or "", in_language(person.job.name) if person.job else "",
            in_language(person.unit.name), line.competency.code, in_language(line.competency.name), line.required,
            "" if line.actual is None else line.actual, "" if line.actual is None else max(0, line.required - line.actual),
            _("Classical") if path.classical else _("Not classical"), in_language(dict(path.name)), line.activity, line.jp,
            f"{months[line.month_from - 1]}–{months[line.month_to - 1]}", line.provider, line.budget, priorities[line.priority],
            states[plan.state],
        ]  # fmt: skip


def _file(form: str, year: int, what: str, name: str, head: list[str], rows: Iterable[list[Any]]) -> Response:
    if form not in FORMATS:
        raise NotFound()
    actions.note_plans_taken(actor(), year, f"{what}.{form}")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    if form == "xlsx":
        with xlsx_file(head, rows) as file:
            return Response(file.read(), mimetype=XLSX, headers=headers)
    return Response(stream_with_context(csv_pieces(head, rows)), mimetype="text/csv", headers=headers)
