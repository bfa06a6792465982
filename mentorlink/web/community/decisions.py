"""Pages of decisions: what is open, what was decided, and where one stands."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mentorlink.community import queries
from mentorlink.community.actions import decisions as actions
from mentorlink.community.inputs.decisions import DecisionInput, StanceInput
from mentorlink.community.models import Community
from mentorlink.community.models.decisions import Decision
from mentorlink.community.policy import role_in
from mentorlink.community.policy.decisions import may_conclude_decision, may_open_decision, may_take_stance
from mentorlink.community.queries.decisions import ballot_for, decision_for, decisions_for
from mentorlink.community.queries.gatherings import gatherings_for
from mentorlink.kernel import clock
from mentorlink.kernel.actions import ensure
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.web.community.frame import pages
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in


@pages.get("/communities/<int:community_id>/decisions")
@signed_in
def decisions(community_id: int) -> str:
    """What is to be decided, and what was."""
    who = actor()
    community = queries.community_for(who, community_id)
    return render_template(
        "community/decisions.html",
        community=community,
        role=role_in(who, community_id),
        decisions=decisions_for(who, community),
        opens=may_open_decision(who, community),
    )


@pages.get("/communities/<int:community_id>/decisions/new")
@signed_in
def new_decision(community_id: int) -> str:
    """Put a question to the community."""
    community = queries.community_for(actor(), community_id)
    ensure(may_open_decision, actor(), community)
    closes = clock.today(actor().timezone) + timedelta(days=7)
    values = {"method": "consent", "closes_on": closes.isoformat(), "gathering_id": request.args.get("gathering", "")}
    return _form_page(community, Form(values))


@pages.post("/communities/<int:community_id>/decisions")
@signed_in
def open_decision(community_id: int) -> ResponseReturnValue:
    """Open it."""
    community = queries.community_for(actor(), community_id)
    try:
        made = actions.open_decision(actor(), community, read_form(DecisionInput, request.form))
    except Invalid as error:
        return _form_page(community, sent(error)), 422
    flash(_("The question is with the members."), "good")
    return _to(made)


@pages.get("/decisions/<int:decision_id>")
@signed_in
def decision(decision_id: int) -> str:
    """One question: the ways, where I stand, where we stand."""
    return _page(decision_for(actor(), decision_id))


@pages.post("/decisions/<int:decision_id>/stance")
@signed_in
def take_stance(decision_id: int) -> ResponseReturnValue:
    """Say where one stands."""
    row = decision_for(actor(), decision_id)
    try:
        actions.take_stance(actor(), row, read_form(StanceInput, request.form))
    except Invalid as error:
        return _page(row, sent(error)), 422
    flash(_("Your voice counts. You may change it until it is decided."), "good")
    return _to(row)


@pages.post("/decisions/<int:decision_id>/conclude")
@signed_in
def conclude_decision(decision_id: int) -> ResponseReturnValue:
    """Decide by what was said."""
    row = decision_for(actor(), decision_id)
    actions.conclude_decision(actor(), row)
    return _to(row)


@pages.post("/decisions/<int:decision_id>/withdraw")
@signed_in
def withdraw_decision(decision_id: int) -> ResponseReturnValue:
    """Take the question back."""
    row = decision_for(actor(), decision_id)
    actions.withdraw_decision(actor(), row)
    return _to(row)


def _to(row: Decision) -> ResponseReturnValue:
    return redirect(url_for("community.decision", decision_id=row.id), 303)


def _page(row: Decision, form: Form | None = None) -> str:
    who = actor()
    return render_template(
        "community/decision.html",
        decision=row,
        community=row.community,
        role=role_in(who, row.community_id),
        ballot=ballot_for(who, row),
        speaks=row.state == "open" and may_take_stance(who, row),
        concludes=row.state == "open" and may_conclude_decision(who, row),
        form=form,
    )


def _form_page(community: Community, form: Form) -> str:
    return render_template(
        "community/decision_form.html", community=community, form=form, gatherings=gatherings_for(actor(), community)
    )
