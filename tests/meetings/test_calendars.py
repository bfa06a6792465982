"""Calendars from elsewhere: of what is in them, only when somebody is taken is read and kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Invalid, NotFound
from mentorlink.kernel.fetch import Fetched, NotFetched
from mentorlink.people.actions import disable_person
from mentorlink.sessions.meetings import actions, effects
from mentorlink.sessions.meetings.inputs import CalendarAddress, CalendarName, HoursInput, MeetingPlan
from mentorlink.sessions.meetings.models import BusyTime, CalendarFeed, CalendarSource, MeetingHabits
from mentorlink.sessions.meetings.queries import busy_counts, calendar_for, calendars_for, free_times_for, read_busy_times
from mentorlink.sessions.meetings.rules.busy import busy_times
from tests.mentoring.pair import Pair

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
JAKARTA = "Asia/Jakarta"


def ics(*events: str) -> str:
    body = "".join(
        f"BEGIN:VEVENT\nUID:u{number}\nDTSTAMP:20260101T000000Z\n{event}\nEND:VEVENT\n" for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n".replace("\n", "\r\n")


def read(text: str, days: int = 31) -> list[str]:
    found = busy_times(text, JAKARTA, MARCH.isoformat(), (MARCH + timedelta(days=days)).isoformat(), "@mentor.example")
    spans = [tuple(map(datetime.fromisoformat, span)) for span in found["spans"]]
    return [f"{begin:%d %H:%M}-{end:%d %H:%M}" for begin, end in spans]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART:20260302T020000Z\nDTEND:20260302T030000Z", ["02 02:00-02 03:00"]),
        ("DTSTART:20260302T090000\nDTEND:20260302T100000", ["02 02:00-02 03:00"]),
        ("DTSTART;TZID=Asia/Jayapura:20260302T090000\nDURATION:PT30M", ["02 00:00-02 00:30"]),
        ("DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260303", ["01 17:00-02 17:00"]),
        ("DTSTART;VALUE=DATE:20260302", ["01 17:00-02 17:00"]),
        ("DTSTART:20260302T020000Z", []),
        ("DTSTART:20260302T020000Z\nDTEND:20260302T030000Z\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20260302T020000Z\nDTEND:20260302T030000Z\nSTATUS:CANCELLED", []),
        ("DTSTART:20260302T020000Z\nDTEND:20260302T030000Z\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        ("DTSTART:20260302T020000Z\nDTEND:20260302T010000Z", []),
        (
            "DTSTART;TZID=Asia/Jakarta:20250106T090000\nDTEND;TZID=Asia/Jakarta:20250106T100000\n"
            "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260316T020000Z\nEXDATE;TZID=Asia/Jakarta:20260309T090000",
            ["02 02:00-02 03:00", "16 02:00-16 03:00"],
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20260327T090000\nDTEND;TZID=Europe/Berlin:20260327T100000\nRRULE:FREQ=DAILY;COUNT=4",
            ["27 08:00-27 09:00", "28 08:00-28 09:00", "29 07:00-29 08:00", "30 07:00-30 08:00"],
        ),
        ("DTSTART:20260302T020000Z\nDTEND:20260302T020100Z\nRRULE:FREQ=SECONDLY", []),
        ("DTSTART:20260302T020000Z\nDTEND:20260302T030000Z\nRRULE:FREQ=NEVERLY", []),
        ("DTSTART:20260302T020000Z\nDURATION:PT1H\nRDATE:20260304T020000Z,20260305T020000Z", [
            "02 02:00-02 03:00", "04 02:00-04 03:00", "05 02:00-05 03:00",
        ]),
    ],
)  # fmt: skip
def test_an_entry_takes_the_time_it_says(event: str, expected: list[str]) -> None:
    assert read(ics(event)) == expected


@pytest.mark.one_database
def test_one_of_a_repetition_that_was_moved_takes_its_new_time_only() -> None:
    text = ics("DTSTART:20260302T020000Z\nDTEND:20260302T030000Z\nRRULE:FREQ=DAILY;COUNT=3")
    more = """BEGIN:VEVENT
