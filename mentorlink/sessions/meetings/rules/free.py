"""When people can meet: spans of time, and what is left of them. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STEP = timedelta(minutes=5)
"""Meetings hold their time in steps of this length."""

OFFERED = timedelta(minutes=30)
"""Free times are offered on every full and half hour."""

OFFICE = tuple((weekday, 8 * 60, 16 * 60) for weekday in range(5))
"""What is assumed of somebody who has not said when they can be met: Monday to Friday, 8 to 16 by their clock."""

Span = tuple[datetime, datetime]
"""From, until; aware, the end is not part of it."""


@dataclass(frozen=True)
class Exceptional:
    """Days on which the weekly hours do not hold."""

    kind: str
    """away, or open"""
    from_on: date
    to_on: date
    starts: int | None = None
    """Minute of each day; none: from its beginning."""
    ends: int | None = None


@dataclass(frozen=True)
class Hours:
    """When one person may be met, by their own clock, and how they want to be booked."""

    zone: str
    weekly: tuple[tuple[int, int, int], ...] = OFFICE
    """(weekday, from minute, to minute)"""
    exceptions: tuple[Exceptional, ...] = ()
    notice: timedelta = timedelta()
    gap: timedelta = timedelta()
    said: bool = False
    """False: office hours are assumed."""


def talk_just_over(
    now: datetime, minutes: int, *, since: datetime | None = None, lengths: Iterable[int] = ()
) -> tuple[datetime, int]:
    """When a talk that was just held is likely to have begun, and how long it took: by a clock's quarters, over by ``now``.

    Where it would have begun before ``since`` it is one that began after, if one of ``lengths`` (at most ``minutes``) fits.
    """
    latest = now - timedelta(minutes=minutes)
    begun = latest - timedelta(minutes=latest.minute % 15, seconds=latest.second, microseconds=latest.microsecond)
    if since is None or begun >= since:
        return begun, minutes
    first = since.replace(second=0, microsecond=0) + timedelta(minutes=1 if since.second or since.microsecond else 0)
    fitting = [length for length in (minutes, *lengths) if length <= minutes and first + timedelta(minutes=length) <= now]
    return (first, max(fitting)) if fitting else (begun, minutes)


def slots_of(starts_at: datetime, minutes: int) -> range:
    """The steps since 1970 that a meeting takes, begun ones whole."""
    step = int(STEP.total_seconds())
    begin = int(starts_at.timestamp())
    return range(begin // step, -(-(begin + minutes * 60) // step))


def span_of(slot: int) -> Span:
    """The time that a step takes."""
    begin = datetime.fromtimestamp(slot * STEP.total_seconds(), UTC)
    return begin, begin + STEP


def open_spans(hours: Hours, first: date, last: date) -> list[Span]:
    """When the person is open to be met from ``first`` to ``last`` (days on their own calendar), in order, not overlapping."""
    found, away = [], []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        found += [_span(day, starts, ends, hours.zone) for weekday, starts, ends in hours.weekly if weekday == day.weekday()]
        for each in hours.exceptions:
            if each.from_on <= day <= each.to_on:
                span = _span(day, each.starts or 0, 1440 if each.ends is None else each.ends, hours.zone)
                (away if each.kind == "away" else found).append(span)
    return without(merged(found), away)


def _span(day: date, starts: int, ends: int, zone: str) -> Span:
    return _moment(day, starts, zone), _moment(day, ends, zone)


def _moment(day: date, minute: int, zone: str) -> datetime:
    day += timedelta(days=minute // 1440)
    return datetime.combine(day, time(minute % 1440 // 60, minute % 60), ZoneInfo(zone)).astimezone(UTC)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in order, without overlaps; spans that touch become one, empty ones go."""
    found: list[Span] = []
    for starts, ends in sorted(span for span in spans if span[0] < span[1]):
        if found and starts <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], ends)
        else:
            found.append((starts, ends))
    return found


def without(spans: Sequence[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of ``spans`` (in order, not overlapping) when ``taken`` is taken out."""
    left, busy = [], merged(taken)
    at = 0
    for starts, ends in spans:
        while at < len(busy) and busy[at][1] <= starts:
            at += 1
        here, begin = at, starts
        while here < len(busy) and busy[here][0] < ends:
            if busy[here][0] > begin:
                left.append((begin, busy[here][0]))
            begin = max(begin, busy[here][1])
            here += 1
        if begin < ends:
            left.append((begin, ends))
    return left


def common(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """The time that both have, each in order and not overlapping."""
    found, here, there = [], 0, 0
    while here < len(one) and there < len(other):
        starts, ends = max(one[here][0], other[there][0]), min(one[here][1], other[there][1])
        if starts < ends:
            found.append((starts, ends))
        if one[here][1] < other[there][1]:
            here += 1
        else:
            there += 1
    return found


def widened(spans: Iterable[Span], gap: timedelta) -> list[Span]:
    """The spans with ``gap`` before and after."""
    return [(starts - gap, ends + gap) for starts, ends in spans]


def beginnings(spans: Iterable[Span], length: timedelta, *, earliest: datetime) -> list[datetime]:
    """Full and half hours at which something of ``length`` fits into one of the spans, not before ``earliest``."""
    found = []
    for starts, ends in spans:
        moment = _rounded_up(max(starts, earliest).astimezone(UTC))
        while moment + length <= ends:
            found.append(moment)
            moment += OFFERED
    return found


def _rounded_up(moment: datetime) -> datetime:
    over = (moment - datetime.min.replace(tzinfo=UTC)) % OFFERED
    return moment + (OFFERED - over if over else timedelta())


def repeated(starts_at: datetime, zone: str, *, weeks: int, times: int) -> list[datetime]:
    """``times`` moments ``weeks`` weeks apart, at the same hour on the wall in ``zone``."""
    here = starts_at.astimezone(ZoneInfo(zone))
    return [
        datetime.combine(here.date() + timedelta(weeks=weeks * number), here.time(), ZoneInfo(zone)).astimezone(UTC)
        for number in range(times)
    ]
