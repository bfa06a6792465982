"""The Socket.IO server and its limits."""

from __future__ import annotations

from flask import Flask
from flask_socketio import SocketIO

from mentorlink.live import gate, wires

MESSAGE_BYTES = 16 * 1024
"""Largest message taken from a client."""

socketio = SocketIO(
    async_mode="threading",
    async_handlers=False,
    manage_session=False,
    max_http_buffer_size=MESSAGE_BYTES,
    max_decode_packets=20,
    ping_interval=25,
    ping_timeout=20,
    http_compression=False,
)


def set_up(app: Flask) -> None:
    """Join Socket.IO to ``app``, behind the gate."""
    socketio.init_app(app)
    wires.harden(socketio.server.eio, MESSAGE_BYTES)
    app.wsgi_app = gate.Gate(app, app.wsgi_app, socketio.server.eio)  # type: ignore[assignment,method-assign]
