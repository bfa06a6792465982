"""Groups through the API: opened, asked for, met in, left; each knows what is theirs to know."""

from __future__ import annotations

from datetime import timedelta

from mentorlink.kernel import clock
from tests.cast import Cast
from tests.mentoring.pair import Pair


def test_a_group_is_opened_joined_met_in_and_left(pair: Pair, cast: Cast) -> None:
    mentor, (ratna, bayu) = cast.client(cast.mentor), [cast.client(cast.person(name, cast.budget)) for name in ("ratna", "bayu")]
    said = {"name": "Reading a budget", "about": "We read one budget together.", "places": 3}
    made = mentor.post("/api/v1/groups", json=said)
    here = f"/api/v1/groups/{made.json['id']}"
    assert (made.status_code, made.json["members"], made.json["room"]) == (201, [], 3)
    assert [one["id"] for one in ratna.get("/api/v1/groups").json["with_room"]] == [made.json["id"]]
    assert mentor.get("/api/v1/groups").json["mine"][0]["as"] == "mentor"
    asked = ratna.post(f"{here}/ask", json={"words": "To learn"}).json
    found = bayu.get(here).json
    assert (found["me"], "members" in found, "series_id" in found) == (None, False, False), "as a colleague finds it"
    assert [(one["state"], one["words"]) for one in mentor.get(here).json["members"]] == [("asked", "To learn")]
    members = "/api/v1/groups/members"
    assert bayu.post(f"{members}/{asked['id']}/join").status_code == 404
    assert ratna.post(f"{members}/{asked['id']}/join").status_code == 403
    inside = mentor.post(f"{members}/{asked['id']}/join").json
    assert inside["state"] == "in"
    own = f"/api/v1/mentorships/{inside['mentorship_id']}"
    invited = mentor.post(f"{here}/invite", json={"person_id": cast.person("bayu", cast.budget).id}).json
    assert bayu.post(f"{members}/{invited['id']}/join").json["state"] == "in"
    inside = bayu.get(here).json
    assert ("members" in inside, [person["name"] for person in inside["people"]]) == (False, ["Mentor", "Ratna", "Bayu"])
    assert "To learn" not in str(inside)
    slot = (clock.now() + timedelta(days=2)).replace(microsecond=0).isoformat()
    series = inside["series_id"]
    assert ratna.post(f"/api/v1/series/{series}/meetings", json={"slots": [slot]}).status_code == 403
    session = mentor.post(f"/api/v1/series/{series}/meetings", json={"slots": [slot], "anyway": True}).json["id"]
    assert ratna.post(f"/api/v1/meetings/{session}/excuse").json["away"] == [cast.person("ratna", cast.budget).id]
    assert ratna.post(f"{members}/{asked['id']}/leave").json["state"] == "left"
    assert ratna.get(own).json["state"] == "active", "their own way goes on"
    assert bayu.get(own).status_code == 404
    assert mentor.post(f"{here}/end").json["state"] == "ended"
    assert bayu.get("/api/v1/groups").json == {"mine": [], "with_room": [], "total": 0}
