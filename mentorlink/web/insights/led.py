"""How the people stand who report to somebody, and the communities that somebody facilitates."""

from __future__ import annotations

from flask import Response, render_template
from flask_babel import gettext as _

from mentorlink.community.rules.figures import FEWEST, PERIOD_DAYS
from mentorlink.insights.policy import may_see_agency_figures
from mentorlink.insights.queries.communities import leads_communities, led_for
from mentorlink.insights.queries.mine import team_figures_for
from mentorlink.kernel import clock
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.insights.blueprint import csv_file, pages, this_year


@pages.get("/team-insights")
@signed_in
def team() -> str:
    """How the people stand who report to me."""
    return render_template(
        "insights/team.html", members=team_figures_for(actor()), year=this_year(), now=clock.now(),
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
    return csv_file("my-team", head, rows)


@pages.get("/community-insights")
@signed_in
def communities() -> str:
    """How the communities stand that I facilitate."""
    return render_template(
        "insights/communities.html", led=led_for(actor()), days=PERIOD_DAYS, fewest=FEWEST, now=clock.now(),
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
    few = _("fewer than %(n)s", n=FEWEST)
    rows = [
        (led.community.name, led.counts.members, *(
            (round(led.active or 0, 3), led.counts.unanswered, led.counts.accepted, led.counts.reviewed, led.counts.gatherings,
             led.counts.grown) if led.told else (few,) * 6
        ))
        for led in led_for(actor())
    ]  # fmt: skip
    return csv_file("my-communities", head, rows)
