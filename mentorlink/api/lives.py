"""JSON of how communities live: who belongs, where they stand, what is promised, measured and decided; what one has missed."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from mentorlink.api.guard import actor, number, read_json, signed_in
from mentorlink.community import actions, queries, shapes
from mentorlink.community.actions import decisions as deciding
from mentorlink.community.actions import lives as living
from mentorlink.community.inputs import AnswerInput, InvitationInput, RoleInput
from mentorlink.community.inputs.decisions import DecisionInput, StanceInput
from mentorlink.community.inputs.lives import MeasureInput, MoveInput, PromiseInput, ResultInput, ReviewInput, SettleInput
from mentorlink.community.policy import role_in
from mentorlink.community.queries import lives as reads
from mentorlink.community.queries.catchup import catch_up
from mentorlink.community.queries.decisions import ballot_for, decision_for, decisions_for
from mentorlink.community.queries.knowledge import library_for

api = APIBlueprint("api_lives", __name__)


@api.get("/catch-up")
@signed_in
def catching_up() -> dict[str, Any]:
    """What mattered since I was last there, and what waits for me."""
    return shapes.catch_up(catch_up(actor()))


@api.get("/library")
@signed_in
def library() -> dict[str, Any]:
    """Reviewed pages and material that I may read; ``competency`` (an id) and ``q`` ask for some of them."""
    wanted = number("competency", 1, most=2**31) if "competency" in request.args else None
    pages, material = library_for(actor(), competency_id=wanted, text=request.args.get("q", "")[:80])
    return {"pages": [shapes.page(row) for row in pages], "material": [shapes.material(row) for row in material]}


@api.get("/communities/<int:community_id>")
@signed_in
def community(community_id: int) -> dict[str, Any]:
    """A community, what I am in it, and how many belong."""
    row = queries.community_for(actor(), community_id)
    return shapes.community(row) | {"role": role_in(actor(), row.id), "members": queries.member_count(row.id), "why": row.why}


@api.get("/communities/<int:community_id>/members")
@signed_in
def members(community_id: int) -> dict[str, Any]:
    """Who belongs, facilitators and experts first; ``q``: whose name begins so."""
    row = queries.community_for(actor(), community_id)
    found = queries.members_for(actor(), row, text=request.args.get("q", "")[:80], limit=200)
    return {"members": [{"id": one.id, "name": one.name, "role": one.role} for one in found]}


@api.post("/communities/<int:community_id>/members/<int:person_id>/role")
@signed_in
def change_role(community_id: int, person_id: int) -> tuple[str, int]:
    """Make a member a facilitator, an expert or a member."""
    actions.change_role(actor(), queries.community_for(actor(), community_id), person_id, read_json(RoleInput))
    return "", 204


@api.post("/communities/<int:community_id>/members/<int:person_id>/remove")
@signed_in
def remove_member(community_id: int, person_id: int) -> tuple[str, int]:
    """Remove a member."""
    actions.remove_member(actor(), queries.community_for(actor(), community_id), person_id)
    return "", 204


@api.get("/communities/<int:community_id>/entries")
@signed_in
def entries(community_id: int) -> dict[str, Any]:
    """Who asks to come in and who is invited, for facilitators."""
    row = queries.community_for(actor(), community_id)
    return {"entries": [shapes.waiting(one) for one in queries.entries_for(actor(), row)]}


@api.post("/communities/<int:community_id>/entries")
@signed_in
def invite(community_id: int) -> tuple[str, int]:
    """Invite a colleague; who had asked is let in."""
    actions.invite_person(actor(), queries.community_for(actor(), community_id), read_json(InvitationInput))
    return "", 204


@api.post("/communities/<int:community_id>/entries/<int:entry_id>")
@signed_in
def answer_entry(community_id: int, entry_id: int) -> tuple[str, int]:
    """Let somebody in or not; take an invitation back."""
    actions.answer_entry(actor(), queries.community_for(actor(), community_id), entry_id, read_json(AnswerInput))
    return "", 204


@api.get("/communities/<int:community_id>/life")
@signed_in
def life(community_id: int) -> dict[str, Any]:
    """Where a community stands, what its steps must yield and who has it, what is promised and measured, what cycles came to."""
    return _life(community_id)


@api.post("/communities/<int:community_id>/life")
@signed_in
def take_step(community_id: int) -> dict[str, Any]:
    """Go from ``step`` the way ``code``; 409 where it stands elsewhere or something is missing."""
    living.take_step(actor(), queries.community_for(actor(), community_id), read_json(MoveInput))
    return _life(community_id)


@api.post("/communities/<int:community_id>/promise")
@signed_in
def promise(community_id: int) -> dict[str, Any]:
    """Promise something for this cycle, or put it into other words."""
    living.make_promise(actor(), queries.community_for(actor(), community_id), read_json(PromiseInput))
    return _life(community_id)


@api.post("/promises/<int:promise_id>")
@signed_in
def settle_promise(promise_id: int) -> tuple[str, int]:
    """Say how my promise went."""
    living.settle_promise(actor(), reads.promise_for(actor(), promise_id), read_json(SettleInput))
    return "", 204


@api.post("/communities/<int:community_id>/measures")
@signed_in
def add_measure(community_id: int) -> dict[str, Any]:
    """Measure the community by this too."""
    living.add_measure(actor(), queries.community_for(actor(), community_id), read_json(MeasureInput))
    return _life(community_id)


@api.post("/measures/<int:measure_id>/result")
@signed_in
def note_result(measure_id: int) -> tuple[str, int]:
    """Say where a measure stands now."""
    living.note_result(actor(), reads.measure_for(actor(), measure_id), read_json(ResultInput))
    return "", 204


@api.post("/communities/<int:community_id>/review")
@signed_in
def write_review(community_id: int) -> dict[str, Any]:
    """Say what the cycle came to; ``version`` is the one that I began from."""
    living.write_review(actor(), queries.community_for(actor(), community_id), read_json(ReviewInput))
    return _life(community_id)


@api.get("/communities/<int:community_id>/decisions")
@signed_in
def decisions(community_id: int) -> dict[str, Any]:
    """What is decided and what was, the open ones first."""
    found = decisions_for(actor(), queries.community_for(actor(), community_id))
    return {"decisions": [shapes.decision(row) for row in found]}


@api.post("/communities/<int:community_id>/decisions")
@signed_in
def open_decision(community_id: int) -> tuple[dict[str, Any], int]:
    """Put a question with its ways: ``way1`` … ``way4``, each with ``pros`` and ``cons``; by ``consent`` or ``vote``."""
    made = deciding.open_decision(actor(), queries.community_for(actor(), community_id), read_json(DecisionInput))
    return _decision(made.id), 201


@api.get("/decisions/<int:decision_id>")
@signed_in
def decision(decision_id: int) -> dict[str, Any]:
    """A question, its ways, where I stand and how many stand where; who votes how nobody sees."""
    return _decision(decision_id)


@api.post("/decisions/<int:decision_id>/stance")
@signed_in
def take_stance(decision_id: int) -> dict[str, Any]:
    """Say where I stand; by vote with ``alternative_id``, an objection with its ``reason``."""
    deciding.take_stance(actor(), decision_for(actor(), decision_id), read_json(StanceInput))
    return _decision(decision_id)


@api.post("/decisions/<int:decision_id>/conclude")
@signed_in
def conclude_decision(decision_id: int) -> dict[str, Any]:
    """Decide by what was said."""
    deciding.conclude_decision(actor(), decision_for(actor(), decision_id))
    return _decision(decision_id)


@api.post("/decisions/<int:decision_id>/withdraw")
@signed_in
def withdraw_decision(decision_id: int) -> dict[str, Any]:
    """Take the question back."""
    deciding.withdraw_decision(actor(), decision_for(actor(), decision_id))
    return _decision(decision_id)


def _life(community_id: int) -> dict[str, Any]:
    who, row = actor(), queries.community_for(actor(), community_id)
    standing = reads.standing_for(who, row)
    return shapes.life(standing) | {
        "competencies": [one.code for one in reads.focus_of(community_id)],
        "promises": [shapes.promise(one) for one in reads.promises_for(who, row)],
        "measures": [shapes.measure(one) for one in reads.measures_for(who, row)],
        "reviews": [shapes.review(one) for one in reads.reviews_for(who, row)],
    }


def _decision(decision_id: int) -> dict[str, Any]:
    row = decision_for(actor(), decision_id)
    return shapes.decision(row) | shapes.ballot(ballot_for(actor(), row))
