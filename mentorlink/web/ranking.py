"""Pages of what ranks the lists: for everyone how, for HR and administrators what was learned and what is decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.kernel import settings
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.groups import FEWEST
from mentorlink.kernel.inputs import read_form
from mentorlink.matching import ENOUGH
from mentorlink.pairing import actions, queries
from mentorlink.pairing.inputs import DecisionInput
from mentorlink.pairing.policy import may_decide_model
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, person_here, requires, signed_in
from mentorlink.web.locale import in_language, zone_label
from mentorlink.web.words import error_sentence

pages = Blueprint("ranking", __name__)


@pages.get("/ranking/how")
@signed_in
def how() -> str:
    """How lists are ranked now, for everyone who stands before one."""
    kind = _kind()
    person = person_here()
    terms = queries.terms_of(kind, person)
    model = queries.adopted_model(kind) if terms.model else None
    kept = settings.current().shown_days
    return render_template("ranking/how.html", kind=kind, terms=terms, parts=queries.parts_of(model, kind, person), kept=kept)


@pages.get("/ranking")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def index() -> str:
    """What ranks now, what was proposed, and what came of the lists."""
    who = actor()
    page = queries.ranking_page_for(who, _kind())
    return render_template(
        "ranking/index.html", page=page, kind=page.kind, enough=ENOUGH, fewest=FEWEST, may_decide=may_decide_model(who),
        group_name=_group_name, kept=settings.current().shown_days, every=settings.current().learn_days,
    )  # fmt: skip


@pages.get("/ranking/<int:model_id>")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def model(model_id: int) -> str:
    """One model: its figures, what it would change, and the decision."""
    return _model_page(model_id, Form())


@pages.post("/ranking/<int:model_id>/adopt")
@requires(Role.ADMINISTRATOR)
def adopt(model_id: int) -> Any:
    """Let it rank."""
    return _decide(model_id, actions.adopt_model, _("This model ranks from the next list on."))


@pages.post("/ranking/<int:model_id>/decline")
@requires(Role.ADMINISTRATOR)
def decline(model_id: int) -> Any:
    """Leave it be."""
    return _decide(model_id, actions.decline_model, _("The proposal is declined. What ranked before ranks on."))


@pages.post("/ranking/<int:model_id>/retire")
@requires(Role.ADMINISTRATOR)
def retire(model_id: int) -> Any:
    """Go back to the policy weights."""
    return _decide(model_id, actions.retire_model, _("The policy weights rank from the next list on."))


def _decide(model_id: int, deed: Callable[..., Any], done: str) -> Any:
    found = queries.model_for(actor(), model_id)
    try:
        deed(actor(), found, read_form(DecisionInput, request.form))
    except Invalid as error:
        return _model_page(model_id, sent(error)), 422
    except Conflict as error:
        return _model_page(model_id, sent(), refused=error_sentence(error)), 409
    flash(done, "good")
    return redirect(url_for(".model", model_id=model_id), 303)


def _model_page(model_id: int, form: Form, *, refused: str = "") -> str:
    who = actor()
    found = queries.model_for(who, model_id)
    return render_template(
        "ranking/model.html", model=found, form=form, refused=refused, may_decide=may_decide_model(who),
        parts=queries.parts_of(found, found.kind), moves=queries.example_for(who, found), terms=queries.terms_of(found.kind),
    )  # fmt: skip


def _kind() -> str:
    return "coach" if request.args.get("kind") == "coach" else "mentor"


def _group_name(sort: str, name: Any) -> str:
    if sort == "clock":
        return zone_label(name)
    return in_language(dict(name)) if name else _("no tier known")
