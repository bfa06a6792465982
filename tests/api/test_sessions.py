"""The room of a session through the API: agenda, notes, what is one's own, actions, how it ended and how it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from mentorlink.kernel import clock
from mentorlink.sessions.meetings.queries import PAGE
from tests.mentoring.pair import Pair


def say(client: FlaskClient, path: str, *, status: int = 200, **said: Any) -> Any:
    """What the API answers to a post."""
    answer = client.post(f"/api/v1/{path}", json=said)
    assert answer.status_code == status, answer.json
    return answer.json


@pytest.fixture
def sides(pair: Pair) -> tuple[FlaskClient, FlaskClient]:
    """Mentor and mentee at a program."""
    return pair.cast.client(pair.cast.mentor), pair.cast.client(pair.cast.mentee)


def test_two_programs_prepare_hold_and_look_back_on_a_session(pair: Pair, sides: tuple[FlaskClient, FlaskClient]) -> None:
    (mentor, mentee), series = sides, pair.row().series_id
    before = pair.meet(hours_ago=5, summary="What came of it")
    slot = (clock.now() + timedelta(hours=3)).replace(microsecond=0)
    number = say(mentee, f"series/{series}/meetings", status=201, slots=[slot.isoformat()], agenda="Sampling", anyway=True)["id"]
    here = f"meetings/{number}"
    assert [each["id"] for each in mentor.get("/api/v1/meetings").json["meetings"]] == [number]
    room = mentor.get(f"/api/v1/{here}").json
    assert (room["previous"]["id"], room["previous"]["summary"]) == (before.id, "What came of it")
    assert [person["name"] for person in room["people"]] == ["Mentor", "Mentee"]
    first = room["agenda"][0]["id"]
    second = say(mentor, f"{here}/agenda", text="The islands")["agenda"][1]["id"]
    assert [item["id"] for item in say(mentee, f"meetings/agenda/{second}/order", up=True)["agenda"]] == [second, first]
    assert say(mentee, f"meetings/agenda/{second}", text="Far islands")["agenda"][0]["text"] == "Far islands"
    assert say(mentee, f"meetings/agenda/{second}/tick", done=True)["agenda"][0]["done"] is True
    assert len(say(mentee, f"meetings/agenda/{first}/drop")["agenda"]) == 1
    # two write at once, each on the same state
    assert say(mentor, f"{here}/notes", body="one two", base="")["notes"] == {"text": "one two", "seq": 1}
    say(mentor, f"{here}/notes/changes", id="mentor-001", base=1, change=["zero ", 7])
    told = say(mentee, f"{here}/notes/changes", id="mentee-001", base=1, change=[7, " three"])
    assert [change["id"] for change in told["changes"]] == ["mentor-001", "mentee-001"]
    assert say(mentee, f"{here}/notes/changes", id="mentee-001", base=1, change=[7, " three"]) == told, "twice is once"
    assert mentor.get(f"/api/v1/{here}/notes/changes?after=2").json["changes"] == told["changes"][1:]
    assert mentor.get(f"/api/v1/{here}").json["notes"]["text"] == "zero one two three"
    # one's own
    assert say(mentee, f"{here}/private", body="Heron feathers")["private_note"] == {"body": "Heron feathers", "version": 1}
    assert say(mentee, f"{here}/private", status=409, body="Other", version=0)["error"]["code"] == "note_changed"
    assert "Heron" not in mentor.get(f"/api/v1/{here}").text
    # who does what
    item = say(mentee, f"{here}/actions", status=201, text="Write", owner_id=pair.mentee_id, due_on=clock.today().isoformat())
    assert mentor.get("/api/v1/actions").json == {"actions": [item]}
    assert say(mentor, f"actions/{item['id']}", state="done")["state"] == "done"
    assert say(mentor, f"actions/{item['id']}", state="open")["state"] == "open"
    with clock.at(slot + timedelta(hours=2), everywhere=True):
        mentor, mentee = pair.cast.client(pair.cast.mentor), pair.cast.client(pair.cast.mentee)
        assert say(mentor, f"{here}/miss", absent_id=pair.mentee_id, reason="Flood")["state"] == "missed"
        assert say(mentor, f"{here}/hold", summary="Agreed")["state"] == "held"
        assert say(mentee, f"{here}/summary", summary="Agreed on islands")["summary"] == "Agreed on islands"
        answers = {"agenda": "me", "proposed": "other", "decided": "both", "useful": 5}
        alone = say(mentee, f"{here}/afterwards", **answers)["afterwards"]
        assert (alone["mine"], alone["others"], alone["open"]) == (answers, {}, False)
        assert mentor.get(f"/api/v1/{here}").json["afterwards"] == {
            "mine": {}, "others": {}, "tallies": {}, "waiting": 0, "open": False,
        }  # fmt: skip
        assert say(mentor, f"{here}/afterwards", **answers)["afterwards"]["others"] == {str(pair.mentee_id): answers}
        assert say(mentee, f"{here}/undo")["state"] == "cancelled"


def test_sessions_are_listed_a_page_at_a_time(pair: Pair, sides: tuple[FlaskClient, FlaskClient]) -> None:
    series = pair.row().series_id
    with clock.at(clock.now() + timedelta(days=2)):
        made = [pair.meet(hours_ago=30 - number).id for number in range(PAGE + 2)]
    here = f"/api/v1/series/{series}/meetings"
    first = sides[0].get(here).json
    rest = sides[0].get(here, query_string={"before": first["before"]}).json
    assert [each["id"] for each in first["meetings"] + rest["meetings"]] == made[::-1]
    assert rest["before"] is None
    assert sides[0].get(f"{here}?before=yesterday").status_code == 422
    assert pair.cast.client(pair.cast.stranger).get(here).status_code == 404
