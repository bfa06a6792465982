"""The four stages as the agency has them: what each is for and asks, every version, a new one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Fault, Invalid, NotFound
from mentorlink.kernel.inputs import read
from mentorlink.notifications.shapes import STAGES as STAGE_NAMES
from mentorlink.sessions.mentoring import actions
from mentorlink.sessions.mentoring.inputs import STAGE_WORDS, StageRuleInput
from mentorlink.sessions.mentoring.models import StageRule
from mentorlink.sessions.mentoring.policy import may_change_stages
from mentorlink.sessions.mentoring.queries import newest_stage_rule, stage_rule_for, stage_rule_on, stage_rules_for
from mentorlink.sessions.mentoring.rules import asks_of, checks_of, shipped_stages
from mentorlink.sessions.mentoring.stages import GATES, OPTIONAL, STAGES, Check, Stage
from mentorlink.web.forms import Form, sent, tree
from mentorlink.web.guard import actor, requires, signed_in
from mentorlink.web.mentoring.frame import pages


@pages.get("/mentoring/stages")
@signed_in
def stages() -> str:
    """What the stages ask of a mentorship that begins today."""
    return _stages(stage_rule_on(clock.today()))


@pages.get("/mentoring/stages/<int:number>")
@signed_in
def stages_of(number: int) -> str:
    """One version: a mentorship that runs keeps the one it began with."""
    return _stages(stage_rule_for(actor(), number))


def _stages(rule: StageRule | None) -> str:
    """``rule``: none where the agency has no version yet; what is shipped holds."""
    today, asks = clock.today(), asks_of(rule.gates if rule else shipped_stages()["gates"])
    now = stage_rule_on(today)
    return render_template(
        "mentoring/stages.html",
        rule=rule,
        words=rule.words if rule else shipped_stages()["words"],
        rows=[(str(stage), asks[stage].meetings, _asked(checks_of(stage, asks[stage]))) for stage in STAGES],
        optional=OPTIONAL,
        rules=stage_rules_for(actor()),
        in_force=now.number if now else 0,
        today=today,
        may_change=may_change_stages(actor()),
    )


def _asked(checks: tuple[Check, ...]) -> list[str]:
    return [str(check) for check in checks if check is not Check.MEETING_HELD]


@pages.get("/mentoring/stages/change")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def change_stages() -> str:
    """The form of a new version, filled with the newest."""
    newest = newest_stage_rule()
    gates, words = (newest.gates, newest.words) if newest else (shipped_stages()["gates"], shipped_stages()["words"])
    today = clock.today()
    data: dict[str, Any] = {
        "based_on": newest.number if newest else 0,
        "valid_from": max(today, newest.valid_from if newest else today).isoformat(),
    }
    for stage in STAGES:
        data[f"stages.{stage}.meetings"] = gates[stage]["meetings"]
        data |= {f"stages.{stage}.checks.{check}": "1" for check in gates[stage]["checks"]}
        data |= {
            f"stages.{stage}.{name}.{language}": text for name in STAGE_WORDS for language, text in words[stage][name].items()
        }
    return _form(Form(data))


def _form(form: Form) -> str:
    if not may_change_stages(actor()):
        raise NotFound()
    return render_template(
        "mentoring/stages_edit.html",
        form=form,
        stages=[str(stage) for stage in STAGES],
        asked={str(stage): [str(check) for check in GATES[stage] if check is not Check.MEETING_HELD] for stage in STAGES},
        optional=OPTIONAL,
    )


@pages.post("/mentoring/stages")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def save_stages() -> Answer | tuple[str, int]:
    """Make a new version."""
    try:
        made = actions.save_stage_rule(actor(), read(StageRuleInput, tree(request.form)))
    except Invalid as error:
        return _form(_by_stage(sent(Invalid(*(_at_field(fault) for fault in error.faults))))), 422
    flash(_("Version %(number)s holds for mentorings that begin from its day on.", number=made.number), "good")
    return redirect(url_for("mentoring.stages_of", number=made.number), 303)


def _by_stage(form: Form) -> Form:
    """Faults that name their stage: each field is there four times."""
    for name, told in form.errors.items():
        place, _dot, rest = name.partition(".")
        stage = rest.partition(".")[0]
        if place == "stages" and stage in STAGE_NAMES:
            form.errors[name] = [f"{STAGE_NAMES[Stage(stage)]()}: {sentence}" for sentence in told]
    return form


def _at_field(fault: Fault) -> Fault:
    """Words that are missing in both languages are asked for in the first."""
    return Fault(f"{fault.field}.id", fault.code, fault.facts) if fault.field.endswith(STAGE_WORDS) else fault
