"""Two workers over one database, with Redis between them, and with Redis dead."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import socketio

from mentorlink.community import actions, rules
from mentorlink.community.inputs import PresenceInput
from mentorlink.kernel.db import db
from tests.cast import Cast
from tests.community.talk import Talk
from tests.databases import Databases
from tests.live.conftest import Device, Server

Make = Callable[..., Device]
REDIS = shutil.which("redis-server")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(REDIS is None, reason="there is no redis-server")]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    options = ["--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(tmp_path), "--bind", "127.0.0.1"]
    process = subprocess.Popen([str(REDIS), *options], stdout=subprocess.DEVNULL)
    for _attempt in range(100):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                break
        except OSError:
            time.sleep(0.05)
    yield process, port
    process.kill()
    process.wait()


@pytest.fixture
def workers(talk: Talk, databases: Databases, redis: tuple[Any, int]) -> Iterator[tuple[Server, Server]]:
    db.session.rollback()
    made = tuple(Server(databases.url, MENTORLINK_REDIS_URL=f"redis://127.0.0.1:{redis[1]}/0") for _each in range(2))
    for worker in made:
        worker.start()
    yield made  # type: ignore[misc]  # two of them
    for worker in made:
        worker.stop(kill=True)


def post(device: Device, talk: Talk, topic: int, body: str) -> dict[str, Any]:
    said = {"room": talk.room_id, "topic_id": topic, "body": body, "client_id": rules.new_client_id()}
    return dict(device.ask("message:post", said))


def words(found: str) -> Callable[[str, Any], Any]:
    return lambda name, data: name == "room:events" and any(found in one.get("html", "") for one in data["events"])


def refused_in_the_end(connect: Callable[[], Device]) -> bool:
    """True when a line is refused; until the workers have heard of each other some may be taken, and are closed again."""
    for _attempt in range(50):
        try:
            connect().close()
        except socketio.exceptions.ConnectionError:
            return True
        time.sleep(0.2)
    return False


def test_two_workers_are_one_room_and_redis_may_die(
    talk: Talk, cast: Cast, workers: tuple[Server, Server], redis: tuple[Any, int], device: Make
) -> None:
    topic, room, many = talk.topic.id, talk.room_id, cast.supervisor
    actions.choose_presence(cast.actor(cast.mentee), PresenceInput(shown=True))
    db.session.rollback()
    mentor, mentee = device(cast.mentor, at=workers[0]), device(cast.mentee, at=workers[1])
    for one in (mentor, mentee):
        assert "error" not in one.ask("room:join", {"room": room, "after": 0})
    here = mentor.until(lambda name, data: data["people"] if name == "room:here" and data["people"] else None)
    assert [person["name"] for person in here] == ["Mentee"]
    assert post(mentee, talk, topic, "From the other worker")["seq"]
    assert mentor.until(words("From the other worker"))
    mentee.ask("room:typing", {"room": room, "topic": topic})
    assert mentor.wait("room:typing")["name"] == "Mentee"
    for _each in range(10):
        device(many, at=workers[0])
    assert refused_in_the_end(lambda: device(many, at=workers[1])), "ten lines here and more there"
    redis[0].kill()
    redis[0].wait()
    assert post(mentee, talk, topic, "Without Redis")["seq"]
    assert mentor.until(words("Without Redis"))
    assert mentor.request(f"/communities/{talk.community_id}/members/{cast.mentee.id}/remove", {})[0] == 303
    assert post(mentor, talk, topic, "After the removal")["seq"]
    assert mentee.wait("room:closed")
    assert mentee.silent("room:events", 2)
    assert mentee.ask("room:sync", {"room": room, "after": 0}) == {"error": "not_found"}
