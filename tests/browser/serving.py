"""A server of a process of its own: pages and sockets over a copy of the demo agency."""

from __future__ import annotations

import multiprocessing
import os
import sys

from mentorlink.app import create_app
from mentorlink.live.serve import serve
from tests.conftest import keep_templates, settings_for

FORKS = multiprocessing.get_context("forkserver")
"""One process per run learns the code, and every server is a fork of it."""
FORKS.set_forkserver_preload([__name__, "tests.browser.ready"])


def main(database: str, port: int, log: str) -> None:
    """Serve until told to stop, as the head of a group of processes; what it says goes to the file ``log``."""
    os.setsid()
    with open(log, "ab") as words:  # its number is all that is wanted
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(words.fileno(), stream.fileno())
    settings = settings_for(f"sqlite:///{database}", demo=True)
    app = create_app(settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}", "background": True}))
    keep_templates(app)
    serve(app, "127.0.0.1", port)
