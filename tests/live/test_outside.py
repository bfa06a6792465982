"""A room driven from outside by clients that are not ours: the official one in JavaScript, and the one in Python."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mentorlink.community import rules
from tests.cast import Cast
from tests.community.talk import Talk
from tests.live.conftest import Device
from tests.live.test_sockets import Follower

NODE = shutil.which("node")
HERE = Path(__file__).parent
BUNDLE = HERE.parents[1] / "static" / "vendor" / "socket.io" / "socket.io.esm.min.js"
pytestmark = [pytest.mark.slow, pytest.mark.one_database, pytest.mark.skipif(NODE is None, reason="there is no node")]


def test_clients_in_javascript_and_in_python_share_a_room(talk: Talk, cast: Cast, device: Callable[..., Device]) -> None:
    topic, room = talk.topic.id, talk.room_id
    talk.say(cast.mentor, "Before anybody listened")
    python, page = device(cast.mentee), device(cast.mentor, connected=False)
    follower = Follower(python, room)
    follower.join()
    command = [str(NODE), "--experimental-websocket", "--no-warnings", str(HERE / "outside.mjs"), str(BUNDLE), page.server.url,
               page._cookies(), page.csrf, str(room), str(topic), "3"]  # fmt: skip
    script = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert script.stdout is not None
        assert json.loads(script.stdout.readline() or "{}") == {"joined": True}, script.stderr.read()  # type: ignore[union-attr]
        said = python.ask(
            "message:post", {"room": room, "topic_id": topic, "body": "From Python", "client_id": rules.new_client_id()}
        )
        found = json.loads(script.stdout.readline())
    finally:
        script.kill()
        script.wait()
    follower.drain(said["seq"])
    assert follower.ids == [one["id"] for one in found["shown"]]
    assert [one["seq"] for one in found["shown"]] == sorted(one["seq"] for one in found["shown"])
    assert found["receipt"] == {"seq": found["shown"][1]["seq"], "id": found["shown"][1]["id"], "duplicate": False}
    page_shows = json.loads(page.request(f"/topics/{topic}/messages?before=99999")[1])["html"]
    for one, words in zip(found["shown"], ("Before anybody", "<strong>JavaScript</strong>", "From Python"), strict=True):
        assert words in one["html"]
        assert one["html"] in page_shows
