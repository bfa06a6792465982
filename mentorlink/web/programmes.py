"""Pages of programmes: the list, and the rules of one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read
from mentorlink.programmes import actions, queries
from mentorlink.programmes.inputs import ProgrammeInput
from mentorlink.programmes.models import Programme
from mentorlink.programmes.policy import may_add_programme, may_edit_programme
from mentorlink.programmes.rules import CLAUSES, IMPORTANCES, STAGES, TERMS, USUAL_IMPORTANCE, ProgrammeRules
from mentorlink.web.forms import Form, sent, tree
from mentorlink.web.guard import actor, requires
from mentorlink.web.words.programmes import part_name

pages = Blueprint("programmes", __name__)
pages.add_app_template_filter(part_name, "part_name")

GRADE_STEPS = (0, 1, 2, 3, 4)
"""Distances of tiers to which the form gives a share."""


@pages.get("/programmes")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def index() -> str:
    """The programmes that the actor may see."""
    return render_template(
        "programmes/index.html", programmes=queries.programmes_for(actor()), may_add=may_add_programme(actor(), _own_unit_path())
    )


@pages.get("/programmes/new")
@requires(Role.MANAGER)
def new() -> str:
    """The form for a new programme."""
    year = clock.today().year
    data = {"starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31", "kind": "mentoring", "state": "draft", "revision": 1}
    return _form(None, Form(data | _rules_data(ProgrammeRules()) | _weights_data(USUAL_IMPORTANCE)))


@pages.post("/programmes/new")
@requires(Role.MANAGER)
def create() -> Any:
    """Make a programme."""
    try:
        programme = actions.add_programme(actor(), read(ProgrammeInput, tree(request.form) | _for_own_unit()))
    except Invalid as error:
        return _form(None, sent(error)), 422
    flash(_("The programme is there. Set it to running when people may join."), "good")
    return redirect(url_for("programmes.programme", programme_id=programme.id), 303)


@pages.get("/programmes/<int:programme_id>")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def programme(programme_id: int) -> str:
    """One programme with its rules."""
    found = queries.programme_for(actor(), programme_id)
    return render_template(
        "programmes/programme.html",
        programme=found,
        rules=queries.rules_of(found),
        weights=queries.weights_of(found),
        importances=dict(USUAL_IMPORTANCE) | found.weights,
        may_edit=may_edit_programme(actor(), found),
        stages=STAGES,
        clauses=CLAUSES,
        terms=TERMS,
    )


@pages.get("/programmes/<int:programme_id>/edit")
@requires(Role.MANAGER)
def edit(programme_id: int) -> str:
    """The form for a programme."""
    found = queries.programme_for(actor(), programme_id)
    data = {
        "name.id": found.name.get("id", ""), "name.en": found.name.get("en", ""), "kind": found.kind, "state": found.state,
        "starts_on": found.starts_on.isoformat(), "ends_on": found.ends_on.isoformat(), "revision": found.revision,
    }  # fmt: skip
    return _form(found, Form(data | _rules_data(queries.rules_of(found)) | _weights_data(dict(USUAL_IMPORTANCE) | found.weights)))


@pages.post("/programmes/<int:programme_id>/edit")
@requires(Role.MANAGER)
def save(programme_id: int) -> Any:
    """Save a programme."""
    found = queries.programme_for(actor(), programme_id)
    try:
        actions.edit_programme(actor(), found, read(ProgrammeInput, tree(request.form) | {"kind": found.kind}))
    except Invalid as error:
        return _form(found, sent(error)), 422
    flash(_("The programme is saved. New requests and suggestions follow these rules."), "good")
    return redirect(url_for("programmes.programme", programme_id=programme_id), 303)


def _form(found: Programme | None, form: Form) -> str:
    return render_template(
        "programmes/edit.html", programme=found, form=form, stages=STAGES, clauses=CLAUSES, terms=TERMS, importances=IMPORTANCES,
        grade_steps=GRADE_STEPS, own_points=any(form.data.get(f"rules.points.{term}") for term in TERMS),
    )  # fmt: skip


def _rules_data(rules: ProgrammeRules) -> dict[str, Any]:
    data: dict[str, Any] = {
        "rules.same_field": rules.same_field or None,
        "rules.superior_agrees": rules.superior_agrees or None,
        "rules.other_unit": rules.other_unit or None,
        "rules.grade_min": rules.grade_min,
        "rules.grade_max": rules.grade_max,
        "rules.request_days": rules.request_days,
        "rules.open_requests": rules.open_requests,
    }
    data |= {f"rules.grade_points.{step}": format_decimal(share) for step, share in rules.grade_points.items()}
    data |= {f"rules.points.{term}": format_decimal(points) for term, points in rules.points.items()}
    data |= {f"rules.usual_days.{stage}": getattr(rules.usual_days, stage) for stage in STAGES}
    return data | {
        f"rules.clauses.{name}.{language}": text for name, both in rules.agreement.items() for language, text in both.items()
    }


def _weights_data(importances: Any) -> dict[str, str]:
    return {f"weights.{term}": importances[term] for term in TERMS}


def _for_own_unit() -> dict[str, Any]:
    """HR of one unit makes programmes for that unit; HR of the agency for all."""
    path = _own_unit_path()
    return {"unit_id": int(path.rstrip("/").rsplit("/", 1)[-1])} if path else {}


def _own_unit_path() -> str | None:
    paths = [grant.unit_path for grant in actor().grants if grant.role is Role.MANAGER]
    return None if not paths or None in paths else paths[0]
