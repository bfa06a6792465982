"""When people have time. Busy times are told as such; what they are is kept nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.crypto import token_hash
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.models import (
    BusyTime,
    CalendarFeed,
    CalendarSource,
    Hold,
    HoursException,
    Meeting,
    MeetingHabits,
    Series,
    SeriesMember,
    WeeklyHours,
)
from mentorlink.sessions.meetings.policy import is_member, may_change_calendar
from mentorlink.sessions.meetings.queries.meetings import excused
from mentorlink.sessions.meetings.rules.free import (
    OFFICE,
    Exceptional,
    Hours,
    Span,
    beginnings,
    common,
    open_spans,
    slots_of,
    span_of,
    widened,
    without,
)

ALWAYS = tuple((weekday, 0, 1440) for weekday in range(7))


def hours_of(person_ids: Collection[int]) -> dict[int, Hours]:
    """When each may be met. Four queries for any number of people."""
    zones = dict(db.session.execute(sa.select(Person.id, Person.timezone).where(Person.id.in_(person_ids))).all())
    habits = {
        row.person_id: row for row in db.session.scalars(sa.select(MeetingHabits).where(MeetingHabits.person_id.in_(person_ids)))
    }
    weekly = defaultdict(list)
    for row in db.session.scalars(sa.select(WeeklyHours).where(WeeklyHours.person_id.in_(person_ids))):
        weekly[row.person_id].append((row.weekday, row.starts, row.ends))
    exceptions = defaultdict(list)
    ahead = sa.select(HoursException).where(
        HoursException.person_id.in_(person_ids), HoursException.to_on >= clock.today("UTC") - timedelta(days=1)
    )
    for each in db.session.scalars(ahead):
        exceptions[each.person_id].append(Exceptional(each.kind, each.from_on, each.to_on, each.starts, each.ends))
    found = {}
    for person_id, zone in zones.items():
        said = habits.get(person_id)
        found[person_id] = Hours(
            zone,
            weekly=tuple(weekly[person_id]) if said else OFFICE,
            exceptions=tuple(exceptions[person_id]),
            notice=timedelta(hours=said.notice_hours if said else 0),
            gap=timedelta(minutes=said.gap_minutes if said else 0),
            said=said is not None,
        )
    return found


def taken_of(
    person_ids: Collection[int], starts_at: datetime, ends_at: datetime, *, but: int | None = None
) -> dict[int, list[Span]]:
    """What takes each one's time between two moments: planned meetings (``but`` that one) and their calendars. Two queries."""
    found: dict[int, list[Span]] = defaultdict(list)
    steps = slots_of(starts_at, int((ends_at - starts_at).total_seconds() // 60))
    held = sa.select(Hold.person_id, Hold.slot).where(
        Hold.person_id.in_(person_ids), Hold.slot >= steps.start, Hold.slot < steps.stop, Hold.meeting_id != (but or 0)
    )
    for person_id, slot in db.session.execute(held):
        found[person_id].append(span_of(slot))
    for person_id, spans in busy_of(person_ids, starts_at, ends_at).items():
        found[person_id] += spans
    return found


def busy_of(person_ids: Collection[int], starts_at: datetime, ends_at: datetime) -> dict[int, list[Span]]:
    """What their own calendars say takes each one's time between two moments. One query."""
    found: dict[int, list[Span]] = defaultdict(list)
    busy = sa.select(BusyTime.person_id, BusyTime.starts_at, BusyTime.ends_at).where(
        BusyTime.person_id.in_(person_ids), BusyTime.ends_at > starts_at, BusyTime.starts_at < ends_at
    )
    for person_id, begin, end in db.session.execute(busy):
        found[person_id].append((begin, end))
    return found


def free_times_for(
    actor: Actor, series: Series, *, minutes: int, first: date, days: int, but: int | None = None
) -> list[datetime]:
    """When every member of the series is free for so long, from the day ``first`` on the actor's calendar. Six queries.

    ``but``: a meeting whose own time does not count as taken, because it is to move.
    """
    if not is_member(actor, series):
        raise NotFound()
    here = ZoneInfo(actor.timezone)
    begin = datetime(first.year, first.month, first.day, tzinfo=here)
    end = begin + timedelta(days=days)
    people = [member.person_id for member in series.members]
    hours = hours_of(people)
    taken = taken_of(people, begin - timedelta(hours=1), end + timedelta(hours=1), but=but)
    free: list[Span] = [(begin, end)]
    earliest = clock.now()
    for person_id, his in hours.items():
        there = ZoneInfo(his.zone)
        spans = open_spans(his, begin.astimezone(there).date(), end.astimezone(there).date())
        free = common(free, without(spans, widened(taken.get(person_id, ()), his.gap)))
        if person_id != actor.person_id:
            earliest = max(earliest, clock.now() + his.notice)
    return beginnings(free, timedelta(minutes=minutes), earliest=earliest)


def free_among(person_ids: Collection[int], begin: datetime, end: datetime, *, minutes: int) -> set[int]:
    """Who of them has so many minutes in one piece between two moments: in their hours, and not taken. Six queries."""
    taken = taken_of(person_ids, begin, end)
    found = set()
    for person_id, his in hours_of(person_ids).items():
        there = ZoneInfo(his.zone)
        spans = open_spans(his, begin.astimezone(there).date(), end.astimezone(there).date())
        free = common([(begin, end)], without(spans, taken.get(person_id, ())))
        if any(last - first >= timedelta(minutes=minutes) for first, last in free):
            found.add(person_id)
    return found


def unfree_of(person_ids: Collection[int], spans: Sequence[Span]) -> set[int]:
    """Who of them said, by their hours or their calendar, that they cannot be met in all of ``spans``."""
    if not person_ids or not spans:
        return set()
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    busy = busy_of(person_ids, first, last)
    return {
        person_id
        for person_id, his in hours_of(person_ids).items()
        if any(_beyond(his, span) or any(span[0] < end and begin < span[1] for begin, end in busy[person_id]) for span in spans)
    }


def _beyond(his: Hours, span: Span) -> bool:
    """True where the span is not within what the person said; who said nothing has no bounds."""
    said = his if his.said else Hours(his.zone, ALWAYS, his.exceptions)
    there = ZoneInfo(his.zone)
    open_then = open_spans(said, span[0].astimezone(there).date(), span[1].astimezone(there).date())
    return bool(without([span], open_then))


def calendars_for(actor: Actor) -> list[CalendarSource]:
    """The calendars that the actor brought, oldest first."""
    mine = sa.select(CalendarSource).where(CalendarSource.person_id == actor.person_id).order_by(CalendarSource.id)
    return list(db.session.scalars(mine))


def busy_counts(source_ids: Iterable[int]) -> dict[int, int]:
    """Calendar → how many busy times to come were read from it. One query."""
    query = (
        sa.select(BusyTime.source_id, sa.func.count())
        .where(BusyTime.source_id.in_(list(source_ids)), BusyTime.ends_at > clock.now())
        .group_by(BusyTime.source_id)
    )
    return dict(db.session.execute(query).all())


def calendar_for(actor: Actor, source_id: int) -> CalendarSource:
    """One of the actor's calendars."""
    source = db.session.get(CalendarSource, source_id)
    if source is None or not may_change_calendar(actor, source):
        raise NotFound()
    return source


def exceptions_for(actor: Actor) -> list[HoursException]:
    """The actor's exceptions that are not over, soonest first."""
    mine = (
        sa.select(HoursException)
        .where(HoursException.person_id == actor.person_id, HoursException.to_on >= clock.today(actor.timezone))
        .order_by(HoursException.from_on, HoursException.id)
        .limit(100)
    )
    return list(db.session.scalars(mine))


def exception_for(actor: Actor, exception_id: int) -> HoursException:
    """One of the actor's exceptions."""
    row = db.session.get(HoursException, exception_id)
    if row is None or not actor.is_person(row.person_id):
        raise NotFound()
    return row


def habits_for(actor: Actor) -> MeetingHabits | None:
    """How the actor wants to be booked, if they have said so."""
    return db.session.get(MeetingHabits, actor.person_id)


def feed_for(actor: Actor) -> CalendarFeed | None:
    """The actor's own feed, if they have one."""
    return db.session.get(CalendarFeed, actor.person_id)


FEED_BACK, FEED_AHEAD, FEED_MOST = timedelta(days=90), timedelta(days=400), 500


def reader_of_feed(token: str) -> tuple[Person, list[Meeting]]:
    """Whose feed it is, and their sessions from three months back on. Whoever has the token reads; renewed, it is NotFound."""
    owner = sa.select(CalendarFeed.person_id).where(CalendarFeed.token_hash == token_hash(token))
    person = db.session.scalar(sa.select(Person).where(Person.id.in_(owner), Person.state == "active"))
    if person is None:
        raise NotFound()
    # Some programs keep what a feed held before it became empty: then what was called off says so.
    return person, _in_feed(person, ("planned", "held")) or _in_feed(person, ("cancelled",))


def _in_feed(person: Person, states: tuple[str, ...]) -> list[Meeting]:
    instant = clock.now()
    meetings = (
        sa.select(Meeting)
        .join(SeriesMember, SeriesMember.series_id == Meeting.series_id)
        .where(
            SeriesMember.person_id == person.id,
            Meeting.state.in_(states),
            Meeting.of_id.is_(None),
            sa.not_(excused(person.id)),
            sa.or_(SeriesMember.since.is_(None), Meeting.starts_at >= SeriesMember.since),
            Meeting.starts_at >= instant - FEED_BACK,
            Meeting.starts_at <= instant + FEED_AHEAD,
        )
        .options(joinedload(Meeting.series).selectinload(Series.members).joinedload(SeriesMember.person))
        .order_by(Meeting.starts_at.desc(), Meeting.id)
        .limit(FEED_MOST)
    )
    return list(db.session.scalars(meetings))
