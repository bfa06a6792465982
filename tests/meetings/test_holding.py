"""Nobody is booked twice, whoever books, in whatever order, at the same instant."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, DomainError, Invalid
from mentorlink.kernel.inputs import read
from mentorlink.people.models import Person
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import Cancelling, HoursInput, MeetingOutcome, MeetingPlan, MeetingTime, Reason
from mentorlink.sessions.meetings.inputs.hours import ExceptionInput, Stretch
from mentorlink.sessions.meetings.models import Hold, Meeting, Series
from mentorlink.sessions.meetings.queries import free_times_for, meeting_for, meetings_for, place_in_run, series_for
from tests.meetings.threads import at_once
from tests.mentoring.pair import Pair


@pytest.fixture
def pair_and_third(pair: Pair) -> tuple[Pair, int]:
    """The pair, and a series in which the mentor meets somebody else too."""
    other = pair.cast.second_mentor
    series = actions.begin_series(pair.cast.actor(other), (pair.mentor_id, other.id))
    return pair, series.id


def coming(days: int = 7) -> date:
    """A Monday at least so many days ahead."""
    day = clock.today() + timedelta(days=days)
    return day + timedelta(days=-day.weekday() % 7)


def plan(actor: Actor, series: Series, at: str = "09:00", **more: object) -> Meeting:
    return actions.plan_meeting(actor, series, MeetingPlan(**({"day": coming(), "at": at} | more)))


def holds() -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(Hold)) or 0)


def test_somebody_who_is_booked_is_not_booked_by_others(pair_and_third: tuple[Pair, int]) -> None:
    pair, other = pair_and_third
    third = pair.cast.actor(pair.cast.second_mentor)
    plan(pair.mentee, pair.row(pair.mentee).series)
    for at in ("08:30", "09:00", "09:55"):
        with pytest.raises(Conflict, match="person_busy") as refused:
            plan(third, series_for(third, other), at)
        assert refused.value.facts == {"mine": False, "name": "Mentor"}
    with pytest.raises(Conflict, match="person_busy") as refused:
        plan(pair.mentor, series_for(pair.mentor, other), "09:30")
    assert refused.value.facts == {"mine": True, "name": ""}
    plan(third, series_for(third, other), "08:00")
    plan(third, series_for(third, other), "10:00")
    assert holds() == 3 * 2 * 12


def test_what_is_moved_cancelled_or_held_leaves_its_time_free(pair_and_third: tuple[Pair, int]) -> None:
    pair, other = pair_and_third
    third = pair.cast.actor(pair.cast.second_mentor)
    meeting = plan(pair.mentee, pair.row(pair.mentee).series)
    actions.move_meeting(pair.mentee, meeting, MeetingTime(day=coming(), at="09:30"))
    plan(third, series_for(third, other), "08:30")
    with pytest.raises(Conflict, match="person_busy"):
        actions.move_meeting(pair.mentee, meeting_for(pair.mentee, meeting.id), MeetingTime(day=coming(), at="09:00"))
    db.session.rollback()
    assert meeting_for(pair.mentor, meeting.id).revision == 1, "what was refused has changed nothing"
    assert holds() == 2 * 2 * 12
    actions.cancel_meeting(pair.mentor, meeting_for(pair.mentor, meeting.id), Reason(reason="Ill"))
    last = plan(third, series_for(third, other), "09:30")
    with clock.at(last.ends_at):
        actions.hold_meeting(third, last, MeetingOutcome())
    assert holds() == 2 * 12


def test_of_many_who_book_one_person_at_one_instant_one_does(pair_and_third: tuple[Pair, int]) -> None:
    pair, other = pair_and_third
    third, mentee, one = pair.cast.actor(pair.cast.second_mentor), pair.mentee, pair.row(pair.mentee).series_id
    for hour in range(8, 16):
        begins = [f"{hour:02}:{minute:02}" for minute in (0, 15, 30, 45)]
        deeds = [
            lambda at=at, who=who, where=where: plan(who, series_for(who, where), at).id
            for at in begins
            for who, where in ((mentee, one), (third, other))
        ]
        results = at_once(pair.cast.app, *deeds)
        assert all(isinstance(result, int | Conflict) for result in results)
        assert {result.code for result in results if isinstance(result, DomainError)} <= {"person_busy", "meeting_at_that_time"}
    meetings = sorted((m.starts_at, m.ends_at) for m in db.session.scalars(sa.select(Meeting)))
    assert len(meetings) >= 4
    assert all(a[1] <= b[0] for a, b in pairwise(meetings)), "the mentor is in one place at a time"
    assert holds() == len(meetings) * 2 * 12


def test_two_who_move_into_one_anothers_time_do_not_meet_there(pair_and_third: tuple[Pair, int]) -> None:
    pair, other = pair_and_third
    third, mentee = pair.cast.actor(pair.cast.second_mentor), pair.mentee
    first = plan(mentee, pair.row(mentee).series, "09:00").id
    second = plan(third, series_for(third, other), "11:00").id
    to = MeetingTime(day=coming(), at="14:00")
    results = at_once(
        pair.cast.app,
        lambda: actions.move_meeting(mentee, meeting_for(mentee, first), to).id,
        lambda: actions.move_meeting(third, meeting_for(third, second), to).id,
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "int"]
    assert holds() == 2 * 2 * 12


def test_several_are_booked_at_once_each_at_the_same_hour(pair: Pair) -> None:
    first = plan(pair.mentee, pair.row(pair.mentee).series, every_weeks=2, times=4, agenda="Progress", mode="video")
    found = sorted(meetings_for(pair.mentor, pair.row().series), key=lambda m: m.number)
    assert [(m.starts_at - first.starts_at).days for m in found] == [0, 14, 28, 42]
    assert [m.number for m in found] == [1, 2, 3, 4]
    assert len({m.run_uid for m in found}) == 1
    assert len({m.uid for m in found}) == 4
    assert len({m.place for m in found}) == 1
    assert [item.text for m in found for item in m.agenda] == ["Progress"] * 4
    actions.cancel_meeting(pair.mentor, found[2], Cancelling(reason="Leave", later_too=True))
    assert [m.state for m in sorted(meetings_for(pair.mentor, pair.row().series), key=lambda m: m.number)] == [
        "planned", "planned", "cancelled", "cancelled",
    ]  # fmt: skip


@pytest.mark.one_database
def test_a_repetition_moves_from_one_of_it_on_by_as_many_days_or_not_at_all(pair: Pair) -> None:
    first = plan(pair.mentee, pair.row(pair.mentee).series, every_weeks=1, times=4)

    def starts() -> list[datetime]:
        db.session.rollback()
        return [m.starts_at for m in sorted(meetings_for(pair.mentor, pair.row().series), key=lambda m: m.run_at)]

    before = starts()
    second = meeting_for(pair.mentor, first.id + 1)
    assert place_in_run(second) == (2, 4)
    to = {"slots": [before[1] + timedelta(days=7, hours=1)], "later_too": True}
    actions.move_meeting(pair.mentor, second, MeetingTime(**to))
    after = starts()
    assert [new - old for old, new in zip(before, after, strict=True)] == [timedelta(0)] + [timedelta(days=7, hours=1)] * 3
    with pytest.raises(Conflict, match="meeting_at_that_time"):
        actions.move_meeting(pair.mentor, meeting_for(pair.mentor, second.id), MeetingTime(slots=[before[0]], later_too=True))
    assert starts() == after


def test_a_repetition_over_a_taken_day_is_booked_whole_or_around_it(pair_and_third: tuple[Pair, int]) -> None:
    pair, other = pair_and_third
    third = pair.cast.actor(pair.cast.second_mentor)
    taken = plan(third, series_for(third, other), day=coming(14))
    with pytest.raises(Conflict, match="days_taken") as refused:
        plan(pair.mentee, pair.row(pair.mentee).series, every_weeks=1, times=3)
    assert refused.value.facts == {"mine": False, "name": "Mentor", "days": [taken.starts_at.isoformat()]}
    db.session.rollback()
    assert meetings_for(pair.mentor, pair.row().series) == []
    plan(pair.mentee, pair.row(pair.mentee).series, every_weeks=1, times=3, skip_taken=True)
    days = [(m.starts_at.date() - coming()).days for m in meetings_for(pair.mentor, pair.row().series)]
    assert sorted(days) == [0, 14]


def test_exactly_one_time_is_booked(pair: Pair) -> None:
    series, slots = pair.row(pair.mentee).series, [clock.now() + timedelta(days=days) for days in (2, 3)]
    for said, field, code in (
        ({"slots": slots}, "slots", "one_time"),
        ({}, "day", "choose_time"),
        ({"day": coming()}, "at", "missing"),
        ({"at": "09:00"}, "day", "missing"),
    ):
        with pytest.raises(Invalid) as refused:
            actions.plan_meeting(pair.mentee, series, MeetingPlan(**said))
        assert [(fault.field, fault.code) for fault in refused.value.faults] == [(field, code)]
    assert actions.plan_meeting(pair.mentee, series, MeetingPlan(slots=slots[:1])).starts_at == slots[0]


def test_a_video_call_without_a_link_gets_a_room_nobody_can_guess(pair: Pair) -> None:
    series = pair.row(pair.mentee).series
    one, other = plan(pair.mentee, series, mode="video"), plan(pair.mentee, series, "11:00", mode="video")
    assert one.place.startswith("https://meet.jit.si/mentorlink-")
    assert len(one.place) >= 45
    assert one.place != other.place
    named = plan(pair.mentee, series, "13:00", mode="video", place="https://call.example.id/x")
    assert named.place == "https://call.example.id/x"
    assert plan(pair.mentee, series, "15:00", mode="phone").place is None


# Hours


def say(actor: Actor, *stretches: tuple[int, str, str], **more: int) -> None:
    said = [Stretch(weekday=day, starts=starts, ends=ends) for day, starts, ends in stretches]
    actions.say_hours(actor, HoursInput(stretches=said, **more))


def free(pair: Pair, first: date, days: int = 1, minutes: int = 60) -> list[datetime]:
    return free_times_for(pair.mentee, pair.row(pair.mentee).series, minutes=minutes, first=first, days=days)


def test_free_is_when_both_are_open_and_neither_is_taken(pair_and_third: tuple[Pair, int]) -> None:
    pair, other = pair_and_third
    db.session.get_one(Person, pair.mentor_id).timezone = "Asia/Jayapura"
    db.session.commit()
    assert [f"{m:%H:%M}" for m in free(pair, coming())] == [
        "01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00", "04:30", "05:00", "05:30", "06:00",
    ], "office hours of both: eight in Jakarta, which is ten in Jayapura, until four in Jayapura"  # fmt: skip
    say(pair.mentor, (0, "10:00", "12:00"), (0, "14:00", "16:00"), gap_minutes=30)
    assert [f"{m:%H:%M}" for m in free(pair, coming())] == ["01:00", "01:30", "02:00", "05:00", "05:30", "06:00"]
    plan(pair.mentor, series_for(pair.mentor, other), "15:00", anyway=True)
    assert [f"{m:%H:%M}" for m in free(pair, coming())] == ["01:00", "01:30", "02:00"], "taken from 06:00 wholly"
    actions.add_exception(pair.mentor, ExceptionInput(kind="away", from_on=coming()))
    assert free(pair, coming()) == []
    assert len(free(pair, coming(14))) == 6


def test_a_short_notice_is_kept_from_others_not_from_oneself(pair: Pair) -> None:
    day = coming()
    say(pair.mentor, (0, "00:00", "00:00"), notice_hours=12)
    say(pair.mentee, (0, "00:00", "00:00"))
    with clock.at(datetime.combine(day, datetime.min.time(), clock.now().tzinfo)):
        soonest = free(pair, day, 1)[0]
        assert soonest == clock.now() + timedelta(hours=12)
        series = pair.row().series
        assert free_times_for(pair.mentor, series, minutes=60, first=day, days=1)[0] == clock.now()


def test_what_somebody_said_is_passed_over_only_when_both_agreed(pair: Pair) -> None:
    series = pair.row(pair.mentee).series
    plan(pair.mentee, series, "19:00")
    say(pair.mentor, (0, "10:00", "12:00"))
    with pytest.raises(Invalid) as refused:
        plan(pair.mentee, series, "14:00")
    assert [(f.field, f.code, f.facts) for f in refused.value.faults] == [("anyway", "not_free", {"name": "Mentor"})]
    plan(pair.mentee, series, "11:00")
    plan(pair.mentee, series, "14:00", anyway=True)
    plan(pair.mentor, series, "16:00"), "who said it may book beyond it themselves"


def test_hours_said_twice_at_one_instant_are_said_once(pair: Pair) -> None:
    def deed() -> None:
        say(pair.cast.actor(db.session.get_one(Person, pair.mentor_id)), (0, "10:00", "12:00"))
        actions.add_exception(pair.cast.actor(db.session.get_one(Person, pair.mentor_id)),
                              ExceptionInput(kind="away", from_on=coming()))  # fmt: skip

    assert at_once(pair.cast.app, deed, deed, deed) == [None] * 3
    assert len(free(pair, coming(14))) == 3


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "away", "from_on": "2026-05-02", "to_on": "2026-05-01"}, "ends_before_it_starts"),
        ({"kind": "away", "from_on": "2026-05-02", "to_on": "2028-05-01"}, "too_long_away"),
        ({"kind": "open", "from_on": "2026-05-02"}, "hours_missing"),
        ({"kind": "away", "from_on": "2026-05-02", "starts": "10:00"}, "hours_missing"),
        ({"kind": "away", "from_on": "2026-05-02", "starts": "10:00", "ends": "09:00"}, "ends_before_it_starts"),
    ],
)
def test_an_exception_makes_sense(said: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(ExceptionInput, said)
    assert [fault.code for fault in refused.value.faults] == [code]
