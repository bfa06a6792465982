"""The time of the members that a planned meeting takes; the database lets nobody be taken twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.models import Hold, Meeting, MeetingAttendance, Series, SeriesMember
from mentorlink.sessions.meetings.queries.hours import unfree_of
from mentorlink.sessions.meetings.rules.free import slots_of

LONGEST = timedelta(minutes=480)
"""No meeting is longer."""


def hold_time(actor: Actor, meeting: Meeting, *, only: Collection[int] | None = None) -> None:
    """Take the time of every member who comes, or ``only`` of these; Conflict ``person_busy`` where another meeting has it."""
    members = db.session.scalars(sa.select(SeriesMember.person_id).where(SeriesMember.series_id == meeting.series_id))
    people = sorted(set(members) - meeting.away_ids if only is None else only)
    slots = slots_of(meeting.starts_at, meeting.minutes)
    rows = [{"person_id": person_id, "slot": slot, "meeting_id": meeting.id} for person_id in people for slot in slots]
    try:
        with or_refuse(Conflict("person_busy")):
            db.session.execute(sa.insert(Hold), rows)
    except Conflict:
        taken = sa.select(Hold.person_id).where(Hold.person_id.in_(people), Hold.slot.in_(slots), Hold.meeting_id != meeting.id)
        raise Conflict("person_busy", **_who(actor, set(db.session.scalars(taken)))) from None


def let_time_go(meeting: Meeting, *, only: Collection[int] | None = None) -> None:
    """Nobody's time is taken by the meeting any more, or not the time of ``only`` these."""
    mine = Hold.meeting_id == meeting.id
    db.session.execute(sa.delete(Hold).where(mine if only is None else sa.and_(mine, Hold.person_id.in_(only))))


def refuse_two_at_once(actor: Actor, meeting: Meeting, person_ids: Collection[int]) -> None:
    """Refuse to note as held what overlaps another meeting that one of ``person_ids`` was in: nobody is in two places.

    The rows of the people are locked, so of two that are noted at the same moment the second sees the first.
    """
    people = sorted(person_ids)
    db.session.execute(sa.select(Person.id).where(Person.id.in_(people)).order_by(Person.id).with_for_update())
    found = db.session.execute(
        sa.select(Meeting.starts_at, Meeting.minutes, SeriesMember.person_id)
        .join(SeriesMember, SeriesMember.series_id == Meeting.series_id)
        .join(Series, Series.id == Meeting.series_id)
        .where(
            SeriesMember.person_id.in_(people),
            Meeting.id != meeting.id,
            Meeting.state == "held",
            Meeting.of_id.is_(None),
            Meeting.starts_at < meeting.ends_at,
            Meeting.starts_at > meeting.starts_at - LONGEST,
            sa.or_(Series.host_id.is_(None), _was_there),
        )
    )
    taken = {person_id for starts_at, minutes, person_id in found if starts_at + timedelta(minutes=minutes) > meeting.starts_at}
    if taken:
        raise Conflict("two_at_once", **_who(actor, taken))


_was_there = sa.exists().where(
    MeetingAttendance.meeting_id == Meeting.id,
    MeetingAttendance.person_id == SeriesMember.person_id,
    MeetingAttendance.state == "present",
)


def refuse_unfree(actor: Actor, series: Series, instants: Collection[datetime], minutes: int) -> None:
    """Refuse a time at which another member said that they cannot be met, by their hours or by their calendar."""
    spans = [(instant, instant + timedelta(minutes=minutes)) for instant in instants]
    others = [member.person_id for member in series.members if member.person_id != actor.person_id]
    if found := unfree_of(others, spans):
        raise Invalid(Fault("anyway", "not_free", {"name": ", ".join(_names(found))}))


def _who(actor: Actor, person_ids: set[int]) -> dict[str, object]:
    return {"mine": actor.person_id in person_ids, "name": ", ".join(_names(person_ids - {actor.person_id}))}


def _names(person_ids: Collection[int | None]) -> list[str]:
    people = db.session.scalars(sa.select(Person).where(Person.id.in_(person_ids)).order_by(Person.name, Person.id))
    return [person.name for person in people]
