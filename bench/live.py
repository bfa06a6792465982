"""How rooms carry many listeners: deliveries, delay, memory and bytes, beside other servers in the same run.

    python bench/live.py [--listeners 1000] [--messages 300] [--rate 200] [--seconds 20] [--baselines FOLDER | --alone]

The server is a process of its own over a new SQLite file (or ``--database`` for PostgreSQL); listeners and writers are raw
sockets of this process, on the same machine. Deliveries count per second of the server's processor time, so that the generator
does not slow what it measures; the wall's seconds stand beside. Baselines are installed into FOLDER (kept among the temporary
files) from the registries of npm and pip when they are not there; what cannot be installed is named and left out. The last
lines hold each figure against what is wanted of it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
HERE = Path(__file__).resolve().parent
ENVIRONMENT = {
    "MENTORLINK_SECRET_KEY": "b3Jx9-qLw7_Zt5vB1nRm8YpDf2Hs6Gc4",
    "MENTORLINK_DATA_KEYS": "3q2-7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=",
    "MENTORLINK_BACKGROUND": "0",
    "MENTORLINK_LOG_LEVEL": "error",
    "MENTORLINK_MAX_SOCKETS": "4000",
}
SERVE = """
import sys
sys.path.insert(0, sys.argv[2])
import mentorlink.kernel.lean
from config import load_settings
from mentorlink.app import create_app
from mentorlink.live.serve import serve
app = create_app(load_settings())
app.config["WTF_CSRF_ENABLED"] = False
serve(app, "127.0.0.1", int(sys.argv[1]))
"""
NODE, ECHO = "Node socket.io, nothing stored", "websockets on uvloop, echo"
STAMP = re.compile(rb"sent(\d+\.\d+)x")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server process, and what it costs."""

    def __init__(
        self, command: list[str], port: int, environment: dict[str, str] | None = None, folder: str | None = None
    ) -> None:
        self.port = port
        self.process = subprocess.Popen(
            command, env={**os.environ, **(environment or {})}, cwd=folder, start_new_session=True, stdout=subprocess.DEVNULL
        )
        for _attempt in range(600):
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"the server ended: {' '.join(command)}") from None
                time.sleep(0.1)
        time.sleep(3)

    def pids(self) -> list[int]:
        """The process and those it made."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [self.process.pid, *map(int, listed.stdout.split())]

    def processor(self) -> float:
        """Seconds of processor time so far."""
        ticks = os.sysconf("SC_CLK_TCK")
        used = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            used += int(fields[11]) + int(fields[12])
        return used / ticks

    def memory(self) -> float:
        """Megabytes held that are nobody else's, and its share of those that are (PSS)."""
        total = 0
        for pid in self.pids():
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
            total += int(found[1]) if found else 0
        return total / 1024

    def stop(self) -> None:
        """End it."""
        os.killpg(self.process.pid, 9)
        self.process.wait()


class Client:
    """A raw WebSocket that speaks as much Socket.IO as is needed."""

    __slots__ = ("buffer", "bytes", "id", "sock")

    def __init__(self, port: int, path: str, cookie: str = "") -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer, self.bytes, self.id = bytearray(), 0, 0
        head = [
            f"GET {path} HTTP/1.1", f"Host: localhost:{port}", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", f"Origin: http://localhost:{port}",
            *([f"Cookie: {cookie}"] if cookie else []),
        ]  # fmt: skip
        self.sock.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = self.sock.recv(4096)
            if not part:
                raise ConnectionError(answer[:200])
            answer += part
        if b" 101 " not in answer.split(b"\r\n", 1)[0]:
            raise ConnectionError(answer[:200])
        self.buffer += answer.split(b"\r\n\r\n", 1)[1]

    def send(self, text: str) -> None:
        """Send a text frame."""
        data = text.encode()
        size = len(data)
        head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x81, 0xFE, size)
        self.sock.sendall(head + b"\0\0\0\0" + data)

    def emit(self, name: str, payload: Any) -> None:
        """Send an event that asks for an acknowledgement."""
        self.id += 1
        self.send(f"42{self.id}" + json.dumps([name, payload]))

    def frames(self) -> Iterator[bytes]:
        """Whole messages that come; pings are answered."""
        part = self.sock.recv(262144)
        if not part:
            raise ConnectionError("closed")
        self.bytes += len(part)
        self.buffer += part
        yield from self.held()

    def held(self) -> Iterator[bytes]:
        """Whole messages that have come."""
        buffer = self.buffer
        while len(buffer) >= 2:
            size, at = buffer[1] & 0x7F, 2
            if size == 126:
                if len(buffer) < 4:
                    return
                size, at = int.from_bytes(buffer[2:4], "big"), 4
            elif size == 127:
                if len(buffer) < 10:
                    return
                size, at = int.from_bytes(buffer[2:10], "big"), 10
            if len(buffer) < at + size:
                return
            payload = bytes(buffer[at : at + size])
            del buffer[: at + size]
            if payload == b"2":
                self.send("3")
            else:
                yield payload

    def wait(self, wanted: bytes) -> bytes:
        """The next message that begins so."""
        self.sock.settimeout(30)
        came = list(self.held())
        while not (found := [payload for payload in came if payload.startswith(wanted)]):
            if any(payload.startswith((b"41", b"44")) for payload in came):
                raise ConnectionError(came)
            came = list(self.frames())
        return found[0]


