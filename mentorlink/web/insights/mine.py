"""How somebody is getting on: their map over time, their hours, what they gave as a mentor."""

from __future__ import annotations

from datetime import date

from babel.dates import get_month_names
from flask import Response, render_template
from flask_babel import get_locale
from flask_babel import gettext as _

from mentorlink.insights.policy import may_see_agency_figures
from mentorlink.insights.queries.communities import leads_communities
from mentorlink.insights.queries.mine import Moved, given_by, map_over_time
from mentorlink.kernel import clock, settings
from mentorlink.kernel.actor import Role
from mentorlink.learning.queries import plan_in, year_for
from mentorlink.people.models import Person
from mentorlink.people.queries import person_for
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.insights.blueprint import csv_file, pages, this_year
from mentorlink.web.locale import in_language


def _me() -> Person:
    return person_for(actor(), actor().person_id or 0)


@pages.get("/insights")
@signed_in
def mine() -> str:
    """How my own map moved, my hours, my next step; and what I gave as a mentor."""
    who, person = actor(), _me()
    today = clock.today(person.timezone)
    moved = map_over_time(who, person)
    first, last = date(today.year - 3, 1, 1), today
    plan = plan_in(who, person, today.year)
    return render_template(
        "insights/mine.html",
        person=person,
        moved=moved,
        rose=sum(1 for row in moved if row.points and row.now is not None and row.now > row.points[0][1]),
        gaps=[row for row in moved if row.required and row.now is not None and row.now < row.required],
        planned={line.competency.code for line in plan.lines} if plan else set(),
        unassessed=sum(1 for row in moved if row.required and row.now is None),
        gives=settings.current().open_offers or who.has(Role.MENTOR),
        months=_months(),
        learning=year_for(who, person, today.year),
        year=today.year,
        given=given_by(who),
        lines={row.competency: _steps(row, first, last) for row in moved if len(row.points) > 1},
        span=(first, last),
        now=clock.now(),
        heads=bool(who.heads),
        sees_agency=may_see_agency_figures(who),
        leads=leads_communities(who),
    )


def _months() -> list[str]:
    names = get_month_names("abbreviated", locale=get_locale())
    return [str(names[number]) for number in range(1, 13)]


def _steps(row: Moved, first: date, last: date) -> str:
    """The points of a line that steps from level to level, in a field of 100 × 30."""
    days = max(1, (last - first).days)
    found, level = [], 0.0
    for day, value in row.points:
        x = min(100.0, max(0.0, (day - first).days * 100 / days))
        found += [f"{x:.1f},{30 - level * 6:.1f}"] if found else []
        level = value
        found.append(f"{x:.1f},{30 - level * 6:.1f}")
    return " ".join([*found, f"100.0,{30 - level * 6:.1f}"])


@pages.get("/insights.csv")
@signed_in
def mine_file() -> Response:
    """My levels over time as CSV."""
    rows = [
        (row.competency, in_language(dict(row.name)), day, level, row.required or "")
        for row in map_over_time(actor(), _me())
        for day, level in row.points
    ]
    return csv_file("my-map", [_("Code"), _("Competency"), _("Day"), _("Level"), _("The job asks")], rows)


@pages.get("/insights/hours.csv")
@signed_in
def hours_file() -> Response:
    """My learning hours of this year, deed by deed, as CSV; what counts adds up to the figure of the page."""
    learning = year_for(actor(), _me(), this_year())
    rows = [
        (deed.entry.happened_on, in_language(dict(learning.paths[deed.entry.path].name)),
         deed.entry.claim.activity if deed.entry.claim else "", deed.entry.minutes or "", deed.jp, deed.lost)
        for deed in learning.deeds
    ]  # fmt: skip
    return csv_file("my-hours", [_("Day"), _("Path"), _("Activity"), _("Minutes"), "JP", _("Kept out by caps")], rows)


@pages.get("/insights/given.csv")
@signed_in
def given_file() -> Response:
    """What I gave as a mentor, competency by competency, as CSV."""
    rows = [(in_language(name), worked_on, rose, levels) for name, worked_on, rose, levels in given_by(actor()).moved]
    return csv_file("what-i-gave", [_("Competency"), _("Worked on"), _("Rose"), _("Levels")], rows)
