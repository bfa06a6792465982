"""Coaching through the API: from the first talk to the review, what the superior is let see, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from mentorlink.kernel import clock
from tests.cast import Cast
from tests.coaching.two import GOAL, SHEET, Two


def say(client: FlaskClient, path: str, *, status: int = 200, **said: Any) -> Any:
    """What the API answers to a post."""
    answer = client.post(f"/api/v1/coaching/{path}", json=said)
    assert answer.status_code == status, answer.json
    return answer.json


@pytest.fixture
def sides(two: Two) -> tuple[FlaskClient, FlaskClient]:
    """Coach and coachee at a program."""
    return two.cast.client(two.cast.mentor), two.cast.client(two.cast.mentee)


def test_two_programs_go_from_the_first_talk_to_the_end(two: Two, sides: tuple[FlaskClient, FlaskClient]) -> None:
    (coach, coachee), here = sides, f"{two.id}"
    assert coachee.get("/api/v1/coaching").json["coaching"][0]["next_act"] == "plan_talk"
    assert say(coachee, f"{here}/yes", status=409)["error"]["code"] == "talk_first"
    series = coachee.get(f"/api/v1/coaching/{here}").json["series_id"]
    when = (clock.now() - timedelta(hours=2)).astimezone(ZoneInfo(two.coachee.timezone))
    talk = {"day": when.date().isoformat(), "at": f"{when:%H:%M}", "minutes": 30, "mode": "phone", "summary": "We talked"}
    logged = coachee.post(f"/api/v1/series/{series}/meetings/log", json=talk)
    assert (logged.status_code, logged.json["state"]) == (201, "held")
    say(coachee, f"{here}/yes")
    assert say(coach, f"{here}/yes")["state"] == "engaged"
    by_on = (clock.today() + timedelta(days=60)).isoformat()
    assert say(coachee, f"{here}/goal", **GOAL, by_on=by_on)["goal"]["text"] == GOAL["text"]
    assert say(coachee, f"{here}/goal", status=409, **GOAL, by_on=by_on)["error"]["code"] == "goal_changed"
    said = say(coach, f"{here}/numbers", moment="before", value=4)["numbers"]
    assert said[0] == {"moment": "before", "values": {"coach": 4, "coachee": 3}, "mine_open": False}
    free = coach.get(f"/api/v1/series/{series}/free-times").json["free_times"]
    session = coach.post(f"/api/v1/series/{series}/meetings", json={"slots": free[:1]}).json["id"]
    one = SHEET | {"options": "Only one"}
    assert say(coachee, f"sessions/{session}", **one)["sheet"]["version"] == 1
    due = clock.today().isoformat()
    assert say(coachee, f"sessions/{session}/commitments", status=409, text="Try", due_on=due)["error"]["code"] == "options_first"
    assert say(coach, f"sessions/{session}", **SHEET, version=1)["sheet"]["options"] == SHEET["options"].splitlines()
    number = say(coachee, f"sessions/{session}/commitments", status=201, text="Try", due_on=due)["id"]
    assert coachee.get("/api/v1/coaching").json["coaching"][0]["due"]["id"] == number
    assert say(coachee, f"commitments/{number}", answer="partly", line="Half of it")["check_ins"][0]["line"] == "Half of it"
    say(coach, f"commitments/{number}", status=403, answer="done")
    assert coach.get(f"/api/v1/coaching/sessions/{session}").json["commitments"][0]["check_ins"][0]["answer"] == "partly"
    assert say(coachee, f"commitments/{number}/drop")["state"] == "dropped"
    assert say(coach, f"{here}/rest", returns_on=by_on)["next_act"] == "resting"
    assert say(coachee, f"{here}/resume")["paused_until"] is None
    for side in sides:
        assert "closed" not in say(side, f"{here}/numbers", moment="after", value=8)["state"]
    assert say(coach, f"{here}/review", gained="Questions work")["reviews"] == {"coach": {"gained": "Questions work"}}
    assert coachee.get(f"/api/v1/coaching/{here}").json["reviews"] == {}, "read once both wrote"
    say(coachee, f"{here}/review", gained="I speak freely", onward="A bigger room")
    done = say(coachee, f"{here}/close")
    assert (done["state"], set(done["reviews"])) == ("closed", {"coach", "coachee"})


def test_a_superior_reads_and_answers_what_the_coachee_puts_to_them_and_no_more(
    two: Two,
    sides: tuple[FlaskClient, FlaskClient],
    cast: Cast,
) -> None:
    (coach, coachee), here, superior = sides, f"{two.id}", cast.client(cast.supervisor)
    two.engage().set_goal(text="Goal-Word", why="Why-Word", sign="Sign-Word")
    assert superior.get(f"/api/v1/coaching/{here}").status_code == 404
    say(coach, f"{here}/superior", status=403, text="How well do I lead?")
    assert say(coachee, f"{here}/superior", text="How well do I lead?")["question"]["superior"] == cast.supervisor.name
    (asked,) = superior.get("/api/v1/coaching").json["questions"]
    assert superior.get(f"/api/v1/coaching/questions/{asked['id']}").json == asked
    assert set(asked) == {"id", "coachee_id", "name", "text", "moment", "mine"}
    assert say(superior, f"questions/{asked['id']}", moment="before", value=6)["mine"] == 6
    assert say(coachee, f"{here}/sharing", items=["goal"])["shared"] == ["coached", "goal"]
    (seen,) = superior.get("/api/v1/coaching/shared").json["coaching"]
    assert (seen["goal"], "Why-Word" in str(seen)) == ("Goal-Word", False)
    say(coachee, f"{here}/sharing", items=[])
    say(coachee, f"{here}/superior/withdraw")
    assert superior.get("/api/v1/coaching/shared").json == {"coaching": []}
    assert superior.get(f"/api/v1/coaching/questions/{asked['id']}").status_code == 404
    ended = say(coachee, f"{here}/end", code="other", text="Mine alone")
    assert ended["my_end"] == {"code": "other", "text": "Mine alone"}
    assert coach.get(f"/api/v1/coaching/{here}").json["my_end"] is None


def test_a_coach_keeps_credentials_which_the_coachee_reads(two: Two, sides: tuple[FlaskClient, FlaskClient]) -> None:
    coach, coachee = sides
    told = coach.post("/api/v1/me/credentials", json={"title": "Coach", "issuer": "LAN", "valid_until": "2030-01-31"})
    assert (told.status_code, told.json["valid_until"]) == (201, "2030-01-31")
    assert coach.get("/api/v1/me/credentials").json == {"credentials": [told.json], "caseload": {"conversation": 1}}
    assert coachee.get(f"/api/v1/coaching/{two.id}").json["credentials"] == [told.json]
    assert coach.post("/api/v1/me/credentials", json={"title": ""}).status_code == 422
