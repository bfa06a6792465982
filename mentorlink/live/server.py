"""The Socket.IO server and who is connected to it."""

from __future__ import annotations

from flask import Flask
from flask_socketio import SocketIO

socketio = SocketIO(async_mode="threading", async_handlers=False, manage_session=False)


def set_up(app: Flask) -> None:
    """Join Socket.IO to ``app``."""
    socketio.init_app(app)
