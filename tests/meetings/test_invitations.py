"""What calendar programs get, read back by a parser of other hands."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.kernel.jobs import Task
from mentorlink.notifications.actions import choose_preferences
from mentorlink.notifications.inputs import PreferencesInput
from mentorlink.people.models import Person
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import Cancelling, MeetingPlan, MeetingTime, Reason
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.queries import meeting_for, meetings_for
from mentorlink.sessions.meetings.rules.ical import Entry, calendar_text
from mentorlink.web.mail import compose
from tests.mentoring.pair import Pair

SECRET = "Kerahasiaan-7Q"


def coming(days: int = 7) -> date:
    return clock.today() + timedelta(days=days)


def plan(pair: Pair, **more: object) -> Meeting:
    data = MeetingPlan(**({"day": coming(), "at": "09:00", "agenda": SECRET, "place": "Room 3; left, then \\ up"} | more))
    return actions.plan_meeting(pair.mentee, pair.row(pair.mentee).series, data)


def mails(pair: Pair, person_id: int) -> list[EmailMessage]:
    """The mails that wait for a person, composed now; those that have nothing to tell any more are not there."""
    db.session.rollback()
    person = db.session.get_one(Person, person_id)
    waiting = db.session.scalars(sa.select(Task).where(Task.kind == "mail.soon").order_by(Task.id))
    mine = [task.payload for task in waiting if task.payload.get("to_person_id") == person_id]
    return [mail for payload in mine if (mail := compose(person.email, person, payload)) is not None]


def calendars(pair: Pair, person_id: int) -> list[Calendar]:
    return [calendar_of(mail) for mail in mails(pair, person_id) if part_of(mail)]


def part_of(mail: EmailMessage) -> EmailMessage | None:
    return next((part for part in mail.walk() if part.get_content_type() == "text/calendar"), None)


def calendar_of(mail: EmailMessage) -> Calendar:
    part = part_of(mail)
    assert part is not None
    text = part.get_content()
    assert f"METHOD:{part.get_param('method')}\r\n" in text.replace("\n", "\r\n").replace("\r\r", "\r"), "both say the same"
    assert SECRET not in text
    return IcsCalendarStream.calendar_from_ics(text)


def test_a_planned_session_comes_to_both_as_a_request(pair: Pair) -> None:
    meeting = plan(pair)
    for person_id, status, other in ((pair.mentor_id, "NEEDS-ACTION", "Mentee"), (pair.mentee_id, "ACCEPTED", "Mentor")):
        (found,) = calendars(pair, person_id)
        (event,) = found.events
        assert found.method == "REQUEST"
        assert (event.uid, event.sequence, event.status) == (f"{meeting.uid}@localhost", 0, "CONFIRMED")
        assert (event.start, event.end) == (meeting.starts_at, meeting.ends_at)
        assert event.summary == f"Session with {other}"
        assert event.location == "Room 3; left, then \\ up"
        assert f"/meetings/{meeting.id}" in event.description
        (who,) = event.attendees
        assert (str(who.status), who.uri) == (status, f"mailto:{db.session.get_one(Person, person_id).email}")
        assert event.organizer.uri == "mailto:no-reply@localhost"


def test_moves_and_the_cancelling_carry_the_same_name_and_higher_numbers(pair: Pair) -> None:
    meeting = plan(pair)
    seen = [calendars(pair, pair.mentor_id)[-1]]
    actions.move_meeting(pair.mentee, meeting, MeetingTime(day=coming(9), at="10:00"))
    seen.append(calendars(pair, pair.mentor_id)[-1])
    actions.move_meeting(pair.mentor, meeting_for(pair.mentor, meeting.id), MeetingTime(day=coming(10), at="10:00"))
    seen.append(calendars(pair, pair.mentor_id)[-1])
    actions.cancel_meeting(pair.mentor, meeting_for(pair.mentor, meeting.id), Reason(reason=SECRET))
    seen.append(calendars(pair, pair.mentee_id)[-1])
    assert [calendar.method for calendar in seen] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert [calendar.events[0].sequence for calendar in seen] == [0, 1, 2, 3]
    assert len({calendar.events[0].uid for calendar in seen}) == 1
    assert seen[-1].events[0].status.value == "CANCELLED"


def test_a_mail_that_came_too_late_is_not_sent(pair: Pair) -> None:
    meeting = plan(pair)
    assert len(calendars(pair, pair.mentor_id)) == 1
    actions.move_meeting(pair.mentee, meeting, MeetingTime(day=coming(9), at="10:00"))
    assert [c.events[0].sequence for c in calendars(pair, pair.mentor_id)] == [1], "the first invitation is void"
    actions.cancel_meeting(pair.mentee, meeting_for(pair.mentee, meeting.id), Reason(reason="Ill"))
    assert [c.method for c in calendars(pair, pair.mentor_id)] == ["CANCEL"]


def test_a_repetition_is_one_entry_and_its_changes_are_those_of_one_of_them(pair: Pair) -> None:
    plan(pair, every_weeks=2, times=4, day=coming())
    (found,) = calendars(pair, pair.mentor_id)
    rows = sorted(meetings_for(pair.mentor, pair.row().series), key=lambda m: m.number)
    assert [event.start for event in found.timeline] == [row.starts_at for row in rows]
    actions.move_meeting(pair.mentee, rows[1], MeetingTime(day=coming(22), at="13:00"))
    (moved,) = calendars(pair, pair.mentor_id)[-1].events
    assert moved.uid == found.events[0].uid
    assert moved.sequence == 1
    assert datetime.strptime(moved.recurrence_id, "%Y%m%dT%H%M%S").date() == coming(21)
    last = meeting_for(pair.mentee, rows[2].id)
    actions.cancel_meeting(pair.mentee, last, Cancelling(reason="Leave", later_too=True))
    off = calendars(pair, pair.mentor_id)[-1]
    assert off.method == "CANCEL"
    assert [(e.status.value, e.sequence, e.uid) for e in off.events] == [("CANCELLED", 1, moved.uid)] * 2


def test_a_repetition_keeps_its_hour_where_clocks_change(pair: Pair) -> None:
    db.session.get_one(Person, pair.mentee_id).timezone = "Europe/Berlin"
    db.session.commit()
    plan(pair, every_weeks=4, times=13)
    (mail,) = [mail for mail in mails(pair, pair.mentor_id) if part_of(mail)]
    found = calendar_of(mail)
    rows = sorted(meetings_for(pair.mentor, pair.row().series), key=lambda m: m.number)
    assert len({row.starts_at.hour for row in rows}) == 2, "a year holds both clocks"
    assert [event.start for event in found.timeline] == [row.starts_at for row in rows]
    part = part_of(mail)
    assert part is not None
    assert not re.search(r"^RDATE:.*,", part.get_content(), re.MULTILINE)


def test_a_repetition_leaves_out_what_was_taken(pair: Pair) -> None:
    plan(pair, day=coming(14))
    plan(pair, every_weeks=1, times=3, skip_taken=True)
    found = calendars(pair, pair.mentor_id)[-1]
    assert [event.start.astimezone(UTC).date() for event in found.timeline] == [coming(), coming(21)]


def test_who_wants_no_mails_of_sessions_gets_none(pair: Pair) -> None:
    choose_preferences(pair.mentor, PreferencesInput(in_app=["meetings"], by_mail=[]))
    before = len(mails(pair, pair.mentor_id))
    plan(pair)
    assert len(mails(pair, pair.mentor_id)) == before
    assert len(calendars(pair, pair.mentee_id)) == 1


def test_a_name_adds_nothing_to_what_a_calendar_reads() -> None:
    evil = 'Eve";X=1:\r\nMETHOD:PUBLISH\r\nEND:VEVENT\r\n'
    begin = datetime(2026, 3, 2, 9, tzinfo=UTC)
    entry = Entry(
        "one@localhost", 0, begin, begin, begin + timedelta(hours=1), evil, evil, "https://example.id/1", place=evil,
        organizer=(evil, "a@example.id"), attendee=(evil, "b@example.id", True),
    )  # fmt: skip
    text = calendar_text([entry], method="REQUEST")
    assert [line for line in text.splitlines() if line.startswith(("METHOD", "END:VEVENT"))] == ["METHOD:REQUEST", "END:VEVENT"]
    (event,) = IcsCalendarStream.calendar_from_ics(text).events
    assert event.attendees[0].uri == "mailto:b@example.id"
    assert event.organizer.common_name == "Eve ;X=1: METHOD:PUBLISH END:VEVENT"


# The feed


def feed(pair: Pair, path: str) -> Calendar:
    answer = pair.cast.client().get(path)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    return IcsCalendarStream.calendar_from_ics(answer.text)


def address(pair: Pair) -> str:
    token = actions.renew_feed(pair.mentor).token
    db.session.rollback()
    return f"/calendar/{token}.ics"


def test_the_feed_holds_a_persons_sessions_and_nothing_of_what_is_said(pair: Pair) -> None:
    path = address(pair)
    empty = feed(pair, path)
    assert empty.events == []
    second = plan(pair, at="11:00")
    actions.cancel_meeting(pair.mentee, second, Reason(reason=SECRET))
    (off,) = feed(pair, path).events
    assert off.status.value == "CANCELLED", "a feed without an entry would leave the old one standing in some programs"
    first = plan(pair)
    plan(pair, every_weeks=1, times=2, at="13:00")
    found = feed(pair, path)
    assert found.method is None
    assert len(found.events) == 3
    assert len({event.uid for event in found.events}) == 3
    assert f"{first.uid}@localhost" in {event.uid for event in found.events}
    assert SECRET not in pair.cast.client().get(path).text


def test_a_feed_that_has_not_changed_is_not_sent_again(pair: Pair) -> None:
    path, client = address(pair), pair.cast.client()
    plan(pair)
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    plan(pair, at="11:00")
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_renewed_address_ends_the_old_one(pair: Pair) -> None:
    old, client = address(pair), pair.cast.client()
    new = address(pair)
    assert [client.get(path).status_code for path in (old, new, "/calendar/guess.ics")] == [404, 200, 404]
    actions.end_feed(pair.mentor)
    assert client.get(new).status_code == 404


@pytest.mark.parametrize("state", ["disabled", "invited"])
def test_who_is_not_there_any_more_has_no_feed(pair: Pair, state: str) -> None:
    path = address(pair)
    db.session.get_one(Person, pair.mentor_id).state = state
    db.session.commit()
    assert pair.cast.client().get(path).status_code == 404


def test_the_file_of_a_session_is_for_those_who_meet(pair: Pair) -> None:
    meeting = plan(pair)
    path = f"/meetings/{meeting.id}/session.ics"
    answer = pair.cast.client(pair.cast.mentor).get(path)
    (event,) = IcsCalendarStream.calendar_from_ics(answer.text).events
    assert event.uid == f"{meeting.uid}@localhost"
    assert pair.cast.client(pair.cast.stranger).get(path).status_code == 404