UID:u0
RECURRENCE-ID:20260303T020000Z
DTSTART:20260303T080000Z
DTEND:20260303T090000Z
END:VEVENT
BEGIN:VEVENT
UID:u0
RECURRENCE-ID:20260304T020000Z
STATUS:CANCELLED
DTSTART:20260304T020000Z
END:VEVENT
END:VCALENDAR""".replace("\n", "\r\n")
    assert read(text.replace("END:VCALENDAR", more)) == ["02 02:00-02 03:00", "03 08:00-03 09:00"]


@pytest.mark.one_database
def test_times_that_overlap_become_one_and_our_own_sessions_are_left_out() -> None:
    text = ics(
        "DTSTART:20260302T020000Z\nDTEND:20260302T030000Z",
        "DTSTART:20260302T023000Z\nDTEND:20260302T040000Z",
        "DTSTART:20260305T023000Z\nDTEND:20260305T040000Z",
    )
    assert read(text.replace("UID:u2", "UID:abc@mentor.example")) == ["02 02:00-02 04:00"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>Sign in</html>",
        "BEGIN:VCALENDAR",
        "BEGIN:VCARD\r\nEND:VCARD\r\n",
        "\0" * 100,
    ],
)
def test_what_is_no_calendar_is_refused_in_words(text: str) -> None:
    assert busy_times(text, JAKARTA, MARCH.isoformat(), MARCH.isoformat(), "") == {"fault": "not_a_calendar"}


def test_a_calendar_made_to_last_for_ever_costs_itself_alone(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentorlink.sessions.meetings.queries.calendars.SECONDS", 1)
    never = "DTSTART:20000101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    with pytest.raises(Invalid) as refused:
        read_busy_times(ics(*[never] * 500).encode(), JAKARTA)
    assert [fault.code for fault in refused.value.faults] == ["calendar_too_much"]


# Brought along


def a_file(pair: Pair, hours: int = 2) -> bytes:
    """The mentor is taken on the next Monday from nine on, by something secret."""
    begin = monday(pair).astimezone(UTC)
    when = f"DTSTART:{begin:%Y%m%dT%H%M%SZ}\nDTEND:{begin + timedelta(hours=hours):%Y%m%dT%H%M%SZ}"
    return ics(f"{when}\nSUMMARY:Operasi-9X\nLOCATION:Operasi-9X\nDESCRIPTION:Operasi-9X").encode()


def monday(pair: Pair) -> datetime:
    day = clock.today() + timedelta(days=7)
    day += timedelta(days=-day.weekday() % 7)
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def bring(pair: Pair, content: bytes, name: str = "work.ics") -> CalendarSource:
    spans = read_busy_times(content, pair.mentor.timezone)
    return actions.bring_calendar_file(pair.mentor, CalendarName(), spans, filename=name)


def free(pair: Pair) -> list[str]:
    found = free_times_for(pair.mentee, pair.row(pair.mentee).series, minutes=60, first=monday(pair).date(), days=1)
    return [f"{moment:%H:%M}" for moment in found]


def test_a_file_takes_ones_time_and_tells_nothing_else(pair: Pair) -> None:
    assert free(pair)[:2] == ["01:00", "01:30"]
    source = bring(pair, a_file(pair))
    assert busy_counts([source.id]) == {source.id: 1}
    assert free(pair)[:2] == ["01:00", "04:00"]
    assert [column.name for column in BusyTime.__table__.columns] == ["id", "source_id", "person_id", "starts_at", "ends_at"]
    kept = [str(value) for column in CalendarSource.__table__.columns for value in db.session.scalars(sa.select(column))]
    assert not [value for value in kept if "Operasi" in value]
    with pytest.raises(Invalid) as refused:
        actions.plan_meeting(pair.mentee, pair.row(pair.mentee).series, MeetingPlan(slots=[monday(pair)]))
    assert refused.value.faults[0].code == "not_free"
    bring(pair, a_file(pair, hours=1))
    assert len(calendars_for(pair.mentor)) == 1, "a newer file takes the place of the older"
    assert free(pair)[:2] == ["01:00", "03:00"]
    actions.drop_calendar(pair.mentor, source)
    assert free(pair)[:2] == ["01:00", "01:30"]


def test_a_calendar_is_its_owners_alone(pair: Pair) -> None:
    source = bring(pair, a_file(pair))
    with pytest.raises(NotFound):
        calendar_for(pair.mentee, source.id)
    assert calendars_for(pair.mentee) == []
    for number in range(4):
        bring(pair, a_file(pair), f"{number}.ics")
    with pytest.raises(Conflict, match="too_many_calendars"):
        bring(pair, a_file(pair), "one more.ics")


def test_who_leaves_takes_hours_calendars_and_feed_along(pair: Pair) -> None:
    bring(pair, a_file(pair))
    actions.renew_feed(pair.mentor)
    actions.say_hours(pair.mentor, HoursInput(notice_hours=2))
    disable_person(pair.cast.actor(pair.cast.administrator), pair.cast.mentor)
    tables = (BusyTime, CalendarSource, CalendarFeed, MeetingHabits)
    assert [db.session.scalars(sa.select(table)).all() for table in tables] == [[]] * 4


class Server:
    """What an address answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answer: Callable[[], Fetched] = lambda: Fetched(b"", "")
        self.asked: list[tuple[str, str]] = []
        monkeypatch.setattr(effects, "fetch", self.fetch)

    def fetch(self, address: str, *, most: int, seconds: float, etag: str) -> Fetched:
        self.asked.append((address, etag))
        return self.answer()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    return Server(monkeypatch)


