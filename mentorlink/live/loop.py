"""WebSockets without a thread each: one thread waits for all of them, a few work for those that have said something.

A line takes the socket of its request over from gunicorn. What is sent goes straight to the socket; what the socket does not
take at once waits in a bounded buffer, and who lets it run over is let go and reads the room's log when they come back. What
comes in is handled one message after another for each line. A frame is built once, however many hear it.

This module and ``wires`` alone touch private parts of python-engineio and python-socketio, whose versions are pinned; where a
socket cannot be taken over, the ordinary threads of python-engineio do the work.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import heapq
import select
import selectors
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from engineio import packet as engine_packet
from engineio.socket import Socket as EngineSocket

WAITING_BYTES = 256 * 1024
"""What may wait for a slow client before it is let go."""

WAITING_MESSAGES = 64
"""What a client may say before the first of it is handled."""

PARTS = 64
"""Frames that one message may come in."""

FRAMES, FRAMES_WITHIN = 200, 10.0
"""Frames of any sort that a client may send in so many seconds; one that sends more is let go."""

WORKERS = 12
"""Messages of different clients handled at once."""

_IN, _OUT, _ERROR, _HANGUP = 1, 4, 8, 16
"""What may be the matter with a socket, by epoll's numbers."""

_SHORT, _MEDIUM = 126, 65536
_TEXT, _BINARY, _CLOSE, _PING, _PONG = 1, 2, 8, 9, 10
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

log = structlog.get_logger(__name__)


def frame(payload: bytes, kind: int = _TEXT) -> bytes:
    """A whole unmasked frame, as servers send them."""
    size = len(payload)
    if size < _SHORT:
        return struct.pack("!BB", 0x80 | kind, size) + payload
    if size < _MEDIUM:
        return struct.pack("!BBH", 0x80 | kind, 126, size) + payload
    return struct.pack("!BBQ", 0x80 | kind, 127, size) + payload


def frame_of(packet: engine_packet.Packet) -> bytes:
    """The frame of a packet, built once and kept with it."""
    built = packet.__dict__.get("frame")
    if built is None:
        encoded = packet.encode()
        built = frame(encoded, _BINARY) if isinstance(encoded, bytes) else frame(encoded.encode())
        packet.frame = built
    return bytes(built)


class Broken(Exception):
    """A client does not keep to the protocol; the line ends with this code."""

    def __init__(self, code: int) -> None:
        self.code = code


