"""JSON of sessions: which there are, the room of one, what is written in it, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from flask import request
from pydantic import AwareDatetime, Field

from mentorlink.api.guard import actor, number, read_json, signed_in
from mentorlink.kernel.inputs import Input, read_form
from mentorlink.sessions.meetings import actions, inputs
from mentorlink.sessions.meetings.models import AgendaItem, Meeting
from mentorlink.sessions.meetings.notes import actions as writing
from mentorlink.sessions.meetings.notes.inputs import Afterwards, NotesChange, NotesText
from mentorlink.sessions.meetings.notes.queries import NotesNews, afterthoughts_for, notes_news_for, notes_seq
from mentorlink.sessions.meetings.queries import (
    PAGE,
    action_item_for,
    action_items_for,
    agenda_item_for,
    meeting_for,
    meetings_for,
    room_for,
    series_for,
    upcoming_for,
)
from mentorlink.sessions.meetings.shapes import action_item_shape, meeting_shape, note_change_shape, room_shape

api = APIBlueprint("api_sessions", __name__)


class Seen(Input):
    """From where on a list goes further."""

    before: AwareDatetime | None = None


class Since(Input):
    """The newest state of the notes that the reader has."""

    after: Annotated[int, Field(ge=0, lt=2**31)] = 0


class Ticked(Input):
    """Whether something is done with."""

    done: bool


class Moved(Input):
    """Up, or down."""

    up: bool


class Settled(Input):
    """What became of an action."""

    state: Literal["open", "done", "dropped"]


@api.get("/meetings")
@signed_in
def upcoming() -> dict[str, Any]:
    """The actor's next sessions, soonest first."""
    return {"meetings": [meeting_shape(meeting) for meeting in upcoming_for(actor(), limit=number("limit", 5, most=PAGE))]}


@api.get("/series/<int:series_id>/meetings")
@signed_in
def meetings(series_id: int) -> dict[str, Any]:
    """The sessions of two people or a group, latest first; ``before`` leads to the next page."""
    series, seen = series_for(actor(), series_id), read_form(Seen, request.args)
    found = meetings_for(actor(), series, before=seen.before)
    return {"meetings": [meeting_shape(meeting) for meeting in found], "before": _last(found)}


def _last(found: list[Meeting]) -> str | None:
    last: datetime | None = found[-1].starts_at if len(found) == PAGE else None
    return last.isoformat() if last else None


@api.post("/series/<int:series_id>/meetings/log")
@signed_in
def log_meeting(series_id: int) -> tuple[dict[str, Any], int]:
    """Write down a talk that took place."""
    series = series_for(actor(), series_id)
    return meeting_shape(actions.log_meeting(actor(), series, read_json(inputs.MeetingLog))), 201


@api.get("/meetings/<int:meeting_id>")
@signed_in
def meeting(meeting_id: int) -> dict[str, Any]:
    """The room of a session; one that stands for a session of the group leads to that one."""
    row = meeting_for(actor(), meeting_id)
    return _room(row if row.of_id is None else meeting_for(actor(), row.of_id))


def _room(row: Meeting) -> dict[str, Any]:
    said = afterthoughts_for(actor(), row) if row.state == "held" else None
    return room_shape(room_for(actor(), row), notes_seq=notes_seq(row), said=said)


Deed = Callable[..., Any]

OF_A_MEETING: dict[str, tuple[Deed, type[Input] | None]] = {
    "agenda": (actions.add_agenda_item, inputs.AgendaText),
    "private": (actions.save_private_note, inputs.PrivateText),
    "notes": (writing.save_notes, NotesText),
    "hold": (actions.hold_meeting, inputs.MeetingOutcome),
    "summary": (actions.write_summary, inputs.MeetingOutcome),
    "miss": (actions.miss_meeting, inputs.Absence),
    "undo": (actions.undo_meeting, None),
    "excuse": (actions.excuse_oneself, None),
    "come": (actions.come_after_all, None),
    "afterwards": (writing.say_afterwards, Afterwards),
}
"""What follows ``/meetings/ID/`` → the use case, and what it reads."""


