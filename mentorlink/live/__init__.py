"""The door of sockets. It carries hints and what the rooms' logs say; the database is the log."""

from __future__ import annotations

from flask import Flask

from mentorlink.live import community, events
from mentorlink.live.server import set_up as set_up_server

__all__ = ["community", "events", "set_up"]


def set_up(app: Flask) -> None:
    """Open the door on ``app``."""
    set_up_server(app)
    events.hear_all(app)
