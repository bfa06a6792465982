"""Pages of hours: a year, certificates, what waits for a superior."""

from __future__ import annotations

from flask import render_template

from mentorlink.kernel import clock
from mentorlink.learning.policy import (
    may_change_hours_rule,
    may_claim_hours,
    may_note_contract,
    may_see_index,
    may_see_periods,
    may_see_plan_sums,
)
from mentorlink.learning.queries import (
    certificates_for,
    person_with_hours_for,
    waiting_claims_for,
    waiting_plans_for,
    year_for,
)
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.learning.blueprint import asked_year, month_names, pages, this_year


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
        certificates=certificates_for(who, person),
    )


@pages.get("/approvals")
@signed_in
def approvals() -> str:
    """Claims and plans that wait for the actor."""
    who = actor()
    return render_template("learning/approvals.html", claims=waiting_claims_for(who), plans=waiting_plans_for(who))
