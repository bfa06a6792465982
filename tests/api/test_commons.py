"""Communities through the API: propose and join, ask and accept, write a page, meet, find."""

from __future__ import annotations

import pytest

from mentorlink.community.rules import new_client_id
from mentorlink.kernel import clock
from tests.cast import Cast
from tests.community.living import Living


@pytest.fixture
def living(cast: Cast) -> Living:
    return Living(cast)


def test_a_question_is_asked_answered_accepted_and_found(living: Living, cast: Cast) -> None:
    asker, helper = cast.client(cast.mentee), cast.client(cast.mentor)
    begun = {"title": "How large a sample?", "body": "Two islands", "client_id": new_client_id()}
    first, again = (asker.post(f"/api/v1/rooms/{living.room_id}/topics", json=begun) for _twice in range(2))
    assert (first.status_code, again.status_code, again.json["duplicate"]) == (201, 200, True)
    topic = first.json["topic_id"]
    said = {"topic_id": topic, "body": "Thirty on each", "client_id": new_client_id()}
    answer = helper.post(f"/api/v1/rooms/{living.room_id}/messages", json=said).json["id"]
    assert asker.post(f"/api/v1/topics/{topic}/accept", json={"message_id": answer}).status_code == 404
    asked = asker.post(f"/api/v1/topics/{topic}/question", json={"competency_id": cast.competencies[0].id}).json
    assert (asked["competency"], asked["accepted_id"]) == ("T.1", None)
    own = helper.post(f"/api/v1/topics/{topic}/accept", json={"message_id": answer})
    assert (own.status_code, own.json["error"]["code"]) == (409, "answer_own")
    assert asker.post(f"/api/v1/topics/{topic}/accept", json={"message_id": answer}).json["accepted_id"] == answer
    questions = helper.get(f"/api/v1/communities/{living.community_id}/questions").json["questions"]
    assert [(one["topic_id"], one["accepted_id"]) for one in questions] == [(topic, answer)]
    assert asker.post(f"/api/v1/topics/{topic}/title", json={"title": "Besar sampel"}).status_code == 204
    assert asker.post(f"/api/v1/topics/{topic}/settle", json={"resolved": True}).status_code == 204
    hits = helper.get("/api/v1/search?kind=question&q=sampel").json["hits"]
    assert [(hit["kind"], hit["id"], hit["words"]) for hit in hits] == [("topic", topic, "Besar sampel")]
    assert helper.get("/api/v1/search?q=thirty&author=mentor").json["hits"][0]["community_id"] == living.community_id
    assert cast.client(cast.stranger).get("/api/v1/search?q=thirty").json["hits"] == []


def test_a_page_is_written_changed_and_sent_and_strangers_find_none(living: Living, cast: Cast) -> None:
    client, here = cast.client(cast.mentee), f"/api/v1/communities/{living.community_id}/pages"
    text = {"title": "Sampling", "body": "All that we know of samples"}
    made = client.post(here, json=text)
    taken = client.post(here, json=text)
    assert (made.status_code, taken.status_code, taken.json["error"]["faults"][0]["field"]) == (201, 422, "title")
    page = f"/api/v1/pages/{made.json['id']}"
    assert client.post(page, json=text | {"body": "And a little more of it", "version": 1}).json["version"] == 2
    assert client.post(page, json=text | {"version": 1}).json["error"]["code"] == "page_changed"
    assert client.post(f"{page}/send").json["state"] == "in_review"
    assert [one["title"] for one in client.get(here).json["pages"]] == ["Sampling"]
    assert (cast.client(cast.stranger).get(page).status_code, cast.client(cast.stranger).get(here).status_code) == (404, 404)


def test_a_gathering_is_planned_answered_and_attended(living: Living, cast: Cast) -> None:
    host, guest = cast.client(cast.mentor), cast.client(cast.mentee)
    here = f"/api/v1/communities/{living.community_id}/gatherings"
    plan = {"title": "First gathering", "day": str(clock.today()), "at": "09:00", "places": 2, "agenda": "Cases"}
    made = host.post(here, json=plan)
    assert (made.status_code, made.json["agenda"][0]["text"], "code" in made.json) == (201, "Cases", False)
    one = f"/api/v1/gatherings/{made.json['id']}"
    assert guest.post(f"{one}/answer", json={"answer": "going"}).json["mine"] == "going"
    assert guest.get(one).json["people"] == [{"id": cast.mentee.id, "name": "Mentee", "answer": "going", "present": False}]
    digits = "000000" if living.gathering(made.json["id"]).code != "000000" else "111111"
    wrong = guest.post(f"{one}/check-in", json={"code": digits})
    assert wrong.status_code in (409, 422)
    assert guest.get(f"{here}?past=0").status_code == 200
    assert guest.get(f"{here}?past=x").json["error"]["code"] == "invalid"
    assert guest.post(here, json=plan).status_code == 403


def test_one_proposes_joins_asks_and_leaves(living: Living, cast: Cast) -> None:
    client = cast.client(cast.stranger)
    here = f"/api/v1/communities/{living.community_id}"
    assert [client.post(f"{here}/{deed}").status_code for deed in ("join", "leave")] == [204, 204]
    assert client.post(f"{here}/ask", json={}).json["error"]["code"] == "may_ask_to_join"
    made = client.post("/api/v1/communities", json={"name": "Circle of two", "purpose": "To read numbers", "joining": "request"})
    assert made.status_code == 201
    asked = cast.client(cast.mentee).post(f"/api/v1/communities/{made.json['id']}/ask", json={"message": "I count too"})
    assert asked.status_code == 204
