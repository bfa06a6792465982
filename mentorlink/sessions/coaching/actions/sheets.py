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
from mentorlink.sessions.coaching.stages import OPTIONS_NEEDED
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.notes.actions import keep_state


@action
def save_sheet(actor: Actor, engagement: Engagement, meeting: Meeting, data: SheetText) -> Sheet:
    """Write the session's goal, reality and options, and what stands in the way or helps.

    Refused with ``sheet_changed`` when the other has written since the writer began, and when commitments already rest on
    options that would be gone.
    """
    ensure(may_change_engagement, actor, engagement)
    begin(engagement, "write_sheet")
    must_be_of(engagement, meeting)
    sheet = db.session.get(Sheet, meeting.id)
    if data.version != (sheet.version if sheet else 0):
        raise Conflict("sheet_changed")
    options = lines_of(data.options)
    if len(options) < OPTIONS_NEEDED and _has_commitments(meeting):
        raise Invalid(Fault("options", "options_in_use", {"needed": OPTIONS_NEEDED}))
    if sheet is None:
        sheet = Sheet(meeting_id=meeting.id, engagement_id=engagement.id, version=0)
        db.session.add(sheet)
    sheet.version = data.version + 1
    sheet.goal, sheet.reality, sheet.options = data.goal, data.reality, options
    sheet.barriers = {"codes": list(dict.fromkeys(data.barriers)), "words": data.barrier_words}
    sheet.opportunities = {"codes": list(dict.fromkeys(data.opportunities)), "words": data.opportunity_words}
    sheet.written_by_id, sheet.written_at = actor.person_id, clock.now()
    db.session.flush()
    keep_state(actor, "sheet", meeting.id, sheet_text(sheet))
    record(PairWrote(*ids(engagement)))
    return sheet


def sheet_text(sheet: Sheet) -> str:
    """A sheet as its history keeps it."""
    parts = ("goal", "reality", "options", "barriers", "opportunities")
    return json.dumps({part: getattr(sheet, part) for part in parts}, ensure_ascii=False)


def sheet_parts(body: str) -> dict[str, Any]:
    """What ``sheet_text`` put together."""
    return dict(json.loads(body))


def must_be_of(engagement: Engagement, meeting: Meeting) -> None:
    """Refuse a meeting of somebody else's, and one that will not take place. For use inside an action."""
    if meeting.series_id != engagement.series_id:
        raise Invalid(Fault("", "invalid"))
    if lock(meeting).state not in ("planned", "held"):
        raise Conflict("meeting_settled", state=meeting.state)


def _has_commitments(meeting: Meeting) -> bool:
    query = sa.select(Commitment.id).where(Commitment.meeting_id == meeting.id, Commitment.state != "dropped").limit(1)
    return db.session.scalar(query) is not None
