"""Requests to me and from me, and what each side can do with one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.pairing.actions import (
    accept_request,
    answer_back,
    ask_back,
    decline_request,
    note_after_answer,
    withdraw_request,
)
from mentorlink.pairing.inputs import AnswerInput, DeclineInput, QuestionInput
from mentorlink.pairing.queries import best_shown, request_for, request_view, requests_for, waiting_by_box
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.pairing.blueprint import pages
from mentorlink.web.words import error_sentence


@pages.get("/requests")
@signed_in
def requests() -> str:
    """Requests to me and from me, those that wait for somebody first."""
    who = actor()
    waiting = waiting_by_box(who)
    asked = request.args.get("box")
    box = asked if asked in ("in", "out") else ("in" if waiting["in"] and not waiting["out"] else "out")
    page = max(1, request.args.get("page", 1, type=int))
    rows, total = requests_for(who, box, page=page)  # type: ignore[arg-type]  # one of the two
    return render_template("pairing/requests.html", box=box, rows=rows, total=total, page=page, waiting=waiting)


@pages.get("/requests/<int:request_id>")
@signed_in
def request_page(request_id: int) -> str:
    """One request with all that was said."""
    return _page(request_id, {})


@pages.post("/requests/<int:request_id>/accept")
@signed_in
def accept(request_id: int) -> ResponseReturnValue:
    """Say yes."""
    return _act(request_id, "accept", lambda who, row: accept_request(who, row), _("You said yes. You can begin."))


@pages.post("/requests/<int:request_id>/decline")
@signed_in
def decline(request_id: int) -> ResponseReturnValue:
    """Say no."""
    return _act(
        request_id,
        "decline",
        lambda who, row: decline_request(who, row, read_form(DeclineInput, request.form)),
        _("You declined. We have told your colleague."),
    )


@pages.post("/requests/<int:request_id>/question")
@signed_in
def question(request_id: int) -> ResponseReturnValue:
    """Ask back."""
    return _act(
        request_id,
        "question",
        lambda who, row: ask_back(who, row, read_form(QuestionInput, request.form)),
        _("Your question is on its way."),
    )


@pages.post("/requests/<int:request_id>/answer")
@signed_in
def answer(request_id: int) -> ResponseReturnValue:
    """Answer the mentor's question."""
    return _act(
        request_id,
        "answer",
        lambda who, row: answer_back(who, row, read_form(AnswerInput, request.form)),
        _("Your answer is on its way."),
    )


@pages.post("/requests/<int:request_id>/withdraw")
@signed_in
def withdraw(request_id: int) -> ResponseReturnValue:
    """Take it back."""
    return _act(request_id, "withdraw", lambda who, row: withdraw_request(who, row), _("You took your request back."))


def _act(request_id: int, name: str, deed: Callable[[Any, Any], Any], done: str) -> ResponseReturnValue:
    """Do it and show the request again; a refusal is told on the same page, with what was written."""
    who = actor()
    try:
        deed(who, request_for(who, request_id))
    except Invalid as error:
        return _page(request_id, {name: sent(error)}), 422
    except Conflict as error:
        return _page(request_id, {name: sent()}, refused=error_sentence(error)), 409
    flash(done, "good")
    return redirect(url_for(".request_page", request_id=request_id), 303)


def _page(request_id: int, forms: dict[str, Form], *, refused: str = "") -> str:
    who = actor()
    row = request_for(who, request_id)
    view = request_view(who, row)
    note_after_answer(who, best_shown(who, view.alternatives, door="instead", kind=row.offer.kind))
    forms = {"question": Form(), "decline": Form(), "answer": Form()} | forms
    return render_template("pairing/request.html", row=row, view=view, forms=forms, refused=refused)
