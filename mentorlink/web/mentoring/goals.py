"""Competencies with their baseline, purpose, targets, and both saying yes."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.competencies.queries import needs_of
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.sessions.mentoring import actions
from mentorlink.sessions.mentoring.inputs import BaselineSaid, CompetencyChoice, GoalsDraft, SignedVersion
from mentorlink.sessions.mentoring.models import Mentorship, Target
from mentorlink.sessions.mentoring.queries import (
    competencies_left,
    competency_names,
    facts_of,
    goals_for,
    target_for,
    targets_for,
)
from mentorlink.sessions.mentoring.rules import BOTH
from mentorlink.sessions.mentoring.stages import allows
from mentorlink.web.forms import sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.locale import in_language
from mentorlink.web.mentoring.frame import back_to, mine, page, pages, read_nested

WORDINGS = 6
"""Of the goals on their page before one asks for more."""


@pages.get("/mentoring/<int:mentorship_id>/goals")
@signed_in
def goals(mentorship_id: int) -> tuple[str, int]:
    """What the two work on and how they will know."""
    return _goals(mine(mentorship_id))


def _goals(row: Mentorship, refused: Invalid | None = None) -> tuple[str, int]:
    targets = targets_for(actor(), row)
    names = {target.competency_id: target.competency.name for target in targets}
    may_choose = allows("choose_competencies", row.stage, row.state)
    shown = request.args.get("wordings", "")
    limit = min(int(shown), 400) if shown.isdigit() and len(shown) < 4 else WORDINGS
    revisions = goals_for(actor(), row, limit=limit + 1)
    return page(
        "goals",
        row,
        revisions=revisions[:limit],
        older_wordings=len(revisions) > limit,
        names=names | competency_names({each["competency_id"] for old in revisions for each in old.targets} - set(names)),
        targets=targets,
        may_choose=may_choose,
        may_agree_baseline=allows("agree_baseline", row.stage, row.state),
        may_change=allows("change_goals", row.stage, row.state),
        choices=_choices(row, targets) if may_choose else [],
        form=sent(refused) if refused else None,
        status=422 if refused else 200,
    )


@pages.get("/mentoring/<int:mentorship_id>/goals/edit")
@signed_in
def edit_goals(mentorship_id: int) -> tuple[str, int]:
    """The form of purpose and targets."""
    row = mine(mentorship_id)
    revisions = goals_for(actor(), row)
    return page(
        "goals_edit",
        row,
        targets=targets_for(actor(), row),
        purpose=revisions[0].purpose if revisions else "",
        based_on=row.goals_revision,
        needs=_required(row),
    )


@pages.post("/mentoring/<int:mentorship_id>/goals")
@signed_in
def change_goals(mentorship_id: int) -> Answer | tuple[str, int]:
    """Save purpose and targets as a new revision."""
    row = mine(mentorship_id)
    based_on: Any = request.form.get("based_on", 0)
    try:
        actions.change_goals(actor(), row, read_nested(GoalsDraft, request.form))
    except Invalid as error:
        return _edit_again(row, sent(error), based_on, 422)
    except Conflict as error:
        if error.code != "goals_changed":
            raise
        newest = goals_for(actor(), mine(mentorship_id))[0]
        return _edit_again(row, sent(), newest.number, 409, newest=newest)
    flash(_("Saved. Both of you accept the goals now."), "good")
    return back_to("goals", row)


def _edit_again(row: Mentorship, form: Any, based_on: Any, status: int, **more: Any) -> tuple[str, int]:
    targets = targets_for(actor(), row)
    return page(
        "goals_edit", row, targets=targets, purpose="", form=form, based_on=based_on, needs=_required(row), status=status, **more
    )


@pages.post("/mentoring/<int:mentorship_id>/goals/accept")
@signed_in
def accept_goals(mentorship_id: int) -> Answer:
    """Say yes to the revision that was shown."""
    row = mine(mentorship_id)
    actions.accept_goals(actor(), row, read_form(SignedVersion, request.form))
    both = facts_of([row])[row.id].accepted == BOTH
    flash(_("You both accepted the goals.") if both else _("You accepted the goals."), "good")
    return back_to("goals", row)


@pages.post("/mentoring/<int:mentorship_id>/competencies")
@signed_in
def add_competency(mentorship_id: int) -> Answer | tuple[str, int]:
    """Take a competency into the work."""
    row = mine(mentorship_id)
    try:
        actions.add_competency(actor(), row, read_form(CompetencyChoice, request.form))
    except Invalid as error:
        return _goals(row, error)
    return back_to("goals", row, "baseline")


@pages.post("/mentoring/targets/<int:target_id>/drop")
@signed_in
def drop_competency(target_id: int) -> Answer:
    """Take a competency out of the work."""
    target = target_for(actor(), target_id)
    row = mine(target.mentorship_id)
    actions.drop_competency(actor(), target)
    flash(_("Taken out."), "good")
    return back_to("goals", row, "baseline")


@pages.post("/mentoring/targets/<int:target_id>/baseline")
@signed_in
def say_baseline(target_id: int) -> Answer | tuple[str, int]:
    """Say where the mentee starts."""
    target = target_for(actor(), target_id)
    row = mine(target.mentorship_id)
    try:
        said = actions.say_baseline(actor(), target, read_form(BaselineSaid, request.form))
    except Invalid as error:
        return _goals(row, error)
    flash(
        _("Recorded: you both say the same.") if said.baseline is not None else _("Said. It counts once your partner agrees."),
        "good",
    )
    return back_to("goals", row, "baseline")


def _choices(row: Mentorship, targets: list[Target]) -> list[Any]:
    """Competencies not yet chosen: to the mentee their own needs first, then all of them by framework."""
    taken = {target.competency_id for target in targets}
    groups: list[Any] = []
    if actor().is_person(row.mentee_id):
        short = [
            need for need in needs_of([row.mentee_id]).get(row.mentee_id, []) if need.gap and need.competency_id not in taken
        ]
        if short:
            groups.append(
                (_("Where your job asks for more"), [(need.competency_id, in_language(dict(need.name))) for need in short])
            )
    for framework, rows in groupby(competencies_left(targets), key=lambda competency: competency.framework):
        groups.append((in_language(framework.name), [(each.id, in_language(each.name)) for each in rows]))
    return groups


def _required(row: Mentorship) -> dict[int, int]:
    """What the job asks, shown to the mentee alone: the map is theirs."""
    if not actor().is_person(row.mentee_id):
        return {}
    return {need.competency_id: need.required for need in needs_of([row.mentee_id]).get(row.mentee_id, [])}
