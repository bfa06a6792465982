"""Pages of competencies: the map, assessments, dictionaries, job standards."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as Answer

from mentorlink.competencies import actions, queries, rules
from mentorlink.competencies.actions.colleagues import MOST_COMPETENCIES
from mentorlink.competencies.inputs import ColleaguesInput, CompetencyInput, LevelScaleInput, LimitsInput, SheetInput, VoiceInput
from mentorlink.competencies.models import Competency, PeerVoice
from mentorlink.competencies.policy import may_edit_frameworks, may_edit_standards, may_record_assessment
from mentorlink.kernel import clock, crypto, settings
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Denied, Fault, Invalid
from mentorlink.kernel.inputs import read
from mentorlink.people.models import Job, Person, Tier
from mentorlink.web.forms import Form, sent, tree
from mentorlink.web.guard import actor, current_person, requires, signed_in
from mentorlink.web.locale import in_language

pages = Blueprint("competencies", __name__)

SHEETS = ("superior", "assessment_centre", "peer")
"""What one may say about somebody else on a page."""


# The map


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


# Assessments


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
    person = _person(person_id)
    return _sheet(person, _sources(person), Form())


@pages.post("/competencies/of/<int:person_id>/assessment")
@signed_in
def save_assessment(person_id: int) -> Any:
    """Enter the sheet about somebody into the ledger."""
    person = _person(person_id)
    return _save_sheet(person, _sources(person), url_for("competencies.person_map", person_id=person_id))


def _person(person_id: int) -> Person:
    return queries.map_owner_for(actor(), person_id)


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
        token=_token(form),
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
    return data | {"levels": _levels_sent()}


def _levels_sent() -> dict[str, str]:
    """Competency code → level, of the fields that a sheet was sent with."""
    return {
        name.removeprefix("levels."): value for name, value in request.form.items() if name.startswith("levels.") and value != ""
    }


def _token(form: Form) -> str:
    """What makes one form one deed, however often it is sent."""
    return str(form.data.get("token") or crypto.new_token().replace("_", "-")[:36])


# What colleagues see


@pages.get("/competencies/of/<int:person_id>/colleagues")
@signed_in
def colleagues(person_id: int) -> str:
    """Whom one may ask how somebody works, and what came of it before."""
    return _colleagues(_person(person_id), Form())


@pages.post("/competencies/of/<int:person_id>/colleagues")
@signed_in
def ask_colleagues(person_id: int) -> Any:
    """Ask them; or show more people to choose from, where a name was searched for."""
    person = _person(person_id)
    if "find" in request.form:
        return _colleagues(person, sent())
    data = {name: value for name, value in request.form.to_dict(flat=False).items() if name in ("colleagues", "competencies")}
    try:
        actions.ask_colleagues(actor(), person, read(ColleaguesInput, data | {"token": request.form.get("token", "")}))
    except Invalid as error:
        return _colleagues(person, sent(error)), 422
    flash(_("They are asked. You hear when it is over."), "good")
    return redirect(url_for("competencies.colleagues", person_id=person_id), 303)


def _colleagues(person: Person, form: Form) -> str:
    text = str(form.data.get("q", ""))[:80]
    view, limits = queries.map_for(actor(), person), settings.current()
    ticked = [
        int(value) for value in request.form.getlist("colleagues") if value.isascii() and value.isdigit() and len(value) < 18
    ]
    open_questions = [row.code for row in view.rows if row.gap or row.actual is None] or [row.code for row in view.rows]
    return render_template(
        "competencies/colleagues.html",
        person=person,
        mine=actor().is_person(person.id),
        askings=queries.reviews_of(actor(), person),
        rows=view.rows,
        chosen=open_questions[:MOST_COMPETENCIES],
        colleagues=queries.colleagues_near(actor(), person, chosen=ticked, text=text),
        text=text,
        least=limits.peer_least,
        most=limits.peer_most,
        days=limits.peer_days,
        most_competencies=MOST_COMPETENCIES,
        form=form,
        token=_token(form),
    )


@pages.get("/competencies/colleagues/<int:peer_review_id>")
@signed_in
def colleague_form(peer_review_id: int) -> str:
    """The short form for a colleague who is asked."""
    return _colleague_form(queries.voice_for(actor(), peer_review_id), Form())


def _colleague_form(voice: PeerVoice, form: Form) -> str:
    said = {f"levels.{code}": level for code, level in (voice.levels or {}).items()}
    return render_template(
        "competencies/colleague_form.html",
        review=voice.review,
        voice=voice,
        over=voice.review.closes_at <= clock.now(),
        rows=queries.asked_about(voice.review),
        form=form if form.data else Form(said),
    )


@pages.post("/competencies/colleagues/<int:peer_review_id>")
@signed_in
def answer_review(peer_review_id: int) -> Any:
    """Say what one has seen."""
    voice = queries.voice_for(actor(), peer_review_id)
    try:
        actions.answer_review(actor(), voice, read(VoiceInput, {"levels": _levels_sent()}))
    except Invalid as error:
        return _colleague_form(voice, sent(error)), 422
    flash(_("Thank you. It counts together with what the others say."), "good")
    return redirect(url_for("home.index"), 303)


@pages.post("/competencies/colleagues/<int:peer_review_id>/decline")
@signed_in
def decline_review(peer_review_id: int) -> Answer:
    """Rather not."""
    actions.decline_review(actor(), queries.voice_for(actor(), peer_review_id))
    flash(_("All right. Nobody is told."), "info")
    return redirect(url_for("home.index"), 303)


@pages.post("/competencies/colleagues/<int:peer_review_id>/withdraw")
@signed_in
def withdraw_review(peer_review_id: int) -> Answer:
    """Take the question back."""
    review = queries.review_for(actor(), peer_review_id)
    person_id = review.person_id
    actions.withdraw_review(actor(), review)
    flash(_("The question is taken back. Nothing of it was kept."), "info")
    return redirect(url_for("competencies.colleagues", person_id=person_id), 303)


# Dictionaries


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
    return render_template("competencies/load.html", form=Form())


@pages.post("/competencies/dictionary/load")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def save_edition() -> Any:
    """Publish the edition in the file."""
    try:
        published = actions.load_framework(actor(), _json_file("file"))
    except Invalid as error:
        return render_template("competencies/load.html", form=sent(error), faults=error.faults), 422
    flash(
        _("%(name)s reads as edition %(number)s now.", name=in_language(published.framework.name), number=published.number),
        "good",
    )
    return redirect(url_for("competencies.framework", code=published.framework.code), 303)


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


# Standards


@pages.get("/competencies/standards")
@signed_in
def standards() -> str:
    """Tiers and jobs, to see what they ask, and from when on a match is called optimal or fair."""
    return _standards(Form())


@pages.post("/competencies/standards")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def save_limits() -> Any:
    """Set from which match on a job is held optimally or fairly."""
    try:
        actions.set_match_limits(actor(), read(LimitsInput, tree(request.form)))
    except Invalid as error:
        return _standards(sent(error)), 422
    flash(_("From today on these limits hold."), "good")
    return redirect(url_for("competencies.standards"), 303)


def _standards(form: Form) -> str:
    text = request.args.get("q", "").strip()[:80]
    page = max(1, request.args.get("page", 1, type=int))
    jobs, count = queries.jobs_for(actor(), text, page=page)
    return render_template(
        "competencies/standards.html",
        tiers=queries.tiers_for(actor()),
        jobs=jobs,
        page=page,
        pages=count,
        text=text,
        own_job=current_person.job,
        limits=queries.limits_on(clock.today()),
        limits_set=queries.limits_set(actor()),
        may_edit=may_edit_standards(actor()),
        form=form,
    )


@pages.get("/competencies/levels")
@signed_in
def levels() -> str:
    """What the five levels are called, and who named them when."""
    newest = queries.newest_scale()
    data: dict[str, Any] = {"based_on": newest.number if newest else 0}
    for word in queries.level_words(newest):
        for name, words in (("name", word.name), ("meaning", word.meaning)):
            data |= {f"level_{word.number}.{name}.{language}": text for language, text in words.items()}
    return _levels(Form(data))


@pages.post("/competencies/levels")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def save_levels() -> Any:
    """Name the levels anew."""
    try:
        actions.save_level_words(actor(), read(LevelScaleInput, tree(request.form)))
    except Invalid as error:
        return _levels(sent(error)), 422
    flash(_("From now on the levels are called so."), "good")
    return redirect(url_for("competencies.levels"), 303)


def _levels(form: Form) -> str:
    scales = queries.scales_for(actor())
    return render_template(
        "competencies/levels.html",
        form=form,
        scales=scales,
        level_words=queries.level_words(scales[0] if scales else None),
        may_edit=may_edit_standards(actor()),
    )


@pages.get("/competencies/standards/jobs/<path:code>")
@signed_in
def job_standard(code: str) -> str:
    """What one job asks."""
    return _standard(queries.job_for(actor(), code))


@pages.get("/competencies/standards/tiers/<path:code>")
@signed_in
def tier_standard(code: str) -> str:
    """What one tier asks by default."""
    return _standard(queries.tier_for(actor(), code))


@pages.post("/competencies/standards/jobs/<path:code>")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def save_job_standard(code: str) -> Any:
    """Set what a job asks."""
    return _save_standard(queries.job_for(actor(), code))


@pages.post("/competencies/standards/tiers/<path:code>")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def save_tier_standard(code: str) -> Any:
    """Set what a tier asks by default."""
    return _save_standard(queries.tier_for(actor(), code))


def _standard(holder: Job | Tier, form: Form | None = None) -> str:
    editing = may_edit_standards(actor()) and "edit" in request.args
    return render_template(
        "competencies/standard.html",
        holder=holder,
        is_job=isinstance(holder, Job),
        lines=queries.lines_of(holder, everything=editing),
        editing=editing,
        changes=[] if editing else queries.changes_of(holder),
        may_edit=may_edit_standards(actor()),
        form=form or Form(),
        level_words=queries.level_words(),
    )


def _save_standard(holder: Job | Tier) -> Any:
    wanted = _figures("required.")
    counts = actions.set_standards(actor(), holder, wanted, seen=_figures("seen."))
    changed = counts.added + counts.changed
    if changed:
        flash(
            ngettext("%(num)s figure changed. Gaps follow at once.", "%(num)s figures changed. Gaps follow at once.", changed),
            "good",
        )
    else:
        flash(_("Nothing was changed."), "info")
    endpoint = "competencies.job_standard" if isinstance(holder, Job) else "competencies.tier_standard"
    return redirect(url_for(endpoint, code=holder.code), 303)


def _figures(prefix: str) -> dict[int, int | None]:
    """Competency id → figure, from the fields of the form that begin with ``prefix``; empty = no figure of its own."""
    figures: dict[int, int | None] = {}
    for name, value in request.form.items():
        id_ = name.removeprefix(prefix)
        if name.startswith(prefix) and id_.isdecimal() and len(id_) < 20:
            if value and (value not in ("0", "1", "2", "3", "4", "5")):
                raise Invalid(Fault(name, "less_than_equal", {"le": 5}))
            figures[int(id_)] = int(value) if value else None
    return figures
