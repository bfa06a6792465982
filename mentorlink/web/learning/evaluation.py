"""Pages of the evaluation: the four levels of a year, the item bank, tests, feedback, what shows at work."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read, read_form
from mentorlink.learning import actions
from mentorlink.learning.inputs import BehaviourInput, FeedbackInput, FormInput, IndicatorInput, ItemInput, ValueInput
from mentorlink.learning.queries import paths_known, person_with_hours_for
from mentorlink.learning.queries.evaluation import (
    behaviour_for,
    competency_choices,
    competency_names,
    evaluation_for,
    indicator_for,
    item_for,
    items_for,
    learned_for,
    open_tests_for,
    questions_of,
    test_for,
    unsaid_for,
)
from mentorlink.learning.rules.evaluation import TARGETS, reached
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.learning.blueprint import asked_year, pages, this_year
from mentorlink.web.locale import in_language


def indicator_kind(code: str) -> str:
    """What sort of result is measured."""
    return {
        "test_score": _("Mean test score"), "productivity": _("Productivity"), "job_satisfaction": _("Job satisfaction"),
        "public_satisfaction": _("Public satisfaction"), "other": _("Another result"),
    }[code]  # fmt: skip


pages.app_template_filter("indicator_kind")(indicator_kind)
pages.app_template_filter("reached")(lambda row, value: reached(float(row.baseline), float(row.target), float(value)))


@pages.get("/evaluation")
@signed_in
def evaluation() -> str:
    """Reaction, learning, behaviour, result: a year."""
    return _evaluation(Form())


def _evaluation(form: Form) -> str:
    year = asked_year()
    return render_template(
        "learning/evaluation.html",
        year=year,
        this_year=this_year(),
        found=evaluation_for(actor(), year),
        paths=paths_known(),
        form=form,
        targets=TARGETS,
        kinds=[(kind, indicator_kind(kind)) for kind in (*TARGETS, "other")],
        now=clock.now(),
    )


@pages.post("/evaluation/indicators")
@signed_in
def add_indicator() -> Any:
    """Lay down what is to move."""
    try:
        actions.add_indicator(actor(), read_form(IndicatorInput, request.form))
    except Invalid as error:
        return _evaluation(sent(error)), 422
    flash(_("Laid down. Measurements are noted beside it."), "good")
    return redirect(url_for("learning.evaluation"), 303)


@pages.post("/evaluation/indicators/<int:indicator_id>/values")
@signed_in
def note_value(indicator_id: int) -> Any:
    """Write down a measurement."""
    row = indicator_for(actor(), indicator_id)
    try:
        actions.note_value(actor(), row, read_form(ValueInput, request.form))
    except Invalid as error:
        return _evaluation(sent(error)), 422
    flash(_("Noted."), "good")
    return redirect(url_for("learning.evaluation"), 303)


@pages.get("/evaluation/bank")
@signed_in
def bank() -> str:
    """The item bank, and tests made from it."""
    return _bank(Form())


def _bank(form: Form) -> str:
    return render_template("learning/bank.html", items=items_for(actor()), form=form, competencies=_competencies())


def _competencies() -> list[tuple[int, str]]:
    return [(number, f"{code} · {in_language(name)}") for number, code, name in competency_choices()]


@pages.post("/evaluation/bank")
@signed_in
def add_item() -> Any:
    """Put a question into the bank."""
    try:
        actions.add_item(actor(), read(ItemInput, _item()))
    except Invalid as error:
        return _bank(sent(error)), 422
    flash(_("The question is in the bank."), "good")
    return redirect(url_for("learning.bank"), 303)


def _item() -> dict[str, Any]:
    """The question as it was written: an answer that was left empty goes, and the right one keeps its words, not its letter."""
    filled = [(str(place), text) for place, text in enumerate(request.form.getlist("options")) if text.strip()]
    places = [place for place, _text in filled]
    right = request.form.get("correct", "")
    said = {name: value for name in ("competency_id", "level", "stem") if (value := request.form.get(name, "").strip())}
    if right:
        said["correct"] = str(places.index(right)) if right in places else str(len(places))
    return {**said, "options": [text for _place, text in filled]}


@pages.post("/evaluation/bank/<int:test_item_id>/retire")
@signed_in
def retire_item(test_item_id: int) -> Any:
    """Take a question out."""
    actions.retire_item(actor(), item_for(actor(), test_item_id))
    flash(_("The question is out; tests that have it keep it."), "info")
    return redirect(url_for("learning.bank"), 303)


@pages.post("/evaluation/forms")
@signed_in
def make_form() -> Any:
    """Make a test before and after."""
    try:
        actions.make_form(actor(), read_form(FormInput, request.form))
    except Invalid as error:
        return _bank(sent(error)), 422
    flash(_("The test is open to everybody from today."), "good")
    return redirect(url_for("learning.evaluation"), 303)


@pages.get("/tests")
@signed_in
def tests() -> str:
    """Tests that are open, and sessions to say something of."""
    who = actor()
    person = person_with_hours_for(who, who.person_id or 0)
    return render_template("learning/tests.html", tests=open_tests_for(who), unsaid=unsaid_for(who, person))


@pages.get("/tests/<int:form_id>")
@signed_in
def test(form_id: int) -> str:
    """One test: its questions, or what came of it."""
    return _test(form_id, Form())


def _test(form_id: int, form: Form) -> str:
    found = test_for(actor(), form_id)
    ids = found.form.before if found.part == "before" else found.form.after
    return render_template("learning/test.html", found=found, questions=questions_of(ids) if found.part else [], form=form)


@pages.post("/tests/<int:form_id>")
@signed_in
def sit_test(form_id: int) -> Any:
    """Hand in the part that is open."""
    found = test_for(actor(), form_id)
    if found.part is None:
        raise Conflict("test_not_open")
    answers = {
        int(name.removeprefix("q")): int(value)
        for name, value in request.form.items()
        if name[:1] == "q" and name[1:].isdecimal() and len(name) < 12 and value in ("0", "1", "2", "3", "4")
    }
    try:
        actions.sit_test(actor(), found.form, found.part, answers=answers)
    except Invalid as error:
        return _test(form_id, sent(error)), 422
    flash(_("Handed in. Only you see your own result."), "good")
    return redirect(url_for("learning.test", form_id=form_id), 303)


@pages.post("/learning-hours/<int:hours_entry_id>/feedback")
@signed_in
def give_feedback(hours_entry_id: int) -> Any:
    """Say how a session or an event was."""
    who = actor()
    person = person_with_hours_for(who, who.person_id or 0)
    entry = learned_for(who, person, hours_entry_id)
    try:
        actions.give_feedback(who, person, entry, data=read_form(FeedbackInput, request.form))
        flash(_("Thank you. It counts in figures of five people and more."), "good")
    except Invalid:
        flash(_("Please choose a number for both."), "warn")
    return redirect(url_for("learning.tests"), 303)


@pages.get("/behaviour/<int:review_id>")
@signed_in
def behaviour(review_id: int) -> str:
    """What shows at work, months later."""
    row = behaviour_for(actor(), review_id)
    return render_template("learning/behaviour.html", review=row, names=competency_names(row.competency_ids), form=Form())


@pages.post("/behaviour/<int:review_id>")
@signed_in
def say_behaviour(review_id: int) -> Any:
    """Say it."""
    row = behaviour_for(actor(), review_id)
    try:
        actions.say_behaviour(actor(), row, read_form(BehaviourInput, request.form))
    except Invalid as error:
        page = render_template(
            "learning/behaviour.html", review=row, names=competency_names(row.competency_ids), form=sent(error)
        )
        return page, 422
    flash(_("Thank you."), "good")
    return redirect(url_for("learning.behaviour", review_id=review_id), 303)
