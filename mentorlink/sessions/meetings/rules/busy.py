"""What a calendar says of when its owner is taken; nothing else of it is read. Runs in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar, Component

from mentorlink.sessions.meetings.rules.free import Span, merged

MOST_EVENTS = 5000
MOST_OF_ONE = 1000
MOST_SPANS = 3000
COUNTED = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
"""Repetitions that are followed; what repeats by the hour or faster is nobody's appointment."""


def busy_times(text: str, zone: str, first: str, last: str, own: str) -> dict[str, Any]:
    """Spans between ``first`` and ``last`` (ISO) as ISO pairs under ``spans``, or a code under ``fault``.

    ``zone``: whose wall the times stand on that name none. ``own``: the end of the names of our own sessions, which are known.
    """
    window = datetime.fromisoformat(first), datetime.fromisoformat(last)
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError):
        return {"fault": "not_a_calendar"}
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if not calendars or any(calendar.name != "VCALENDAR" for calendar in calendars):
        return {"fault": "not_a_calendar"}
    if len(events) > MOST_EVENTS:
        return {"fault": "calendar_too_much"}
    spans = [span for span in _of_events(events, ZoneInfo(zone), window, own) if span[1] > window[0] and span[0] < window[1]]
    for calendar in calendars:
        spans += list(_of_free_busy(calendar, window))
    found = merged(spans)[:MOST_SPANS]
    return {"spans": [(starts.isoformat(), ends.isoformat()) for starts, ends in found]}


def _of_events(events: list[Component], zone: tzinfo, window: Span, own: str) -> Iterator[Span]:
    instead: dict[str, set[datetime]] = {}
    for event in events:
        if (moment := event.get("RECURRENCE-ID")) is not None:
            instead.setdefault(str(event.get("UID", "")), set()).add(_instant(moment.dt, zone))
    for event in events:
        uid = str(event.get("UID", ""))
        if not _takes_time(event) or (own and uid.endswith(own)):
            continue
        try:
            yield from _of_event(event, zone, window, instead.get(uid, set()))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            continue  # an event that makes no sense takes nobody's time; the others still do


def _takes_time(event: Component) -> bool:
    said = {name: str(event.get(name, "")).upper() for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")}
    return (
        "DTSTART" in event
        and said["STATUS"] != "CANCELLED"
        and said["TRANSP"] != "TRANSPARENT"
        and said["X-MICROSOFT-CDO-BUSYSTATUS"] != "FREE"
    )


def _of_event(event: Component, zone: tzinfo, window: Span, instead: set[datetime]) -> Iterator[Span]:
    begin = event["DTSTART"].dt
    length = _length(event, begin, zone)
    if length <= timedelta():
        return
    if "RECURRENCE-ID" in event:
        moments: Iterator[datetime] = iter((_instant(begin, zone),))
    else:
        moments = (moment for moment in _moments(event, begin, zone, window, length) if moment not in instead)
    for moment in moments:
        yield moment, moment + length


def _length(event: Component, begin: date, zone: tzinfo) -> timedelta:
    if "DTEND" in event:
        return _instant(event["DTEND"].dt, zone) - _instant(begin, zone)
    if "DURATION" in event:
        return timedelta(seconds=event["DURATION"].dt.total_seconds())
    return timedelta() if isinstance(begin, datetime) else timedelta(days=1)


def _moments(event: Component, begin: date, zone: tzinfo, window: Span, length: timedelta) -> Iterator[datetime]:
    """When it begins, each time; counted on the clock it keeps to, so that it stays at its hour when that clock changes."""
    there = (begin.tzinfo or zone) if isinstance(begin, datetime) else zone
    start = _wall(begin, there)
    gone = {_wall(moment, there) for moment in _dates(event, "EXDATE")}
    walls = {_wall(moment, there) for moment in _dates(event, "RDATE")}
    rule = event.get("RRULE")
    if rule is None:
        walls.add(start)
    elif str((rule[0] if isinstance(rule, list) else rule).get("FREQ", [""])[0]).upper() in COUNTED:
        walls |= set(_repeated(rule[0] if isinstance(rule, list) else rule, start, there, window, length))
    for wall in walls - gone:
        yield wall.replace(tzinfo=there).astimezone(UTC)


def _repeated(rule: Any, start: datetime, there: tzinfo, window: Span, length: timedelta) -> Iterator[datetime]:
    rule = type(rule)(rule)
    if rule.get("UNTIL"):
        rule["UNTIL"] = [_wall(rule["UNTIL"][0], there)]
    first = window[0].astimezone(there).replace(tzinfo=None) - length
    last = window[1].astimezone(there).replace(tzinfo=None)
    found = 0
    for moment in rrulestr(rule.to_ical().decode(), dtstart=start):
        if moment > last or found >= MOST_OF_ONE:
            return
        if moment >= first:
            found += 1
            yield moment


def _dates(event: Component, name: str) -> Iterator[date]:
    there = event.get(name, [])
    for dates in there if isinstance(there, list) else [there]:
        for each in dates.dts:
            yield each.dt[0] if isinstance(each.dt, tuple) else each.dt


def _of_free_busy(calendar: Component, window: Span) -> Iterator[Span]:
    for part in calendar.walk("VFREEBUSY"):
        said = part.get("FREEBUSY", [])
        for period in said if isinstance(said, list) else [said]:
            if str(period.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                starts, ends = period.start.astimezone(UTC), period.end.astimezone(UTC)
                if ends > window[0] and starts < window[1]:
                    yield starts, ends


def _wall(moment: date, there: tzinfo) -> datetime:
    """What the clock in ``there`` shows then; a day begins at midnight."""
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day)
    return moment.astimezone(there).replace(tzinfo=None) if moment.tzinfo else moment


def _instant(moment: date, zone: tzinfo) -> datetime:
    there = moment.tzinfo if isinstance(moment, datetime) and moment.tzinfo else zone
    return _wall(moment, there).replace(tzinfo=there).astimezone(UTC)
