"""The door of sockets."""

from __future__ import annotations

from flask import Flask

from mentorlink.live.server import set_up as set_up_server

__all__ = ["set_up"]


def set_up(app: Flask) -> None:
    """Open the door on ``app``."""
    set_up_server(app)
