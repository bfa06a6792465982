"""Free times, proposed times, hours and calendars, as one uses them in a browser without script."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.people.models import Person
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import MeetingPlan
from mentorlink.sessions.meetings.models import BusyTime, Meeting
from tests.mentoring.pair import Pair
from tests.queries import count_queries


def slots(page: str) -> list[str]:
    return re.findall(r'name="slots" value="([^"]+)"', page)


def monday() -> date:
    day = clock.today() + timedelta(days=7)
    return day + timedelta(days=-day.weekday() % 7)


def test_a_free_time_is_picked_and_booked(pair: Pair) -> None:
    client, path = pair.cast.client(pair.cast.mentee), f"/meetings/plan/{pair.row().series_id}"
    page = client.get(f"{path}?from={monday()}&minutes=90").text
    assert "Mentor has not said when they can be met" in page
    assert slots(page)[0] == f"{monday()}T01:00Z"
    assert len(slots(page)) == 5 * 14, "office hours of a week, for an hour and a half"
    form = {"slots": slots(page)[0], "minutes": "90", "mode": "video", "every_weeks": "0", "times": "6"}
    answer = client.post(path, data=form)
    assert answer.status_code == 303
    room = client.get(answer.location).text
    assert "https://meet.jit.si/mentorlink-" in room
    again = client.get(f"{path}?from={monday()}&minutes=90").text
    assert f"{monday()}T01:00Z" not in slots(again)


def test_a_time_that_somebody_took_meanwhile_is_said_on_the_same_page(pair: Pair) -> None:
    client, path = pair.cast.client(pair.cast.mentee), f"/meetings/plan/{pair.row().series_id}"
    slot = slots(client.get(f"{path}?from={monday()}").text)[2]
    other = actions.begin_series(pair.mentor, (pair.mentor_id, pair.cast.stranger.id))
    actions.plan_meeting(pair.mentor, other, MeetingPlan(slots=[slot]))
    db.session.rollback()
    answer = client.post(path, data={"slots": slot, "minutes": "60", "agenda": "Kept words"})
    assert answer.status_code == 409
    assert "Mentor already has a session at that time." in answer.text
    assert "Kept words" in answer.text


def test_several_are_booked_in_one_go(pair: Pair) -> None:
    client, path = pair.cast.client(pair.cast.mentee), f"/meetings/plan/{pair.row().series_id}"
    form = {"day": monday().isoformat(), "at": "10:00", "minutes": "45", "every_weeks": "1", "times": "3"}
    answer = client.post(path, data=form)
    room = client.get(answer.location).text
    assert "3 sessions planned. Mentor has been told." in room
    assert "1 of 3 in a series" in room
    assert 'name="later_too"' in client.get(f"{answer.location}/move").text
    refused = client.post(path, data=form | {"at": "10:30"})
    assert refused.status_code == 409
    assert "Nothing was booked" in refused.text


def test_times_are_proposed_and_one_is_chosen(pair: Pair) -> None:
    mentee, mentor = pair.cast.client(pair.cast.mentee), pair.cast.client(pair.cast.mentor)
    path = f"/meetings/plan/{pair.row().series_id}"
    chosen = slots(mentee.get(f"{path}?from={monday()}").text)[:3]
    answer = mentee.post(f"{path}/times", data={"slots": chosen, "minutes": "60", "every_weeks": "0", "times": "6"})
    assert answer.status_code == 303
    assert "Choose this time" not in mentee.get(answer.location).text
    assert "Mentee has proposed times." in mentor.get(path).text
    page = mentor.get(answer.location).text
    assert page.count("Choose this time") == 3
    booked = mentor.post(f"{answer.location}/take", data={"starts_at": chosen[1]})
    assert booked.status_code == 303
    taken = BeautifulSoup(mentee.get(answer.location).text, "html.parser")
    assert "A time was chosen." in taken.text
    assert [row.select_one("b").text for row in taken.select(".choice-row") if "Chosen" in row.text] == [  # type: ignore[union-attr]
        taken.select(".choice-row b")[1].text
    ]
    assert "Another time for session" not in taken.text, "it is the first booking"
    assert mentor.post(f"{answer.location}/take", data={"starts_at": chosen[2]}).status_code == 409
    assert mentor.post(f"{answer.location}/take", data={"starts_at": "soon"}).status_code == 404


@pytest.mark.one_database
def test_times_that_wait_are_the_turn_of_who_was_asked_and_stand_among_the_sessions(pair: Pair) -> None:
    pair.go_to("persuasive")
    pair.set_goals()
    mentee, mentor = pair.cast.client(pair.cast.mentee), pair.cast.client(pair.cast.mentor)
    here = f"/mentoring/{pair.id}"
    assert ["Plan your next session" in client.get(here).text for client in (mentee, mentor)] == [True, True]
    plan = MeetingPlan(day=monday(), at="09:00", agenda="- First\n- Second")
    proposal = actions.propose_times(pair.mentee, pair.row(pair.mentee).series, plan)
    for page in (here, "/"):
        assert "Choose a time for your session" in mentor.get(page).text
        assert "turn: choosing a time" in mentee.get(page).text
    assert "Your turn" in mentor.get("/mentoring").text
    assert "Your turn" not in mentee.get("/mentoring").text
    for client in (mentee, mentor):
        assert f'href="/meetings/times/{proposal.id}"' in client.get(f"{here}/meetings").text
    listed = BeautifulSoup(mentor.get(f"/meetings/times/{proposal.id}").text, "html.parser").select("ol li")
    assert {"First", "Second"} <= {each.text for each in listed}
    meeting = actions.take_time(pair.mentor, proposal, proposal.times[0].starts_at)
    assert {item.added_by_id for item in meeting.agenda} == {pair.cast.mentee.id}, "they stay whose they were"


@pytest.mark.one_database
def test_times_chosen_on_other_days_stay_chosen_while_one_looks_further(pair: Pair) -> None:
    client, path = pair.cast.client(pair.cast.mentee), f"/meetings/plan/{pair.row().series_id}"
    chosen = slots(client.get(f"{path}?from={monday()}").text)[2]
    later = BeautifulSoup(client.get(f"{path}?from={monday() + timedelta(days=7)}&slots={chosen}&slots=soon").text, "html.parser")
    assert [each["value"] for each in later.select("[name=slots][checked]")] == [chosen]
    back = BeautifulSoup(client.get(f"{path}?from={monday()}&slots={chosen}").text, "html.parser")
    assert [each["value"] for each in back.select("[name=slots][checked]")] == [chosen]


@pytest.mark.one_database
def test_of_two_who_move_a_session_the_second_is_told_both_days_first(pair: Pair) -> None:
    mentee, mentor = pair.cast.client(pair.cast.mentee), pair.cast.client(pair.cast.mentor)
    meeting = actions.plan_meeting(pair.mentee, pair.row(pair.mentee).series, MeetingPlan(day=monday(), at="09:00"))
    path = f"/meetings/{meeting.id}/move"

    def send(client: FlaskClient, days: int, revision: int) -> tuple[int, str]:
        day = (monday() + timedelta(days=days)).isoformat()
        form = {"day": day, "at": "10:00", "minutes": "60", "mode": "phone", "revision": str(revision)}
        answer = client.post(path, data=form)
        return answer.status_code, answer.text

    assert 'name="revision" value="0"' in mentee.get(path).text
    assert send(mentee, 1, 0)[0] == 303
    status, page = send(mentor, 2, 0)
    assert (status, "Two moved it at once" in page) == (409, True)
    assert f"{monday() + timedelta(days=1):%-d %B}, 10:00" in page
    assert send(mentor, 2, 1)[0] == 303


@pytest.mark.one_database
def test_who_settles_a_session_second_sees_what_they_wrote_and_who_noted_what(pair: Pair) -> None:
    mentee, mentor = pair.cast.client(pair.cast.mentee), pair.cast.client(pair.cast.mentor)
    meeting = actions.plan_meeting(pair.mentee, pair.row(pair.mentee).series, MeetingPlan(day=monday(), at="09:00"))
    db.session.execute(sa.update(Meeting).values(starts_at=clock.now() - timedelta(hours=3)))
    db.session.commit()
    said = {"absent_id": str(pair.cast.mentee.id), "reason": "Nobody at the door"}
    assert mentor.post(f"/meetings/{meeting.id}/miss", data=said).status_code == 303
    assert "Mentor noted that you did not come." in mentee.get(f"/meetings/{meeting.id}").text
    assert "You noted that Mentee did not come." in mentor.get(f"/meetings/{meeting.id}").text
    late = mentee.post(f"/meetings/{meeting.id}/cancel", data={"reason": "The road was flooded"})
    assert (late.status_code, "The road was flooded" in late.text, "already noted as missed" in late.text) == (409, True, True)


def test_another_time_for_a_session_is_proposed_and_none_suits(pair: Pair) -> None:
    mentee, mentor = pair.cast.client(pair.cast.mentee), pair.cast.client(pair.cast.mentor)
    meeting = actions.plan_meeting(pair.mentee, pair.row(pair.mentee).series, MeetingPlan(day=monday(), at="09:00"))
    page = mentee.get(f"/meetings/{meeting.id}/move?from={monday()}").text
    assert f"{monday()}T02:00Z" in slots(page), "its own time does not stand in its way"
    said = {"slots": slots(page)[5:7], "minutes": "60", "mode": "in_person"}
    answer = mentee.post(f"/meetings/{meeting.id}/times", data=said)
    none = mentor.post(f"{answer.location}/decline", data={"words": "Travelling"})
    assert none.location.endswith(f"/meetings/{meeting.id}/move")
    assert "Travelling" in mentee.get(answer.location).text


def test_hours_are_said_and_others_see_them(pair: Pair) -> None:
    mentor, mentee = pair.cast.client(pair.cast.mentor), pair.cast.client(pair.cast.mentee)
    assert "office hours are assumed" in mentor.get("/meetings/hours").text
    faulty = mentor.post("/meetings/hours", data={"starts-1-0": "14:00", "ends-1-0": "13:00"})
    assert faulty.status_code == 422
    assert "The end comes after the start." in faulty.text
    assert 'value="14:00"' in faulty.text
    said = {"starts-0-0": "09:00", "ends-0-0": "11:00", "starts-0-1": "13:00", "ends-0-1": "14:00", "notice_hours": "12"}
    assert mentor.post("/meetings/hours", data=said).status_code == 303
    away = {"kind": "away", "from_on": (monday() + timedelta(days=7)).isoformat()}
    assert mentor.post("/meetings/hours/exceptions", data=away).status_code == 303
    path = f"/meetings/plan/{pair.row().series_id}"
    found = slots(mentee.get(f"{path}?from={monday()}").text)
    assert found == [f"{monday()}T{at}Z" for at in ("02:00", "02:30", "03:00", "06:00")]
    assert slots(mentee.get(f"{path}?from={monday() + timedelta(days=7)}").text) == []
    assert mentor.post("/meetings/hours/exceptions/1/drop").status_code == 303
    assert len(slots(mentee.get(f"{path}?from={monday() + timedelta(days=7)}").text)) == 4


def test_a_calendar_file_is_brought_and_forgotten(pair: Pair) -> None:
    client = pair.cast.client(pair.cast.mentor)
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:{monday():%Y%m%d}T090000\nDURATION:PT2H\nEND:VEVENT\nEND:VCALENDAR\n"
    sent = {"file": (io.BytesIO(text.replace("\n", "\r\n").encode()), "work.ics")}
    assert client.post("/meetings/calendars/file", data=sent).status_code == 303
    page = client.get("/meetings/hours").text
    assert "work.ics" in page
    assert "1 busy time to come" in page
    wrong = client.post("/meetings/calendars/file", data={"file": (io.BytesIO(b"%PDF"), "x.ics")})
    assert wrong.status_code == 422
    assert "This is not a calendar." in wrong.text
    assert client.post("/meetings/calendars/address", data={"address": "http://x.example.id/a.ics"}).status_code == 422
    assert client.post("/meetings/calendars/1/drop").status_code == 303
    assert db.session.scalars(sa.select(BusyTime)).all() == []


def test_the_address_of_the_feed_is_made_renewed_and_ended(pair: Pair) -> None:
    client = pair.cast.client(pair.cast.mentor)
    addresses = []
    for _time in range(2):
        client.post("/meetings/feed")
        addresses += re.findall(r"/calendar/[\w-]+\.ics", client.get("/meetings/hours").text)
    assert len(set(addresses)) == 2
    assert [client.get(path).status_code for path in addresses] == [404, 200]
    client.post("/meetings/feed/end")
    assert client.get(addresses[1]).status_code == 404


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Jayapura"])
def test_times_stand_on_the_readers_wall(pair: Pair, zone: str) -> None:
    db.session.get_one(Person, pair.mentee_id).timezone = zone
    db.session.commit()
    page = pair.cast.client(pair.cast.mentee).get(f"/meetings/plan/{pair.row().series_id}?from={monday()}").text
    first = {"Asia/Jakarta": "08:00", "Asia/Jayapura": "10:00"}[zone]
    assert re.search(r"</span>(\d\d:\d\d)</span>", page)[1] == first  # type: ignore[index]


def test_looking_for_a_time_costs_the_same_however_much_is_planned(pair: Pair) -> None:
    client, path = pair.cast.client(pair.cast.mentee), f"/meetings/plan/{pair.row().series_id}?from={monday()}"
    client.get(path)
    with count_queries() as few:
        client.get(path)
    series = pair.row(pair.mentee).series
    for hour in range(8, 16):
        actions.plan_meeting(pair.mentee, series, MeetingPlan(day=monday(), at=f"{hour:02}:00", minutes=30))
    db.session.rollback()
    assert len(db.session.scalars(sa.select(Meeting)).all()) == 8
    db.session.rollback()
    with count_queries() as many:
        client.get(path)
    assert len(many) == len(few) <= 22
