"""JSON of pairing: my list, asking and answering, whom I saved, where I wait, invitations, and what I chose."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from mentorlink.api.guard import actor, number, read_json, signed_in
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.inputs import read_form
from mentorlink.pairing import actions, queries, shapes
from mentorlink.pairing.inputs import (
    AnswerInput,
    AskInput,
    ChoicesInput,
    DeclineInput,
    FindInput,
    NeedInput,
    OfferInput,
    PauseInput,
    QuestionInput,
    RefuseInvitationInput,
    TakeInvitationInput,
    WaitInput,
)
from mentorlink.pairing.models import Offer
from mentorlink.pairing.stages import KINDS

api = APIBlueprint("api_pairing", __name__)


@api.get("/suggestions")
@signed_in
def suggestions() -> dict[str, Any]:
    """My ranked list, narrowed as the query says (names as in ``FindInput``, several values by repeating)."""
    found = queries.suggestions_for(actor(), read_form(FindInput, request.args))
    actions.note_after_answer(actor(), queries.list_shown(actor(), found, door="api"))
    return shapes.suggestions(found)


@api.get("/me/offers")
@signed_in
def my_offers() -> dict[str, Any]:
    """What I offer, by kind."""
    return {"offers": {kind: shapes.own_offer(row) for kind, row in queries.own_offers(actor()).items()}}


@api.put("/me/offers/<kind>")
@signed_in
def save_my_offer(kind: str) -> dict[str, Any]:
    """Open my offer of a kind (``mentor`` or ``coach``), or change it; the whole of it."""
    who, data = actor(), read_json(OfferInput)
    row = queries.own_offers(who).get(_kind(kind))
    if row is None:
        actions.open_offer(who, kind, data)
    else:
        actions.change_offer(who, row, data)
    return my_offers()  # type: ignore[no-any-return]  # the guard hides what the view returns


@api.post("/me/offers/<kind>/pause")
@signed_in
def pause_my_offer(kind: str) -> dict[str, Any]:
    """Take no requests until a day."""
    actions.pause_offer(actor(), _own(kind), read_json(PauseInput))
    return my_offers()  # type: ignore[no-any-return]  # the guard hides what the view returns


@api.post("/me/offers/<kind>/resume")
@signed_in
def resume_my_offer(kind: str) -> dict[str, Any]:
    """Take requests again."""
    actions.resume_offer(actor(), _own(kind))
    return my_offers()  # type: ignore[no-any-return]  # the guard hides what the view returns


@api.post("/me/offers/<kind>/close")
@signed_in
def close_my_offer(kind: str) -> dict[str, Any]:
    """Take no requests any more."""
    row = queries.own_offers(actor()).get(_kind(kind))
    if row is not None:
        actions.close_offer(actor(), row)
    return my_offers()  # type: ignore[no-any-return]  # the guard hides what the view returns


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise NotFound()
    return kind


def _own(kind: str) -> Offer:
    row = queries.own_offers(actor()).get(_kind(kind))
    if row is None:
        raise NotFound()
    return row


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


@api.get("/suggestions/compared")
@signed_in
def compared() -> dict[str, Any]:
    """The offers named by ``pick`` (two or three) beside each other, each with its reasons."""
    found = queries.compared_for(actor(), read_form(FindInput, request.args))
    return {"ranked": found.ranked, "suggestions": [shapes.suggestion(each, ranked=found.ranked) for each in found.items]}


@api.get("/choices")
@signed_in
def choices() -> dict[str, Any]:
    """How I want to be ranked and found."""
    return shapes.choices(queries.choices_of(actor().person_id))


@api.post("/choices")
@signed_in
def choose() -> dict[str, Any]:
    """Choose it; what is left out is no."""
    actions.choose_finding(actor(), read_json(ChoicesInput))
    return choices()


@api.get("/saved")
@signed_in
def saved() -> dict[str, Any]:
    """Whom I saved, and what changed since."""
    return {"saved": [shapes.saved(each) for each in queries.saved_for(actor())]}


@api.post("/offers/<int:offer_id>/save")
@signed_in
def save(offer_id: int) -> dict[str, Any]:
    """Keep somebody in mind, or note how they stand now."""
    who = actor()
    actions.save_person(who, queries.offer_for(who, offer_id))
    return saved()


@api.get("/waiting")
@signed_in
def lines() -> dict[str, Any]:
    """Where I wait, and my place in each line."""
    return {"waiting": [shapes.line(each) for each in queries.lines_for(actor())]}


@api.post("/waiting")
@signed_in
def join() -> tuple[dict[str, Any], int]:
    """Join a line: for an offer, for a competency, or with neither for anybody who fits."""
    return shapes.waiting(actions.join_line(actor(), read_json(WaitInput))), 201


@api.post("/waiting/<int:waiting_id>/leave")
@signed_in
def leave(waiting_id: int) -> dict[str, Any]:
    """Wait no more."""
    who = actor()
    return shapes.waiting(actions.leave_line(who, queries.waiting_for_id(who, waiting_id)))


@api.get("/places/<int:place_id>")
@signed_in
def place(place_id: int) -> dict[str, Any]:
    """A place that is or was kept for me; asking its offer takes it."""
    return shapes.place(queries.place_for(actor(), place_id))


@api.post("/places/<int:place_id>/decline")
@signed_in
def leave_place(place_id: int) -> dict[str, Any]:
    """Leave it to the next in line."""
    who = actor()
    return shapes.place(actions.decline_place(who, queries.place_for(who, place_id)))


@api.post("/needs")
@signed_in
def tell_hr() -> tuple[dict[str, Any], int]:
    """Tell HR that nobody covers one of my gaps."""
    actions.voice_need(actor(), read_json(NeedInput))
    return {"told": True}, 201


@api.get("/invitations")
@signed_in
def invitations() -> dict[str, Any]:
    """Invitations to me and from me, open ones first."""
    return {"invitations": [shapes.invitation(row) for row in queries.invitations_for(actor())]}


@api.get("/invitations/<int:invitation_id>")
@signed_in
def invitation(invitation_id: int) -> dict[str, Any]:
    """One of them."""
    return shapes.invitation(queries.invitation_for(actor(), invitation_id))


@api.post("/invitations/<int:invitation_id>/accept")
@signed_in
def take(invitation_id: int) -> dict[str, Any]:
    """Say yes."""
    who = actor()
    row = queries.invitation_for(who, invitation_id)
    return shapes.invitation(actions.take_invitation(who, row, read_json(TakeInvitationInput)))


@api.post("/invitations/<int:invitation_id>/decline")
@signed_in
def refuse(invitation_id: int) -> dict[str, Any]:
    """Say no."""
    who = actor()
    row = queries.invitation_for(who, invitation_id)
    return shapes.invitation(actions.refuse_invitation(who, row, read_json(RefuseInvitationInput)))
