"""WebSockets that bear slow, silent and greedy clients.

simple-websocket ignores how much of a frame a full socket took, waits for ever on a client that went away without a word,
and reads a message of any size into memory. The socket it is given here sends whole frames one at a time, gives up on a
client that takes nothing, and is cut when it closes. This module alone touches a private attribute of python-engineio.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI

SEND_SECONDS = 10
"""A client that takes nothing for so long is let go."""

_KEYS = ("gunicorn.socket", "werkzeug.socket")


def harden(engine: Any, message_bytes: int) -> None:
    """Make ``engine`` (engineio.Server) use WebSockets that refuse a message above ``message_bytes`` while it arrives."""
    engine._async = {**engine._async, "websocket": partial(SimpleWebSocketWSGI, max_message_size=message_bytes)}


def prepare(environ: dict[str, Any]) -> None:
    """Wrap the socket of an upgrade request; decline compression, which costs memory and gains nothing on small frames."""
    environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
    for key in _KEYS:
        if key in environ:
            environ[key] = Wire(environ[key])


class Wire:
    """A connected socket of which every frame goes out whole."""

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain
        self._sending = threading.Lock()
        with contextlib.suppress(OSError):
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_SECONDS, 0))
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SEND_SECONDS * 1000)

    def send(self, data: bytes) -> int:
        """Send all of ``data``, or fail."""
        with self._sending:
            try:
                self._plain.sendall(data)
            except BlockingIOError as error:
                raise OSError("the client takes nothing") from error
        return len(data)

    def recv(self, size: int) -> bytes:
        """Read at most ``size`` bytes."""
        return self._plain.recv(size)

    def fileno(self) -> int:
        """The file number, for selectors."""
        return self._plain.fileno()

    def close(self) -> None:
        """Cut the line both ways, so that a thread waiting on it wakes."""
        with contextlib.suppress(OSError):
            self._plain.shutdown(socket.SHUT_RDWR)
        self._plain.close()


Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]
