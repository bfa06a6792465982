"""Meetings in the words of calendar programs (RFC 5545, RFC 5546). Values in, text out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vRecur, vText

PRODUCT = "-//MentorLink//Sessions//EN"
_NOT_IN_A_NAME = re.compile(r'["\x00-\x1f\x7f]')


@dataclass(frozen=True)
class Repetition:
    """A meeting that stands for several, a fixed number of weeks apart."""

    weeks: int
    times: int
    skipped: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A meeting as it stands in a calendar."""

    uid: str
    sequence: int
    stamp: datetime
    """When it came to stand as it does."""
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    url: str
    place: str = ""
    state: str = "CONFIRMED"
    """CONFIRMED or CANCELLED"""
    zone: str | None = None
    """IANA name of the clock it keeps to; none: UTC."""
    repetition: Repetition | None = None
    instead_of: datetime | None = None
    """Of a repetition: the moment that this one was to begin."""
    organizer: tuple[str, str] | None = None
    """Name, address."""
    attendee: tuple[str, str, bool] | None = None
    """Name, address, and whether they agreed to it already."""


def calendar_text(entries: Iterable[Entry], *, method: str | None = None, name: str = "") -> str:
    """A calendar of these entries, as it is sent (``method`` REQUEST, CANCEL, PUBLISH) or read as a feed."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    years = set()
    for entry in entries:
        calendar.add_component(_event(entry))
        years |= {entry.starts_at.year, entry.ends_at.year} if entry.zone else set()
    if years:
        calendar.add_missing_timezones(first_date=date(min(years) - 1, 1, 1), last_date=date(max(years) + 2, 1, 1))
        _one_by_one(calendar)
    return calendar.to_ical().decode()


def _one_by_one(calendar: Calendar) -> None:
    """A line for each day on which a clock changes: Thunderbird reads only the first of several on one line."""
    for part in (*calendar.walk("STANDARD"), *calendar.walk("DAYLIGHT")):
        if (days := part.pop("RDATE", None)) is not None:
            for day in days.dts:
                part.add("rdate", day.dt)


def _event(entry: Entry) -> Event:
    here = ZoneInfo(entry.zone) if entry.zone else UTC
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamp.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.starts_at.astimezone(here))
    event.add("dtend", entry.ends_at.astimezone(here))
    if entry.instead_of is not None:
        event.add("recurrence-id", entry.instead_of.astimezone(here))
    if entry.repetition is not None:
        event.add("rrule", vRecur(FREQ="WEEKLY", INTERVAL=entry.repetition.weeks, COUNT=entry.repetition.times))
        for moment in entry.repetition.skipped:
            event.add("exdate", moment.astimezone(here))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    if entry.place:
        event.add("location", entry.place)
    event.add("url", entry.url)
    event.add("status", entry.state)
    event.add("transp", "OPAQUE" if entry.state == "CONFIRMED" else "TRANSPARENT")
    event.add("class", "PRIVATE")
    if entry.organizer is not None:
        event.add("organizer", _address(*entry.organizer))
    if entry.attendee is not None:
        name, address, agreed = entry.attendee
        who = _address(name, address)
        who.params["ROLE"] = vText("REQ-PARTICIPANT")
        who.params["PARTSTAT"] = vText("ACCEPTED" if agreed else "NEEDS-ACTION")
        who.params["RSVP"] = vText("FALSE")
        event.add("attendee", who)
    return event


def _address(name: str, address: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    if name:
        found.params["CN"] = vText(" ".join(_NOT_IN_A_NAME.sub(" ", name).split()))
    return found
