"""A server of a process of its own: pages and sockets over a copy of the demo agency."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path

from jinja2 import FileSystemBytecodeCache

from mentorlink.app import create_app
from mentorlink.live.serve import serve
from tests.conftest import settings_for

FORKS = multiprocessing.get_context("forkserver")
"""One process per run learns the code, and every server is a fork of it."""
FORKS.set_forkserver_preload([__name__, "tests.browser.ready"])


def compiled_templates(folder: Path) -> FileSystemBytecodeCache:
    """Templates compiled before, kept in the folder of the demo agency."""
    return FileSystemBytecodeCache(str(folder))


def main(database: str, port: int, log: str) -> None:
    """Serve until told to stop, as the head of a group of processes; what it says goes to the file ``log``."""
    os.setsid()
    with open(log, "ab") as words:  # its number is all that is wanted
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(words.fileno(), stream.fileno())
    settings = settings_for(f"sqlite:///{database}", demo=True)
    app = create_app(settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}", "background": True}))
    if demo := os.environ.get("MENTORLINK_TEST_DEMO"):
        app.jinja_env.bytecode_cache = compiled_templates(Path(demo).parent)
    serve(app, "127.0.0.1", port)
