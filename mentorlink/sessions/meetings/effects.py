"""What meetings do by themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.fetch import NotFetched, fetch
from mentorlink.people.events import ErasureGranted, PersonLeft
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.actions import (
    claim_due_calendars,
    note_calendar_failed,
    note_calendar_read,
    remind_of_meeting,
)
from mentorlink.sessions.meetings.models import (
    BusyTime,
    CalendarFeed,
    CalendarSource,
    HoursException,
    Meeting,
    MeetingHabits,
    PrivateNote,
    WeeklyHours,
)
from mentorlink.sessions.meetings.queries import MOST_BYTES, read_busy_times
from mentorlink.sessions.meetings.rules.free import Span

AT_ONCE = 8
"""Calendars that are fetched side by side."""
PATIENCE = 10
"""Seconds that one calendar may take; mails wait meanwhile."""


def remind_when_due(payload: dict[str, Any]) -> None:
    """Job ``meetings.remind``: a day or an hour is left, or the meeting is over."""
    if (meeting := db.session.get(Meeting, payload["meeting_id"])) is not None:
        remind_of_meeting(Actor.system(), meeting, which=payload["which"], revision=payload["revision"])


def forget_calendars(event: PersonLeft | ErasureGranted) -> None:
    """The hours, calendars and the feed of somebody who left are of no use any more."""
    for table in (BusyTime, CalendarSource, CalendarFeed, WeeklyHours, HoursException, MeetingHabits):
        db.session.execute(sa.delete(table).where(table.person_id == event.person_id))


def erase_own(event: ErasureGranted) -> None:
    """Within: calendars and hours of somebody, and what they wrote for themself alone, as far as it was granted."""
    if "calendars" in event.parts:
        forget_calendars(event)
    if "private" in event.parts:
        db.session.execute(sa.delete(PrivateNote).where(PrivateNote.person_id == event.person_id))


def fetch_calendars(_payload: dict[str, Any]) -> None:
    """Job ``meetings.fetch_calendars``, apart: fetch what is due, a handful side by side, and take its busy times over."""
    ids = claim_due_calendars(Actor.system(), limit=AT_ONCE * 5)
    query = sa.select(CalendarSource, Person.timezone).join(Person, Person.id == CalendarSource.person_id)
    rows = db.session.execute(query.where(CalendarSource.id.in_(ids), CalendarSource.address.is_not(None))).all()
    due = [_Due(source.id, source.address or "", source.etag or "", zone) for source, zone in rows]
    db.session.rollback()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for one, came in zip(due, pool.map(_come, due), strict=True):
            _take_over(one, came)


@dataclass(frozen=True)
class _Due:
    source_id: int
    address: str
    etag: str
    zone: str


@dataclass(frozen=True)
class _Came:
    spans: list[Span] | None = None
    etag: str = ""
    fault: str = ""


def _come(one: _Due) -> _Came:
    try:
        fetched = fetch(one.address, most=MOST_BYTES, seconds=PATIENCE, etag=one.etag)
        if fetched.content is None:
            return _Came(None, one.etag)
        return _Came(read_busy_times(fetched.content, one.zone), fetched.etag)
    except NotFetched as error:
        return _Came(fault=error.code)
    except Invalid as error:
        return _Came(fault=error.faults[0].code)


def _take_over(one: _Due, came: _Came) -> None:
    source = db.session.get(CalendarSource, one.source_id)
    if source is None:
        return
    if came.fault:
        note_calendar_failed(Actor.system(), source, came.fault)
    else:
        note_calendar_read(Actor.system(), source, came.spans, etag=came.etag)