def hear(
    clients: list[Client], heard: Callable[[int, bytes], None], done: Callable[[], bool], *, between: Callable[[], None]
) -> None:
    """Read from all clients until ``done``; ``between`` is called in between."""
    poll = select.epoll()
    by_fd = {}
    for number, client in enumerate(clients):
        client.sock.setblocking(False)
        poll.register(client.sock.fileno(), select.EPOLLIN)
        by_fd[client.sock.fileno()] = (number, client)
    while not done():
        for fd, _what in poll.poll(0.002):
            number, client = by_fd[fd]
            try:
                for payload in client.frames():
                    heard(number, payload)
            except BlockingIOError:
                continue
        between()
    poll.close()
    for client in clients:
        client.sock.settimeout(30)


def build(url: str, listeners: int) -> tuple[list[str], int, int, list[tuple[int, int]]]:
    """An agency of so many people, who share one large room and sit in rooms of twenty; their cookies and the rooms' ids."""
    import sqlalchemy as sa

    os.environ.update(ENVIRONMENT, MENTORLINK_DATABASE_URL=url)
    from config import load_settings
    from mentorlink.app import create_app
    from mentorlink.cli.migrate import migrate
    from mentorlink.community.actions import create_community
    from mentorlink.community.inputs import CommunityInput
    from mentorlink.community.models import Membership, Room, Topic
    from mentorlink.kernel import clock, crypto
    from mentorlink.kernel.actions import transaction
    from mentorlink.kernel.db import db
    from mentorlink.people.models import Person, SignIn, Unit
    from mentorlink.people.queries import actor_of

    app = create_app(load_settings())
    migrate(url)
    cookies: list[str] = []
    with app.app_context():
        with transaction():
            unit = Unit(code="unit", name={"id": "Unit", "en": "Unit"}, path="/1/")
            db.session.add(unit)
            db.session.flush()
            people = [
                Person(
                    email=f"p{n}@nusaraya.example",
                    name=f"Pegawai {n}",
                    folded_name=f"pegawai {n}",
                    unit_id=unit.id,
                    state="active",
                    in_field_since=2015,
                    languages=["id"],
                    locale="id",
                    created_at=clock.now(),
                    timezone="Asia/Jakarta",
                )
                for n in range(listeners)
            ]
            db.session.add_all(people)
            db.session.flush()
            ids = [person.id for person in people]
            for person_id in ids:
                token = crypto.new_token()
                cookies.append(f"mentorlink={token}")
                now = clock.now()
                db.session.add(SignIn(person_id=person_id, token_hash=crypto.token_hash(token), created_at=now, seen_at=now))
        host = actor_of(db.session.get_one(Person, ids[0]), door="page")

        def community(name: str, members: list[int]) -> tuple[int, int]:
            made = create_community(host, CommunityInput(name=name, purpose="To talk about work", joining="open"))
            room = db.session.scalar(sa.select(Room).where(Room.community_id == made.id))
            topic = db.session.scalar(sa.select(Topic.id).where(Topic.room_id == room.id))
            community_id, room_id = made.id, room.id
            with transaction():
                rows = [
                    Membership(community_id=community_id, person_id=each, role="member", joined_at=clock.now())
                    for each in members
                ]
                db.session.add_all(row for row in rows if row.person_id != ids[0])
            return room_id, topic

        large, topic = community("Semua", ids)
        small = [community(f"Dua puluh {n}", ids[n * 20 : n * 20 + 20]) for n in range(listeners // 20)]
        db.session.remove()
        db.engine.dispose()
    return cookies, large, topic, small


def join(port: int, cookies: list[str], rooms: list[int]) -> list[Client]:
    """A client for each cookie, hearing its room."""
    clients = []
    for cookie, room in zip(cookies, rooms, strict=True):
        client = Client(port, "/socket.io/?EIO=4&transport=websocket", cookie)
        client.wait(b"0")
        client.send("40")
        client.wait(b"40")
        client.emit("room:join", {"room": room, "after": 0})
        answer = client.wait(b"43")
        if b"error" in answer[:60]:
            raise SystemExit(answer[:200])
        clients.append(client)
    return clients


def client_id(number: int) -> str:
    """A UUID of its own for each message."""
    return f"00000000-0000-7000-8000-{number:012x}"


def ours(options: argparse.Namespace, report: dict[str, Any]) -> None:
    """MentorLink: one large room, then rooms of twenty."""
    folder = tempfile.mkdtemp(prefix="bench-live-")
    url = options.database or f"sqlite:///{folder}/bench.db"
    cookies, large, topic, small = build(url, options.listeners)
    port = free_port()
    environment = {**ENVIRONMENT, "MENTORLINK_DATABASE_URL": url, "MENTORLINK_BASE_URL": f"http://localhost:{port}"}
    server = Server([sys.executable, "-c", SERVE, str(port), str(ROOT)], port, environment)
    try:
        request = urllib.request.Request(f"http://localhost:{port}/communities", headers={"Cookie": cookies[0]})
        urllib.request.urlopen(request, timeout=60).read()
        before = server.memory()
        clients = join(port, cookies, [large] * len(cookies))
        time.sleep(1)
        report["memory, MB, before and with all connected"] = (round(before), round(server.memory()))
        report["ours"] = fan_out(server, clients, options.messages, lambda client, n: client.emit("message:post", {
            "room": large, "topic_id": topic, "client_id": client_id(n), "body": "x" * 100}), b'"kind":"posted"')  # fmt: skip
        report["bytes of a message to one listener"] = round(report["ours"].pop("bytes"))
        for client in clients:
            client.sock.close()
        time.sleep(3)
        in_small = [small[n // 20][0] for n in range(len(small) * 20)]
        clients = join(port, cookies[: len(in_small)], in_small)
        report["rooms of twenty"] = delays(server, clients, small, options)
        report["bytes of reopening a room"] = reopening(port, cookies[1], large)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def fan_out(
    server: Server, clients: list[Client], messages: int, say: Callable[[Client, int], None], mark: bytes
) -> dict[str, Any]:
    """All messages to all listeners, twenty on their way at a time."""
    count, said, acknowledged = [0], [0], [0]
    goal = messages * len(clients)

    def heard(_number: int, payload: bytes) -> None:
        if payload.startswith(b"43"):
            if b"error" in payload:
                raise SystemExit(payload[:200])
            acknowledged[0] += 1
        else:
            count[0] += payload.count(mark)

    def more() -> None:
        while said[0] < messages and said[0] - acknowledged[0] < 20:
            said[0] += 1
            say(clients[said[0] % len(clients)], said[0])

    used, began = server.processor(), time.perf_counter()
    bytes_before = sum(client.bytes for client in clients)
    hear(clients, heard, lambda: count[0] >= goal or time.perf_counter() - began > 180, between=more)
    wall, used = time.perf_counter() - began, server.processor() - used
    carried = sum(client.bytes for client in clients) - bytes_before
    return {
        "delivered": count[0], "of": goal, "per second of its processor": round(count[0] / max(used, 0.01)),
        "per second": round(count[0] / wall), "bytes": carried / max(count[0], 1),
    }  # fmt: skip


def delays(server: Server, clients: list[Client], rooms: list[tuple[int, int]], options: argparse.Namespace) -> dict[str, Any]:
    """From sending to being seen by each of the twenty, at a steady rate."""
    seen: list[float] = []
    said, lost = [0], [0]
    began = time.perf_counter()
    total = options.rate * options.seconds
    numbers = iter(range(10**6, 10**7))

    def heard(_number: int, payload: bytes) -> None:
        if payload.startswith(b"43"):
            lost[0] += b"error" in payload
            return
        now = time.perf_counter()
        seen.extend(now - float(found) for found in set(STAMP.findall(payload)))

    def more() -> None:
        due = min(total, int((time.perf_counter() - began) * options.rate))
        while said[0] < due:
            number = said[0] * 37 % len(clients)
            room, topic = rooms[number // 20]
            body = f"sent{time.perf_counter():.6f}x"
            clients[number].emit(
                "message:post", {"room": room, "topic_id": topic, "client_id": client_id(next(numbers)), "body": body}
            )
            said[0] += 1

    used = server.processor()
    hear(clients, heard, lambda: len(seen) >= total * 20 or time.perf_counter() - began > options.seconds + 30, between=more)
    seen.sort()
    return {
        "messages": said[0], "refused": lost[0], "seen": len(seen), "of": total * 20,
        **{f"p{q} ms": round(seen[int(len(seen) * q / 100) - 1] * 1000, 1) for q in (50, 95, 99)},
        "processor": round((server.processor() - used) / options.seconds, 2),
    }  # fmt: skip


def reopening(port: int, cookie: str, room: int) -> dict[str, int]:
    """What crosses the wire when a room with nothing new is opened again: the page, and the line with its catching up."""
    head = {"Cookie": cookie, "Accept-Encoding": "br, gzip", "Accept": "text/html"}
    with urllib.request.urlopen(
        urllib.request.Request(f"http://localhost:{port}/rooms/{room}", headers=head), timeout=30
    ) as answer:
        page = len(answer.read()) + len(str(answer.headers))
    client = Client(port, "/socket.io/?EIO=4&transport=websocket", cookie)
    client.wait(b"0")
    client.send("40")
    client.wait(b"40")
    client.emit("room:join", {"room": room, "after": 2**40})
    client.wait(b"43")
    client.sock.close()
    return {"page": page, "line, with 400 for its handshake": client.bytes + 400}


def node(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Node's socket.io, which keeps nothing."""
    if not (folder / "node_modules" / "socket.io").exists():
        shutil.copy(HERE / "baselines" / "package.json", folder)
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True)
    shutil.copy(HERE / "baselines" / "socketio.mjs", folder)
    port = free_port()
    server = Server(["node", str(folder / "socketio.mjs"), str(port)], port, folder=str(folder))
    try:
        clients = []
        for _each in range(options.listeners):
            client = Client(port, "/socket.io/?EIO=4&transport=websocket")
            client.wait(b"0")
            client.send("40")
            client.wait(b"40")
            clients.append(client)
        return fan_out(server, clients, options.messages, lambda client, n: client.emit("say", {"body": "x" * 100}), b'"said"')
    finally:
        server.stop()


def echo(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """A bare echo: ``websockets`` on uvloop."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "websockets", "uvloop"], check=True)
    port = free_port()
    server = Server([str(python), str(HERE / "baselines" / "echo.py"), str(port)], port)
    try:
        clients = [Client(port, "/") for _each in range(options.listeners)]
        count, said = [0], [0]
        goal = options.messages * options.listeners // 10

        def heard(_number: int, _payload: bytes) -> None:
            count[0] += 1

        def more() -> None:
            while said[0] < goal and said[0] - count[0] < 500:
                clients[said[0] % len(clients)].send("x" * 100)
                said[0] += 1

        used, began = server.processor(), time.perf_counter()
        hear(clients, heard, lambda: count[0] >= goal or time.perf_counter() - began > 120, between=more)
        wall, used = time.perf_counter() - began, server.processor() - used
        return {
            "delivered": count[0],
            "per second of its processor": round(count[0] / max(used, 0.01)),
            "per second": round(count[0] / wall),
        }
    finally:
        server.stop()


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--listeners", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--database", default="")
    parser.add_argument("--baselines", default=str(Path(tempfile.gettempdir()) / "mentorlink-baselines"))
    parser.add_argument("--alone", action="store_true", help="without baselines")
    options = parser.parse_args()
    report: dict[str, Any] = {}
    if not options.alone:
        folder = Path(options.baselines)
        folder.mkdir(parents=True, exist_ok=True)
        for name, run in ((NODE, node), (ECHO, echo)):
            try:
                report[name] = run(folder, options)
            except (OSError, subprocess.CalledProcessError) as error:
                report[name] = f"left out: {error}"
            print(f"{name}: {report[name]}", flush=True)
    ours(options, report)
    for name in list(report)[0 if options.alone else 2 :]:
        print(f"{name}: {report[name]}")
    for line in judged(report):
        print(line)


def judged(report: dict[str, Any]) -> list[str]:
    """Each figure beside what is wanted at least, and what is aimed at."""
    own = report["ours"]["per second of its processor"]
    lines = []
    for name, least, aim in ((NODE, 0.7, 1.2), (ECHO, 0.75, 1.5)):
        if isinstance(report.get(name), dict):
            share = own / report[name]["per second of its processor"]
            lines.append(_verdict(f"deliveries, ours / {name}", share, least, aim, more=True))
    small = report["rooms of twenty"]
    lines.append(_verdict("rooms of twenty, p95 ms", small["p95 ms"], 150, 40))
    lines.append(_verdict("rooms of twenty, p99 ms", small["p99 ms"], 500, 120))
    lines.append(_verdict("memory with all connected, MB", report["memory, MB, before and with all connected"][1], 250, 130))
    lines.append(_verdict("bytes of a message to one listener", report["bytes of a message to one listener"], 1000, 500))
    lines.append(_verdict("bytes of reopening a room", sum(report["bytes of reopening a room"].values()), 15000, 8000))
    return lines


def _verdict(name: str, found: float, least: float, aim: float, *, more: bool = False) -> str:
    good, best = (found >= least, found >= aim) if more else (found <= least, found <= aim)
    word = "aim reached" if best else "reached" if good else "MISSED"
    return f"{name}: {found:.2f} (at {'least' if more else 'most'} {least}, aim {aim}): {word}"


if __name__ == "__main__":
    main()
