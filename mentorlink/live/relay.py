"""Hints between the workers of one agency, through Redis. Nothing depends on one: a lost hint costs a sweep of the pump.

Each worker tells what it did to its own connections and hears what the others did. Redis away, slow or deaf holds up nobody:
hints go out from a thread with a bounded queue, and the rooms' logs are read each second anyway.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import secrets
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, current_app

if TYPE_CHECKING:
    import redis

CHANNEL = "mentorlink:live"
WAITING = 2000
"""Hints that may wait to go out; beyond that they are dropped."""

PATIENCE = 2.0
"""Seconds until Redis counts as away, and until it is tried again."""

log = structlog.get_logger(__name__)
Hearer = Callable[[dict[str, Any]], None]


class Relay:
    """The line of this process to the others."""

    def __init__(self) -> None:
        self.me = ""
        self._hearers: dict[str, Hearer] = {}
        self._out: queue.Queue[str] = queue.Queue(WAITING)
        self._lock = threading.Lock()
        self._app: Flask | None = None
        self._url = ""
        self._process = 0

    def hears(self, kind: str) -> Callable[[Hearer], Hearer]:
        """Let a function hear hints of that kind from other workers."""

        def decorate(hearer: Hearer) -> Hearer:
            self._hearers[kind] = hearer
            return hearer

        return decorate

    @property
    def others(self) -> bool:
        """True where there may be other workers."""
        return bool(self._url)

    def start(self, app: Flask) -> None:
        """Begin to hear and to tell, in each process anew; without a Redis nothing happens."""
        url = app.config["SETTINGS"].redis_url
        with self._lock:
            if not url or self._process == os.getpid():
                return
            self._process, self._app, self._url, self.me = os.getpid(), app, url, secrets.token_hex(6)
            self._out = queue.Queue(WAITING)
            for work in (self._tell, self._listen):
                threading.Thread(target=work, name=f"relay{work.__name__}", daemon=True).start()
        self.tell("hello", {})

    def tell(self, kind: str, data: dict[str, Any]) -> None:
        """Tell the other workers; never waits and never fails."""
        if self._process != os.getpid():
            if not current_app:
                return
            self.start(current_app._get_current_object())  # type: ignore[attr-defined]  # threads outlive this context
        if self._url:
            with contextlib.suppress(queue.Full):
                self._out.put_nowait(json.dumps({"w": self.me, "k": kind, "d": data}, separators=(",", ":")))

    def _connect(self, patience: float) -> redis.Redis:
        """A line to Redis; its client is loaded where there is one."""
        return _client().Redis.from_url(self._url, socket_timeout=patience, socket_connect_timeout=PATIENCE)

    def _tell(self) -> None:
        server, tried = self._connect(PATIENCE), 0.0
        while True:
            words = self._out.get()
            if time.monotonic() - tried < PATIENCE:
                continue
            try:
                server.publish(CHANNEL, words)
                tried = 0.0
            except _client().RedisError:
                tried = time.monotonic()

    def _listen(self) -> None:
        while True:
            try:
                hearing = self._connect(30).pubsub()
                hearing.subscribe(CHANNEL)
                while True:
                    got = hearing.get_message(ignore_subscribe_messages=True, timeout=10)
                    if got is not None:
                        self._hear(got["data"])
            except _client().RedisError:
                time.sleep(PATIENCE)

    def _hear(self, words: bytes) -> None:
        try:
            said = json.loads(words)
            hearer = self._hearers.get(said["k"])
            if said["w"] == self.me or hearer is None:
                return
            assert self._app is not None
            with self._app.app_context():
                hearer({**said["d"], "worker": said["w"]})
        except Exception:  # what one hint does wrong must not end the hearing of others
            log.exception("a hint failed")


def _client() -> Any:
    if sys.modules.get("redis", sys) is None:
        del sys.modules["redis"]  # kernel/lean.py left it out; here it is needed
    return importlib.import_module("redis")


relay = Relay()
