"""What jobs and tiers ask, the limits of the match, and what the five levels are called."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from mentorlink.competencies import actions, queries
from mentorlink.competencies.inputs import LevelScaleInput, LimitsInput
from mentorlink.competencies.policy import may_edit_standards
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Fault, Invalid
from mentorlink.kernel.inputs import read
from mentorlink.people.models import Job, Tier
from mentorlink.web.competencies.frame import pages
from mentorlink.web.forms import Form, sent, tree
from mentorlink.web.guard import actor, current_person, requires, signed_in


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
