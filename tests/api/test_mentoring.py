"""The journey through the API: what a program does for the two of a pair, from the agreement to the closing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from mentorlink.kernel import clock
from tests.cast import Cast
from tests.mentoring.pair import AGREEMENT, Pair


class Side:
    """One of the two at a program."""

    def __init__(self, client: FlaskClient, mentorship_id: int) -> None:
        self.client, self.here = client, f"/api/v1/mentorships/{mentorship_id}"

    def __call__(self, path: str = "", **said: Any) -> Any:
        answer = self.client.get(self.here) if not path else self.client.post(f"{self.here}/{path}", json=said)
        assert answer.status_code == 200, answer.json
        return answer.json

    def part(self, path: str, **said: Any) -> Any:
        answer = self.client.post(f"/api/v1/{path}", json=said)
        assert answer.status_code == 200, answer.json
        return answer.json


def test_two_programs_go_from_the_agreement_to_the_closing(pair: Pair) -> None:
    mentor, mentee = (Side(pair.cast.client(person), pair.id) for person in (pair.cast.mentor, pair.cast.mentee))
    today = clock.today()
    period = {"starts_on": today.isoformat(), "ends_on": (today + timedelta(days=180)).isoformat()}
    version = mentor("agreement", **AGREEMENT, **period)["agreement"]["number"]
    for side in (mentor, mentee):
        side("agreement/sign", number=version)
    assert mentee("advance", stage="prescriptive")["stage"] == "persuasive"
    pair.meet()
    targets = mentee()["targets"]
    wanted = [
        {"competency_id": each["competency_id"], "target": min(5, each["baseline"] + 1), "indicator": "Seen"} for each in targets
    ]
    goals = mentee("goals", purpose="Grow into the next job", targets=wanted)["goals"]
    for side in (mentor, mentee):
        assert side("goals/accept", number=goals["number"])["goals"]["purpose"] == "Grow into the next job"
    assert mentee("advance", stage="persuasive")["stage"] == "collaborative"
    (issue,) = mentor("issues", kind="specific", text="The first paper")["issues"]
    assert mentor.part(f"issues/{issue['id']}/settle", outcome="Written")["issues"][0]["state"] == "settled"
    due = (today + timedelta(days=14)).isoformat()
    (step,) = mentee("roadmap", text="Write the paper together", due_on=due, issue_id=issue["id"])["roadmap"]
    assert mentor.part(f"roadmap/{step['id']}", text="Write it", due_on=due)["roadmap"][0]["text"] == "Write it"
    assert mentee.part(f"roadmap/{step['id']}/state", state="done")["roadmap"][0]["state"] == "done"
    assert mentor("pause", returns_on=(today + timedelta(days=7)).isoformat())["state"] == "paused"
    assert mentor("resume")["state"] == "active"
    assert mentee("back", stage="collaborative", reason="The purpose has changed")["stage"] == "persuasive"
    for side in (mentor, mentee):
        side("goals/accept", number=goals["number"])
    pair.meet()
    assert mentee("advance", stage="persuasive")["stage"] == "collaborative"
    for _ in range(3):
        pair.meet()
    for side in (mentor, mentee):
        side("goals/accept", number=goals["number"])
    assert mentee("advance", stage="collaborative")["stage"] == "confirmative"
    pair.meet()
    for side in (mentor, mentee):
        side("reflection", changed="I ask first", helped="Examples")
        side("after-levels", levels={str(each["id"]): 3 for each in targets})
        side("evaluation", useful=5, trust=4, time=3)
    closing = mentor("direction", text="Lead the next budget round")["closing"]
    assert (closing["direction"], closing["my_evaluation"]["useful"]) == ("Lead the next budget round", 5)
    assert mentee("close", stage="confirmative")["state"] == "closed"


def test_what_is_wrong_comes_as_codes_and_a_stranger_finds_nothing(pair: Pair) -> None:
    mentor, stranger = (pair.cast.client(person) for person in (pair.cast.mentor, pair.cast.stranger))
    here = f"/api/v1/mentorships/{pair.id}"
    assert mentor.post(f"{here}/goals", json={"purpose": ""}).status_code == 422
    early = mentor.post(f"{here}/close", json={"stage": "confirmative"})
    assert (early.status_code, set(early.json["error"])) == (409, {"code", "facts", "faults"})
    for path in ("agreement", "goals", "pause", "end", "close", "evaluation"):
        assert stranger.post(f"{here}/{path}", json={}).status_code == 404
    assert mentor.post(f"{here}/end", json={"code": "distance"}).json["state"] == "ended_early"


def test_an_offer_is_opened_changed_paused_and_closed(cast: Cast) -> None:
    client, here = cast.client(cast.mentor), "/api/v1/me/offers/mentor"
    assert client.get("/api/v1/me/offers").json == {"offers": {}}
    opened = client.put(here, json={"capacity": 2, "languages": ["id"], "message": "Silakan"}).json["offers"]["mentor"]
    assert (opened["capacity"], opened["message"], opened["taken"]) == (2, "Silakan", 0)
    assert client.put(here, json={"capacity": 3}).json["offers"]["mentor"]["capacity"] == 3
    until = (clock.today() + timedelta(days=9)).isoformat()
    assert client.post(f"{here}/pause", json={"until": until}).json["offers"]["mentor"]["paused_until"] == until
    assert client.post(f"{here}/resume").json["offers"]["mentor"]["paused_until"] is None
    assert client.post(f"{here}/close").json == {"offers": {}}
    assert client.post(f"{here}/pause", json={"until": until}).status_code == 404
    assert client.put("/api/v1/me/offers/boss", json={}).status_code == 404
