"""Communities through the API: propose and join, ask and accept, write a page, meet, find."""

from __future__ import annotations

from datetime import timedelta

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


def test_a_question_is_weighed_and_decided_and_nobody_sees_who_voted_how(living: Living, cast: Cast) -> None:
    opener, voter = cast.client(cast.mentee), cast.client(cast.mentor)
    here, day = f"/api/v1/communities/{living.community_id}/decisions", str(clock.today() + timedelta(days=5))
    put = {"question": "Which template?", "method": "vote", "closes_on": day, "way1": "A", "pros1": "Short", "way2": "B"}
    assert opener.post(here, json=put | {"way2": ""}).json["error"]["faults"][0]["code"] == "two_ways"
    made = opener.post(here, json=put)
    assert (made.status_code, [way["pros"] for way in made.json["ways"]], made.json["mine"]) == (201, ["Short", ""], None)
    one, chosen = f"/api/v1/decisions/{made.json['id']}", made.json["ways"][1]["id"]
    assert opener.post(f"{one}/conclude").json["error"]["code"] == "too_few_stances"
    said = voter.post(f"{one}/stance", json={"stance": "agree", "alternative_id": chosen}).json
    assert (said["mine"]["alternative_id"], opener.get(one).json["mine"]) == (chosen, None)
    decided = opener.post(f"{one}/conclude").json
    assert (decided["state"], decided["chosen"], [way["votes"] for way in decided["ways"]]) == ("decided", 2, [0, 1])
    assert opener.post(f"{one}/withdraw").status_code == 409
    assert [row["state"] for row in voter.get(here).json["decisions"]] == ["decided"]
    assert cast.client(cast.stranger).get(one).status_code == 404


def test_a_report_is_made_settled_appealed_and_answered(living: Living, cast: Cast) -> None:
    steer, member = cast.client(cast.mentor), cast.client(cast.mentee)
    here = f"/api/v1/communities/{living.community_id}"
    told = living.say(cast.mentor, "Loud words").id
    assert member.post(f"/api/v1/messages/{told}/report", json={"reason": "rude", "note": "Too loud"}).status_code == 204
    assert steer.get(f"{here}/reports").json["reports"] == [], "nobody sees what is about them"
    assert member.get(f"{here}/reports").status_code == 403
    mine = living.say(cast.mentee, "Buy this").id
    assert steer.post(f"/api/v1/messages/{mine}/report", json={"reason": "advertising"}).status_code == 204
    waiting = steer.get(f"{here}/reports").json["reports"]
    assert [(row["message_id"], row["reason"]) for row in waiting] == [(mine, "advertising")]
    settled = {"state": "upheld", "hide": True}
    assert steer.post(f"/api/v1/reports/{waiting[0]['id']}", json=settled).status_code == 204
    acts = member.get(f"{here}/acts").json["acts"]
    assert [set(row) for row in acts] == [{"id", "kind", "at"}], "members see of what kind and when"
    one = f"/api/v1/acts/{acts[0]['id']}"
    assert member.get(one).json["words"] == "Buy this"
    assert member.post(f"{one}/appeal", json={"text": "It was a question, not an offer"}).json["appeal_state"] == "open"
    assert steer.post(f"{one}/answer", json={"answer": "reversed"}).json["appeal_state"] == "reversed"
    assert [row["words"] for row in member.get("/api/v1/me/words").json["words"]] == ["Buy this"]
    assert cast.client(cast.stranger).get(one).status_code == 404


def test_a_community_goes_its_way_for_a_program(living: Living, cast: Cast) -> None:
    steer, member = cast.client(cast.mentor), cast.client(cast.mentee)
    here = f"/api/v1/communities/{living.community_id}"
    assert member.get(here).json["role"] == "member"
    begin = {"code": "begin", "step": "preparation"}
    assert steer.post(f"{here}/life", json=begin).json["error"]["code"] == "step_yields_missing"
    living.prepare()
    promised = member.post(f"{here}/promise", json={"text": "I bring two cases"}).json["promises"]
    assert [row["text"] for row in promised if row["person_id"] == cast.mentee.id] == ["I bring two cases"]
    begun = steer.post(f"{here}/life", json=begin).json
    assert (begun["step"], [row["start"] for row in begun["measures"]]) == ("implementation", ["9.00"])
    invited = steer.post(f"{here}/entries", json={"person_id": cast.stranger.id})
    entries = steer.get(f"{here}/entries").json["entries"]
    assert (invited.status_code, [row["person_id"] for row in entries]) == (204, [cast.stranger.id])
    assert steer.post(f"{here}/entries/{entries[0]['id']}", json={"answer": "decline"}).status_code == 204
    assert [row["role"] for row in member.get(f"{here}/members").json["members"]] == ["facilitator", "member"]
    living.ask()
    assert [row["question"] for row in member.get("/api/v1/catch-up").json["decisions"]] == ["Which template?"]
    assert member.get("/api/v1/library").json == {"pages": [], "material": []}
    assert cast.client(cast.stranger).get(f"{here}/life").status_code == 404
