"""Pages of the evaluation: the four levels of a year, the item bank, tests, feedback, what shows at work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _

from mentorlink.exchange.shapes import csv_pieces, xlsx_file
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Conflict, Invalid, NotFound
from mentorlink.kernel.inputs import read, read_form
from mentorlink.learning import actions
from mentorlink.learning.inputs import (
    BehaviourInput,
    FeedbackInput,
    FormInput,
    IndicatorInput,
    ItemInput,
    SettingsInput,
    ValueInput,
)
from mentorlink.learning.models import BehaviourReview
from mentorlink.learning.queries import paths_known, person_with_hours_for
from mentorlink.learning.queries.evaluation import (
    Evaluation,
    behaviour_for,
    competency_choices,
    competency_names,
    ended_of,
    evaluation_for,
    form_for,
    forms_for,
    indicator_for,
    item_for,
    items_for,
    open_tests_for,
    questions_of,
    set_of,
    test_for,
    unsaid_for,
)
from mentorlink.learning.queries.settings import settings_for, settings_now, settings_versions_for
from mentorlink.learning.rules.evaluation import Mean, reached
from mentorlink.learning.rules.settings import TARGETS
from mentorlink.people.queries.units import units_for
from mentorlink.programmes.queries import programmes_for
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, requires, signed_in
from mentorlink.web.learning.blueprint import asked_year, pages, this_year
from mentorlink.web.learning.sums import XLSX
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


def _evaluation(form: Form, *, measured: int | None = None) -> str:
    """The page; ``measured``: the indicator whose measurement comes back in ``form``."""
    year = asked_year()
    return render_template(
        "learning/evaluation.html",
        year=year,
        this_year=this_year(),
        found=evaluation_for(actor(), year),
        paths=paths_known(),
        form=form,
        measured=measured,
        settings=settings_now(),
        units=[(unit.id, f"{unit.code} · {in_language(unit.name)}") for unit in units_for(actor())],
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
        return _evaluation(sent(error), measured=indicator_id), 422
    flash(_("Noted."), "good")
    return redirect(url_for("learning.evaluation"), 303)


@pages.get("/evaluation.<form>")
@signed_in
def evaluation_file(form: str) -> Response:
    """The figures of a year as they stand on the page, a line for each."""
    if form not in ("csv", "xlsx"):
        raise NotFound()
    year = asked_year()
    head = [
        _("Level of evaluation"), _("What"), _("Of whom"), _("n (people)"), _("Value"), _("Low end, 95%"), _("High end, 95%"),
        _("From"), _("Target"), _("Source and time"),
    ]  # fmt: skip
    rows = list(_figures(evaluation_for(actor(), year)))
    name = _("evaluation-%(year)s", year=year)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    if form == "xlsx":
        with xlsx_file(head, rows) as file:
            return Response(file.read(), mimetype=XLSX, headers=headers)
    return Response(stream_with_context(csv_pieces(head, rows)), mimetype="text/csv", headers=headers)


def _figures(found: Evaluation) -> Iterator[list[Any]]:
    names = paths_known()
    reaction, learned, shows, moved = _("1 Reaction"), _("2 Learning"), _("3 Behaviour"), _("4 Result")
    yield _line(reaction, _("Useful"), _("All"), found.useful)
    yield _line(reaction, _("Usable at work"), _("All"), found.usable)
    for path, value in found.by_path.items():
        yield _line(reaction, _("Useful"), in_language(names.get(path, {"id": path})), value)
    for form, gains in found.tests:
        for what, mean in ((_("Before"), gains.before), (_("After"), gains.after), (_("Mean of the gains"), gains.mean_of_gains)):
            yield _line(learned, f"{form.title}: {what}", in_language(form.competency.name), mean)
        if gains.gain_of_means is not None:
            gain = _("%(form)s: Gain of the means", form=form.title)
            yield [learned, gain, in_language(form.competency.name), gains.n, round(gains.gain_of_means, 3)] + [""] * 5
    yield _line(shows, _("How often it shows"), _("People themselves"), found.behaviour["self"])
    yield _line(shows, _("How often it shows"), _("Their superiors"), found.behaviour["superior"])
    for row in found.indicators:
        of = in_language(row.unit.name) if row.unit else _("The whole agency")
        span = f"{row.source}, {row.begins_on.isoformat()} – {row.ends_on.isoformat()}"
        for value in row.values:
            what = f"{row.name} ({row.measure}), {value.measured_on.isoformat()}"
            yield [moved, what, of, value.people or "", float(value.value), "", "", float(row.baseline), float(row.target), span]


def _line(level: str, what: str, of: str, mean: Mean | None) -> list[Any]:
    if mean is None:
        return [level, what, of, _("fewer than five: not told")] + [""] * 6
    ends = ["" if end is None else round(end, 3) for end in (mean.low, mean.high)]
    return [level, what, of, mean.n, round(mean.value, 3), *ends, "", "", ""]


@pages.get("/learning-settings")
@requires(Role.MANAGER)
def settings() -> str:
    """Who signs certificates, and the figures of the evaluation."""
    number, now = settings_for(actor())
    return _settings(Form({"based_on": number, **now.told()}))


def _settings(form: Form) -> str:
    names = setting_names()
    versions = [
        (row, [(names[code], before or "–", after or "–") for code, (before, after) in changes.items()])
        for row, changes in settings_versions_for(actor())
    ]
    kinds = [(kind, indicator_kind(kind)) for kind in TARGETS]
    return render_template("learning/settings.html", form=form, kinds=kinds, versions=versions)


def setting_names() -> dict[str, str]:
    """What each setting is called where versions are compared."""
    return {
        "issuing_unit": _("Unit that issues the certificates"), "signatory_name": _("Who signs"),
        "signatory_title": _("In which office"), "place": _("Place"),
        "gain_low": _("Gain low below"), "gain_high": _("Gain high above"),
        **{kind: indicator_kind(kind) for kind in TARGETS},
        "reaction_days": _("Days to say how a session was"), "behaviour_after": _("Days until work is asked about"),
        "behaviour_open": _("Days to answer it"), "answer_hours": _("Hours to answer a request"),
        "warn_hours": _("Hours left when HR is told again"),
    }  # fmt: skip


@pages.post("/learning-settings")
@requires(Role.MANAGER)
def save_settings() -> Any:
    """Keep them."""
    settings_for(actor())
    try:
        actions.save_settings(actor(), read_form(SettingsInput, request.form))
    except Invalid as error:
        return _settings(sent(error)), 422
    flash(_("Kept. It holds from now on; papers that were given out stay as they are."), "good")
    return redirect(url_for("learning.settings"), 303)


@pages.get("/evaluation/bank")
@signed_in
def bank() -> str:
    """The item bank, and tests made from it."""
    return _bank(Form())


def _bank(form: Form) -> str:
    return render_template(
        "learning/bank.html",
        items=items_for(actor()),
        forms=forms_for(actor()),
        form=form,
        competencies=_competencies(),
        programmes=[(row.id, in_language(row.name)) for row in programmes_for(actor())],
        today=clock.today(actor().timezone),
    )


@pages.get("/evaluation/tests/<int:form_id>")
@signed_in
def preview_form(form_id: int) -> str:
    """A test as it will be asked, both sets with their right answers."""
    row = form_for(actor(), form_id)
    return render_template(
        "learning/test_preview.html",
        test=row,
        sets=[(_("Set A"), questions_of(row.before)), (_("Set B"), questions_of(row.after))],
        today=clock.today(actor().timezone),
    )


@pages.post("/evaluation/tests/<int:form_id>/close")
@signed_in
def close_form(form_id: int) -> Any:
    """Close a test before its day."""
    actions.close_form(actor(), form_for(actor(), form_id))
    flash(_("The test is closed. What was handed in stays."), "info")
    return redirect(url_for("learning.preview_form", form_id=form_id), 303)


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
        made = actions.make_form(actor(), read_form(FormInput, request.form))
    except Invalid as error:
        return _bank(sent(error)), 422
    flash(_("The test is open from today. Look at it here; you can close it before its day."), "good")
    return redirect(url_for("learning.preview_form", form_id=made.id), 303)


@pages.get("/tests")
@signed_in
def tests() -> str:
    """Tests that are open, and sessions to say something of."""
    who = actor()
    person = person_with_hours_for(who, who.person_id or 0)
    return render_template("learning/tests.html", tests=open_tests_for(who), unsaid=unsaid_for(who, person), paths=paths_known())


@pages.get("/tests/<int:form_id>")
@signed_in
def test(form_id: int) -> str:
    """One test: its questions, or what came of it."""
    return _test(form_id, Form())


def _test(form_id: int, form: Form) -> str:
    found = test_for(actor(), form_id)
    ids = set_of(found.form, found.part, actor().person_id or 0) if found.part else []
    return render_template("learning/test.html", found=found, questions=questions_of(ids), form=form)


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


@pages.post("/tests/feedback")
@signed_in
def give_feedback() -> Any:
    """Say how a session or an event was."""
    who = actor()
    person = person_with_hours_for(who, who.person_id or 0)
    try:
        actions.give_feedback(who, person, read_form(FeedbackInput, request.form))
        flash(_("Thank you. It counts in figures of five people and more."), "good")
    except Invalid:
        flash(_("Please choose a number for both."), "warn")
    return redirect(url_for("learning.tests"), 303)


@pages.get("/behaviour/<int:review_id>")
@signed_in
def behaviour(review_id: int) -> str:
    """What shows at work, months later."""
    return _behaviour(behaviour_for(actor(), review_id), Form())


def _behaviour(row: BehaviourReview, form: Form) -> str:
    names, ended = competency_names(row.competency_ids), ended_of(row)
    return render_template("learning/behaviour.html", review=row, names=names, ended=ended, form=form)


@pages.post("/behaviour/<int:review_id>")
@signed_in
def say_behaviour(review_id: int) -> Any:
    """Say it."""
    row = behaviour_for(actor(), review_id)
    try:
        actions.say_behaviour(actor(), row, read_form(BehaviourInput, request.form))
    except Invalid as error:
        return _behaviour(row, sent(error)), 422
    flash(_("Thank you."), "good")
    return redirect(url_for("learning.behaviour", review_id=review_id), 303)
