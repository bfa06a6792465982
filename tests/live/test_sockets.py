"""Rooms over real sockets of a real server process."""

from __future__ import annotations

import json
import queue
import socket
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


def test_what_happens_is_seen_at_once_wherever_it_was_done_and_strangers_see_nothing(
    talk: Talk, cast: Cast, device: Make, server: Server
) -> None:
    topic, room = talk.topic.id, talk.room_id
    actions.choose_presence(cast.actor(cast.mentee), PresenceInput(shown=False))
    db.session.rollback()
    mentor, mentee, again = device(cast.mentor), device(cast.mentee), device(cast.mentee)
    assert "error" not in mentor.ask("room:join", {"room": room, "after": 0})

    said = post(mentee, topic, room, "Seen **at once**")
    event = mentor.until(events_with("at once"))
    assert (event["kind"], event["seq"], event["id"]) == ("posted", said["seq"], said["id"])
    shown = json.loads(mentor.request(f"/topics/{topic}/messages?before=99999")[1])["html"]
    assert event["html"] in shown, "what is pushed is the page's own piece"

    data = MessageInput(topic_id=topic, body="From another process", client_id=rules.new_client_id())
    elsewhere = actions.post_message(cast.actor(cast.mentor), talk.room, data)
    db.session.rollback()
    assert mentor.until(events_with("From another process"))

    last = post(mentor, topic, room, "And one more")
    assert mentee.request(f"/rooms/{room}/seen", {"topic_id": topic, "seq": elsewhere.seq})[0] == 204
    assert again.wait("room:seen") == {"room": room, "topic": topic, "seq": elsewhere.seq, "unread": 1}
    assert last["seq"] > elsewhere.seq
    assert mentor.silent("room:seen", 0.5)

    stranger = device(cast.stranger)
    for name in ("room:join", "room:sync"):
        theirs = stranger.ask(name, {"room": room, "after": 0})
        assert theirs == stranger.ask(name, {"room": 99999, "after": 0}) == {"error": "not_found"}

    assert server.process is not None
    server.process.terminate()
    assert mentor.wait("come-back") == {"min": 1000, "max": 10000}
    server.process.join(10)
    assert server.process.exitcode == 0


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


def test_who_is_removed_or_signed_out_hears_nothing_from_the_next_message_on(talk: Talk, cast: Cast, device: Make) -> None:
    topic, room = talk.topic.id, talk.room_id
    actions.join_community(cast.actor(cast.stranger), talk.community)
    db.session.rollback()
    mentor, mentee, other = device(cast.mentor), device(cast.mentee), device(cast.stranger)
    for one in (mentor, mentee, other):
        assert "error" not in one.ask("room:join", {"room": room, "after": 0})
    post(mentor, topic, room, "For all")
    for one in (mentee, other):
        assert one.until(events_with("For all"))
    path = f"/communities/{talk.community_id}/members/{cast.mentee.id}/remove"
    assert mentor.request(path, {})[0] == 303
    assert mentee.wait("room:closed") == {"room": room}
    actions.remove_member(cast.actor(cast.mentor), talk.community, cast.stranger.id)  # in this process, of which no hint comes
    data = MessageInput(topic_id=topic, body="Not for those who went", client_id=rules.new_client_id())
    actions.post_message(cast.actor(cast.mentor), talk.room, data)
    assert mentor.until(events_with("Not for those"))
    for one in (mentee, other):
        with pytest.raises(queue.Empty):
            one.until(events_with("Not for those"), 1)
        assert one.ask("room:sync", {"room": room, "after": 0}) == {"error": "not_found"}
        assert one.ask("room:join", {"room": room, "after": 0}) == {"error": "not_found"}

    away = device(cast.mentor)
    end_sign_in(cast.actor(cast.mentor), mentor.sign_in_id)  # type: ignore[attr-defined]
    assert mentor.wait("disconnect", 8)
    assert "error" not in away.ask("room:join", {"room": room, "after": 0})


@pytest.mark.one_database
def test_a_client_that_keeps_to_no_rule_harms_nobody_else(talk: Talk, cast: Cast, device: Make, server: Server) -> None:
    room, good = talk.room_id, device(cast.mentee)
    odd = device(cast.mentor)
    for payload in (None, 7, "x", [], {}, {"room": "1"}, {"room": -1}, {"room": 1, "after": "0"}, {"room": 1, "x": 2}):
        assert odd.ask("room:join", payload) == {"error": "invalid"}, payload
    assert "error" not in odd.ask("room:join", {"room": room, "after": 0}), "the line stays"

    hasty = device(cast.mentor)
    answers = [hasty.ask("room:sync", {"room": room, "after": 0}) for _each in range(22)]
    assert "error" not in answers[19]
    assert answers[20] == answers[21] == {"error": "too_many"}

    greedy = device(cast.mentor)
    greedy.socket.emit("room:join", {"room": room, "stamp": "x" * 2_000_000})
    assert greedy.wait("disconnect")

    endless = raw_line(device(cast.second_mentor, connected=False))
    with endless:
        endless.sendall(b"\x01\x80\0\0\0\0" + b"\0\x80\0\0\0\0" * 5000)
        assert closed_by_the_server(endless), "a message in parts without an end"

    for _each in range(10):
        device(cast.supervisor)
    eleventh = device(cast.supervisor, connected=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        eleventh.connect()
    assert "error" not in good.ask("room:join", {"room": room, "after": 0})


def raw_line(device: Device) -> socket.socket:
    """A WebSocket of a signed-in person without a client: whatever is sent goes out as it is."""
    line = socket.create_connection(("localhost", device.server.port), timeout=10)
    head = (
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", f"Host: localhost:{device.server.port}", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Origin: {device.server.url}", f"Cookie: {device._cookies()}", "", "",
    )  # fmt: skip
    line.sendall("\r\n".join(head).encode())
    assert b" 101 " in line.recv(1000)
    return line


def closed_by_the_server(line: socket.socket) -> bool:
    """True when the server ends the line."""
    try:
        while line.recv(65536):
            pass
    except ConnectionError:
        pass
    return True


@pytest.mark.one_database
def test_a_handshake_needs_a_sign_in_our_origin_and_the_form_secret_and_may_be_polling(
    talk: Talk, cast: Cast, device: Make, server: Server
) -> None:
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
    narrow, mentee = device(cast.mentor, connected=False), device(cast.mentee)
    narrow.connect(transports=("polling",))
    narrow.ask("room:join", {"room": talk.room_id, "after": 0})
    post(mentee, talk.topic.id, talk.room_id, "Through the narrow way")
    assert narrow.until(events_with("narrow way"))


@pytest.mark.one_database
def test_only_who_chose_it_is_seen_there_and_typing(talk: Talk, cast: Cast, device: Make) -> None:
    topic, room = talk.topic.id, talk.room_id
    mentor = device(cast.mentor)
    mentor.ask("room:join", {"room": room, "after": 0})
    shy = device(cast.mentee)
    assert shy.ask("room:join", {"room": room, "after": 0})["here"] == []
    shy.ask("room:typing", {"room": room, "topic": topic})
    assert mentor.silent("room:typing", 1)
    assert shy.request("/presence", {"shown": "1"})[0] == 204
    here = mentor.until(lambda name, data: data["people"] if name == "room:here" and data["people"] else None)
    assert here == [{"id": cast.mentee.id, "name": "Mentee"}]
    shy.ask("room:typing", {"room": room, "topic": topic})
    assert mentor.wait("room:typing")["by"] == cast.mentee.id
    shy.close()
    assert mentor.until(lambda name, data: name == "room:here" and data["people"] == [])
