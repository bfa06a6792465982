"""Pages of the development plan: a year, its lines, the step that comes next."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.competencies.queries import Need, needs_of
from mentorlink.insights.queries.ways import ways_for
from mentorlink.kernel import clock, crypto
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.learning import actions
from mentorlink.learning.actions.plans import side_of
from mentorlink.learning.inputs import LineInput, PlanDecision
from mentorlink.learning.models import DevelopmentPlan, PlanLine
from mentorlink.learning.policy import may_change_lines, may_plan
from mentorlink.learning.queries import (
    line_for,
    newest_rule,
    person_with_hours_for,
    plan_for,
    plan_in,
    plan_to_change_for,
    progress_for,
    superior_deciding,
    target_in,
)
from mentorlink.learning.rules import PathRule, balance_of, paths_of
from mentorlink.learning.stages import OPEN_TO, PLAN_STEPS
from mentorlink.people.models import Person
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.learning.blueprint import asked_year, month_names, pages, this_year
from mentorlink.web.locale import in_language

FIELDS = ("competency_id", "path", "activity", "jp", "month_from", "month_to", "provider", "budget", "priority")
USUAL_JP = {"mentoring": 12, "coaching": 8, "community": 6}
"""What half a year of the ways that the house has usually brings: a start for the form, never more than that."""


@pages.get("/development-plan")
@signed_in
def my_plan() -> str:
    """The actor's own plan of a year."""
    return _year(actor().person_id or 0)


@pages.get("/people/<int:person_id>/development-plan")
@signed_in
def plan_of(person_id: int) -> str:
    """The plan of somebody the actor is superior of or HR for."""
    return _year(person_id)


def _year(person_id: int) -> str:
    person = person_with_hours_for(actor(), person_id)
    year = asked_year(ahead=1)
    return _page(person, year, plan_in(actor(), person, year), Form())


@pages.get("/plans/<int:plan_id>")
@signed_in
def plan(plan_id: int) -> str:
    """One plan."""
    row = plan_for(actor(), plan_id)
    return _page(row.person, row.year, row, Form())


def _paths() -> dict[str, PathRule]:
    rule = newest_rule()
    return paths_of(rule.paths) if rule else {}


def _page(person: Person, year: int, row: DevelopmentPlan | None, form: Form) -> str:
    who = actor()
    needs = [need for need in needs_of((person.id,))[person.id] if need.gap]
    covered = {line.competency_id for line in row.lines} if row else set()
    bare = sorted((need for need in needs if need.competency_id not in covered), key=lambda need: -need.gap)
    may_change = row is not None and may_change_lines(who, row, superior_deciding(person))
    side = side_of(who, row) if row and may_change else ""
    return render_template(
        "learning/plan.html",
        person=person,
        year=year,
        years=(this_year() + 1, this_year(), this_year() - 1),
        plan=row,
        form=form,
        paths=_paths(),
        month_names=month_names(),
        bare=bare,
        gaps=len(needs),
        ways=ways_for(who, person, bare) if bare else {},
        balance=balance_of(row.lines, _paths()) if row else [],
        progress=progress_for(who, row) if row else {},
        target=target_in(person, date(year, 12, 31)),
        may_begin=row is None and may_plan(who, person) and year >= this_year(),
        may_write=row is not None and side in OPEN_TO[row.state],
        steps=[step.code for step in PLAN_STEPS if row and step.before == row.state and step.by == side],
        superior=superior_deciding(person),
        usual_jp=USUAL_JP,
    )


@pages.post("/development-plan")
@signed_in
def begin_plan() -> Any:
    """Begin one's plan for a year."""
    person = person_with_hours_for(actor(), actor().person_id or 0)
    row = actions.begin_plan(actor(), person, request.form.get("year", default=0, type=int))
    return redirect(url_for("learning.plan", plan_id=row.id), 303)


@pages.get("/plans/<int:plan_id>/lines/new")
@signed_in
def new_line(plan_id: int) -> str:
    """The form of a new line, filled with what the suggestion said."""
    row = plan_to_change_for(actor(), plan_id)
    data = {name: request.args.get(name, "") for name in ("competency_id", "path", "activity", "jp")}
    today = clock.today(actor().timezone)
    data |= {"month_from": str(today.month if row.year == today.year else 1), "month_to": "12", "priority": "2"}
    return _line_form(row, Form(data))


def _line_form(row: DevelopmentPlan, form: Form, line: PlanLine | None = None) -> str:
    needs = needs_of((row.person_id,))[row.person_id]
    paths = _paths()
    return render_template(
        "learning/plan_line.html",
        plan=row,
        line=line,
        form=form,
        competencies=[
            (need.competency_id, f"{in_language(dict(need.name))} · {_held(need)}")
            for need in sorted(needs, key=lambda need: -need.gap)
        ],
        path_groups=[
            (
                name,
                [
                    (code, in_language(dict(path.name)))
                    for code, path in paths.items()
                    if path.classical is classical and (not path.retired or code == form.data.get("path"))
                ],
            )
            for name, classical in ((_("Not classical"), False), (_("Classical"), True))
        ],
        month_names=month_names(),
        client_id=form.data.get("client_id") or crypto.new_token()[:32],
    )


def _held(need: Need) -> str:
    if need.actual is None:
        return _("not assessed, %(required)s asked", required=need.required)
    return _("%(actual)s of %(required)s", actual=need.actual, required=need.required)


@pages.post("/plans/<int:plan_id>/lines")
@signed_in
def add_line(plan_id: int) -> Any:
    """Put a line into the plan."""
    row = plan_to_change_for(actor(), plan_id)
    try:
        actions.add_line(actor(), row, read_form(LineInput, request.form))
    except Invalid as error:
        return _line_form(plan_to_change_for(actor(), plan_id), sent(error)), 422
    return redirect(url_for("learning.plan", plan_id=plan_id), 303)


@pages.get("/plan-lines/<int:line_id>/edit")
@signed_in
def edit_line(line_id: int) -> str:
    """Change a line."""
    line = line_for(actor(), line_id)
    return _line_form(line.plan, Form({name: getattr(line, name) for name in FIELDS}), line)


@pages.post("/plan-lines/<int:line_id>/edit")
@signed_in
def change_line(line_id: int) -> Any:
    """Keep a changed line."""
    line = line_for(actor(), line_id)
    try:
        actions.change_line(actor(), line, read_form(LineInput, request.form))
    except Invalid as error:
        line = line_for(actor(), line_id)
        return _line_form(line.plan, sent(error), line), 422
    return redirect(url_for("learning.plan", plan_id=line.plan_id), 303)


@pages.post("/plan-lines/<int:line_id>/remove")
@signed_in
def remove_line(line_id: int) -> Any:
    """Take a line out."""
    line = line_for(actor(), line_id)
    plan_id = line.plan_id
    actions.remove_line(actor(), line)
    flash(_("The line is out of the plan."), "info")
    return redirect(url_for("learning.plan", plan_id=plan_id), 303)


@pages.post("/plans/<int:plan_id>/step")
@signed_in
def take_step(plan_id: int) -> Any:
    """Send, take back, approve, return or reopen."""
    row = plan_to_change_for(actor(), plan_id)
    try:
        actions.take_plan_step(actor(), row, read_form(PlanDecision, request.form))
    except Invalid as error:
        row = plan_to_change_for(actor(), plan_id)
        return _page(row.person, row.year, row, sent(error)), 422
    except Conflict as error:
        if error.code != "plan_empty":
            raise
        flash(_("Put at least one line into the plan first."), "warn")
    return redirect(url_for("learning.plan", plan_id=plan_id), 303)
