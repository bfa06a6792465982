"""Notices as JSON: one's own, marked as read, nobody else's."""

from mentorlink.kernel.actor import Actor
from mentorlink.notifications.actions import notify
from tests.cast import Cast


def test_notices_are_listed_and_read(cast: Cast) -> None:
    for _ in range(2):
        notify(Actor.system(), cast.mentee.id, kind="levels_changed", about="map", about_id=1, facts={})
    client = cast.client(cast.mentee)
    answer = client.get("/api/v1/notices").json
    assert (len(answer["notices"]), answer["unread"], answer["next_before"]) == (2, 2, None)
    newest = answer["notices"][0]
    assert newest["sentence"] == "Your competency map has changed."
    assert client.post(f"/api/v1/notices/{newest['id']}/read").json["read_at"]
    assert client.get("/api/v1/notices").json["unread"] == 1
    assert client.post("/api/v1/notices/read").json == {"unread": 0}
    assert client.get("/api/v1/notices").json["unread"] == 0


def test_a_notice_of_another_is_not_found_and_a_visitor_is_sent_away(cast: Cast) -> None:
    notify(Actor.system(), cast.mentee.id, kind="levels_changed", about="map", about_id=1, facts={})
    number = cast.client(cast.mentee).get("/api/v1/notices").json["notices"][0]["id"]
    other = cast.client(cast.mentor).post(f"/api/v1/notices/{number}/read")
    never = cast.client(cast.mentor).post("/api/v1/notices/987654/read")
    assert (other.status_code, other.json) == (never.status_code, never.json)
    assert other.status_code == 404
    assert cast.client().get("/api/v1/notices").status_code == 401
