"""Serves pages and sockets from one process: gunicorn, one worker; open lines take no threads."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource
import signal
import threading
import time
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from mentorlink.kernel import jobs
from mentorlink.kernel.db import db
from mentorlink.live.server import socketio
from mentorlink.pairing.effects import refresh_pool
from mentorlink.pairing.queries import warm_pool

COME_BACK = {"min": 1000, "max": 10000}
"""When the server goes, clients come back after a random number of milliseconds between these."""

THREADS = 48
"""Requests answered at once; open lines need none."""

M_ARENA_MAX, ARENAS = -8, 2
"""glibc otherwise keeps up to eight pools of memory for each core, one for each thread that ever asked."""

FAREWELL = 0.3
"""Seconds that the word of farewell has to reach the clients before the lines are cut."""


def serve(app: Flask, host: str, port: int) -> None:
    """Serve ``app`` until told to stop (SIGTERM or Ctrl-C). Returns never: the process ends."""
    with app.app_context():
        db.engine.dispose()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # an open line is an open file
    _share_memory()
    One(app, host, port).run()


def _share_memory() -> None:
    """Let the worker share what is loaded with the process that watches it, and its threads few pools of memory."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)
    gc.collect()
    _give_back()
    gc.freeze()  # what is never collected is never written to, so its pages are not copied after the fork


def _give_back() -> None:
    """Let the system have what was used while loading and is not needed any more."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def say_farewell() -> None:
    """Ask every client to come back at a moment of its own, then cut the lines."""
    if socketio.server is None:
        return
    socketio.emit("come-back", COME_BACK)
    time.sleep(FAREWELL)
    for line in list(socketio.server.eio.sockets.values()):
        with contextlib.suppress(Exception):
            line.close(wait=False)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A threaded worker that lets its clients go first."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Stop: farewell first, from a thread, because a signal may interrupt any lock."""
        if self.alive:
            threading.Thread(target=say_farewell, daemon=True).start()
        super().handle_exit(sig, frame)

    handle_quit = handle_exit


class One(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with one worker around ``app``."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        self._served, self._bind = app, f"{host}:{port}"
        self._stop = threading.Event()
        super().__init__()

    def load_config(self) -> None:
        """Settings of gunicorn."""
        settings = self._served.config["SETTINGS"]
        shm = Path("/dev/shm")  # noqa: S108  # the heartbeat file must not wait for a disk
        options: dict[str, Any] = {
            "bind": self._bind,
            "workers": 1,
            "worker_class": Worker,
            "threads": THREADS,
            "worker_connections": settings.max_sockets + 1000,
            "keepalive": 15,
            "timeout": 60,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "proc_name": "mentorlink",
            "worker_tmp_dir": str(shm) if shm.is_dir() and os.access(shm, os.W_OK) else None,
            "control_socket_disable": True,
            "post_fork": lambda _arbiter, _worker: self._after_fork(),
            "post_worker_init": lambda _worker: self._begin_work(),
            "worker_exit": lambda _arbiter, _worker: self._stop.set(),
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application to serve."""
        return self._served

    def _warm(self) -> None:
        """Build the pool of mentors before anybody asks for it; where there are no words yet that all share, learn them."""
        with self._served.app_context():
            if not warm_pool() and self._served.config["SETTINGS"].background:
                refresh_pool({"unread": 1})
                warm_pool()
        _give_back()

    def _after_fork(self) -> None:
        with self._served.app_context():
            db.engine.dispose(close=False)

    def _begin_work(self) -> None:
        threading.Thread(target=self._warm, name="warm", daemon=True).start()
        if self._served.config["SETTINGS"].background:
            threading.Thread(target=jobs.work, args=(self._served, self._stop), name="jobs", daemon=True).start()
        signal.siginterrupt(signal.SIGTERM, False)