def work() -> None:
    while jobs.run_due(only=True):
        pass
    db.session.rollback()


def test_an_address_is_fetched_at_once_and_again_after_some_hours(pair: Pair, server: Server) -> None:
    server.answer = lambda: Fetched(a_file(pair), '"one"')
    said = CalendarAddress(address="webcal://calendar.example.id/secret.ics")
    source = actions.bring_calendar_address(pair.mentor, said)
    actions.bring_calendar_address(pair.mentor, said)
    assert len(calendars_for(pair.mentor)) == 1
    work()
    assert server.asked == [("https://calendar.example.id/secret.ics", "")]
    assert free(pair)[:2] == ["01:00", "04:00"]
    assert (source.state, source.etag) == ("good", '"one"')
    server.answer = lambda: Fetched(None, "")
    with clock.at(clock.now() + timedelta(hours=6, minutes=1)):
        jobs.schedule()
        work()
    assert server.asked[1:] == [("https://calendar.example.id/secret.ics", '"one"')]
    assert free(pair)[:2] == ["01:00", "04:00"], "what has not changed stays"


def test_what_fails_is_told_keeps_what_was_known_and_is_tried_less_and_less(pair: Pair, server: Server) -> None:
    server.answer = lambda: Fetched(a_file(pair), "")
    source = actions.bring_calendar_address(pair.mentor, CalendarAddress(address="https://calendar.example.id/x.ics"))
    work()

    def fail() -> Fetched:
        raise NotFetched("fetch_private")

    server.answer, pauses = fail, []
    for _try in range(3):
        with clock.at(source.due_at + timedelta(seconds=1)):
            jobs.enqueue_many("meetings.fetch_calendars", {})
            effects.fetch_calendars({})
            db.session.refresh(source)
            pauses.append((source.due_at - clock.now()).total_seconds() / 3600)
    assert (source.state, source.fault, source.failures) == ("failing", "fetch_private", 3)
    assert pauses == [12, 24, 48]
    assert len(db.session.scalars(sa.select(BusyTime)).all()) == 1
    server.answer = lambda: Fetched(b"<html>Sign in</html>", "")
    with clock.at(source.due_at + timedelta(seconds=1)):
        effects.fetch_calendars({})
        db.session.refresh(source)
    assert source.fault == "not_a_calendar"


def test_each_due_calendar_is_given_to_one_worker(pair: Pair, server: Server) -> None:
    actions.bring_calendar_address(pair.mentor, CalendarAddress(address="https://calendar.example.id/x.ics"))
    from mentorlink.kernel.actor import Actor

    assert len(actions.claim_due_calendars(Actor.system(), limit=5)) == 1
    assert actions.claim_due_calendars(Actor.system(), limit=5) == []


@pytest.mark.parametrize(
    "address", ["http://calendar.example.id/x.ics", "file:///etc/passwd", "https://u:p@example.id/x", "https://a:8443/x.ics"]
)
def test_an_address_is_https_and_names_a_server(pair: Pair, address: str) -> None:
    with pytest.raises((Invalid, ValueError)):
        actions.bring_calendar_address(pair.mentor, CalendarAddress(address=address))
