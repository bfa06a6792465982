"""The sessions of an engagement, and one of them by GROW."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.sessions.coaching import actions
from mentorlink.sessions.coaching.actions.sheets import boxes_of, put_together, sheet_parts, sheet_text
from mentorlink.sessions.coaching.inputs import CommitmentText, SheetText
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.coaching.queries import commitments_for, goals_for, session_for, sheet_for, sheeted
from mentorlink.sessions.coaching.stages import OPTIONS_NEEDED
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.notes.queries import text_states
from mentorlink.sessions.meetings.queries import PAGE, meetings_for
from mentorlink.web.coaching.frame import may_now, mine, page, pages
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in


@pages.get("/coaching/<int:engagement_id>/sessions")
@signed_in
def sessions(engagement_id: int) -> tuple[str, int]:
    """The sessions, latest first, a page at a time."""
    row = mine(engagement_id)
    before = _moment(request.args.get("before"))
    found = meetings_for(actor(), row.series, before=before, limit=PAGE + 1)
    return page(
        "sessions",
        row,
        meetings=found[:PAGE],
        sheets=sheeted(actor(), row, found[:PAGE]),
        older=found[PAGE - 1].starts_at if len(found) > PAGE else None,
    )


@pages.get("/coaching/sessions/<int:session_id>")
@signed_in
def sheet(session_id: int) -> tuple[str, int]:
    """One session by GROW."""
    return _sheet(*session_for(actor(), session_id))


def _sheet(
    row: Engagement,
    meeting: Meeting,
    refused: Invalid | None = None,
    *,
    wrong: str = "",
    data: SheetText | None = None,
    status: int = 200,
) -> tuple[str, int]:
    """``data``: what was sent and both wrote into; the form takes over what the other wrote elsewhere."""
    there = sheet_for(actor(), row, meeting)
    stands = boxes_of(sheet_parts(sheet_text(there))) if there else None
    boxes, clashes = put_together(meeting, there, data) if data else ({}, ())
    goals = goals_for(actor(), row)
    today = clock.today(actor().timezone)
    return page(
        "sheet",
        row,
        meeting=meeting,
        sheet=there,
        begun=Form(stands) if stands else None,
        clashes={name: stands[name] for name in clashes} if stands else {},
        goal=goals[0] if goals else None,
        commitments=commitments_for(actor(), row, meeting=meeting),
        before=[one for one in commitments_for(actor(), row, open_only=True) if one.meeting_id != meeting.id],
        states=text_states("sheet", meeting.id) if there else [],
        parts=sheet_parts,
        may_write=may_now("write_sheet", row) and meeting.state in ("planned", "held"),
        needed=OPTIONS_NEEDED,
        today=today,
        usual_day=(today + timedelta(days=7)).isoformat(),
        form=Form(boxes) if data else sent(refused) if wrong else None,
        wrong=wrong,
        status=422 if refused else status,
    )


@pages.post("/coaching/sessions/<int:session_id>")
@signed_in
def save_sheet(session_id: int) -> Answer | tuple[str, int]:
    """Write goal, reality, options, and what stands in the way or helps."""
    row, meeting = session_for(actor(), session_id)
    data: SheetText | None = None
    try:
        data = read_form(SheetText, request.form)
        saved = actions.save_sheet(actor(), row, meeting, data)
    except Invalid as error:
        return _sheet(row, meeting, error, wrong="sheet")
    except Conflict as error:
        if error.code != "sheet_changed" or data is None:
            raise
        return _sheet(*session_for(actor(), session_id), wrong="sheet_changed", data=data, status=409)
    merged = _("Saved, with what was written here meanwhile. Now: what will you do?")
    flash(merged if saved.version > data.version + 1 else _("Saved. Now: what will you do?"), "good")
    return redirect(url_for(".sheet", session_id=session_id, _anchor="will"), 303)


@pages.post("/coaching/sessions/<int:session_id>/commitments")
@signed_in
def commit(session_id: int) -> Answer | tuple[str, int]:
    """Write down what the coachee will do."""
    row, meeting = session_for(actor(), session_id)
    try:
        actions.commit(actor(), row, meeting, read_form(CommitmentText, request.form))
    except Invalid as error:
        return _sheet(row, meeting, error, wrong="commitment")
    flash(_("Noted. On the day we ask how it stands; answering takes ten seconds."), "good")
    return redirect(url_for(".sheet", session_id=session_id, _anchor="will"), 303)


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
