"""Use cases of meetings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.meetings.events import (
    ActionItemAgreed,
    MeetingCancelled,
    MeetingHeld,
    MeetingMissed,
    MeetingMoved,
    MeetingPlanned,
)
from mentorlink.sessions.meetings.inputs import (
    Absence,
    AgendaText,
    MeetingLog,
    MeetingOutcome,
    MeetingPlan,
    MeetingTime,
    Notes,
    PrivateText,
    Promise,
    Reason,
)
from mentorlink.sessions.meetings.models import (
    ActionItem,
    AgendaItem,
    Meeting,
    NotesRevision,
    PrivateNote,
    Series,
    SeriesMember,
)
from mentorlink.sessions.meetings.policy import (
    may_begin_many_series,
    may_begin_series,
    may_change_action_item,
    may_change_meeting,
    may_plan_meeting,
    may_set_series_state,
    may_write_private_note,
)
from mentorlink.sessions.meetings.stages import came_from

EARLY = timedelta(hours=1)
"""A meeting may be recorded as held that long before it was to begin: people start early."""
AHEAD = timedelta(days=400)
AGENDA_ITEMS = 30


@action
def begin_series(actor: Actor, person_ids: tuple[int, ...]) -> Series:
    """Open a series in which exactly these people meet."""
    ensure(may_begin_series, actor, person_ids)
    series = Series(created_at=clock.now(), members=[SeriesMember(person_id=person_id) for person_id in person_ids])
    db.session.add(series)
    db.session.flush()
    return series


@action
def begin_many_series(actor: Actor, groups: Sequence[tuple[int, ...]]) -> list[int]:
    """Open a series for each group, in its order; returns their ids. Two statements however many."""
    ensure(may_begin_many_series, actor)
    instant = clock.now()
    rows = [Series(created_at=instant) for _group in groups]
    db.session.add_all(rows)
    db.session.flush()
    ids = [row.id for row in rows]
    members = [{"series_id": id_, "person_id": person_id} for id_, group in zip(ids, groups, strict=True) for person_id in group]
    if members:
        db.session.execute(sa.insert(SeriesMember), members)
    return ids


@action
def set_series_state(actor: Actor, series: Series, state: str) -> Series:
    """Make the series open, paused or closed. Closing cancels what was still planned to come."""
    ensure(may_set_series_state, actor, series)
    lock(series)
    if state == "closed":
        for meeting in db.session.scalars(sa.select(Meeting).where(Meeting.series_id == series.id, Meeting.state == "planned")):
            if meeting.ends_at > clock.now():
                _settle(actor, meeting, "cancelled")
                record(MeetingCancelled(meeting.id, series.id, actor.person_id))
    series.state = state
    return series


@action
def plan_meeting(actor: Actor, series: Series, data: MeetingPlan) -> Meeting:
    """Put a meeting to come into the series, with its agenda."""
    ensure(may_plan_meeting, actor, series)
    starts_at = _to_come(data, actor.timezone)
    meeting = _add(actor, series, starts_at, data, place=data.place or None)
    lines = [line.strip(" -•\t") for line in data.agenda.splitlines()]
    for position, line in enumerate([line for line in lines if line][:AGENDA_ITEMS], start=1):
        db.session.add(AgendaItem(meeting_id=meeting.id, position=position, text=line[:300], added_by_id=actor.person_id))
    record(MeetingPlanned(meeting.id, series.id, actor.person_id))
    return meeting


@action
def log_meeting(actor: Actor, series: Series, data: MeetingLog) -> Meeting:
    """Write down a talk that took place without having been planned; it counts like any held meeting."""
    ensure(may_plan_meeting, actor, series)
    starts_at = data.instant(actor.timezone)
    if starts_at > clock.now():
        raise Invalid(Fault("day", "not_yet_happened"))
    if starts_at < series.created_at - timedelta(days=1):
        raise Invalid(Fault("day", "before_the_pair"))
    meeting = _add(
        actor, series, starts_at, data, state="held", logged=True, summary=data.summary, settled_at=clock.now(),
        settled_by_id=actor.person_id,
    )  # fmt: skip
    record(MeetingHeld(meeting.id, series.id, actor.person_id))
    return meeting


@action
def move_meeting(actor: Actor, meeting: Meeting, data: MeetingTime) -> Meeting:
    """Give a planned meeting another time, length, mode or place."""
    ensure(may_change_meeting, actor, meeting)
    _must_be_open(meeting.series)
    starts_at = _to_come(data, actor.timezone)
    with or_refuse(Conflict("meeting_at_that_time")):
        changed = db.session.execute(
            sa.update(Meeting)
            .where(Meeting.id == meeting.id, Meeting.state == "planned")
            .values(
                starts_at=starts_at, minutes=data.minutes, mode=data.mode, place=data.place or None, revision=Meeting.revision + 1
            )
            .execution_options(synchronize_session=False)
        )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("meeting_settled", state=meeting.state)
    db.session.refresh(meeting)
    record(MeetingMoved(meeting.id, meeting.series_id, actor.person_id))
    return meeting


@action
def hold_meeting(actor: Actor, meeting: Meeting, data: MeetingOutcome) -> Meeting:
    """Say that the meeting took place, and what it came to."""
    ensure(may_change_meeting, actor, meeting)
    if meeting.starts_at - EARLY > clock.now():
        raise Conflict("meeting_ahead")
    _settle(actor, meeting, "held", absent_id=None)
    if data.summary:
        meeting.summary = data.summary
    record(MeetingHeld(meeting.id, meeting.series_id, actor.person_id))
    return meeting


@action
def write_summary(actor: Actor, meeting: Meeting, data: MeetingOutcome) -> Meeting:
    """Put the summary of a held meeting into better words."""
    ensure(may_change_meeting, actor, meeting)
    _must_not_be_closed(meeting.series)
    if lock(meeting).state != "held":
        raise Conflict("meeting_not_held")
    meeting.summary = data.summary or None
    return meeting


@action
def cancel_meeting(actor: Actor, meeting: Meeting, data: Reason) -> Meeting:
    """Call a planned meeting off, saying why."""
    ensure(may_change_meeting, actor, meeting)
    _settle(actor, meeting, "cancelled", reason=data.reason)
    record(MeetingCancelled(meeting.id, meeting.series_id, actor.person_id))
    return meeting


@action
def miss_meeting(actor: Actor, meeting: Meeting, data: Absence) -> Meeting:
    """Say that the meeting did not take place because somebody did not come."""
    ensure(may_change_meeting, actor, meeting)
    if data.absent_id is not None and data.absent_id not in {member.person_id for member in meeting.series.members}:
        raise Invalid(Fault("absent_id", "not_a_member"))
    if meeting.starts_at > clock.now():
        raise Conflict("meeting_ahead")
    _settle(actor, meeting, "missed", reason=data.reason or None, absent_id=data.absent_id)
    record(MeetingMissed(meeting.id, meeting.series_id, actor.person_id))
    return meeting


@action
def add_agenda_item(actor: Actor, meeting: Meeting, data: AgendaText) -> AgendaItem:
    """Put something at the end of the agenda."""
    ensure(may_change_meeting, actor, meeting)
    _must_be_workable(meeting)
    there = sa.select(sa.func.count(), sa.func.coalesce(sa.func.max(AgendaItem.position), 0))
    count, last = db.session.execute(there.where(AgendaItem.meeting_id == meeting.id)).one()
    if count >= AGENDA_ITEMS:
        raise Conflict("agenda_full", limit=AGENDA_ITEMS)
    item = AgendaItem(meeting_id=meeting.id, position=last + 1, text=data.text, added_by_id=actor.person_id)
    db.session.add(item)
    db.session.flush()
    return item


@action
def tick_agenda_item(actor: Actor, item: AgendaItem, *, done: bool) -> AgendaItem:
    """Tick the item off, or take the tick back. Ticking twice stays ticked."""
    ensure(may_change_meeting, actor, item.meeting)
    _must_be_workable(item.meeting)
    item.done_at = (item.done_at or clock.now()) if done else None
    return item


@action
def move_agenda_item(actor: Actor, item: AgendaItem, *, up: bool) -> AgendaItem:
    """Let the item change places with its neighbour; at the edge it stays."""
    ensure(may_change_meeting, actor, item.meeting)
    _must_be_workable(item.meeting)
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
    return item


@action
def drop_agenda_item(actor: Actor, item: AgendaItem) -> None:
    """Take the item off the agenda."""
    ensure(may_change_meeting, actor, item.meeting)
    _must_be_workable(item.meeting)
    db.session.delete(item)


@action
def save_notes(actor: Actor, meeting: Meeting, data: Notes) -> NotesRevision:
    """Save the shared notes as a new revision.

    If somebody saved since ``data.version`` nothing is overwritten: Conflict ``notes_stale`` with both texts.
    """
    ensure(may_change_meeting, actor, meeting)
    _must_be_workable(meeting)
    newest = db.session.get(NotesRevision, (meeting.id, meeting.notes_version))
    if newest is not None and newest.body == data.body:
        return newest
    moved = db.session.execute(
        sa.update(Meeting)
        .where(Meeting.id == meeting.id, Meeting.notes_version == data.version)
        .values(notes_version=data.version + 1)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        db.session.refresh(meeting)
        newest = db.session.get(NotesRevision, (meeting.id, meeting.notes_version))
        raise Conflict(
            "notes_stale", version=meeting.notes_version, theirs=newest.body if newest else "", yours=data.body,
            author_id=newest.author_id if newest else None,
        )  # fmt: skip
    revision = NotesRevision(
        meeting_id=meeting.id, number=data.version + 1, body=data.body, author_id=actor.person_id, saved_at=clock.now()
    )
    db.session.add(revision)
    db.session.flush()
    db.session.refresh(meeting)
    return revision


@action
def save_private_note(actor: Actor, meeting: Meeting, data: PrivateText) -> PrivateNote | None:
    """Keep what the actor wrote for themselves; empty text takes the note away."""
    ensure(may_write_private_note, actor, meeting)
    lock(meeting)
    note = db.session.get(PrivateNote, (meeting.id, actor.person_id))
    if not data.body:
        if note is not None:
            db.session.delete(note)
        return None
    if note is None:
        note = PrivateNote(meeting_id=meeting.id, person_id=actor.person_id)
        db.session.add(note)
    note.body, note.saved_at = data.body, clock.now()
    return note


@action
def agree_action_item(actor: Actor, series: Series, data: Promise, *, meeting: Meeting | None = None) -> ActionItem:
    """Write down who does what until when, in ``meeting`` or between meetings."""
    ensure(may_plan_meeting, actor, series)
    _must_not_be_closed(series)
    if data.owner_id not in {member.person_id for member in series.members}:
        raise Invalid(Fault("owner_id", "not_a_member"))
    if meeting is not None and meeting.series_id != series.id:
        raise Invalid(Fault("", "invalid"))
    item = ActionItem(
        series_id=series.id, meeting_id=meeting.id if meeting else None, owner_id=data.owner_id, text=data.text,
        due_on=data.due_on, created_by_id=actor.person_id, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(item)
    db.session.flush()
    record(ActionItemAgreed(item.id, series.id, item.owner_id, actor.person_id))
    return item


@action
def settle_action_item(actor: Actor, item: ActionItem, series: Series, state: str) -> ActionItem:
    """Mark the action done, dropped, or open again. Said twice it stands once."""
    ensure(may_change_action_item, actor, item, series)
    _must_not_be_closed(series)
    if state not in ("open", "done", "dropped"):
        raise Invalid(Fault("state", "literal_error"))
    if lock(item).state != state:
        item.state = state
        item.settled_at = None if state == "open" else clock.now()
    return item


def _add(actor: Actor, series: Series, starts_at: datetime, data: MeetingPlan | MeetingLog, **columns: object) -> Meeting:
    _must_be_open(series)
    last = db.session.scalar(sa.select(sa.func.coalesce(sa.func.max(Meeting.number), 0)).where(Meeting.series_id == series.id))
    meeting = Meeting(
        series_id=series.id, number=(last or 0) + 1, starts_at=starts_at, minutes=data.minutes, mode=data.mode,
        planned_by_id=actor.person_id, created_at=clock.now(), **columns,
    )  # fmt: skip
    with or_refuse(Conflict("meeting_at_that_time")):
        db.session.add(meeting)
    return meeting


def _settle(actor: Actor, meeting: Meeting, state: str, **columns: object) -> None:
    with or_refuse(Conflict("meeting_at_that_time")):
        settled = db.session.execute(
            sa.update(Meeting)
            .where(Meeting.id == meeting.id, Meeting.state.in_(came_from(state)))
            .values(state=state, settled_at=clock.now(), settled_by_id=actor.person_id, **columns)
            .execution_options(synchronize_session=False)
        )
    db.session.refresh(meeting)
    if settled.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("meeting_settled", state=meeting.state)


def _to_come(data: MeetingTime, timezone: str) -> datetime:
    starts_at = data.instant(timezone)
    if starts_at < clock.now():
        raise Invalid(Fault("day", "in_the_past"))
    if starts_at > clock.now() + AHEAD:
        raise Invalid(Fault("day", "too_far_ahead"))
    return starts_at


def _must_be_open(series: Series) -> None:
    """Takes the lock of the series, so that nobody pauses or closes it under what is being done."""
    _must_not_be_closed(series)
    if series.state == "paused":
        raise Conflict("series_paused")


def _must_not_be_closed(series: Series) -> None:
    if lock(series).state == "closed":
        raise Conflict("series_closed")


def _must_be_workable(meeting: Meeting) -> None:
    _must_not_be_closed(meeting.series)
    if lock(meeting).state not in ("planned", "held"):
        raise Conflict("meeting_settled", state=meeting.state)
