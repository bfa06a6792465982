"""JSON of what keeps communities safe: reporting, what waits for moderators, what they did, appeals, one's own words."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from mentorlink.api.guard import actor, read_json, signed_in
from mentorlink.community import queries, shapes
from mentorlink.community.actions import safety as actions
from mentorlink.community.inputs.safety import (
    AppealAnswerInput,
    AppealInput,
    ReasonInput,
    ReportInput,
    RoomRuleInput,
    SettleReportInput,
)
from mentorlink.community.policy import safety as policy
from mentorlink.community.queries import safety as reads
from mentorlink.kernel.actions import ensure

api = APIBlueprint("api_moderation", __name__)


@api.post("/messages/<int:message_id>/report")
@signed_in
def report_message(message_id: int) -> tuple[str, int]:
    """Tell the moderators of a message."""
    actions.report_message(actor(), queries.message_for(actor(), message_id), read_json(ReportInput))
    return "", 204


@api.post("/communities/<int:community_id>/members/<int:person_id>/report")
@signed_in
def report_person(community_id: int, person_id: int) -> tuple[str, int]:
    """Tell the moderators of how a member behaves."""
    actions.report_person(actor(), queries.community_for(actor(), community_id), person_id, read_json(ReportInput))
    return "", 204


@api.get("/communities/<int:community_id>/reports")
@signed_in
def reports(community_id: int) -> dict[str, Any]:
    """What waits for moderators: reports, and words that are held."""
    who, row = actor(), queries.community_for(actor(), community_id)
    reads.acts_for(who, row)
    ensure(policy.may_moderate, who, row)
    return {
        "reports": [shapes.report(one) for one in reads.reports_for(who, row)],
        "held": [shapes.withheld(one) for one in reads.held_for(who, row)],
    }


@api.post("/reports/<int:report_id>")
@signed_in
def settle_report(report_id: int) -> tuple[str, int]:
    """Say what is in a report; ``hide`` hides its message."""
    actions.settle_report(actor(), reads.report_for(actor(), report_id), read_json(SettleReportInput))
    return "", 204


@api.post("/messages/<int:message_id>/hide")
@signed_in
def hide_message(message_id: int) -> tuple[str, int]:
    """Hide what was said."""
    actions.hide_message(actor(), queries.message_for(actor(), message_id), read_json(ReasonInput))
    return "", 204


@api.post("/messages/<int:message_id>/release")
@signed_in
def release_message(message_id: int) -> tuple[str, int]:
    """Let words that were held or hidden be read."""
    actions.release_message(actor(), reads.withheld_for(actor(), message_id))
    return "", 204


@api.post("/messages/<int:message_id>/refuse")
@signed_in
def refuse_message(message_id: int) -> tuple[str, int]:
    """Keep words hidden that were held."""
    actions.refuse_message(actor(), reads.withheld_for(actor(), message_id), read_json(ReasonInput))
    return "", 204


@api.post("/rooms/<int:room_id>/rule")
@signed_in
def set_room_rule(room_id: int) -> tuple[str, int]:
    """Lock a room, slow it down, say how long it keeps words."""
    actions.set_room_rule(actor(), queries.room_for(actor(), room_id), read_json(RoomRuleInput))
    return "", 204


@api.get("/communities/<int:community_id>/acts")
@signed_in
def acts(community_id: int) -> dict[str, Any]:
    """What moderators did, in kind; for moderators with whom it concerned."""
    who, row = actor(), queries.community_for(actor(), community_id)
    named = policy.may_moderate(who, row)
    return {"acts": [shapes.act(one, named=named) for one in reads.acts_for(who, row)]}


@api.get("/acts/<int:act_id>")
@signed_in
def act(act_id: int) -> dict[str, Any]:
    """Something that concerns me or waits for me, with the words it is about."""
    return _act(act_id)


@api.post("/acts/<int:act_id>/appeal")
@signed_in
def appeal(act_id: int) -> dict[str, Any]:
    """Say why it was wrong."""
    actions.appeal(actor(), reads.act_for(actor(), act_id), read_json(AppealInput))
    return _act(act_id)


@api.post("/acts/<int:act_id>/answer")
@signed_in
def answer_appeal(act_id: int) -> dict[str, Any]:
    """Let it stand (``kept``) or undo it (``reversed``)."""
    actions.answer_appeal(actor(), reads.act_for(actor(), act_id), read_json(AppealAnswerInput))
    return _act(act_id)


@api.get("/me/words")
@signed_in
def my_words() -> dict[str, Any]:
    """Everything I have said in rooms."""
    return {"words": reads.own_words(actor())}


def _act(act_id: int) -> dict[str, Any]:
    row = reads.act_for(actor(), act_id)
    sealed = reads.sealed_for(actor(), row)
    return shapes.act(row, named=True) | {"appeal": row.appeal, "words": sealed.body if sealed else None}
