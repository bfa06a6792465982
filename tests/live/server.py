"""A real server process for tests: pages and sockets on a port of localhost, over the database that its environment names."""

from __future__ import annotations

import os

from config import load_settings
from mentorlink.app import create_app
from mentorlink.live.serve import serve
from tests.conftest import keep_templates


def main(environment: dict[str, str], port: int) -> None:
    """Serve until told to stop, as the head of a group of processes."""
    os.setsid()
    os.environ.update(environment)
    app = create_app(load_settings())
    keep_templates(app)
    serve(app, "127.0.0.1", port)
