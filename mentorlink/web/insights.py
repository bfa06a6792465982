"""Pages of figures for programme managers."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

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
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.kernel.cells import csv_text
from mentorlink.notifications.shapes import STAGES
from mentorlink.web.guard import actor, requires
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
