"""A session by GROW."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.coaching.actions.ground import begin, ids
from mentorlink.sessions.coaching.events import PairWrote
from mentorlink.sessions.coaching.inputs import SheetText, lines_of
from mentorlink.sessions.coaching.models import Commitment, Engagement, Sheet
from mentorlink.sessions.coaching.policy import may_change_engagement
from mentorlink.sessions.coaching.rules import together
from mentorlink.sessions.coaching.stages import OPTIONS_NEEDED
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.notes.actions import keep_state
from mentorlink.sessions.meetings.notes.queries import text_states


@action
def save_sheet(actor: Actor, engagement: Engagement, meeting: Meeting, data: SheetText) -> Sheet:
    """Write the session's goal, reality and options, and what stands in the way or helps.

    What the other wrote since the writer began stays, box by box; refused with ``sheet_changed`` when both wrote into one box,
    and when commitments already rest on options that would be gone.
    """
    ensure(may_change_engagement, actor, engagement)
    begin(engagement, "write_sheet")
    must_be_of(engagement, meeting)
    sheet = db.session.get(Sheet, meeting.id)
    boxes, clashes = put_together(meeting, sheet, data)
    if clashes:
        raise Conflict("sheet_changed")
    options = lines_of(str(boxes["options"]))
    if len(options) < OPTIONS_NEEDED and _has_commitments(meeting):
        raise Invalid(Fault("options", "options_in_use", {"needed": OPTIONS_NEEDED}))
    if sheet is None:
        sheet = Sheet(meeting_id=meeting.id, engagement_id=engagement.id, version=0)
        db.session.add(sheet)
    elif boxes == boxes_of(sheet_parts(sheet_text(sheet))):
        return sheet
    sheet.version += 1
    sheet.goal, sheet.reality, sheet.options = str(boxes["goal"]), str(boxes["reality"]), options
    sheet.barriers = {"codes": list(boxes["barriers"]), "words": boxes["barrier_words"]}
    sheet.opportunities = {"codes": list(boxes["opportunities"]), "words": boxes["opportunity_words"]}
    sheet.written_by_id, sheet.written_at = actor.person_id, clock.now()
    db.session.flush()
    keep_state(actor, "sheet", meeting.id, sheet_text(sheet))
    record(PairWrote(*ids(engagement)))
    return sheet


def put_together(meeting: Meeting, sheet: Sheet | None, data: SheetText) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The boxes as they would stand with ``data``, and those that both wrote into since the version it began from."""
    mine = {
        "goal": data.goal, "reality": data.reality, "options": "\n".join(lines_of(data.options)),
        "barriers": tuple(dict.fromkeys(data.barriers)), "barrier_words": data.barrier_words,
        "opportunities": tuple(dict.fromkeys(data.opportunities)), "opportunity_words": data.opportunity_words,
    }  # fmt: skip
    if sheet is None or data.version == sheet.version:
        return dict(mine), () if data.version == (sheet.version if sheet else 0) else ("goal",)
    theirs = boxes_of(sheet_parts(sheet_text(sheet)))
    base = _at(meeting, sheet, data.version)
    if base is None:
        return dict(mine), tuple(name for name, own in mine.items() if own != theirs[name])
    return together(base, theirs, mine)


def _at(meeting: Meeting, sheet: Sheet, version: int) -> dict[str, Any] | None:
    """What stood in ``version``; None where that is not known: of old sheets some saves left no state."""
    if version == 0:
        return {name: () if isinstance(value, tuple) else "" for name, value in boxes_of(sheet_parts(sheet_text(sheet))).items()}
    states = text_states("sheet", meeting.id)
    if not states or states[0].number != sheet.version:
        return None
    return next((boxes_of(sheet_parts(state.body)) for state in states if state.number == version), None)


def sheet_text(sheet: Sheet) -> str:
    """A sheet as its history keeps it."""
    parts = ("goal", "reality", "options", "barriers", "opportunities")
    return json.dumps({part: getattr(sheet, part) for part in parts}, ensure_ascii=False)


def sheet_parts(body: str) -> dict[str, Any]:
    """What ``sheet_text`` put together."""
    return dict(json.loads(body))


def boxes_of(parts: dict[str, Any]) -> dict[str, Any]:
    """The parts of a sheet as the boxes of its form."""
    return {
        "goal": parts["goal"], "reality": parts["reality"], "options": "\n".join(parts["options"]),
        "barriers": tuple(parts["barriers"]["codes"]), "barrier_words": parts["barriers"]["words"],
        "opportunities": tuple(parts["opportunities"]["codes"]), "opportunity_words": parts["opportunities"]["words"],
    }  # fmt: skip


def must_be_of(engagement: Engagement, meeting: Meeting) -> None:
    """Refuse a meeting of somebody else's, and one that will not take place. For use inside an action."""
    if meeting.series_id != engagement.series_id:
        raise Invalid(Fault("", "invalid"))
    if lock(meeting).state not in ("planned", "held"):
        raise Conflict("meeting_settled", state=meeting.state)


def _has_commitments(meeting: Meeting) -> bool:
    query = sa.select(Commitment.id).where(Commitment.meeting_id == meeting.id, Commitment.state != "dropped").limit(1)
    return db.session.scalar(query) is not None
