"""What somebody says about when they can be met."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.crypto import new_token, token_hash
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.inputs import ExceptionInput, HoursInput
from mentorlink.sessions.meetings.inputs.hours import minute_of
from mentorlink.sessions.meetings.models import CalendarFeed, HoursException, MeetingHabits, WeeklyHours
from mentorlink.sessions.meetings.policy import may_keep_calendar

EXCEPTIONS = 60
"""So many exceptions to come somebody may have."""


@action
def say_hours(actor: Actor, data: HoursInput) -> None:
    """Put the actor's weekly hours in place of those before."""
    ensure(may_keep_calendar, actor)
    _alone(actor)
    db.session.execute(sa.delete(WeeklyHours).where(WeeklyHours.person_id == actor.person_id))
    for stretch in data.stretches:
        starts, ends = stretch.minutes
        db.session.add(WeeklyHours(person_id=actor.person_id, weekday=stretch.weekday, starts=starts, ends=ends))
    habits = MeetingHabits(
        person_id=actor.person_id, notice_hours=data.notice_hours, gap_minutes=data.gap_minutes, said_at=clock.now()
    )
    db.session.merge(habits)


@action
def add_exception(actor: Actor, data: ExceptionInput) -> HoursException:
    """Note days on which the weekly hours do not hold. Said twice it stands once."""
    ensure(may_keep_calendar, actor)
    _alone(actor)
    starts = None if data.starts is None else minute_of(data.starts)
    ends = None if data.ends is None else minute_of(data.ends) or 1440
    mine = sa.select(HoursException).where(HoursException.person_id == actor.person_id)
    same = mine.where(
        HoursException.kind == data.kind, HoursException.from_on == data.from_on, HoursException.to_on == data.last,
        HoursException.starts.is_(None) if starts is None else HoursException.starts == starts,
        HoursException.ends.is_(None) if ends is None else HoursException.ends == ends,
    )  # fmt: skip
    if (there := db.session.scalar(same)) is not None:
        return there
    ahead = mine.where(HoursException.to_on >= clock.today(actor.timezone))
    if len(db.session.scalars(ahead).all()) >= EXCEPTIONS:
        raise Conflict("too_many_exceptions", limit=EXCEPTIONS)
    row = HoursException(
        person_id=actor.person_id, kind=data.kind, from_on=data.from_on, to_on=data.last, starts=starts, ends=ends
    )
    db.session.add(row)
    db.session.flush()
    return row


@action
def drop_exception(actor: Actor, row: HoursException) -> None:
    """Let the weekly hours hold again on those days."""
    ensure(may_keep_calendar, actor)
    db.session.execute(sa.delete(HoursException).where(HoursException.id == row.id, HoursException.person_id == actor.person_id))


@action
def renew_feed(actor: Actor) -> CalendarFeed:
    """Give the actor's sessions a new secret address; the one before leads nowhere from now on."""
    ensure(may_keep_calendar, actor)
    _alone(actor)
    token = new_token()
    return db.session.merge(
        CalendarFeed(person_id=actor.person_id, token=token, token_hash=token_hash(token), made_at=clock.now())
    )


@action
def end_feed(actor: Actor) -> None:
    """Let the actor's secret address lead nowhere."""
    ensure(may_keep_calendar, actor)
    db.session.execute(sa.delete(CalendarFeed).where(CalendarFeed.person_id == actor.person_id))


def _alone(actor: Actor) -> None:
    """What one person says about their own time is written one after the other."""
    db.session.execute(sa.select(Person.id).where(Person.id == actor.person_id).with_for_update())
