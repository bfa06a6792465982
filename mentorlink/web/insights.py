"""Pages of figures: one's own, a superior's, the agency's, the programme's. Each says of when it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from mentorlink.community.rules.figures import FEWEST as MEMBERS
from mentorlink.community.rules.figures import PERIOD_DAYS
from mentorlink.insights.policy import may_see_agency_figures
from mentorlink.insights.queries import (
    SHOWN,
    SILENT_DAYS,
    WAITING_DAYS,
    funnel_for,
    pairs_for,
    silent_count_for,
    silent_pairs_for,
    waiting_count_for,
    waiting_requests_for,
)
from mentorlink.insights.queries.agency import agency_figures_for, outcome_for
from mentorlink.insights.queries.communities import leads_communities, led_for
from mentorlink.insights.queries.mine import Moved, given_by, map_over_time, team_figures_for
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.kernel.cells import csv_text
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.groups import FEWEST
from mentorlink.learning.queries import year_for
from mentorlink.notifications.shapes import STAGES
from mentorlink.people.queries import person_for
from mentorlink.web.guard import actor, requires, signed_in
from mentorlink.web.locale import in_language

pages = Blueprint("insights", __name__)


def _year() -> int:
    this_year = clock.today(actor().timezone).year
    year = request.args.get("year", type=int) or this_year
    return year if 2000 <= year <= this_year else this_year


def _since(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


@pages.get("/programme")
@requires(Role.MANAGER)
def overview() -> str:
    """How many ask, are paired, meet and finish, and where things stand still."""
    year = _year()
    return render_template(
        "insights/overview.html",
        year=year,
        funnel=funnel_for(actor(), since=_since(year)),
        waiting=waiting_requests_for(actor()),
        waiting_count=waiting_count_for(actor()),
        silent=silent_pairs_for(actor()),
        silent_count=silent_count_for(actor()),
        shown=SHOWN,
        silent_days=SILENT_DAYS,
        waiting_days=WAITING_DAYS,
        now=clock.now(),
        stages=STAGES,
        outcome=outcome_for(actor()),
    )


@pages.get("/programme/pairs.csv")
@requires(Role.MANAGER)
def export() -> Response:
    """Every pair of the year as CSV: who, stage, dates, sessions; never a word of what was said."""
    year = _year()
    head = [
        _("Mentee"), _("Unit of the mentee"), _("Mentor"), _("Unit of the mentor"), _("Stage"), _("State"),
        _("Began"), _("In this stage since"), _("Ended"), _("Sessions held"), _("Last session"), _("Next session"),
    ]  # fmt: skip
    states = {"active": _("active"), "paused": _("paused"), "closed": _("complete"), "ended_early": _("ended early")}
    rows = (
        (
            pair.mentee, in_language(pair.mentee_unit), pair.mentor, in_language(pair.mentor_unit), STAGES[pair.stage](),
            states[pair.state], pair.started_at.date(), pair.in_stage_since and pair.in_stage_since.date(),
            pair.ended_at and pair.ended_at.date(), pair.sessions_held, pair.last_met_at and pair.last_met_at.date(),
            pair.next_at and pair.next_at.date(),
        )
        for pair in pairs_for(actor(), since=_since(year))
    )  # fmt: skip
    answer = Response(csv_text(head, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="pairs-{year}.csv"'
    return answer


@pages.get("/insights")
@signed_in
def mine() -> str:
    """How my own map moved, my hours, my next step; and what I gave as a mentor."""
    who = actor()
    person = person_for(who, who.person_id or 0)
    today = clock.today(person.timezone)
    moved = map_over_time(who, person)
    learning = year_for(who, person, today.year)
    first, last = date(today.year - 3, 1, 1), today
    return render_template(
        "insights/mine.html",
        person=person,
        moved=moved,
        rose=sum(1 for row in moved if len(row.points) > 1 and row.points[-1][1] > row.points[0][1]),
        gaps=[row for row in moved if row.required and row.now is not None and row.now < row.required],
        learning=learning,
        given=given_by(who),
        lines={row.competency: _steps(row, first, last) for row in moved if len(row.points) > 1},
        span=(first, last),
        now=clock.now(),
        heads=bool(who.heads),
        sees_agency=may_see_agency_figures(who),
        leads=leads_communities(who),
    )


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
    who = actor()
    rows = [
        (row.competency, in_language(dict(row.name)), day, level, row.required or "")
        for row in map_over_time(who, person_for(who, who.person_id or 0))
        for day, level in row.points
    ]
    return _csv("my-map", [_("Code"), _("Competency"), _("Day"), _("Level"), _("The job asks")], rows)


@pages.get("/team-insights")
@signed_in
def team() -> str:
    """How the people stand who report to me."""
    members = team_figures_for(actor())
    return render_template(
        "insights/team.html", members=members, year=clock.today(actor().timezone).year, now=clock.now(),
        leads=leads_communities(actor()),
    )  # fmt: skip


@pages.get("/team-insights.csv")
@signed_in
def team_file() -> Response:
    """The same as CSV."""
    states = {
        None: _("no plan"), "not_begun": _("not begun"), "awaiting": _("awaiting verification"),
        "needs_revision": _("needs revision"), "approved": _("approved"),
    }  # fmt: skip
    rows = [
        (row.who.person.full_name, row.who.gaps, row.who.unassessed, states[row.plan], row.jp, row.waiting)
        for row in team_figures_for(actor())
    ]
    head = [_("Name"), _("Gaps"), _("Not assessed"), _("Development plan"), "JP", _("Claims that wait")]
    return _csv("my-team", head, rows)


@pages.get("/community-insights")
@signed_in
def communities() -> str:
    """How the communities stand that I facilitate."""
    return render_template(
        "insights/communities.html", led=led_for(actor()), days=PERIOD_DAYS, fewest=MEMBERS, now=clock.now(),
        heads=bool(actor().heads), sees_agency=may_see_agency_figures(actor()),
    )  # fmt: skip


@pages.get("/community-insights.csv")
@signed_in
def communities_file() -> Response:
    """The same as CSV."""
    head = [
        _("Community"), _("Members"), _("Share who spoke"), _("Questions without an answer"), _("Answers that helped"),
        _("Reviewed pages"), _("Gatherings held"), _("Members who have grown"),
    ]  # fmt: skip
    few = _("fewer than %(n)s", n=MEMBERS)
    rows = [
        (led.community.name, led.counts.members, *(
            (round(led.active or 0, 3), led.counts.unanswered, led.counts.accepted, led.counts.reviewed, led.counts.gatherings,
             led.counts.grown) if led.told else (few,) * 6
        ))
        for led in led_for(actor())
    ]  # fmt: skip
    return _csv("my-communities", head, rows)


@pages.get("/insights/given.csv")
@signed_in
def given_file() -> Response:
    """What I gave as a mentor, competency by competency, as CSV."""
    rows = [(in_language(name), worked_on, rose, levels) for name, worked_on, rose, levels in given_by(actor()).moved]
    return _csv("what-i-gave", [_("Competency"), _("Worked on"), _("Rose"), _("Levels")], rows)


def _unit_id() -> int | None:
    return request.args.get("unit", type=int)


@pages.get("/agency")
@signed_in
def agency() -> str:
    """Gaps by unit and competency, needs that nobody can fill, hours against the law."""
    figures = agency_figures_for(actor(), _unit_id())
    return render_template("insights/agency.html", figures=figures, least=FEWEST, leads=leads_communities(actor()))


@pages.get("/agency.csv")
@signed_in
def agency_file() -> Response:
    """The heat map as CSV; what is too small for the page is not in it either."""
    figures = agency_figures_for(actor(), _unit_id())
    if figures is None:
        raise NotFound()
    few = _("fewer than %(n)s", n=FEWEST)
    head = [_("Unit"), _("People"), *(each["code"] for each in figures.competencies), _("At the floor of the law"), _("JP each")]
    rows = [
        (
            in_language(line.unit.name), line.people,
            *("" if not cell.people else few if cell.share is None else round(cell.share, 3) for cell in line.cells),
            few if line.at_floor is None else round(line.at_floor, 3), "" if line.jp_each is None else round(line.jp_each, 1),
        )
        for line in figures.lines
    ]  # fmt: skip
    return _csv("agency", head, rows)


def _csv(name: str, head: list[str], rows: Iterable[Sequence[Any]]) -> Response:
    answer = Response(csv_text(head, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{clock.today().isoformat()}.csv"'
    return answer
