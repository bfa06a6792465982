"""Every socket event, for everyone who stands in some relation to the room, before and after they are removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import url_for

from mentorlink.community import actions, rules
from mentorlink.community.inputs import AskInput, InvitationInput
from mentorlink.kernel.db import db
from mentorlink.live import community as _events  # noqa: F401  registers what is heard
from mentorlink.live.server import socketio
from mentorlink.people.models import Person
from tests.cast import Cast
from tests.community.talk import Talk
from tests.live.conftest import Device

Make = Callable[..., Device]
pytestmark = pytest.mark.slow
NOT_FOUND = {"error": "not_found"}


def payloads(room: int, topic: int) -> dict[str, dict[str, Any]]:
    """A sound payload for each event that a client may send."""
    return {
        "room:join": {"room": room, "after": 0},
        "room:sync": {"room": room, "after": 0},
        "room:typing": {"room": room, "topic": topic},
        "message:post": {"room": room, "topic_id": topic, "body": "Words", "client_id": rules.new_client_id()},
        "room:leave": {"room": room},
    }


@pytest.mark.one_database
def test_the_matrix_knows_every_event(app: Any) -> None:
    heard = set(socketio.server.handlers["/"]) - {"connect", "disconnect"}
    assert heard == set(payloads(1, 1))


def refused(device: Device, room: int, topic: int) -> list[str]:
    """Events that are answered as if the room had never been."""
    answers = {name: device.ask(name, payload) for name, payload in payloads(room, topic).items()}
    never = {name: device.ask(name, payload) for name, payload in payloads(987654, 987654).items()}
    assert never["room:leave"] == {}
    return [name for name, answer in answers.items() if answer == NOT_FOUND == never[name]]


def test_who_belongs_is_heard_and_nobody_else(cast: Cast, device: Make, talk: Talk) -> None:
    room, topic = talk.room_id, talk.topic.id
    closed = Talk.__new__(Talk)
    closed.cast, closed.moment = cast, None
    closed.community_id = closed.found("Closed circle", joining="invitation").id
    mentor = cast.actor(cast.mentor)
    asking = closed.found("Asking circle", joining="request")
    actions.ask_to_join(cast.actor(cast.second_mentor), asking, AskInput())
    actions.invite_person(mentor, closed.community, InvitationInput(person_id=cast.supervisor.id))
    everything = ["room:join", "room:sync", "room:typing", "message:post"]
    others = [cast.stranger, cast.supervisor, cast.second_mentor, cast.coordinator, cast.administrator]
    db.session.rollback()
    for person in (cast.mentor, cast.mentee):
        assert refused(device(person), room, topic) == []
    for person in others:
        assert refused(device(person), room, topic) == everything, person.name


def test_who_is_removed_is_a_stranger_from_the_next_event_on(cast: Cast, device: Make, talk: Talk) -> None:
    room, topic = talk.room_id, talk.topic.id
    mentor, mentee = device(cast.mentor), device(cast.mentee)
    assert "error" not in mentee.ask("room:join", {"room": room, "after": 0})
    removed = mentor.request(f"/communities/{talk.community_id}/members/{cast.mentee.id}/remove", {})
    assert removed[0] == 303
    assert mentee.wait("room:closed") == {"room": room}
    said = mentor.ask("message:post", payloads(room, topic)["message:post"])
    assert said["id"]
    assert mentee.silent("room:events", 2)
    assert refused(mentee, room, topic) == ["room:join", "room:sync", "room:typing", "message:post"]
    for path in (f"/rooms/{room}", f"/rooms/{room}/events", f"/topics/{topic}/messages", f"/messages/{said['id']}/acts"):
        assert mentee.request(path)[0] == 404
    assert mentee.request(f"/messages/{said['id']}/react", {"code": "like", "on": "1"})[0] == 404


def room_paths(app: Any, room: int, topic: int, message: int) -> list[tuple[str, str]]:
    """Every address that names a room, a topic or a message, with its method."""
    ids = {"room_id": room, "topic_id": topic, "message_id": message}
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in ("community", "api") and rule.arguments and rule.arguments <= set(ids):
            with app.test_request_context():
                address = url_for(rule.endpoint, **{name: ids[name] for name in rule.arguments})
            found += [(method, address) for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"})]
    return found


def test_no_address_of_a_room_is_there_for_who_does_not_belong_or_was_removed(app: Any, cast: Cast, talk: Talk) -> None:
    room, topic = talk.room_id, talk.topic.id
    message = talk.say(cast.mentor, "Only for members").id
    paths = room_paths(app, room, topic, message)
    assert len(paths) > 30

    def open_to(person: Person) -> list[tuple[str, str]]:
        client = cast.client(person)
        return [(method, path) for method, path in paths if client.open(path, method=method).status_code != 404]

    db.session.rollback()
    assert len(open_to(cast.mentee)) > len(paths) // 2
    for person in (cast.stranger, cast.coordinator, cast.administrator):
        assert open_to(person) == [], person.name
    actions.remove_member(cast.actor(cast.mentor), talk.community, cast.mentee.id)
    db.session.rollback()
    assert open_to(cast.mentee) == []
