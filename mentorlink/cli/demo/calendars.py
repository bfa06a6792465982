"""When the people of the demo can be met, what takes their time, and times that wait for an answer."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.cli.demo.agency import People
from mentorlink.cli.demo.pairs import at
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.pairing.models import Offer
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import CalendarName, ExceptionInput, HoursInput, MeetingPlan
from mentorlink.sessions.meetings.inputs.hours import Stretch
from mentorlink.sessions.meetings.queries import free_times_for
from mentorlink.sessions.meetings.rules.free import Span
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.queries import mentorships_for

WEEKS = (
    ((1, "09:00", "11:30"), (2, "09:00", "11:30"), (2, "13:30", "15:30"), (3, "09:00", "11:30"), (3, "13:30", "15:30")),
    ((0, "13:00", "16:00"), (2, "13:00", "16:00"), (4, "08:00", "11:00")),
    ((0, "08:00", "10:00"), (1, "08:00", "10:00"), (2, "08:00", "10:00"), (3, "08:00", "10:00"), (4, "08:00", "10:00")),
    ((1, "13:00", "15:00"), (3, "10:00", "15:00")),
)
"""Weeks of mentors and coaches: days with hours."""

SAID = 0.6
"""Share of the mentors who have said when they can be met."""


def make(people: People, dice: random.Random) -> None:
    """Hours of mentors and coaches, the mentor's leave and calendar, proposed times, and a repetition."""
    mentor, coach = people.actor(people.cast["mentor"]), people.actor(people.cast["coach"])
    with clock.at(at(20)):
        _say(mentor, WEEKS[0], notice_hours=12, gap_minutes=15)
        _say(coach, WEEKS[1], notice_hours=24)
        for person_id in db.session.scalars(
            sa.select(Offer.person_id).where(Offer.closed_at.is_(None)).order_by(Offer.person_id).distinct()
        ).all():
            if person_id not in people.cast.values() and dice.random() < SAID:
                _say(people.actor(person_id), dice.choice(WEEKS))
    with clock.at(at(1, 8)):
        leave = clock.today(mentor.timezone) + timedelta(days=16)
        actions.add_exception(mentor, ExceptionInput(kind="away", from_on=leave, to_on=leave + timedelta(days=4)))
        actions.bring_calendar_file(mentor, CalendarName(name="Agenda dinas"), _taken(mentor, dice), filename="agenda.ics")
        actions.renew_feed(mentor)
        _propose(people, mentor)
        _repeat(people, people.actor(people.cast["mentor_full"]))


def _say(actor: Actor, week: tuple[tuple[int, str, str], ...], **habits: int) -> None:
    stretches = [Stretch.model_validate({"weekday": day, "starts": starts, "ends": ends}) for day, starts, ends in week]
    actions.say_hours(actor, HoursInput(stretches=stretches, **habits))


def _taken(actor: Actor, dice: random.Random) -> list[Span]:
    """An appointment on most working days of the next weeks."""
    spans, today = [], clock.today(actor.timezone)
    for number in range(1, 40):
        day = today + timedelta(days=number)
        if day.weekday() < 5 and dice.random() < 0.7:
            begin = _moment(day, dice.choice((8, 9, 10, 13, 14)), actor.timezone)
            spans.append((begin, begin + timedelta(minutes=dice.choice((60, 90, 120)))))
    return spans


def _moment(day: date, hour: int, zone: str) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone))


def _propose(people: People, mentor: Actor) -> None:
    """The mentor's mentee proposes three times."""
    for pair in _running(mentor):
        mentee = people.actor(pair.mentee_id)
        free = free_times_for(mentee, pair.series, minutes=60, first=clock.today(mentee.timezone) + timedelta(days=3), days=14)
        if len(free) >= 3:
            plan = MeetingPlan(slots=[free[0], free[len(free) // 2], free[-1]], mode="video", agenda="Kemajuan peta jalan")
            actions.propose_times(mentee, pair.series, plan)
            return


def _repeat(people: People, mentor: Actor) -> None:
    """A mentor and a mentee have booked three sessions, two weeks apart."""
    for pair in _running(mentor):
        day = clock.today(mentor.timezone) + timedelta(days=19)
        day += timedelta(days=-day.weekday() % 7)
        try:
            plan = MeetingPlan(day=day, at=time(10), every_weeks=2, times=3, mode="in_person", place="Ruang rapat lantai 2",
                               anyway=True, skip_taken=True)  # fmt: skip
            actions.plan_meeting(people.actor(pair.mentee_id), pair.series, plan)
            return
        except Conflict:
            continue


def _running(mentor: Actor) -> list[Mentorship]:
    return [pair for pair in mentorships_for(mentor, open_only=True) if pair.mentor_id == mentor.person_id]
