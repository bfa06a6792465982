"""The competency map: one's own, somebody else's, a team's."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from mentorlink.competencies import actions, queries, rules
from mentorlink.competencies.policy import may_record_assessment
from mentorlink.kernel import clock
from mentorlink.web.competencies.frame import SHEETS, pages
from mentorlink.web.guard import actor, current_person, signed_in


@pages.get("/competencies")
@signed_in
def my_map() -> str:
    """The actor's own map: the heart of the journey."""
    return _map(current_person.id)


@pages.get("/competencies/of/<int:person_id>")
@signed_in
def person_map(person_id: int) -> str:
    """Somebody's map, for their superiors and HR."""
    return _map(person_id)


def _map(person_id: int) -> str:
    view = queries.map_for(actor(), person_id)
    return render_template(
        "competencies/map.html",
        map=view,
        mine=actor().is_person(view.person.id),
        may_assess=any(may_record_assessment(actor(), view.person, source) for source in SHEETS),
        may_team=bool(actor().heads),
        asked=queries.asked_of(actor()) if actor().is_person(view.person.id) else [],
        evidence=[rules.EVIDENCE[source] for source in rules.SOURCES],
        limits=queries.limits_on(clock.today()),
    )


@pages.post("/competencies/noted")
@signed_in
def note_changes() -> Answer:
    """The actor has seen what changed."""
    actions.note_changes(actor(), current_person._get_current_object())
    return redirect(url_for("competencies.my_map"), 303)


@pages.get("/competencies/team")
@signed_in
def team() -> str:
    """The people who report to the actor."""
    return render_template("competencies/team.html", members=queries.team_for(actor()))
