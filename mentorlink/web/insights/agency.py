"""Gaps by unit and competency, needs that nobody can fill, hours against the law."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from mentorlink.insights.queries.agency import MOST_COMPETENCIES, AgencyFigures, Line, agency_figures_for
from mentorlink.insights.queries.communities import leads_communities
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.groups import FEWEST, Count
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.insights.blueprint import csv_file, local_day, pages
from mentorlink.web.locale import in_language


def _unit_id() -> int | None:
    return request.args.get("unit", type=int)


@pages.get("/agency")
@signed_in
def agency() -> str:
    """The figures of units, as far as they may be told."""
    return render_template(
        "insights/agency.html", figures=agency_figures_for(actor(), _unit_id()), least=FEWEST, most=MOST_COMPETENCIES,
        leads=leads_communities(actor()),
    )  # fmt: skip


def _figures() -> AgencyFigures:
    figures = agency_figures_for(actor(), _unit_id())
    if figures is None:
        raise NotFound()
    return figures


@pages.get("/agency.csv")
@signed_in
def agency_file() -> Response:
    """Every unit and competency of the page, and hours, as CSV; what may not be told is not in it either."""
    figures = _figures()
    head = [
        _("Unit"), _("As of"), _("People"), *(f"{each['code']} {in_language(each['name'])}" for each in figures.competencies),
        _("Permanent staff"), _("At the floor"), _("Contract staff"), _("Above the ceiling"), _("JP each"),
    ]  # fmt: skip
    rows = [
        (
            _unit(line), local_day(figures.made_at), line.people,
            *(_held_back() if cell.told is None else "" if cell.share is None else round(cell.share, 3) for cell in line.cells),
            *_pair(line.floor), *_pair(line.ceiling), _held_back() if line.jp_each is None else round(line.jp_each, 1),
        )
        for line in figures.lines
    ]  # fmt: skip
    return csv_file("agency", head, rows)


def _unit(line: Line) -> str:
    name = in_language(line.unit.name)
    return _("%(unit)s (itself)", unit=name) if line.itself else name


def _people(row: dict[str, Any]) -> Any:
    return row["people"] if row["exact"] else _("at least %(n)s", n=row["people"])


def _held_back() -> str:
    return _("not told")


def _pair(count: Count | None) -> tuple[object, object]:
    return (_held_back(), _held_back()) if count is None else (count.people, count.part)


@pages.get("/agency/needs.csv")
@signed_in
def needs_file() -> Response:
    """Needs of the whole agency that no mentor with a free place can fill, as CSV."""
    figures = _figures()
    rows = [
        (
            row["competency"]["code"],
            in_language(row["competency"]["name"]),
            row["level"],
            _people(row),
            local_day(figures.made_at),
        )
        for row in figures.uncovered
    ]
    return csv_file("needs", [_("Code"), _("Competency"), _("Level"), _("People"), _("As of")], rows)
