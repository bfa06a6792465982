"""A real server process, and clients with a real socket."""

from __future__ import annotations

import http.cookiejar
import json
import os
import queue
import re
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerProcess
from typing import Any

import pytest
import socketio

from mentorlink.kernel import clock, crypto
from mentorlink.kernel.db import db
from mentorlink.people.models import Person, SignIn
from tests.browser.serving import FORKS
from tests.cast import Cast
from tests.community.talk import Talk
from tests.conftest import KEYS
from tests.databases import Databases
from tests.live.server import main


class Server:
    """The process, which can be killed and started again on the same port."""

    def __init__(self, database_url: str, **more: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://localhost:{self.port}"
        self._environment = {
            "MENTORLINK_SECRET_KEY": "k3Jx9-qLw7_Zt5vB1nRm8YpDf2Hs6Gc4",
            "MENTORLINK_DATA_KEYS": KEYS[0],
            "MENTORLINK_DATABASE_URL": database_url,
            "MENTORLINK_BASE_URL": self.url,
            "MENTORLINK_BACKGROUND": "0",
            "MENTORLINK_LOG_LEVEL": "error",
            **more,
        }
        self.process: ForkServerProcess | None = None

    def start(self) -> None:
        self.process = FORKS.Process(target=main, args=(self._environment, self.port))
        self.process.start()
        for _attempt in range(600):
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except OSError:
                assert self.process.is_alive(), "the server ended"
                time.sleep(0.1)
        raise AssertionError("the server does not answer")

    def stop(self, *, kill: bool = False) -> None:
        if self.process is None:
            return
        if kill and self.process.is_alive():
            os.killpg(int(self.process.pid or 0), 9)
        else:
            self.process.terminate()
        self.process.join(30)
        self.process = None


class Device:
    """A signed-in person's device: HTTP with cookies, and a socket."""

    def __init__(self, server: Server, token: str | None) -> None:
        self.server = server
        self.jar = http.cookiejar.CookieJar()
        self.http = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.token = token
        self.csrf = ""
        self.heard: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.socket = socketio.Client(reconnection_delay=0.2, reconnection_delay_max=0.5, randomization_factor=0)
        self.socket.on("*", lambda name, *data: self.heard.put((name, data[0] if data else None)))
        self.socket.on("disconnect", lambda *_: self.heard.put(("disconnect", None)))

    def request(self, path: str, data: dict[str, Any] | None = None) -> tuple[int, str]:
        """GET, or POST a form; the status and the answer."""
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        headers = {"Accept": "application/json", "X-CSRFToken": self.csrf, "Cookie": self._cookies()}
        request = urllib.request.Request(self.server.url + path, data=body, headers=headers)
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def open_page(self) -> None:
        """Load a page for the form secret, as a browser does before it opens a socket."""
        request = urllib.request.Request(f"{self.server.url}/communities", headers={"Cookie": f"mentorlink={self.token}"})
        with self.http.open(request, timeout=20) as answer:
            self.csrf = re.search(r'name="csrf-token" content="([^"]+)"', answer.read().decode())[1]  # type: ignore[index]

    def connect(self, *, origin: str | None = "", transports: tuple[str, ...] = ("websocket",), csrf: str | None = None) -> None:
        headers, origin = {"Cookie": self._cookies()}, self.server.url if origin == "" else origin
        self.socket.eio.websocket_extra_options = {"suppress_origin": True} if origin is None else {"origin": origin}
        if transports == ("polling",) and origin is not None:
            headers["Origin"] = origin
        auth = {"csrf": self.csrf if csrf is None else csrf}
        self.socket.connect(self.server.url, headers=headers, auth=auth, transports=list(transports), wait_timeout=10)

    def ask(self, name: str, payload: Any) -> Any:
        """Send an event and wait for its acknowledgement."""
        return self.socket.call(name, payload, timeout=10)

    def wait(self, name: str, seconds: float = 10) -> Any:
        """The next event of that name; fails when none comes."""
        return self.until(lambda found, data: (data or {"": ""}) if found == name else None, seconds)

    def until(self, wanted: Callable[[str, Any], Any], seconds: float = 10) -> Any:
        """What ``wanted`` makes of the first event it wants."""
        end = time.monotonic() + seconds
        while True:
            name, data = self.heard.get(timeout=max(0.01, end - time.monotonic()))
            found = wanted(name, data)
            if found:
                return found

    def silent(self, name: str, seconds: float) -> bool:
        """True when no event of that name comes for so long."""
        try:
            self.wait(name, seconds)
        except queue.Empty:
            return True
        return False

    def close(self) -> None:
        self.socket.shutdown()

    def _cookies(self) -> str:
        kept = [f"{cookie.name}={cookie.value}" for cookie in self.jar if cookie.name != "mentorlink"]
        return "; ".join(([f"mentorlink={self.token}"] if self.token else []) + kept)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


@pytest.fixture
def talk(cast: Cast) -> Talk:
    return Talk(cast)


@pytest.fixture
def server(talk: Talk, databases: Databases) -> Iterator[Server]:
    """A running server over the test's database."""
    db.session.rollback()
    server = Server(databases.url)
    server.start()
    yield server
    server.stop(kill=True)


@pytest.fixture
def device(server: Server, cast: Cast) -> Iterator[Callable[..., Device]]:
    """Makes devices of signed-in persons."""
    made: list[Device] = []

    def make(person: Person, *, connected: bool = True, at: Server = server) -> Device:
        token, person_id = crypto.new_token(), person.id
        db.session.rollback()  # what was read before is no ground to write on
        sign_in = SignIn(person_id=person_id, token_hash=crypto.token_hash(token), created_at=clock.now(), seen_at=clock.now())
        db.session.add(sign_in)
        db.session.commit()
        made.append(Device(at, token))
        made[-1].sign_in_id = sign_in.id  # type: ignore[attr-defined]
        made[-1].open_page()
        if connected:
            made[-1].connect()
        return made[-1]

    yield make
    for one in made:
        one.close()


def receipt(answer: tuple[int, str]) -> dict[str, Any]:
    """The receipt of a message that was taken."""
    status, text = answer
    assert status == 200, text
    return dict(json.loads(text))
