"""Dictionaries of competencies, their editions and their words."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.competencies import actions, queries
from mentorlink.competencies.inputs import CompetencyInput
from mentorlink.competencies.models import Competency
from mentorlink.competencies.policy import may_edit_frameworks
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Fault, Invalid
from mentorlink.kernel.inputs import read
from mentorlink.web.competencies.frame import pages
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, current_person, requires, signed_in
from mentorlink.web.locale import in_language


@pages.get("/competencies/dictionary")
@signed_in
def frameworks() -> str:
    """Every dictionary."""
    return render_template(
        "competencies/frameworks.html", shelves=queries.frameworks_for(actor()), may_edit=may_edit_frameworks(actor())
    )


@pages.get("/competencies/dictionary/<code>")
@signed_in
def framework(code: str) -> str:
    """One dictionary."""
    found = queries.framework_for(actor(), code)
    competencies = queries.competencies_of(found)
    return render_template(
        "competencies/framework.html",
        framework=found,
        groups=queries.by_field(competencies),
        retired=[row for row in competencies if row.retired_at],
        editions=queries.editions_of(found),
        may_edit=may_edit_frameworks(actor()),
    )


@pages.get("/competencies/dictionary/<code>/editions/<int:number>")
@signed_in
def edition(code: str, number: int) -> str:
    """An edition as it was published."""
    found = queries.edition_for(actor(), code, number)
    return render_template(
        "competencies/edition.html", edition=found, framework=found.framework, newest=queries.newest_number(found.framework_id)
    )


@pages.get("/competencies/dictionary/<code>/editions/<int:number>/file")
@signed_in
def edition_file(code: str, number: int) -> Response:
    """An edition as a file that can be changed and loaded again."""
    found = queries.edition_for(actor(), code, number)
    body = json.dumps(queries.edition_content(found), ensure_ascii=False, indent=1)
    name = f"{found.framework.code}-{found.number}.json"
    return Response(body, mimetype="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@pages.get("/competencies/dictionary/load")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def load_edition() -> str:
    """The form for a new edition from a file."""
    return _load(Form())


@pages.post("/competencies/dictionary/load")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def save_edition() -> Any:
    """Publish the edition in the file."""
    try:
        published = actions.load_framework(actor(), _json_file("file"))
    except Invalid as error:
        return _load(sent(error), faults=error.faults), 422
    flash(
        _("%(name)s reads as edition %(number)s now.", name=in_language(published.framework.name), number=published.number),
        "good",
    )
    return redirect(url_for("competencies.framework", code=published.framework.code), 303)


def _load(form: Form, **more: Any) -> str:
    shelves = queries.frameworks_for(actor())[:2]
    found = [(shelf.framework, queries.newest_number(shelf.framework.id)) for shelf in shelves]
    examples = [(framework.code, number, framework.name) for framework, number in found if number]
    return render_template("competencies/load.html", form=form, examples=examples, **more)


def _json_file(name: str) -> Any:
    upload = request.files.get(name)
    if upload is None or not upload.filename:
        raise Invalid(Fault(name, "missing"))
    try:
        content = json.loads(upload.read().decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Invalid(Fault(name, "not_json")) from None
    if not isinstance(content, dict):
        raise Invalid(Fault(name, "not_a_dictionary"))
    return content


@pages.get("/competencies/dictionary/entry/<code>")
@signed_in
def competency(code: str) -> str:
    """One competency with its five levels."""
    found = queries.competency_for(actor(), code)
    tiers, jobs = queries.askers_of(found)
    mine = next((row for row in queries.needs_for(actor(), current_person) if row.competency_id == found.id), None)
    return render_template(
        "competencies/competency.html",
        competency=found,
        tiers=tiers,
        jobs=jobs,
        need=mine,
        held=queries.levels_of((current_person.id,)).get(current_person.id, {}).get(found.id),
        level_words=queries.level_words(),
        may_edit=may_edit_frameworks(actor()),
    )


@pages.get("/competencies/dictionary/entry/<code>/edit")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def edit_competency(code: str) -> str:
    """The form for a competency's wording."""
    found = queries.competency_for(actor(), code)
    return _wording(found, Form(_wording_data(found)), queries.newest_number(found.framework_id))


@pages.post("/competencies/dictionary/entry/<code>/edit")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def save_competency(code: str) -> Any:
    """Publish the wording as a new edition."""
    found = queries.competency_for(actor(), code)
    based_on = request.form.get("based_on", 0, type=int)
    try:
        data = read(CompetencyInput, _wording_input(found))
        published = actions.edit_competency(actor(), found, data, based_on=based_on)
    except Invalid as error:
        return _wording(found, sent(error), based_on), 422
    flash(_("The wording is published as edition %(number)s.", number=published.number), "good")
    return redirect(url_for("competencies.competency", code=code), 303)


def _wording(found: Competency, form: Form, based_on: int) -> str:
    return render_template(
        "competencies/wording.html", competency=found, form=form, based_on=based_on, level_words=queries.level_words()
    )


def _wording_data(found: Competency) -> dict[str, str]:
    data: dict[str, str] = {}
    for language in ("id", "en"):
        data[f"name.{language}"] = found.name.get(language, "")
        data[f"definition.{language}"] = found.definition.get(language, "")
        for level in found.levels:
            stem = f"levels.{level.number - 1}"
            data[f"{stem}.title.{language}"] = level.title.get(language, "")
            data[f"{stem}.description.{language}"] = level.description.get(language, "")
            data[f"{stem}.indicators.{language}"] = "\n".join(line.get(language, "") for line in level.indicators)
    return data


def _wording_input(found: Competency) -> dict[str, Any]:
    """The form as a framework file would hold this competency; the n-th lines of both languages are one indicator."""
    form = request.form

    def both(name: str) -> dict[str, str]:
        return {language: form.get(f"{name}.{language}", "") for language in ("id", "en")}

    def lines(name: str) -> list[dict[str, str]]:
        sides = [[line for line in form.get(f"{name}.{language}", "").splitlines() if line.strip()] for language in ("id", "en")]
        if len(sides[0]) != len(sides[1]):
            raise Invalid(Fault(f"{name}.en", "indicators_unpaired", {"id": len(sides[0]), "en": len(sides[1])}))
        return [{"id": one, "en": other} for one, other in zip(*sides, strict=True)]

    return {
        "code": found.code,
        "field": found.field.code if found.field else None,
        "name": both("name"),
        "definition": both("definition"),
        "levels": [
            {
                "level": place + 1,
                "title": both(f"levels.{place}.title"),
                "description": both(f"levels.{place}.description"),
                "indicators": lines(f"levels.{place}.indicators"),
            }
            for place in range(5)
        ],
    }
