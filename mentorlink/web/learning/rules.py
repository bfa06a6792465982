"""Pages of the rule of learning hours: its versions, one version, a new one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Fault, Invalid, NotFound
from mentorlink.kernel.inputs import read
from mentorlink.learning import actions
from mentorlink.learning.inputs import RuleInput
from mentorlink.learning.models import HoursRule
from mentorlink.learning.policy import may_change_hours_rule
from mentorlink.learning.queries import newest_rule, rule_for, rule_on, rules_for
from mentorlink.learning.rules import CAP_PERIODS, CAP_UNITS, CONVERSIONS, SHARES, month_of, paths_of
from mentorlink.web.forms import Form, sent, tree
from mentorlink.web.guard import actor, requires, signed_in
from mentorlink.web.learning.blueprint import pages

hr = requires(Role.MANAGER)
CHANGEABLE = (
    "record_id", "classical", "share", "rule", "jp", "minutes", "cap", "cap_unit", "cap_period", "abroad_percent", "claimable",
    "mentor_earns", "retired",
)  # fmt: skip


def giving_name(deed: str) -> str:
    """What somebody did in a community."""
    return {
        "gathering_attended": _("Took part in a gathering"),
        "page_written": _("Wrote a page that was reviewed"),
        "page_reviewed": _("Reviewed a page"),
        "answer_accepted": _("Gave an answer that was accepted"),
    }.get(deed, deed)


pages.app_template_filter("giving_name")(giving_name)


@pages.get("/learning-rules")
@hr
def rules() -> str:
    """Every version of the rule."""
    today = clock.today(actor().timezone)
    return render_template("learning/rules.html", rules=rules_for(actor()), today=today, in_force=rule_on(today))


@pages.get("/learning-rules/<int:number>")
@signed_in
def rule(number: int) -> str:
    """One version: anybody may read how their hours count."""
    row = rule_for(actor(), number)
    return render_template("learning/rule.html", rule=row, paths=paths_of(row.paths), may_change=may_change_hours_rule(actor()))


@pages.get("/learning-rules/new")
@hr
def new_rule() -> str:
    """The form of a new version, filled with the newest."""
    newest = _newest()
    _first, next_first = month_of(clock.today(actor().timezone))
    data: dict[str, Any] = {
        "valid_from": max(next_first, newest.valid_from).isoformat(),
        "floor": newest.floor,
        "ceiling": newest.ceiling,
    }
    for code, path in newest.paths.items():
        data |= {f"paths.{code}.name_{language}": name for language, name in path["name"].items()}
        data |= {f"paths.{code}.{name}": path.get(name) for name in CHANGEABLE if path.get(name) not in (None, False)}
    for deed, row in newest.giving.items():
        data |= {f"giving.{deed}.{name}": value for name, value in row.items() if value is not None}
    return _form(newest, Form(data))


def _newest() -> HoursRule:
    newest = newest_rule()
    if newest is None or not may_change_hours_rule(actor()):
        raise NotFound()
    return newest


def _form(newest: HoursRule, form: Form) -> str:
    return render_template(
        "learning/rule_form.html",
        form=form,
        newest=newest,
        paths=paths_of(newest.paths),
        conversions=CONVERSIONS,
        cap_units=CAP_UNITS,
        cap_periods=CAP_PERIODS,
        shares=SHARES,
    )


@pages.post("/learning-rules")
@hr
def save_rule() -> Any:
    """Make a new version."""
    newest = _newest()
    try:
        made = actions.save_hours_rule(actor(), read(RuleInput, _said(newest)))
    except Invalid as error:
        named = Invalid(*(_at_field(fault) for fault in error.faults))
        return _form(newest, sent(named)), 422
    flash(_("Version %(number)s holds from its day on. What is in the ledger keeps its version.", number=made.number), "good")
    return redirect(url_for("learning.rule", number=made.number), 303)


def _said(newest: HoursRule) -> dict[str, Any]:
    """The form; a new path counts where it has a name, and a deed with neither path nor minutes does not count."""
    said = tree(request.form)
    if not {"code", "name_id"} & set(said.get("new", {})):
        said.pop("new", None)
    given = said.get("giving", {})
    return {**said, "giving": {deed: {} for deed in newest.giving} | (given if isinstance(given, dict) else {})}


def _at_field(fault: Fault) -> Fault:
    """A fault of a whole path stands beside the conversion that it is about."""
    whole = fault.field == "new" or (fault.field.count(".") == 1 and fault.field.startswith("paths."))
    return Fault(f"{fault.field}.rule", fault.code, fault.facts) if whole else fault
