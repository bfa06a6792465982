"""Step three: what counts how much, seen on an example; rules in the open; pairs that HR pins or keeps apart; quotas."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read, read_form
from mentorlink.programmes.queries import rules_of
from mentorlink.programmes.rules import IMPORTANCES, TERMS
from mentorlink.rounds import actions
from mentorlink.rounds.inputs import QuotaInput, RevisionInput, TieInput, WeightsInput
from mentorlink.rounds.models import Round
from mentorlink.rounds.queries import (
    example_view,
    group_choices,
    hard_rules,
    importances_of,
    members_named,
    quota_standings,
    ties_of,
    weights_of_round,
)
from mentorlink.rounds.stages import MODES
from mentorlink.web.forms import Form, sent, tree
from mentorlink.web.guard import actor, requires
from mentorlink.web.rounds.blueprint import found, pages, stepped


@pages.get("/rounds/<int:round_id>/weights")
@requires(Role.MANAGER)
def weights(round_id: int) -> Any:
    """What counts how much in this round."""
    return _weights(round_id)


def _weights(round_id: int, form: Form | None = None, status: int = 200) -> Any:
    round_ = found(round_id)
    return stepped(
        "rounds/weights.html",
        round_,
        "weights",
        status=status,
        form=form or Form(_data(round_)),
        terms=TERMS,
        importances=IMPORTANCES,
        modes=MODES,
        hard=hard_rules(round_.programme),
        points=rules_of(round_.programme).points,
        ties=ties_of(round_),
        quotas=quota_standings(round_),
        groups=group_choices(round_),
        example=_example(round_, importances_of(round_), round_.own_points),
        mentees=members_named(round_, "mentee", request.args.get("mentee_q", "")[:80]),
        mentors=members_named(round_, "mentor", request.args.get("mentor_q", "")[:80]),
        mentee_q=request.args.get("mentee_q", "")[:80],
        mentor_q=request.args.get("mentor_q", "")[:80],
        programme_weights=weights_of_round(round_),
    )


def _data(round_: Round) -> dict[str, Any]:
    data: dict[str, Any] = {f"importances.{term}": value for term, value in importances_of(round_).items()}
    return data | {"mode": round_.mode, "bonus": round_.bonus, "own_points": "1" if round_.own_points else ""}


@pages.get("/rounds/<int:round_id>/weights/example")
@requires(Role.MANAGER)
def example(round_id: int) -> str:
    """An example pair under weights that are being tried out; nothing is saved."""
    round_ = found(round_id)
    asked = {term: request.args.get(f"importances.{term}", "") for term in TERMS}
    chosen = importances_of(round_) | {term: value for term, value in asked.items() if value in IMPORTANCES}
    own = request.args.get("own_points") == "1"
    return render_template("rounds/_example.html", round=round_, example=_example(round_, chosen, own), terms=TERMS)


def _example(round_: Round, importances: dict[str, str], own_points: bool) -> Any:
    number = request.args.get("example", 0, type=int) or 0
    return example_view(round_, importances=importances, own_points=own_points, number=min(abs(number), 1000))


@pages.post("/rounds/<int:round_id>/weights")
@requires(Role.MANAGER)
def save_weights(round_id: int) -> Any:
    """Save what counts."""
    round_ = found(round_id)
    data = tree(request.form) | {"own_points": request.form.get("own_points") == "1"}
    try:
        actions.set_weights(actor(), round_, read(WeightsInput, data))
    except Invalid as error:
        return _weights(round_id, sent(error), 422)
    flash(_("Saved. A draft that is there stays as it is until you solve again."), "good")
    return redirect(url_for("rounds.weights", round_id=round_id), 303)


@pages.post("/rounds/<int:round_id>/ties")
@requires(Role.MANAGER)
def tie(round_id: int) -> Any:
    """Pin two to each other, or keep them apart."""
    try:
        actions.tie_pair(actor(), found(round_id), read_form(TieInput, request.form))
    except Invalid as error:
        return _weights(round_id, sent(error), 422)
    return redirect(url_for("rounds.weights", round_id=round_id, _anchor="ties"), 303)


@pages.post("/rounds/<int:round_id>/ties/undo")
@requires(Role.MANAGER)
def untie(round_id: int) -> Any:
    """Take back what was said about two people."""
    actions.untie_pair(actor(), found(round_id), read_form(TieInput, request.form))
    return redirect(url_for("rounds.weights", round_id=round_id, _anchor="ties"), 303)


@pages.post("/rounds/<int:round_id>/quotas")
@requires(Role.MANAGER)
def set_quota(round_id: int) -> Any:
    """Say how many pairs of a group there must or may be."""
    try:
        actions.set_quota(actor(), found(round_id), read(QuotaInput, tree(request.form)))
    except Invalid as error:
        return _weights(round_id, sent(error), 422)
    return redirect(url_for("rounds.weights", round_id=round_id, _anchor="quotas"), 303)


@pages.post("/rounds/<int:round_id>/quotas/<int:quota_id>/undo")
@requires(Role.MANAGER)
def drop_quota(round_id: int, quota_id: int) -> Any:
    """Take a quota back."""
    actions.drop_quota(actor(), found(round_id), quota_id, read_form(RevisionInput, request.form))
    return redirect(url_for("rounds.weights", round_id=round_id, _anchor="quotas"), 303)