def _open(address: str, deed: Deed, takes: type[Input] | None) -> None:
    """A door to ``deed``: it answers with the room as it stands then."""

    def do(meeting_id: int) -> dict[str, Any]:
        row = meeting_for(actor(), meeting_id)
        deed(actor(), row, *([read_json(takes)] if takes else []))
        return _room(meeting_for(actor(), meeting_id))

    do.__name__, do.__doc__ = deed.__name__, deed.__doc__
    api.post(address)(signed_in(do))


for path, (deed, takes) in OF_A_MEETING.items():
    _open(f"/meetings/<int:meeting_id>/{path}", deed, takes)


@api.post("/meetings/<int:meeting_id>/present")
@signed_in
def note_present(meeting_id: int) -> dict[str, Any]:
    """One more was there after all."""
    row = meeting_for(actor(), meeting_id)
    actions.note_present(actor(), row, read_json(inputs.SomebodyPresent).person_id)
    return _room(row)


@api.post("/meetings/<int:meeting_id>/actions")
@signed_in
def agree_action_item(meeting_id: int) -> tuple[dict[str, Any], int]:
    """Write down who does what until when."""
    row = meeting_for(actor(), meeting_id)
    item = actions.agree_action_item(actor(), row.series, read_json(inputs.Promise), meeting=row)
    return action_item_shape(item), 201


@api.post("/meetings/agenda/<int:item_id>")
@signed_in
def reword_agenda_item(item_id: int) -> dict[str, Any]:
    """Put it into other words."""
    item = agenda_item_for(actor(), item_id)
    actions.reword_agenda_item(actor(), item, read_json(inputs.AgendaText))
    return _around(item)


@api.post("/meetings/agenda/<int:item_id>/tick")
@signed_in
def tick_agenda_item(item_id: int) -> dict[str, Any]:
    """Tick it off, or take the tick back."""
    item = agenda_item_for(actor(), item_id)
    actions.tick_agenda_item(actor(), item, done=read_json(Ticked).done)
    return _around(item)


@api.post("/meetings/agenda/<int:item_id>/order")
@signed_in
def move_agenda_item(item_id: int) -> dict[str, Any]:
    """Let it change places with its neighbour."""
    item = agenda_item_for(actor(), item_id)
    actions.move_agenda_item(actor(), item, up=read_json(Moved).up)
    return _around(item)


@api.post("/meetings/agenda/<int:item_id>/drop")
@signed_in
def drop_agenda_item(item_id: int) -> dict[str, Any]:
    """Take it off."""
    item = agenda_item_for(actor(), item_id)
    meeting_id = item.meeting_id
    actions.drop_agenda_item(actor(), item)
    return _room(meeting_for(actor(), meeting_id))


def _around(item: AgendaItem) -> dict[str, Any]:
    return _room(meeting_for(actor(), item.meeting_id))


@api.get("/meetings/<int:meeting_id>/notes/changes")
@signed_in
def notes_news(meeting_id: int) -> dict[str, Any]:
    """What happened to the shared notes ``after`` a state; the whole ``text`` where its changes are not kept any more."""
    return _news(notes_news_for(actor(), meeting_for(actor(), meeting_id), read_form(Since, request.args).after))


@api.post("/meetings/<int:meeting_id>/notes/changes")
@signed_in
def change_notes(meeting_id: int) -> dict[str, Any]:
    """Take one change; answer with everything since the state it was made on."""
    return _news(writing.change_notes(actor(), meeting_for(actor(), meeting_id), read_json(NotesChange)))


def _news(news: NotesNews) -> dict[str, Any]:
    changes = [note_change_shape(change) for change in news.changes]
    return {"seq": news.seq, "changes": changes} | ({} if news.text is None else {"text": news.text})


@api.get("/actions")
@signed_in
def action_items() -> dict[str, Any]:
    """What the actor and those they meet with still mean to do, soonest first."""
    return {"actions": [action_item_shape(item) for item in action_items_for(actor())]}


@api.post("/actions/<int:item_id>")
@signed_in
def settle_action_item(item_id: int) -> dict[str, Any]:
    """Done, dropped, or open again."""
    item = action_item_for(actor(), item_id)
    series = series_for(actor(), item.series_id)
    return action_item_shape(actions.settle_action_item(actor(), item, series, read_json(Settled).state))
