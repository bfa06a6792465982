"""Messages through the API: put better, answered without words, chosen from, pinned, taken back."""

from __future__ import annotations

import pytest

from mentorlink.community.rules import new_client_id
from tests.cast import Cast
from tests.community.talk import Talk


@pytest.fixture
def talk(cast: Cast) -> Talk:
    return Talk(cast)


def test_a_message_is_put_better_answered_pinned_and_taken_back(talk: Talk, cast: Cast) -> None:
    author, reader, host = (cast.client(one) for one in (cast.mentee, cast.second_mentor, cast.mentor))
    said = {"topic_id": talk.topic.id, "body": "Tuesday", "client_id": new_client_id()}
    message = f"/api/v1/messages/{author.post(f'/api/v1/rooms/{talk.room_id}/messages', json=said).json['id']}"
    assert author.post(message, json={"body": "Wednesday", "version": 1}).status_code == 204
    late = author.post(message, json={"body": "Thursday", "version": 1})
    assert (late.status_code, late.json["error"]["code"]) == (409, "message_changed")
    assert host.post(message, json={"body": "Friday"}).status_code == 403
    assert host.post(f"{message}/react", json={"code": "thanks"}).status_code == 204
    assert host.post(f"{message}/react", json={"code": "anger"}).status_code == 422
    assert host.post(f"{message}/pin", json={"pinned": True}).status_code == 204
    shown = host.get(message).json
    assert (shown["body"], shown["version"], shown["pinned"], shown["reactions"]) == (
        "Wednesday",
        2,
        True,
        {"thanks": [cast.mentor.id]},
    )
    assert host.post(f"{message}/react", json={"code": "thanks", "on": False}).status_code == 204
    assert host.get(message).json["reactions"] == {}
    for deed in ("", "/react", "/vote", "/pin", "/delete"):
        assert reader.post(f"{message}{deed}", json={"body": "x", "code": "like", "pinned": True}).status_code == 404, deed
    assert reader.get(message).status_code == 404
    assert author.post(f"{message}/vote", json={"options": [0]}).status_code == 404
    assert author.post(f"{message}/delete", json={}).status_code == 204
    gone = host.get(message).json
    assert (gone["deleted"], gone["body"], gone["html"]) == (True, "", "")