class Reader:
    """Turns the bytes of a client into messages, and refuses what is too large, in too many pieces or too often as it arrives."""

    __slots__ = ("_buffer", "_clock", "_frames", "_kind", "_most", "_parts", "_since", "_size")

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._buffer = bytearray()
        self._parts: list[bytes] = []
        self._kind = self._size = self._frames = 0
        self._since = clock()

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """Whole messages and control frames, in order."""
        self._buffer += data
        found = []
        while (one := self._next()) is not None:
            self._count()
            final, kind, payload = one
            if kind >= _CLOSE:
                found.append((kind, payload))
                continue
            if (kind and self._parts) or (not kind and not self._parts):
                raise Broken(1002)
            self._kind = kind or self._kind
            self._parts.append(payload)
            self._size += len(payload)
            if self._size > self._most or len(self._parts) > PARTS:
                raise Broken(1009)
            if final:
                found.append((self._kind, b"".join(self._parts)))
                self._parts, self._size = [], 0
        return found

    def _count(self) -> None:
        """All lines share one thread, so none may keep it busy with frames, however small."""
        now = self._clock()
        if now - self._since >= FRAMES_WITHIN:
            self._since, self._frames = now, 0
        self._frames += 1
        if self._frames > FRAMES:
            raise Broken(1008)

    def _next(self) -> tuple[bool, int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        kind, size, at = buffer[0] & 0x0F, buffer[1] & 0x7F, 2
        if buffer[0] & 0x70 or not buffer[1] & 0x80 or kind not in (0, _TEXT, _BINARY, _CLOSE, _PING, _PONG):
            raise Broken(1002)
        if kind >= _CLOSE and (size > 125 or not buffer[0] & 0x80):
            raise Broken(1002)
        if size >= 126:
            wide = 2 if size == 126 else 8
            if len(buffer) < 2 + wide:
                return None
            size, at = int.from_bytes(buffer[2 : 2 + wide], "big"), 2 + wide
        if size > self._most:
            raise Broken(1009)
        if len(buffer) < at + 4 + size:
            return None
        payload = _unmasked(bytes(buffer[at + 4 : at + 4 + size]), bytes(buffer[at : at + 4]))
        final = bool(buffer[0] & 0x80)
        del buffer[: at + 4 + size]
        return final, kind, payload


def _unmasked(data: bytes, mask: bytes) -> bytes:
    size = len(data)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


class Line:
    """One open WebSocket."""

    __slots__ = ("_inbox", "_lock", "_out", "_waiting", "_working", "ended", "engine", "fd", "loop", "reader", "sock")

    def __init__(self, loop: Loop, sock: socket.socket, engine: EngineSocket, most: int) -> None:
        self.loop, self.sock, self.engine = loop, sock, engine
        self.fd = sock.fileno()
        self.reader = Reader(most)
        self.ended = False
        self._lock = threading.Lock()
        self._out: deque[bytes] = deque()
        self._waiting = 0
        self._inbox: deque[Any] = deque()
        self._working = False

    def send(self, data: bytes) -> None:
        """Send a frame now, or after those that wait."""
        with self._lock:
            if self.ended or self._waiting > WAITING_BYTES:  # who let it run over hears no more, and reads the log anew
                return
            if not self._out:
                data = self._push(data)
                if not data:
                    return
                self.loop.watch(self, writing=True)
            self._out.append(data)
            self._waiting += len(data)
            if self._waiting <= WAITING_BYTES:
                return
        self.loop.later(0, self.lose)

    def flush(self) -> None:
        """The socket takes more: send what waits."""
        with self._lock:
            while self._out and not self.ended:
                rest = self._push(self._out[0])
                self._waiting -= len(self._out[0]) - len(rest)
                if rest:
                    self._out[0] = rest
                    return
                self._out.popleft()
            if not self.ended:
                self.loop.watch(self, writing=False)

    def _push(self, data: bytes) -> bytes:
        """Send what the socket takes at once; what is left."""
        try:
            return data[self.sock.send(data) :]
        except (BlockingIOError, InterruptedError):
            return data
        except OSError:
            self.loop.later(0, self.lose)
            return b""

    def read(self) -> None:
        """The socket holds something."""
        try:
            data = self.sock.recv(65536)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self.lose()
            return
        try:
            for kind, payload in self.reader.feed(data):
                self._hear(kind, payload)
        except Broken as broken:
            self.send(frame(struct.pack("!H", broken.code), _CLOSE))
            self.lose()

    def _hear(self, kind: int, payload: bytes) -> None:
        if kind == _PING:
            self.send(frame(payload, _PONG))
        elif kind == _CLOSE:
            self.send(frame(payload[:2], _CLOSE))
            self.lose()
        elif kind in (_TEXT, _BINARY):
            try:
                words = payload if kind == _BINARY else payload.decode()
            except UnicodeDecodeError:
                raise Broken(1007) from None
            if words == "3":  # the answer to a ping needs nobody's time
                self.engine.receive(engine_packet.Packet(encoded_packet=words))
            else:
                self._put(words)

    def _put(self, words: str | bytes | None) -> None:
        with self._lock:
            self._inbox.append(words)
            if len(self._inbox) > WAITING_MESSAGES:
                raise Broken(1008)
            if self._working:
                return
            self._working = True
        self.loop.pool.submit(self._work)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._inbox:
                    self._working = False
                    return
                words = self._inbox.popleft()
            try:
                if words is None:
                    _end(self.engine)
                elif not self.engine.closed:
                    self.engine.receive(engine_packet.Packet(encoded_packet=words))
            except Exception:  # one client's nonsense must not end the work for others
                log.debug("a client's packet was refused", exc_info=True)
                self.lose()

    def lose(self) -> None:
        """The line is over: cut it, and let the engine know after what came before."""
        if self._cut():
            with self._lock:
                self._inbox.append(None)
                if self._working:
                    return
                self._working = True
            self.loop.pool.submit(self._work)

    def finish(self) -> None:
        """The engine has ended it: send what waits as far as the socket takes it, then cut."""
        with self._lock:
            while self._out and not self.ended:
                rest = self._push(self._out.popleft())
                if rest:
                    break
        self._cut()

    def _cut(self) -> bool:
        with self._lock:
            if self.ended:
                return False
            self.ended = True
            self._out.clear()
        self.loop.forget(self)
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()
        return True


def _end(engine: EngineSocket) -> None:
    engine.close(wait=False, abort=True, reason=engine.server.reason.TRANSPORT_CLOSE)


class Waiting:
    """What of epoll the loop uses, by the best way there is on a system without it."""

    def __init__(self) -> None:
        self._sockets = selectors.DefaultSelector()

    def register(self, fd: Any, what: int) -> None:
        """Wait for this too."""
        self._sockets.register(fd, _theirs(what))

    def modify(self, fd: int, what: int) -> None:
        """Wait for something else of it; ValueError where nobody waits for it."""
        with _as_epoll_says():
            self._sockets.modify(fd, _theirs(what))

    def unregister(self, fd: int) -> None:
        """Wait for it no more; ValueError where nobody did."""
        with _as_epoll_says():
            self._sockets.unregister(fd)

    def poll(self, seconds: float) -> list[tuple[int, int]]:
        """What can be read or written, after at most so long."""
        return [
            (key.fd, (_IN if what & selectors.EVENT_READ else 0) | (_OUT if what & selectors.EVENT_WRITE else 0))
            for key, what in self._sockets.select(seconds)
        ]


def _theirs(what: int) -> int:
    return (selectors.EVENT_READ if what & _IN else 0) | (selectors.EVENT_WRITE if what & _OUT else 0)


@contextlib.contextmanager
def _as_epoll_says() -> Iterator[None]:
    try:
        yield
    except KeyError as error:
        raise ValueError(str(error)) from None


class Loop:
    """Waits for all lines, and for moments."""

    def __init__(self) -> None:
        self._poll: Any = select.epoll() if hasattr(select, "epoll") else Waiting()
        self._lines: dict[int, Line] = {}
        self._lock = threading.Lock()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.setblocking(False)
        self._wake_out.setblocking(False)
        self._poll.register(self._wake_out, _IN)
        self._thread: threading.Thread | None = None
        self.pool = ThreadPoolExecutor(WORKERS, "line")

    def start(self) -> None:
        """Begin, unless it runs; called with the first line, so never before a process forks."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="lines", daemon=True)
                self._thread.start()

    def add(self, line: Line) -> None:
        """Wait for what this line says."""
        self._lines[line.fd] = line
        self._poll.register(line.fd, _IN)
        self.start()

    def watch(self, line: Line, *, writing: bool) -> None:
        """Wait also, or no more, until its socket takes something."""
        with contextlib.suppress(OSError, ValueError):
            self._poll.modify(line.fd, _IN | (_OUT if writing else 0))

    def forget(self, line: Line) -> None:
        """Wait for it no more."""
        if self._lines.get(line.fd) is line:
            del self._lines[line.fd]
        with contextlib.suppress(OSError, ValueError):
            self._poll.unregister(line.fd)

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call in the loop's thread after so long."""
        with self._lock:
            self._count += 1
            heapq.heappush(self._due, (time.monotonic() + seconds, self._count, call))
            first = self._due[0][1] == self._count
        if first:
            with contextlib.suppress(OSError):
                self._wake_in.send(b".")

    def _run(self) -> None:
        while True:
            try:
                self._turn()
            except Exception:  # the loop outlives whatever one line brings
                log.exception("lines stumble")
                time.sleep(0.1)

    def _turn(self) -> None:
        with self._lock:
            pause = self._due[0][0] - time.monotonic() if self._due else 5.0
        for fd, what in self._poll.poll(max(0.0, min(pause, 5.0))):
            line = self._lines.get(fd)
            if line is None:
                if fd == self._wake_out.fileno():
                    with contextlib.suppress(OSError):
                        self._wake_out.recv(4096)
                continue
            if what & _OUT:
                line.flush()
            if what & (_IN | _HANGUP | _ERROR):
                line.read()
        for call in self._calls():
            call()

    def _calls(self) -> list[Callable[[], None]]:
        now, calls = time.monotonic(), []
        with self._lock:
            while self._due and self._due[0][0] <= now:
                calls.append(heapq.heappop(self._due)[2])
        return calls


def accept(environ: dict[str, Any]) -> bytes | None:
    """The answer to a handshake; None when it is none."""
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13" or len(key) != 24:
        return None
    digest = base64.b64encode(hashlib.sha1(key.encode() + _MAGIC, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + digest
        + b"\r\n\r\n"
    )


def take_over(loop: Loop, environ: dict[str, Any], engine: EngineSocket, most: int) -> bool:
    """Answer the handshake and let the engine's socket speak through a line; False where that cannot be."""
    theirs, answer = environ.get("gunicorn.socket"), accept(environ)
    if type(theirs) is not socket.socket or answer is None:
        return False
    theirs.settimeout(5)
    theirs.sendall(answer)
    sock = socket.socket(theirs.family, theirs.type, theirs.proto, fileno=theirs.detach())
    sock.setblocking(False)
    line = Line(loop, sock, engine, most)
    engine.connected = engine.upgraded = True
    engine.send = lambda packet: _send(line, engine, packet)
    engine.close = lambda wait=True, abort=False, reason=None: _close(line, engine, abort=abort, reason=reason)
    engine.line = line
    while not engine.queue.empty():
        line.send(frame_of(engine.queue.get()))
    loop.add(line)
    return True


def _send(line: Line, engine: EngineSocket, packet: engine_packet.Packet) -> None:
    if engine.check_ping_timeout():
        line.send(frame_of(packet))


def _close(line: Line, engine: EngineSocket, *, abort: bool, reason: Any) -> None:
    """What the engine's own close does, without its queue."""
    with line._lock:
        if engine.closed or engine.closing:
            return
        engine.closing = True
    server = engine.server
    server._trigger_event("disconnect", engine.sid, reason or server.reason.SERVER_DISCONNECT, run_async=False)
    if not abort:
        line.send(frame_of(engine_packet.Packet(engine_packet.CLOSE)))
    engine.closed = True
    line.finish()
    server.sockets.pop(engine.sid, None)
