"""JSON of pairing: my ranked list, asking, and answering."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from mentorlink.api.guard import actor, number, read_json, signed_in
from mentorlink.kernel.inputs import read_form
from mentorlink.pairing import actions, queries, shapes
from mentorlink.pairing.inputs import AnswerInput, AskInput, DeclineInput, FindInput, QuestionInput

api = APIBlueprint("api_pairing", __name__)


@api.get("/suggestions")
@signed_in
def suggestions() -> dict[str, Any]:
    """My ranked list, narrowed as the query says (names as in ``FindInput``, several values by repeating)."""
    found = queries.suggestions_for(actor(), read_form(FindInput, request.args))
    actions.note_after_answer(actor(), queries.list_shown(actor(), found, door="api"))
    return shapes.suggestions(found)


@api.get("/offers/<int:offer_id>")
@signed_in
def offer(offer_id: int) -> dict[str, Any]:
    """A colleague's offer."""
    return shapes.offer(queries.offer_for(actor(), offer_id))


@api.post("/offers/<int:offer_id>/requests")
@signed_in
def send(offer_id: int) -> tuple[dict[str, Any], int]:
    """Ask; the same ``client_id`` again gives the same request."""
    who = actor()
    asked = actions.send_request(who, queries.offer_for(who, offer_id), read_json(AskInput))
    return shapes.whole_request(asked), 201


@api.get("/requests")
@signed_in
def requests() -> dict[str, Any]:
    """Requests to me (``box=in``) or from me (``box=out``), open ones first."""
    page = number("page", 1, most=5000)
    rows, total = queries.requests_for(actor(), "in" if request.args.get("box") == "in" else "out", page=page)
    return {"total": total, "page": page, "requests": [shapes.request(row) for row in rows]}


@api.get("/requests/<int:request_id>")
@signed_in
def one_request(request_id: int) -> dict[str, Any]:
    """A request with all that was said."""
    return shapes.whole_request(queries.request_for(actor(), request_id))


@api.post("/requests/<int:request_id>/accept")
@signed_in
def accept(request_id: int) -> dict[str, Any]:
    """Say yes."""
    who = actor()
    return shapes.whole_request(actions.accept_request(who, queries.request_for(who, request_id)))


@api.post("/requests/<int:request_id>/decline")
@signed_in
def decline(request_id: int) -> dict[str, Any]:
    """Say no, with a reason."""
    who = actor()
    return shapes.whole_request(actions.decline_request(who, queries.request_for(who, request_id), read_json(DeclineInput)))


@api.post("/requests/<int:request_id>/question")
@signed_in
def question(request_id: int) -> dict[str, Any]:
    """Ask back."""
    who = actor()
    return shapes.whole_request(actions.ask_back(who, queries.request_for(who, request_id), read_json(QuestionInput)))


@api.post("/requests/<int:request_id>/answer")
@signed_in
def answer(request_id: int) -> dict[str, Any]:
    """Answer the question."""
    who = actor()
    return shapes.whole_request(actions.answer_back(who, queries.request_for(who, request_id), read_json(AnswerInput)))


@api.post("/requests/<int:request_id>/withdraw")
@signed_in
def withdraw(request_id: int) -> dict[str, Any]:
    """Take it back."""
    who = actor()
    return shapes.whole_request(actions.withdraw_request(who, queries.request_for(who, request_id)))
