"""A server of a process of its own: pages and sockets over a copy of the demo agency."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from mentorlink.live.serve import serve

FORKS = multiprocessing.get_context("forkserver")
"""One process per run learns the code, and every server is a fork of it."""
FORKS.set_forkserver_preload([__name__, "tests.browser.ready", "tests.live.server"])

AXE = "/axe.js"
"""Where pages get what looks for faults in them: an address of their own, so that their policy allows it and it is kept."""

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def main(database: str, port: int, log: str) -> None:
    """Serve until told to stop, as the head of a group of processes; what it says goes to the file ``log``."""
    os.setsid()
    with open(log, "ab") as words:  # its number is all that is wanted
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(words.fileno(), stream.fileno())
    from tests.browser.ready import application  # stands there already: the process this one is a fork of has loaded it

    app = application(database, f"http://127.0.0.1:{port}")
    app.wsgi_app = _with_axe(app.wsgi_app)  # type: ignore[method-assign]  # as Flask tells one to
    serve(app, "127.0.0.1", port)


def _with_axe(pages: Wsgi) -> Wsgi:
    content = (Path(__file__).parent / "vendor/axe.min.js").read_bytes()
    headers = [("Content-Type", "text/javascript"), ("Cache-Control", "max-age=86400"), ("Content-Length", str(len(content)))]

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != AXE:
            return pages(environ, start)
        start("200 OK", headers)
        return [content]

    return answer
