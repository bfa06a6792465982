"""Pages of hours: a year, certificates, what waits for a superior."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.learning import actions
from mentorlink.learning.inputs import SessionOut
from mentorlink.learning.policy import (
    may_change_hours_rule,
    may_claim_hours,
    may_note_contract,
    may_see_index,
    may_see_periods,
    may_see_plan_sums,
    may_withdraw_session,
)
from mentorlink.learning.queries import (
    certificates_for,
    person_with_hours_for,
    session_entry_for,
    waiting_claims_for,
    waiting_plans_for,
    year_for,
)
from mentorlink.learning.stages import SESSION_OUT
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.learning.blueprint import asked_year, month_names, pages, this_year
from mentorlink.web.words import error_sentence


@pages.get("/learning-hours")
@signed_in
def my_hours() -> str:
    """The actor's own hours of a year."""
    return _hours(actor().person_id or 0)


@pages.get("/people/<int:person_id>/learning-hours")
@signed_in
def hours(person_id: int) -> str:
    """The hours of somebody the actor is superior of or HR for."""
    return _hours(person_id)


def _hours(person_id: int) -> str:
    who = actor()
    person = person_with_hours_for(who, person_id)
    year = asked_year()
    return render_template(
        "learning/hours.html",
        person=person,
        year=year,
        this_year=this_year(),
        today=clock.today(who.timezone),
        learning=year_for(who, person, year),
        month_names=month_names(),
        may_claim=may_claim_hours(who, person),
        may_decide=bool(who.heads) or may_see_plan_sums(who),
        may_change_rule=may_change_hours_rule(who),
        may_see_sums=may_see_plan_sums(who),
        may_see_periods=may_see_periods(who),
        may_see_index=may_see_index(who, person),
        may_note_contract=may_note_contract(who, person),
        may_withdraw=may_withdraw_session(who, person),
        why_out=[(code, why_out(code)) for code in SESSION_OUT],
        certificates=certificates_for(who, person),
    )


def why_out(code: str) -> str:
    """Why a session does not count."""
    return {
        "not_held": _("It did not take place"),
        "twice": _("It stands there twice"),
        "wrong": _("It was on another day, or with other people"),
    }[code]


@pages.post("/learning-hours/<int:hours_entry_id>/withdraw")
@signed_in
def withdraw_session(hours_entry_id: int) -> Any:
    """HR takes a session out that did not take place."""
    entry = session_entry_for(actor(), hours_entry_id)
    person_id, year = entry.person_id, entry.happened_on.year
    try:
        actions.withdraw_session(actor(), entry, read_form(SessionOut, request.form))
        flash(_("Its hours are out of the record; whom it concerns is told."), "good")
    except Invalid:
        flash(_("Please say why."), "warn")
    except Conflict as error:
        flash(error_sentence(error), "warn")
    return redirect(url_for("learning.hours", person_id=person_id, year=year), 303)


@pages.get("/approvals")
@signed_in
def approvals() -> str:
    """Claims and plans that wait for the actor."""
    who = actor()
    return render_template("learning/approvals.html", claims=waiting_claims_for(who), plans=waiting_plans_for(who))
