"""Rooms over real sockets of a real server process."""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Callable
from typing import Any

import pytest
import socketio.exceptions

from mentorlink.community import actions, rules
from mentorlink.community.inputs import MessageInput, PresenceInput
from mentorlink.kernel.db import db
from mentorlink.people.actions import end_sign_in
from tests.cast import Cast
from tests.community.talk import Talk
from tests.live.conftest import Device, Server, receipt

pytestmark = pytest.mark.slow
Make = Callable[..., Device]


def post(device: Device, talk_topic: int, room: int, body: str, client_id: str = "") -> dict[str, Any]:
    data = {"topic_id": talk_topic, "body": body, "client_id": client_id or rules.new_client_id()}
    return receipt(device.request(f"/rooms/{room}/messages", data))


def events_with(words: str) -> Callable[[str, Any], Any]:
    return lambda name, data: (
        next((event for event in (data or {}).get("events", []) if words in event.get("html", "")), None)
        if name == "room:events"
        else None
    )


class Follower:
    """A client that keeps a room's log by the rules: next applied, older dropped, gap asked for."""

    def __init__(self, device: Device, room: int) -> None:
        self.device, self.room = device, room
        self.cursor, self.stamp = 0, ""
        self.seqs: list[int] = []
        self.ids: list[int] = []

    def join(self) -> None:
        self.hear(self.device.ask("room:join", self.where()))

    def where(self) -> dict[str, Any]:
        return {"room": self.room, "after": self.cursor, "stamp": self.stamp}

    def hear(self, answer: dict[str, Any]) -> None:
        assert "reload" not in answer
        self.take(answer["events"])
        while answer.get("more"):
            answer = self.device.ask("room:sync", self.where())
            self.take(answer["events"])

    def take(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            if event["seq"] <= self.cursor:
                continue
            if event["seq"] > self.cursor + 1:
                return self.hear(self.device.ask("room:sync", self.where()))
            self.cursor, self.stamp = event["seq"], event["stamp"]
            self.seqs.append(event["seq"])
            if event["kind"] == "posted":
                self.ids.append(event["id"])
        return None

    def drain(self, until_seq: int, seconds: float = 15) -> None:
        end = time.monotonic() + seconds
        while self.cursor < until_seq and time.monotonic() < end:
            try:
                name, data = self.device.heard.get(timeout=0.5)
            except queue.Empty:
                continue
            if name == "room:events":
                self.take(data["events"])


def test_what_one_posts_the_other_sees_and_it_is_the_pages_own_piece(talk: Talk, cast: Cast, device: Make) -> None:
    topic, room = talk.topic.id, talk.room_id
    mentor, mentee = device(cast.mentor), device(cast.mentee)
    assert "error" not in mentor.ask("room:join", {"room": room, "after": 0})
    said = post(mentee, topic, room, "Seen **at once**")
    event = mentor.until(events_with("at once"))
    assert (event["kind"], event["seq"], event["id"]) == ("posted", said["seq"], said["id"])
    shown = json.loads(mentor.request(f"/topics/{topic}/messages?before=99999")[1])["html"]
    assert event["html"] in shown


def test_a_write_of_another_process_is_seen_within_a_sweep(talk: Talk, cast: Cast, device: Make) -> None:
    mentor = device(cast.mentor)
    mentor.ask("room:join", {"room": talk.room_id, "after": 0})
    data = MessageInput(topic_id=talk.topic.id, body="From elsewhere", client_id=rules.new_client_id())
    actions.post_message(cast.actor(cast.mentee), talk.room, data)
    assert mentor.until(events_with("From elsewhere"))


def test_the_server_restarts_while_a_room_is_open_and_nothing_is_lost_or_doubled(
    talk: Talk, cast: Cast, device: Make, server: Server
) -> None:
    topic, room = talk.topic.id, talk.room_id
    writer, reader = device(cast.mentee, connected=False), device(cast.mentor)
    follower = Follower(reader, room)
    follower.join()
    waiting = [(rules.new_client_id(), f"message {number}") for number in range(18)]
    receipts = []
    for number, (client_id, body) in enumerate(waiting):
        if number == 6:
            server.stop(kill=True)
        while True:
            try:
                receipts.append(post(writer, topic, room, body, client_id))
                break
            except OSError:
                assert number == 6
                server.start()
        if number == 3:
            assert post(writer, topic, room, body, client_id)["duplicate"] is True
    for _attempt in range(100):
        if reader.socket.connected and "/" in reader.socket.namespaces:
            break
        time.sleep(0.1)
    follower.join()
    follower.drain(receipts[-1]["seq"])
    assert follower.ids == [one["id"] for one in receipts]
    assert follower.seqs == list(range(1, receipts[-1]["seq"] + 1))


def test_a_stop_asks_clients_to_come_back_and_ends_soon(talk: Talk, cast: Cast, device: Make, server: Server) -> None:
    mentor = device(cast.mentor)
    assert server.process is not None
    server.process.terminate()
    assert mentor.wait("come-back") == {"min": 1000, "max": 10000}
    server.process.join(10)
    assert server.process.exitcode == 0


def test_who_is_removed_hears_nothing_from_the_next_message_on(talk: Talk, cast: Cast, device: Make) -> None:
    topic, room = talk.topic.id, talk.room_id
    mentor, mentee = device(cast.mentor), device(cast.mentee)
    mentor.ask("room:join", {"room": room, "after": 0})
    mentee.ask("room:join", {"room": room, "after": 0})
    post(mentor, topic, room, "For both")
    assert mentee.until(events_with("For both"))
    path = f"/communities/{talk.community_id}/members/{cast.mentee.id}/remove"
    assert mentor.request(path, {})[0] == 303
    post(mentor, topic, room, "Not for the mentee")
    assert mentor.until(events_with("Not for the mentee"))
    assert mentee.wait("room:closed") == {"room": room}
    assert mentee.silent("room:events", 2)
    assert mentee.ask("room:sync", {"room": room, "after": 0}) == {"error": "not_found"}
    assert mentee.ask("room:join", {"room": room, "after": 0}) == {"error": "not_found"}


def test_who_is_removed_in_another_process_hears_nothing_either(talk: Talk, cast: Cast, device: Make) -> None:
    mentor, mentee = device(cast.mentor), device(cast.mentee)
    mentor.ask("room:join", {"room": talk.room_id, "after": 0})
    mentee.ask("room:join", {"room": talk.room_id, "after": 0})
    actions.remove_member(cast.actor(cast.mentor), talk.community, cast.mentee.id)
    data = MessageInput(topic_id=talk.topic.id, body="Not for the mentee", client_id=rules.new_client_id())
    actions.post_message(cast.actor(cast.mentor), talk.room, data)
    assert mentor.until(events_with("Not for the mentee"))
    assert mentee.silent("room:events", 2)


def test_a_sign_in_that_ended_elsewhere_loses_its_socket_within_seconds(talk: Talk, cast: Cast, device: Make) -> None:
    mentor, other = device(cast.mentor), device(cast.mentor)
    end_sign_in(cast.actor(cast.mentor), mentor.sign_in_id)  # type: ignore[attr-defined]
    assert mentor.wait("disconnect", 8)
    assert "error" not in other.ask("room:join", {"room": talk.room_id, "after": 0})


def test_strangers_get_the_answer_of_a_room_that_never_was(talk: Talk, cast: Cast, device: Make) -> None:
    stranger = device(cast.stranger)
    for name in ("room:join", "room:sync"):
        theirs = stranger.ask(name, {"room": talk.room_id, "after": 0})
        assert theirs == stranger.ask(name, {"room": 99999, "after": 0}) == {"error": "not_found"}
    assert stranger.ask("room:typing", {"room": talk.room_id, "topic": talk.topic.id}) == {"error": "not_found"}
    for path in (f"/rooms/{talk.room_id}", f"/rooms/{talk.room_id}/events", f"/topics/{talk.topic.id}/messages"):
        assert stranger.request(path)[0] == 404


@pytest.mark.one_database
def test_a_senseless_payload_is_refused_and_the_line_stays(talk: Talk, cast: Cast, device: Make) -> None:
    mentor = device(cast.mentor)
    for payload in (None, 7, "x", [], {}, {"room": "1"}, {"room": -1}, {"room": 1, "after": "0"}, {"room": 1, "x": 2}):
        assert mentor.ask("room:join", payload) == {"error": "invalid"}, payload
    assert "error" not in mentor.ask("room:join", {"room": talk.room_id, "after": 0})


@pytest.mark.one_database
def test_a_handshake_needs_a_sign_in_our_origin_and_the_form_secret(talk: Talk, cast: Cast, device: Make, server: Server) -> None:
    good = device(cast.mentor)
    assert good.socket.connected
    for transports in (("websocket",), ("polling",)):
        nobody = Device(server, None)
        with pytest.raises(socketio.exceptions.ConnectionError):
            nobody.connect(transports=transports)
        for origin in ("https://evil.example", "null"):
            bad = device(cast.mentor, connected=False)
            with pytest.raises(socketio.exceptions.ConnectionError):
                bad.connect(origin=origin, transports=transports)
        secretless = device(cast.mentor, connected=False)
        with pytest.raises(socketio.exceptions.ConnectionError):
            secretless.connect(csrf="", transports=transports)
    without = device(cast.mentor, connected=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        without.connect(origin=None)


@pytest.mark.one_database
def test_polling_works_where_websockets_do_not(talk: Talk, cast: Cast, device: Make) -> None:
    topic, room = talk.topic.id, talk.room_id
    mentor, mentee = device(cast.mentor, connected=False), device(cast.mentee)
    mentor.connect(transports=("polling",))
    mentor.ask("room:join", {"room": room, "after": 0})
    post(mentee, topic, room, "Through the narrow way")
    assert mentor.until(events_with("narrow way"))


@pytest.mark.one_database
def test_a_person_has_ten_lines_at_most(cast: Cast, device: Make) -> None:
    for _each in range(10):
        device(cast.mentor)
    eleventh = device(cast.mentor, connected=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        eleventh.connect()
    assert device(cast.mentee).socket.connected


@pytest.mark.one_database
def test_who_speaks_too_often_is_not_heard(talk: Talk, cast: Cast, device: Make) -> None:
    mentor = device(cast.mentor)
    answers = [mentor.ask("room:sync", {"room": talk.room_id, "after": 0}) for _each in range(22)]
    assert "error" not in answers[19]
    assert answers[20] == answers[21] == {"error": "too_many"}


@pytest.mark.one_database
def test_a_huge_message_ends_the_line_and_not_the_server(talk: Talk, cast: Cast, device: Make) -> None:
    mentor, mentee = device(cast.mentor), device(cast.mentee)
    mentor.socket.emit("room:join", {"room": talk.room_id, "stamp": "x" * 2_000_000})
    assert mentor.wait("disconnect")
    assert "error" not in mentee.ask("room:join", {"room": talk.room_id, "after": 0})


@pytest.mark.one_database
def test_only_who_chose_it_is_seen_there_and_typing(talk: Talk, cast: Cast, device: Make) -> None:
    topic, room = talk.topic.id, talk.room_id
    mentor = device(cast.mentor)
    mentor.ask("room:join", {"room": room, "after": 0})
    shy = device(cast.mentee)
    assert shy.ask("room:join", {"room": room, "after": 0})["here"] == []
    shy.ask("room:typing", {"room": room, "topic": topic})
    assert mentor.silent("room:typing", 1.5)
    assert shy.request("/presence", {"shown": "1"})[0] == 204
    here = mentor.until(lambda name, data: data["people"] if name == "room:here" and data["people"] else None)
    assert here == [{"id": cast.mentee.id, "name": "Mentee"}]
    shy.ask("room:typing", {"room": room, "topic": topic})
    assert mentor.wait("room:typing")["by"] == cast.mentee.id
    shy.close()
    assert mentor.until(lambda name, data: name == "room:here" and data["people"] == [])


def test_all_tabs_agree_on_what_was_seen(talk: Talk, cast: Cast, device: Make) -> None:
    topic, room = talk.topic.id, talk.room_id
    posted = [talk.say(cast.mentor, f"{number}") for number in range(3)]
    actions.choose_presence(cast.actor(cast.mentee), PresenceInput(shown=False))
    db.session.rollback()
    one, two, mentor = device(cast.mentee), device(cast.mentee), device(cast.mentor)
    assert one.request(f"/rooms/{room}/seen", {"topic_id": topic, "seq": posted[1].seq})[0] == 204
    assert two.wait("room:seen") == {"room": room, "topic": topic, "seq": posted[1].seq, "unread": 1}
    assert mentor.silent("room:seen", 1)
