"""Agenda, private notes, and what somebody takes on."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.meetings.actions.planning import AGENDA_ITEMS
from mentorlink.sessions.meetings.actions.standing import must_be_workable, must_not_be_closed
from mentorlink.sessions.meetings.events import ActionItemAgreed
from mentorlink.sessions.meetings.inputs import AgendaText, PrivateText, Promise
from mentorlink.sessions.meetings.models import ActionItem, AgendaItem, Meeting, PrivateNote, Series
from mentorlink.sessions.meetings.notes.actions import First, forget_states, keep_state
from mentorlink.sessions.meetings.notes.events import RoomChanged
from mentorlink.sessions.meetings.policy import (
    may_agree_action,
    may_change_action_item,
    may_change_meeting,
    may_write_private_note,
)


@action
def add_agenda_item(actor: Actor, meeting: Meeting, data: AgendaText) -> AgendaItem:
    """Put something at the end of the agenda."""
    ensure(may_change_meeting, actor, meeting)
    must_be_workable(meeting)
    there = sa.select(sa.func.count(), sa.func.coalesce(sa.func.max(AgendaItem.position), 0))
    count, last = db.session.execute(there.where(AgendaItem.meeting_id == meeting.id)).one()
    if count >= AGENDA_ITEMS:
        raise Conflict("agenda_full", limit=AGENDA_ITEMS)
    item = AgendaItem(meeting_id=meeting.id, position=last + 1, text=data.text, added_by_id=actor.person_id)
    db.session.add(item)
    db.session.flush()
    _tell_room(meeting)
    return item


@action
def reword_agenda_item(actor: Actor, item: AgendaItem, data: AgendaText) -> AgendaItem:
    """Put the item into other words; the earlier ones stay readable."""
    ensure(may_change_meeting, actor, item.meeting)
    must_be_workable(item.meeting)
    first = First(item.text, item.added_by_id, item.meeting.created_at)
    keep_state(actor, "agenda", item.id, data.text, first=first)
    item.text = data.text
    _tell_room(item.meeting)
    return item


@action
def tick_agenda_item(actor: Actor, item: AgendaItem, *, done: bool) -> AgendaItem:
    """Tick the item off, or take the tick back. Ticking twice stays ticked."""
    ensure(may_change_meeting, actor, item.meeting)
    must_be_workable(item.meeting)
    item.done_at = (item.done_at or clock.now()) if done else None
    _tell_room(item.meeting)
    return item


@action
def move_agenda_item(actor: Actor, item: AgendaItem, *, up: bool) -> AgendaItem:
    """Let the item change places with its neighbour; at the edge it stays."""
    ensure(may_change_meeting, actor, item.meeting)
    must_be_workable(item.meeting)
    items = list(
        db.session.scalars(
            sa.select(AgendaItem).where(AgendaItem.meeting_id == item.meeting_id).order_by(AgendaItem.position, AgendaItem.id)
        )
    )
    here = items.index(item)
    there = max(0, here - 1) if up else min(len(items) - 1, here + 1)
    items.insert(there, items.pop(here))
    for position, each in enumerate(items, start=1):
        each.position = position
    _tell_room(item.meeting)
    return item


@action
def drop_agenda_item(actor: Actor, item: AgendaItem) -> None:
    """Take the item off the agenda."""
    ensure(may_change_meeting, actor, item.meeting)
    must_be_workable(item.meeting)
    _tell_room(item.meeting)
    forget_states("agenda", item.id)
    db.session.delete(item)


@action
def save_private_note(actor: Actor, meeting: Meeting, data: PrivateText) -> PrivateNote | None:
    """Keep what the actor wrote for themselves; empty text takes the note away.

    Refused with ``note_changed`` when it was saved on another device since the writer began.
    """
    ensure(may_write_private_note, actor, meeting)
    lock(meeting)
    note = db.session.get(PrivateNote, (meeting.id, actor.person_id))
    if data.version != (note.version if note else 0) and data.body != (note.body if note else ""):
        raise Conflict("note_changed")
    if not data.body:
        if note is not None:
            db.session.delete(note)
        return None
    if note is None:
        note = PrivateNote(meeting_id=meeting.id, person_id=actor.person_id, version=0)
        db.session.add(note)
    if note.body != data.body:
        note.body, note.version, note.saved_at = data.body, note.version + 1, clock.now()
    return note


@action
def agree_action_item(actor: Actor, series: Series, data: Promise, *, meeting: Meeting) -> ActionItem:
    """Write down who does what until when, in ``meeting``."""
    ensure(may_agree_action, actor, series)
    must_not_be_closed(series)
    if not series.takes_actions:
        raise Conflict("taken_on_elsewhere")
    if data.owner_id not in {member.person_id for member in series.members}:
        raise Invalid(Fault("owner_id", "not_a_member"))
    if meeting.series_id != series.id:
        raise Invalid(Fault("", "invalid"))
    item = ActionItem(
        series_id=series.id, meeting_id=meeting.id, owner_id=data.owner_id, text=data.text,
        due_on=data.due_on, created_by_id=actor.person_id, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(item)
    db.session.flush()
    record(ActionItemAgreed(item.id, series.id, item.owner_id, actor.person_id))
    _tell_room(meeting)
    return item


@action
def settle_action_item(actor: Actor, item: ActionItem, series: Series, state: str) -> ActionItem:
    """Mark the action done, dropped, or open again. Said twice it stands once."""
    ensure(may_change_action_item, actor, item, series)
    must_not_be_closed(series)
    if state not in ("open", "done", "dropped"):
        raise Invalid(Fault("state", "literal_error"))
    if lock(item).state != state:
        item.state = state
        item.settled_at = None if state == "open" else clock.now()
        if item.meeting is not None:
            _tell_room(item.meeting)
    return item


def _tell_room(meeting: Meeting) -> None:
    record(RoomChanged(meeting.id, meeting.series_id, "room"))
