"""WebSockets that bear slow, silent and greedy clients.

simple-websocket ignores how much of a frame a full socket took, waits for ever on a client that went away without a word,
and reads a message of any size into memory. The socket it is given here sends whole frames one at a time, gives up on a
client that takes nothing, and is cut when it closes. Most lines need none of it: they go through ``loop``.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any

from engineio import packet as engine_packet
from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from engineio.socket import Socket as EngineSocket
from socketio import packet as message_packet

from mentorlink.live.loop import Loop, frame_of, take_over

SEND_SECONDS = 10
"""A client that takes nothing for so long is let go."""

_KEYS = ("gunicorn.socket", "werkzeug.socket")


def harden(engine: Any, message_bytes: int) -> Loop:
    """Make ``engine`` (engineio.Server) speak through lines of one loop, and where it cannot, through hardened WebSockets.

    Pings are timed by the loop instead of a sleeping thread for each client.
    """
    loop = Loop()
    ordinary = partial(SimpleWebSocketWSGI, max_message_size=message_bytes)
    start_thread = engine.start_background_task

    class Lines:
        """What engineio calls for a WebSocket."""

        def __init__(self, handler: Callable[..., Any], server: Any) -> None:
            self._handler, self._server = handler, server

        def __call__(self, environ: dict[str, Any], start: Start) -> Any:
            its = self._handler.__self__  # type: ignore[attr-defined]  # a method of the engine's socket
            plain = environ.get("gunicorn.socket")
            if not its.connected and isinstance(plain, Wire):
                environ["gunicorn.socket"] = plain.plain
                if take_over(loop, environ, its, message_bytes):
                    raise StopIteration  # tells gunicorn that the socket is no longer its own
                environ["gunicorn.socket"] = plain
            return ordinary(self._handler, self._server)(environ, start)

    def start_task(target: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if getattr(target, "__func__", None) is EngineSocket._send_ping:
            return loop.later(engine.ping_interval, partial(_ping, target.__self__))  # type: ignore[attr-defined]
        return start_thread(target, *args, **kwargs)

    engine._async = {**engine._async, "websocket": Lines}
    engine.start_background_task = start_task
    return loop


def _ping(its: EngineSocket) -> None:
    if not its.closing and not its.closed:
        its.last_ping = time.time()
        its.send(engine_packet.Packet(engine_packet.PING))


def members(server: Any, channel: str) -> Any:
    """Who hears a channel: sid → the engine's sid; nothing where nobody does."""
    return server.manager.rooms.get("/", {}).get(channel)


def broadcast(server: Any, channel: str, event: str, payload: Any, *, but: Collection[str] = ()) -> int:
    """Send an event to all of a channel of ``server`` (socketio.Server) but the sids in ``but``, encoded once; how many heard."""
    hearing = members(server, channel)
    if not hearing:
        return 0
    packet = engine_packet.Packet(
        engine_packet.MESSAGE, message_packet.Packet(message_packet.EVENT, data=[event, payload], namespace="/").encode()
    )
    built, sockets, heard = frame_of(packet), server.eio.sockets, 0
    for sid, engine_sid in list(hearing.items()):
        if sid in but:
            continue
        its = sockets.get(engine_sid)
        if its is None or its.closed:
            continue
        line = its.__dict__.get("line")
        if line is not None:
            line.send(built)
        else:
            with contextlib.suppress(Exception):
                its.send(packet)
        heard += 1
    return heard


def prepare(environ: dict[str, Any]) -> None:
    """Wrap the socket of an upgrade request; decline compression, which costs memory and gains nothing on small frames."""
    environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
    for key in _KEYS:
        if key in environ:
            environ[key] = Wire(environ[key])


class Wire:
    """A connected socket of which every frame goes out whole."""

    def __init__(self, plain: socket.socket) -> None:
        self.plain = plain
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
                self.plain.sendall(data)
            except BlockingIOError as error:
                raise OSError("the client takes nothing") from error
        return len(data)

    def recv(self, size: int) -> bytes:
        """Read at most ``size`` bytes."""
        return self.plain.recv(size)

    def fileno(self) -> int:
        """The file number, for selectors."""
        return self.plain.fileno()

    def close(self) -> None:
        """Cut the line both ways, so that a thread waiting on it wakes."""
        with contextlib.suppress(OSError):
            self.plain.shutdown(socket.SHUT_RDWR)
        self.plain.close()


Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]
