"""The notes of a meeting, written by two at once, and what each says of it afterwards."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read, read_form
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.notes import actions
from mentorlink.sessions.meetings.notes.inputs import Afterwards, NotesChange, NotesText
from mentorlink.sessions.meetings.notes.queries import NotesNews, notes_news_for
from mentorlink.sessions.meetings.notes.rules import passages
from mentorlink.sessions.meetings.queries import meeting_for, notes_history_for
from mentorlink.web.guard import actor, signed_in, unasked
from mentorlink.web.meetings.frame import after, page, pages
from mentorlink.web.meetings.room import room_page

STATES = 30
"""Of the notes on one page of their history."""


@pages.get("/meetings/<int:meeting_id>/notes")
@signed_in
def notes_history(meeting_id: int) -> tuple[str, int]:
    """Every state of the shared notes, who wrote in it, and what became different."""
    row = meeting_for(actor(), meeting_id)
    names = {member.person_id: member.person.name for member in row.series.members}
    before = request.args.get("before", "")
    found = notes_history_for(
        actor(), row, before=int(before) if before.isdigit() and len(before) < 9 else None, limit=STATES + 1
    )
    revisions = found[:STATES]
    writers = {one.number: ", ".join(sorted(names[id_] for id_ in one.author_ids if id_ in names)) for one in revisions}
    return page("notes", row.series, meeting=row, revisions=revisions, older=found[STATES:], writers=writers,
                passages=passages)  # fmt: skip


@pages.post("/meetings/<int:meeting_id>/notes")
@signed_in
def save_notes(meeting_id: int) -> Answer | tuple[str, int]:
    """Save the shared notes from a form; what the other wrote meanwhile stays in."""
    row = meeting_for(actor(), meeting_id)
    try:
        actions.save_notes(actor(), row, read_form(NotesText, request.form))
    except Invalid as error:
        return room_page(row, error, wrong="notes")
    flash(_("Notes saved."), "good")
    return after(row.series, row, "notes")


@pages.get("/meetings/<int:meeting_id>/notes/changes")
@signed_in
@unasked
def notes_news(meeting_id: int) -> Answer:
    """What happened to the notes after a state."""
    row = meeting_for(actor(), meeting_id)
    since = request.args.get("after", "0")
    return _news(row, notes_news_for(actor(), row, int(since) if since.isascii() and since.isdigit() and len(since) < 10 else 0))


@pages.post("/meetings/<int:meeting_id>/notes/changes")
@signed_in
def change_notes(meeting_id: int) -> Answer:
    """Take one change; answer with everything since the state it was made on."""
    row = meeting_for(actor(), meeting_id)
    said = request.get_json(silent=True)
    return _news(row, actions.change_notes(actor(), row, read(NotesChange, said if isinstance(said, dict) else {})))


@pages.post("/meetings/<int:meeting_id>/afterwards")
@signed_in
def say_afterwards(meeting_id: int) -> Answer | tuple[str, int]:
    """One tap about how the meeting went."""
    row = meeting_for(actor(), meeting_id)
    try:
        actions.say_afterwards(actor(), row, read_form(Afterwards, request.form))
    except Invalid as error:
        return room_page(row, error, wrong="afterwards")
    return after(row.series, row, "afterwards")


def _news(row: Meeting, news: NotesNews) -> Answer:
    names = {member.person_id: member.person.name for member in row.series.members}
    changes: list[dict[str, Any]] = [
        {"seq": one.seq, "id": one.client_id, "by": names.get(one.author_id or 0, ""), "change": one.change}
        for one in news.changes
    ]
    return jsonify({"seq": news.seq, "changes": changes} | ({} if news.text is None else {"text": news.text}))
