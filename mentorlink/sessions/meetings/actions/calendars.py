"""Calendars that people bring along: their busy times are taken over, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock, jobs, settings
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.fetch import NotFetched, parts_of
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.inputs import CalendarAddress, CalendarName
from mentorlink.sessions.meetings.models import BusyTime, CalendarSource
from mentorlink.sessions.meetings.policy import may_change_calendar, may_fetch_calendars, may_keep_calendar
from mentorlink.sessions.meetings.rules.free import Span

CALENDARS = 5
"""So many calendars somebody may bring."""
LONGEST_PAUSE = timedelta(days=7)


@action
def bring_calendar_file(actor: Actor, data: CalendarName, spans: Sequence[Span], *, filename: str) -> CalendarSource:
    """Take over the busy times that were read from a file; one of the same name takes the place of the one before."""
    ensure(may_keep_calendar, actor)
    plain = "".join(sign for sign in filename.rsplit("/", 1)[-1] if sign.isprintable())
    name = (data.name or plain or "calendar.ics")[:60]
    mine = sa.select(CalendarSource).where(CalendarSource.person_id == actor.person_id, CalendarSource.name == name)
    source = next((row for row in db.session.scalars(mine) if row.address is None), None) or _new(actor, name)
    _take_over(source, spans)
    return source


@action
def bring_calendar_address(actor: Actor, data: CalendarAddress) -> CalendarSource:
    """Have a calendar fetched at once and again and again. An address that is there already stands once."""
    ensure(may_keep_calendar, actor)
    try:
        host, _path = parts_of(data.address)
    except NotFetched as error:
        raise Invalid(Fault("address", error.code)) from None
    mine = sa.select(CalendarSource).where(CalendarSource.person_id == actor.person_id)
    source = next((row for row in db.session.scalars(mine) if row.address == data.address), None)
    if source is None:
        source = _new(actor, data.name or host[:60], address=data.address)
    fetch_calendar_soon(actor, source)
    return source


@action
def fetch_calendar_soon(actor: Actor, source: CalendarSource) -> None:
    """Fetch the calendar as soon as may be."""
    ensure(may_change_calendar, actor, source)
    if source.address is None:
        raise Conflict("calendar_not_here")
    source.due_at = clock.now()
    minute = int(clock.now().timestamp() // 60)
    jobs.enqueue("meetings.fetch_calendars", {}, dedupe_key=f"calendar:{source.id}:{minute}")


@action
def drop_calendar(actor: Actor, source: CalendarSource) -> None:
    """Forget the calendar and its busy times."""
    ensure(may_change_calendar, actor, source)
    db.session.execute(sa.delete(BusyTime).where(BusyTime.source_id == source.id))
    db.session.execute(sa.delete(CalendarSource).where(CalendarSource.id == source.id))


@action
def claim_due_calendars(actor: Actor, *, limit: int) -> list[int]:
    """Calendars that are to be fetched now, each given to one worker: its next time is set before it is fetched."""
    ensure(may_fetch_calendars, actor)
    instant = clock.now()
    due = sa.select(CalendarSource.id).where(CalendarSource.due_at <= instant).order_by(CalendarSource.due_at).limit(limit)
    claimed = []
    for source_id in db.session.scalars(due).all():
        taken = db.session.execute(
            sa.update(CalendarSource)
            .where(CalendarSource.id == source_id, CalendarSource.due_at <= instant)
            .values(due_at=instant + timedelta(hours=settings.current().calendar_hours))
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount == 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
            claimed.append(source_id)
    return claimed


@action
def note_calendar_read(actor: Actor, source: CalendarSource, spans: Sequence[Span] | None, *, etag: str) -> None:
    """Take over what a fetched calendar says; None: it says what it said before."""
    ensure(may_fetch_calendars, actor)
    lock(source)
    if spans is not None:
        _take_over(source, spans)
    source.state, source.fault, source.failures, source.etag = "good", None, 0, etag or None


@action
def note_calendar_failed(actor: Actor, source: CalendarSource, code: str) -> None:
    """Note why a calendar could not be fetched; the busy times that are known stay, and the next try waits longer."""
    ensure(may_fetch_calendars, actor)
    lock(source)
    source.failures += 1
    source.state, source.fault = "failing", code
    pause = timedelta(hours=settings.current().calendar_hours) * 2 ** min(source.failures, 10)
    source.due_at = clock.now() + min(pause, LONGEST_PAUSE)


def _new(actor: Actor, name: str, *, address: str | None = None) -> CalendarSource:
    db.session.execute(sa.select(Person.id).where(Person.id == actor.person_id).with_for_update())
    mine = sa.select(sa.func.count()).select_from(CalendarSource).where(CalendarSource.person_id == actor.person_id)
    if (db.session.scalar(mine) or 0) >= CALENDARS:
        raise Conflict("too_many_calendars", limit=CALENDARS)
    source = CalendarSource(person_id=actor.person_id, name=name, address=address, state="waiting", created_at=clock.now())
    db.session.add(source)
    db.session.flush()
    return source


def _take_over(source: CalendarSource, spans: Sequence[Span]) -> None:
    db.session.execute(sa.delete(BusyTime).where(BusyTime.source_id == source.id))
    rows = [
        {"source_id": source.id, "person_id": source.person_id, "starts_at": starts, "ends_at": ends} for starts, ends in spans
    ]
    if rows:
        db.session.execute(sa.insert(BusyTime), rows)
    source.read_at, source.state, source.fault = clock.now(), "good", None
