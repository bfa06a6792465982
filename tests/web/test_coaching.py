"""The pages of coaching, as the two use them in a browser without script."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.sessions.coaching.actions import share_with_superior
from mentorlink.sessions.coaching.inputs import Shares
from mentorlink.sessions.coaching.queries import goals_for
from mentorlink.sessions.meetings.actions import propose_times
from mentorlink.sessions.meetings.inputs import MeetingPlan
from mentorlink.sessions.meetings.queries import meeting_for
from tests.cast import Cast
from tests.coaching.two import GOAL, SHEET, Two
from tests.queries import count_queries

PARTS = ("", "/goal", "/sessions", "/closing")


class Pages:
    """The two in their browsers."""

    def __init__(self, cast: Cast) -> None:
        self.two = Two(cast)
        self.coach, self.coachee = cast.client(cast.mentor), cast.client(cast.mentee)

    def see(self, client: FlaskClient, part: str = "") -> str:
        answer = client.get(f"/coaching/{self.two.id}{part}")
        assert answer.status_code == 200
        return answer.text

    def send(self, client: FlaskClient, path: str, **form: Any) -> str:
        """Send a form that is taken, and see where it leads."""
        answer = client.post(path if path.startswith("/c") else f"/coaching/{self.two.id}/{path}", data=form)
        assert answer.status_code == 303, answer.text[-2000:]
        db.session.rollback()
        return str(client.get(answer.location).text)


@pytest.fixture
def pages(cast: Cast) -> Pages:
    """Coach and coachee, each in a browser."""
    assert cast.supervisor.id
    return Pages(cast)


def day(ahead: int) -> str:
    return (clock.today() + timedelta(days=ahead)).isoformat()


def test_from_the_first_talk_to_the_end_by_hand(pages: Pages) -> None:
    coach, coachee, two = pages.coach, pages.coachee, pages.two
    assert "Find a time for your first talk" in pages.see(coachee)
    two.talk(hours_ago=5)
    assert "do you want to go on?" in pages.see(coach)
    assert "Now the other decides." in pages.send(coachee, "yes")
    assert "your coaching begins" in pages.send(coach, "yes")
    assert "earlier words" in pages.send(coachee, "goal", **GOAL, by_on=day(60), based_on=0).lower()
    pages.send(coach, "numbers", moment="before", value=4)
    meeting = two.plan()
    sheet = f"/coaching/sessions/{meeting.id}"
    assert "Find at least 2 options first" in coachee.get(sheet).text
    assert "what will you do?" in pages.send(coachee, sheet, **SHEET, barriers=["guilt"], version=0)
    assert "Try it" in pages.send(coachee, f"{sheet}/commitments", text="Try it", due_on=day(0))
    assert "How is it going with what you took on?" in coachee.get("/").text
    number = two.standing(two.coachee).due.id  # type: ignore[union-attr]
    assert "Well done." in pages.send(coachee, f"/coaching/commitments/{number}", answer="done", line="It went well")
    assert "It went well" in pages.see(coach)
    for client in (coach, coachee):
        pages.send(client, "numbers", moment="after", value=8)
        pages.send(client, "review", gained="I speak freely", onward="A bigger room")
    assert "A bigger room" in pages.see(coach, "/closing")
    assert "The coaching is complete" in pages.send(coach, "close")
    assert all("I speak freely" in pages.see(client, "/closing") for client in (coach, coachee))


def test_the_superiors_page_holds_the_question_alone(pages: Pages, cast: Cast) -> None:
    pages.two.engage().set_goal()
    superior = cast.client(cast.supervisor)
    pages.send(pages.coachee, "superior", text="How well do I lead the meeting?")
    seen = superior.get("/coaching").text
    assert "How well do I lead the meeting?" in seen
    path = seen.split('href="/coaching/questions/')[1].split('"')[0]
    question = superior.get(f"/coaching/questions/{path}").text
    assert all(word not in question for word in (GOAL["text"], GOAL["why"], GOAL["sign"]))  # type: ignore[operator]
    answer = superior.post(f"/coaching/questions/{path}", data={"moment": "before", "value": "6"})
    assert answer.status_code == 303
    pages.send(pages.coachee, "superior/withdraw")
    assert superior.get(f"/coaching/questions/{path}").status_code == 404
    assert superior.get(f"/coaching/{pages.two.id}").status_code == 404


def test_what_is_wrong_stands_beside_its_field_with_what_was_written(pages: Pages) -> None:
    pages.two.engage()
    wrong = pages.coachee.post(
        f"/coaching/{pages.two.id}/goal", data=GOAL | {"wanted": "2", "by_on": day(9), "text": "Lead well", "based_on": "0"}
    )
    assert (wrong.status_code, "Choose a number above where you stand now." in wrong.text) == (422, True)
    assert "Lead well" in wrong.text
    pages.two.set_goal()
    stale = pages.coachee.post(f"/coaching/{pages.two.id}/goal", data=GOAL | {"by_on": day(9), "based_on": "0", "text": "Mine"})
    assert (stale.status_code, "Mine" in stale.text, str(GOAL["text"]) in stale.text) == (409, True, True)
    meeting = pages.two.plan()
    pages.two.sheet(meeting)
    both = pages.coach.post(f"/coaching/sessions/{meeting.id}", data=SHEET | {"goal": "Another", "version": "0"})
    assert (both.status_code, "Another" in both.text, SHEET["goal"] in both.text) == (409, True, True)
    assert [each.text for each in BeautifulSoup(both.text, "html.parser").select(".meanwhile dt")] == ["Goal of this session"]
    assert pages.coach.post(f"/coaching/{pages.two.id}/end", data={}).status_code == 422


@pytest.mark.one_database
def test_where_the_coachee_stands_is_hidden_from_the_coach_until_they_have_said_theirs(pages: Pages) -> None:
    two = pages.two.engage().set_goal()
    api = f"/api/v1/coaching/{two.id}"
    for part in ("", "/goal"):
        assert "From 3 to 8 of 10" in pages.see(pages.coachee, part)
        seen = pages.see(pages.coach, part)
        assert ("From 3" in seen, "To 8 of 10" in seen) == (False, True)
    assert [client.get(api).json["goal"]["now"] for client in (pages.coach, pages.coachee)] == [None, 3]
    two.scale(two.coach, "before", 4)
    assert "From 3 to 8 of 10" in pages.see(pages.coach, "/goal")
    assert pages.coach.get(api).json["goal"]["now"] == 3


@pytest.mark.one_database
def test_a_first_talk_is_planned_for_half_an_hour_and_proposed_times_are_seen(pages: Pages) -> None:
    two = pages.two
    plan = f"/meetings/plan/{two.row().series_id}"
    assert 'name="minutes" value="30"' in pages.coachee.get(plan).text
    day = clock.today() + timedelta(days=3)
    proposal = propose_times(two.coachee, two.row().series, MeetingPlan(day=day, at="10:00", minutes=30))
    assert "Choose a time for your first talk" in pages.see(pages.coach)
    assert "turn: choosing a time" in pages.see(pages.coachee)
    for client in (pages.coach, pages.coachee):
        assert f'href="/meetings/times/{proposal.id}"' in pages.see(client, "/sessions")
    two.engage()
    assert 'name="minutes" value="60"' in pages.coachee.get(plan).text


@pytest.mark.one_database
def test_a_superior_finds_what_is_shared_of_a_coaching_with_its_day(pages: Pages) -> None:
    two = pages.two.engage().set_goal()
    share_with_superior(two.coachee, two.row(two.coachee), Shares(items=["goal"]))
    superior = two.cast.client(two.cast.supervisor)
    for page in ("/coaching", "/mentoring/people"):
        text = superior.get(page).text
        assert (GOAL["text"] in text, str(goals_for(two.coach, two.row())[0].by_on.year) in text) == (True, True)


@pytest.mark.one_database
def test_what_two_write_into_different_boxes_of_a_sheet_stands_together(pages: Pages) -> None:
    pages.two.engage().set_goal()
    meeting = pages.two.plan()
    pages.two.sheet(meeting)
    address = f"/coaching/sessions/{meeting.id}"
    assert "Now: what" in pages.send(
        pages.coachee, address, **SHEET | {"reality": "I stood up once"}, barriers="guilt", version=1
    )
    said = pages.send(pages.coach, address, **SHEET | {"options": "Begin with a song\nBegin late"}, barriers="anger", version=1)
    assert "with what was written here meanwhile" in said
    page = BeautifulSoup(said, "html.parser")
    assert ("I stood up once" in said, "Begin with a song" in said) == (True, True)
    assert {each["value"] for each in page.select("[name=barriers][checked]")} == {"guilt", "anger"}
    late = pages.coachee.post(address, data=SHEET | {"options": "Mine\nAlone", "goal": "Late", "version": "2"})
    soup = BeautifulSoup(late.text, "html.parser")
    assert (late.status_code, [each.text for each in soup.select(".meanwhile dt")]) == (409, ["Options"])
    assert "Late" in soup.select_one("[name=goal]").text  # type: ignore[union-attr]  # it is there


def test_each_part_asks_the_database_no_more_for_a_long_way_than_for_a_short_one(pages: Pages) -> None:
    two = pages.two.engage().set_goal()

    def asked() -> list[int]:
        found = []
        for part in PARTS:
            with count_queries() as queries:
                pages.see(pages.coachee, part)
            found.append(len(queries))
        return found

    def work(times: int) -> None:
        for number in range(times):
            meeting = two.plan(days=3 + number + times)
            two.sheet(meeting)
            two.check_in(two.commit(meeting), "partly")

    work(1)
    before = asked()
    work(6)
    assert asked() == before


def test_a_rest_calls_off_what_is_planned_hushes_what_stands_and_asks_for_nothing(pages: Pages) -> None:
    two = pages.two.engage().set_goal()
    inside, after = two.plan(days=3), two.plan(days=30)
    pages.send(pages.coach, "rest", returns_on=day(10), call_off="1")
    assert [meeting_for(two.coach, one.id).state for one in (inside, after)] == ["cancelled", "planned"]
    overview = pages.see(pages.coachee)
    assert "Your coaching rests until" in overview
    assert "Plan a session" not in overview
    for part in ("/goal", "/closing"):
        assert "<textarea" not in pages.see(pages.coachee, part)
    assert "this session still stands" in pages.coachee.get(f"/meetings/{after.id}").text
    assert pages.coachee.get(f"/coaching/sessions/{after.id}").text.count("<textarea") == 0
    pages.send(pages.coachee, "resume")
    assert "<textarea" in pages.see(pages.coachee, "/goal")
