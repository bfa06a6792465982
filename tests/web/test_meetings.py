"""The pages of meetings, as the two use them in a browser without script."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.people.models import Person
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import MeetingPlan
from mentorlink.sessions.meetings.models import Meeting
from tests.mentoring.pair import Pair
from tests.queries import count_queries


@pytest.fixture
def meeting(pair: Pair) -> Meeting:
    """Planned for tomorrow at nine, with an agenda of two."""
    plan = MeetingPlan(day=clock.today() + timedelta(days=1), at="09:00", agenda="First\nSecond")
    return actions.plan_meeting(pair.mentee, pair.row(pair.mentee).series, plan)


def test_a_session_is_planned_from_its_form(pair: Pair) -> None:
    client, series = pair.cast.client(pair.cast.mentee), pair.row().series_id
    assert "Plan a session" in client.get(f"/meetings/plan/{series}").text
    day = clock.today() + timedelta(days=2)
    form = {
        "day": day.isoformat(),
        "at": "14:30",
        "minutes": 60,
        "mode": "video",
        "place": "https://meet.example.id/x",
        "agenda": "One",
    }
    gone = client.post(f"/meetings/plan/{series}", data=form | {"day": "2020-01-01", "agenda": "Kept words"})
    assert gone.status_code == 422
    assert "Kept words" in gone.text
    assert "This time has passed." in gone.text
    db.session.rollback()
    answer = client.post(f"/meetings/plan/{series}", data=form)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Session planned. Mentor has been told." in page
    assert 'href="https://meet.example.id/x"' in page
    again = client.post(f"/meetings/plan/{series}", data=form)
    assert again.status_code == 409
    assert "Was it sent twice?" in again.text


def test_the_time_is_shown_on_the_others_wall_where_it_differs(pair: Pair, meeting: Meeting) -> None:
    client = pair.cast.client(pair.cast.mentee)
    assert "WIT" not in client.get(f"/meetings/{meeting.id}").text
    db.session.get_one(Person, pair.mentor_id).timezone = "Asia/Jayapura"
    db.session.commit()
    page = client.get(f"/meetings/{meeting.id}").text.replace("\u202f", " ")
    assert "11:00 WIT for Mentor" in page
    assert "09:00 WIB" in page


def test_a_talk_is_logged_in_one_short_form(pair: Pair) -> None:
    client, series = pair.cast.client(pair.cast.mentor), pair.row().series_id
    assert "Log a session" in client.get(f"/meetings/log/{series}").text
    form = {"day": clock.today().isoformat(), "at": "00:01", "minutes": 15, "mode": "phone", "summary": "Agreed on the outline"}
    answer = client.post(f"/meetings/log/{series}", data=form)
    assert answer.status_code == 303
    assert "Agreed on the outline" in client.get(answer.location).text


@pytest.mark.one_database
def test_what_was_agreed_is_carried_to_planning_and_logging_and_a_stage_to_where_a_talk_counts(pair: Pair) -> None:
    client, series = pair.cast.client(pair.cast.mentor), pair.row().series_id
    pair.agree(minutes=50, mode="video")
    plan = client.get(f"/meetings/plan/{series}").text
    assert 'name="minutes" value="50"' in plan
    assert "As you agreed." in plan
    assert re.search(r'value="video"[^>]* checked', plan)
    assert '<option value="50" selected>' in client.get(f"/meetings/log/{series}").text
    assert client.get(f"/api/v1/series/{series}/free-times").json["minutes"] == 50
    ahead = clock.now() + timedelta(days=1)
    form = {"day": ahead.date().isoformat(), "at": "09:00", "minutes": 15, "mode": "phone", "summary": "Agreed on the outline"}
    early = client.post(f"/meetings/log/{series}", data=form)
    assert early.status_code == 422
    assert "09:15 on" in early.text, "it says when it can be written down"
    with clock.at(clock.now() + timedelta(hours=3)):
        pair.advance()
    with clock.at(clock.now() + timedelta(hours=4)):
        client = pair.cast.client(pair.cast.mentor)
        assert "A talk counts for the stage in which it began." in client.get(f"/meetings/log/{series}").text
        before = (clock.now() - timedelta(hours=2)).astimezone(ZoneInfo("Asia/Jakarta"))
        logged = client.post(f"/meetings/log/{series}", data=form | {"day": before.date().isoformat(), "at": f"{before:%H:%M}"})
        assert "Counts for an earlier stage" in client.get(logged.location).text
        assert "A session that began in another stage counts for that one." in client.get(f"/mentoring/{pair.id}").text


def test_of_a_private_note_on_two_devices_neither_text_is_lost(pair: Pair, meeting: Meeting) -> None:
    client, here = pair.cast.client(pair.cast.mentee), f"/meetings/{meeting.id}"
    for version, body in ((0, "On the desk"), (1, "On the desk, later")):
        assert client.post(f"{here}/private", data={"body": body, "version": version}).status_code == 303
    stale = client.post(f"{here}/private", data={"body": "On the phone", "version": 1})
    assert stale.status_code == 409
    assert "Two texts at once" in stale.text
    assert '<p class="said">On the desk, later</p>' in stale.text
    assert "On the phone</textarea>" in stale.text
    assert 'name="version" value="2"' in stale.text
    both = client.post(f"{here}/private", data={"body": "On the desk, later. On the phone.", "version": 2})
    assert both.status_code == 303
    assert "On the desk, later. On the phone.</textarea>" in client.get(here).text
    assert "On the" not in pair.cast.client(pair.cast.mentor).get(here).text


def test_both_keep_the_agenda_and_the_actions(pair: Pair, meeting: Meeting) -> None:
    mentor, mentee = pair.cast.client(pair.cast.mentor), pair.cast.client(pair.cast.mentee)
    here = f"/meetings/{meeting.id}"
    assert mentor.post(f"{here}/agenda", data={"text": "Third"}).status_code == 303
    assert mentor.post("/meetings/agenda/3/order", data={"up": "1"}).status_code == 303
    assert mentee.post("/meetings/agenda/1/tick", data={"done": "1"}).status_code == 303
    assert mentee.post("/meetings/agenda/2/drop").status_code == 303
    page = mentee.get(here).text
    assert page.index("First") < page.index("Third")
    assert "Second" not in page
    assert mentee.post(f"{here}/actions", data={"text": "Write it", "owner_id": pair.mentee_id}).status_code == 303
    faulty = mentee.post(f"{here}/actions", data={"text": "Kept words", "owner_id": pair.cast.stranger.id})
    assert faulty.status_code == 422
    assert "Kept words" in faulty.text
    db.session.rollback()
    assert "Write it" in mentor.get(here).text
    done = mentor.post("/meetings/actions/1", data={"state": "done", "from": meeting.id})
    assert done.location.endswith(f"{here}#actions")


def test_without_script_two_forms_of_the_notes_are_put_together(pair: Pair, meeting: Meeting) -> None:
    mentor, mentee = pair.cast.client(pair.cast.mentor), pair.cast.client(pair.cast.mentee)
    here = f"/meetings/{meeting.id}/notes"
    assert mentor.post(here, data={"body": "Mentor wrote this. ", "base": ""}).status_code == 303
    assert mentee.post(here, data={"body": "Mentee wrote that. ", "base": ""}).status_code == 303
    page = mentor.get(f"/meetings/{meeting.id}").text
    assert "Mentor wrote this. Mentee wrote that." in page
    history = mentor.get(here).text
    assert "Mentee, Mentor" in history or "Mentor, Mentee" in history


def test_a_change_of_the_notes_sent_twice_stands_once(pair: Pair, meeting: Meeting) -> None:
    mentor, mentee = pair.cast.client(pair.cast.mentor), pair.cast.client(pair.cast.mentee)
    here = f"/meetings/{meeting.id}/notes/changes"
    first = {"id": "aaaaaaaa-1", "base": 0, "change": ["Hello "]}
    for _ in range(2):
        answer = mentor.post(here, json=first).get_json()
    assert (answer["seq"], len(answer["changes"])) == (1, 1)
    late = mentee.post(here, json={"id": "bbbbbbbb-1", "base": 0, "change": ["world"]}).get_json()
    assert [one["change"] for one in late["changes"]] == [["Hello "], [6, "world"]]
    assert mentor.get(f"{here}?after=1").get_json()["changes"][0]["by"] == "Mentee"
    assert mentor.post(here, json={"id": "aaaaaaaa-2", "base": 2, "change": [99, "x"]}).status_code == 422
    assert mentor.post(here, json={"id": "aaaaaaaa-3", "base": 9, "change": ["x"]}).status_code == 409
    assert pair.cast.client(pair.cast.stranger).get(here).status_code == 404


def test_who_steered_is_read_once_both_have_said(pair: Pair, meeting: Meeting) -> None:
    with clock.at(clock.now() + timedelta(days=3), everywhere=True):
        mentor, mentee = pair.cast.client(pair.cast.mentor), pair.cast.client(pair.cast.mentee)
        here = f"/meetings/{meeting.id}"
        assert mentor.post(f"{here}/afterwards", data={"agenda": "me"}).status_code == 409, "it has not been held"
        mentor.post(f"{here}/hold", data={})
        for question in ("agenda", "proposed", "decided"):
            mentor.post(f"{here}/afterwards", data={question: "me"})
        mentor.post(f"{here}/afterwards", data={"useful": "4"})
        assert 'data-said="mentor"' not in mentee.get(here).text
        assert mentee.post(f"{here}/afterwards", data={"agenda": "both", "proposed": "other", "decided": "me"}).status_code == 303
        assert mentee.post(f"{here}/afterwards", data={"useful": "9"}).status_code == 422
        mentee.post(f"{here}/afterwards", data={"useful": "5"})
        page = " ".join(BeautifulSoup(mentee.get(here).text, "html.parser").get_text(" ").split())
        assert "4 of 5" in page
        assert "Who set the agenda? together Mentor" in page, "each answer names who did it, whoever gave it"
        assert "Who proposed the ways? Mentor Mentor" in page
        assert "What was talked about" in page
        assert "Add to the agenda" not in page
        assert mentee.post(f"{here}/afterwards", data={"useful": "1"}).status_code == 409


def test_a_held_session_says_what_came_of_it_next_time(pair: Pair, meeting: Meeting) -> None:
    later = clock.now() + timedelta(days=3)
    with clock.at(later, everywhere=True):
        client = pair.cast.client(pair.cast.mentee)
        assert "How did it go?" in client.get(f"/meetings/{meeting.id}").text
        assert client.post(f"/meetings/{meeting.id}/hold", data={"summary": "The outline stands"}).status_code == 303
        db.session.rollback()
        plan = MeetingPlan(day=clock.today() + timedelta(days=1), at="09:00")
        following = actions.plan_meeting(pair.mentee, pair.row(pair.mentee).series, plan)
        page = client.get(f"/meetings/{following.id}").text
        assert "Last time" in page
        assert "The outline stands" in page


def test_moving_cancelling_and_not_coming(pair: Pair, meeting: Meeting) -> None:
    client, here = pair.cast.client(pair.cast.mentee), f"/meetings/{meeting.id}"
    assert client.get(f"{here}/move").status_code == 200
    day = (clock.today() + timedelta(days=4)).isoformat()
    assert client.post(f"{here}/move", data={"day": day, "at": "10:00", "minutes": 30, "mode": "phone"}).status_code == 303
    unsaid = client.post(f"{here}/cancel", data={})
    assert unsaid.status_code == 422
    assert client.post(f"{here}/cancel", data={"reason": "Audit week"}).status_code == 303
    page = client.get(here).text
    assert "Cancelled by Mentee." in page
    assert "Audit week" in page
    assert client.get(f"{here}/move").status_code == 409


def test_a_long_series_comes_in_pages_and_takes_the_same_queries(pair: Pair) -> None:
    client = pair.cast.client(pair.cast.mentee)
    address = f"/mentoring/{pair.id}/meetings"

    def queries() -> int:
        db.session.rollback()
        with count_queries() as statements:
            assert client.get(address).status_code == 200
        return len(statements)

    for hours in range(3):
        pair.meet(hours_ago=1 + hours / 2, minutes=25)
    client.get(address)
    few = queries()
    for hours in range(22):
        pair.meet(hours_ago=3 + hours / 2)
    assert queries() == few
    first = client.get(address).text
    assert first.count("list-row") == 20
    older = first.split('href="/mentoring/')
    link = next(part for part in older if "before=" in part).split('"')[0]
    assert client.get(f"/mentoring/{link}".replace("&amp;", "&")).text.count("list-row") == 5
    assert client.get(f"{address}?before=nonsense").status_code == 200


def test_a_meeting_takes_few_queries(pair: Pair, meeting: Meeting) -> None:
    client = pair.cast.client(pair.cast.mentee)
    client.get(f"/meetings/{meeting.id}")
    db.session.rollback()
    with count_queries() as statements:
        assert client.get(f"/meetings/{meeting.id}").status_code == 200
    assert len(statements) <= 20, "\n".join(statements)
