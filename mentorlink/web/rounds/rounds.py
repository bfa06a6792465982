"""The list of rounds, beginning one, and where one stands."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.programmes.queries import programme_for
from mentorlink.rounds import actions
from mentorlink.rounds.inputs import RevisionInput, RoundInput
from mentorlink.rounds.queries import changes_since, draft_figures, programmes_for_rounds, round_lines, rounds_for
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, requires
from mentorlink.web.rounds.blueprint import found, pages, stepped


@pages.get("/rounds")
@requires(Role.MANAGER)
def index() -> str:
    """The rounds of the actor's programmes."""
    return render_template("rounds/index.html", lines=round_lines(rounds_for(actor())), programmes=programmes_for_rounds(actor()))


@pages.get("/programmes/<int:programme_id>/rounds/new")
@requires(Role.MANAGER)
def new(programme_id: int) -> str:
    """The form for a new round of a programme."""
    programme = programme_for(actor(), programme_id)
    return render_template("rounds/new.html", programme=programme, form=Form())


@pages.post("/programmes/<int:programme_id>/rounds/new")
@requires(Role.MANAGER)
def create(programme_id: int) -> Any:
    """Begin a round."""
    programme = programme_for(actor(), programme_id)
    try:
        round_ = actions.add_round(actor(), programme, read_form(RoundInput, request.form))
    except Invalid as error:
        return render_template("rounds/new.html", programme=programme, form=sent(error)), 422
    flash(_("The round is there. Nobody but you and other programme managers sees it yet."), "good")
    return redirect(url_for("rounds.people", round_id=round_.id), 303)


@pages.get("/rounds/<int:round_id>")
@requires(Role.MANAGER)
def show(round_id: int) -> Any:
    """Where a round stands, and what comes next."""
    round_ = found(round_id)
    return stepped("rounds/show.html", round_, "", changes=changes_since(round_.id, 0, most=15), figures=draft_figures(round_))


@pages.post("/rounds/<int:round_id>/drop")
@requires(Role.MANAGER)
def drop(round_id: int) -> Any:
    """End a round without publishing it."""
    actions.drop_round(actor(), found(round_id), read_form(RevisionInput, request.form))
    flash(_("The round is dropped. Nobody was told of any pair."), "info")
    return redirect(url_for("rounds.index"), 303)
