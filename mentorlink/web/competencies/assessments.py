"""Saying what level somebody holds: oneself, or somebody else."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from mentorlink.competencies import actions, queries, rules
from mentorlink.competencies.inputs import SheetInput
from mentorlink.competencies.policy import may_record_assessment
from mentorlink.kernel import clock
from mentorlink.kernel.errors import Denied, Invalid
from mentorlink.kernel.inputs import read
from mentorlink.people.models import Person
from mentorlink.web.competencies.frame import SHEETS, levels_sent, pages, person_of, token_of
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, current_person, signed_in


@pages.get("/competencies/self-assessment")
@signed_in
def self_assessment() -> str:
    """The sheet on which one judges oneself."""
    return _sheet(current_person, ("self",), Form())


@pages.post("/competencies/self-assessment")
@signed_in
def save_self_assessment() -> Any:
    """Enter the sheet into the ledger."""
    return _save_sheet(current_person._get_current_object(), ("self",), url_for("competencies.my_map"))


@pages.get("/competencies/of/<int:person_id>/assessment")
@signed_in
def assess_person(person_id: int) -> str:
    """The sheet on which a superior or HR judges somebody."""
    person = person_of(person_id)
    return _sheet(person, _sources(person), Form())


@pages.post("/competencies/of/<int:person_id>/assessment")
@signed_in
def save_assessment(person_id: int) -> Any:
    """Enter the sheet about somebody into the ledger."""
    person = person_of(person_id)
    return _save_sheet(person, _sources(person), url_for("competencies.person_map", person_id=person_id))


def _sources(person: Person) -> tuple[str, ...]:
    """The sources that the actor may speak as; none is a refusal by the action, so the first stays in the list."""
    return tuple(source for source in SHEETS if may_record_assessment(actor(), person, source)) or SHEETS[:1]


def _sheet(person: Person, sources: tuple[str, ...], form: Form) -> str:
    mine = sources == ("self",)
    if not mine and not may_record_assessment(actor(), person, sources[0]):
        raise Denied("may_record_assessment")
    return render_template(
        "competencies/sheet.html",
        person=person,
        mine=mine,
        sources=[rules.EVIDENCE[source] for source in sources],
        rows=queries.sheet_rows(person),
        said=queries.last_said(person.id, sources[0], assessor_id=actor().person_id),
        form=form,
        token=token_of(form),
        today=clock.today(person.timezone),
        level_words=queries.level_words(),
    )


def _save_sheet(person: Person, sources: tuple[str, ...], onward: str) -> Any:
    source = request.form.get("source", sources[0])
    try:
        sheet = read(SheetInput, _sheet_data())
        added = actions.record_sheet(actor(), person, source if source in sources else sources[0], data=sheet)
    except Invalid as error:
        return _sheet(person, sources, sent(error)), 422
    if added:
        flash(ngettext("%(num)s level is in the map now.", "%(num)s levels are in the map now.", added), "good")
    else:
        flash(_("This sheet is in the map already."), "info")
    return redirect(onward, 303)


def _sheet_data() -> dict[str, Any]:
    form = request.form
    data: dict[str, Any] = {name: form[name] for name in ("token", "assessed_on", "method") if form.get(name)}
    return data | {"levels": levels_sent()}
