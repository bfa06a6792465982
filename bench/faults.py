"""Rooms under faults: kills of workers, of the process that runs jobs, of Redis and of PostgreSQL; cut and half-open lines.

    python bench/faults.py [--clients 200] [--messages 400] [--rooms 4] [--workers 2] [--sqlite] [--faults 12] [--forked]

The servers are started as the documentation tells (`migrate`, `serve`, `work`), PostgreSQL and Redis as throwaway servers; what
is not there is left out and named. With `--forked` the same programs begin as forks of one process that has read the code
already, which spares a short run most of its processor time; a fork dies and begins like any other.

Every client stands behind a small proxy, keeps to the rules of docs/rooms.md and says its share of the messages, each until it
is acknowledged. At the end what each client showed is compared with what was acknowledged and with the log. Prints lost,
doubled and out of order, each of which must be 0; the program fails otherwise.
"""

from __future__ import annotations

import argparse
import contextlib
import http.cookiejar
import json
import multiprocessing
import os
import random
import re
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).resolve().parent
for folder in (ROOT, HERE, ROOT / "scripts"):
    sys.path.insert(0, str(folder))

from live import Client, build, client_id, free_port
from run_tests import postgres_folder

FORKS = multiprocessing.get_context("forkserver")

ANSWER = 8.0
"""Seconds after which a client that hears nothing takes its line for dead."""


class Program:
    """A server program that can be killed and started again."""

    def __init__(self, name: str, command: list[str], port: int, **environment: str) -> None:
        self.name, self.port = name, port
        self._command, self._environment = command, environment
        self.process: subprocess.Popen[bytes] | None = None
        self._said = tempfile.NamedTemporaryFile()  # noqa: SIM115  # as long as the program

    def start(self, *, wait: bool = True) -> None:
        """Begin, and wait until the port answers."""
        self.process = subprocess.Popen(
            self._command, env={**os.environ, **self._environment}, start_new_session=True, cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=self._said,
        )  # fmt: skip
        if wait and self.port:
            self.ready()

    def ready(self) -> None:
        """Wait until the port answers."""
        for _attempt in range(1200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            if self.process is None or self.process.poll() is not None:
                self._said.seek(0)
                raise SystemExit(f"{self.name} ended: {self._said.read()[-2000:].decode(errors='replace')}")
            time.sleep(0.05)
        raise SystemExit(f"{self.name} does not answer")

    def stop(self, how: int = signal.SIGKILL) -> None:
        """End it at once."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                try:
                    os.killpg(self.process.pid, how)
                except ProcessLookupError:  # a fork that is not yet the head of a group of its own
                    os.kill(self.process.pid, how)
            self.process.wait()


class Forked(Program):
    """One of ours, as a fork of a process that has read the code; it keeps nothing of what another fork did."""

    def start(self, *, wait: bool = True) -> None:
        """Begin, and wait until the port answers."""
        self.process = _Fork(self._command[1:], self._environment, self._said.name)
        if wait and self.port:
            self.ready()


class _Fork:
    """What a started program offers, of a fork."""

    def __init__(self, command: list[str], environment: dict[str, str], log: str) -> None:
        self._process = FORKS.Process(target=_become, args=(command, {**os.environ, **environment}, log))
        self._process.start()
        self.pid = int(self._process.pid or 0)

    def poll(self) -> int | None:
        """How it ended, if it has."""
        return self._process.exitcode

    def wait(self) -> None:
        """Until it has ended."""
        self._process.join()


def _become(command: list[str], environment: dict[str, str], log: str) -> None:
    os.setsid()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND), 2)
    sys.argv = command
    runpy.run_module("mentorlink", run_name="__main__")


class Proxy:
    """Passes bytes on between clients and one server; can cut lines, and let them fall silent without a word."""

    def __init__(self, target: int, silence: float) -> None:
        self.target, self._silence = target, silence
        self._door = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = int(self._door.getsockname()[1])
        self._poll = select.epoll()
        self._poll.register(self._door, select.EPOLLIN)
        self._other: dict[int, tuple[socket.socket, socket.socket]] = {}
        self._silent: dict[int, float] = {}
        self._wishes: list[tuple[str, float]] = []
        threading.Thread(target=self._run, name="proxy", daemon=True).start()

    def cut(self, share: float) -> None:
        """End this share of the lines."""
        self._wishes.append(("cut", share))

    def hush(self, share: float) -> None:
        """Let this share of the lines stand open and carry nothing."""
        self._wishes.append(("hush", share))

    def _run(self) -> None:
        while True:
            for fd, _what in self._poll.poll(0.05):
                try:
                    self._open() if fd == self._door.fileno() else self._pass(fd)
                except OSError:
                    self._close(fd)
            while self._wishes:
                kind, share = self._wishes.pop()
                for fd in [fd for fd in list(self._other) if random.random() < share / 2]:  # a fault, no secret
                    if kind == "cut":
                        self._close(fd)
                    else:
                        self._quiet(fd)
            for fd in [fd for fd, until in list(self._silent.items()) if until < time.monotonic()]:
                self._close(fd)

    def _open(self) -> None:
        client, _address = self._door.accept()
        try:
            server = socket.create_connection(("127.0.0.1", self.target), timeout=2)
        except OSError:
            client.close()
            return
        for one, other in ((client, server), (server, client)):
            one.settimeout(2)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._other[one.fileno()] = (one, other)
            self._poll.register(one, select.EPOLLIN)

    def _pass(self, fd: int) -> None:
        if fd in self._other:
            one, other = self._other[fd]
            data = one.recv(65536)
            if data:
                other.sendall(data)
            else:
                self._close(fd)

    def _quiet(self, fd: int) -> None:
        if fd in self._other:
            for one in self._other[fd]:
                with contextlib.suppress(OSError, ValueError):
                    self._poll.unregister(one)
            self._silent[fd] = time.monotonic() + self._silence

    def _close(self, fd: int) -> None:
        self._silent.pop(fd, None)
        for one in self._other.pop(fd, ()):
            self._other.pop(one.fileno(), None)
            with contextlib.suppress(OSError, ValueError):
                self._poll.unregister(one)
            one.close()


@dataclass
class Member:
    """Somebody's device: hears one room by the rules and says what it has to say."""

    number: int
    cookie: str
    room: int
    topic: int
    ports: list[int]
    to_say: list[str]
    due: dict[str, float]
    """Seconds after the beginning at which each is said first."""
    began: float = float("inf")
    joined: bool = False
    cursor: int = 0
    stamp: str = ""
    shown: list[int] = field(default_factory=list)
    """Ids of messages in the order in which they came to stand on the page."""
    seqs: list[int] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: int = 0
    refused: list[str] = field(default_factory=list)
    _line: Client | None = None
    _csrf: str = ""
    _session: str = ""
    _asked: dict[int, tuple[str, float]] = field(default_factory=dict)

    def live(self, over: Callable[[], bool]) -> None:
        """Come back after every fault until all is over."""
        while not over():
            try:
                self._begin()
                while not over():
                    self._turn()
            except (OSError, ConnectionError, ValueError):
                self._end()
                time.sleep(random.uniform(0.1, 0.6))  # so that not all come back at once
        self._end()

    def _begin(self) -> None:
        port = random.choice(self.ports)  # any worker will do
        if not self._csrf:
            self._open_page(port)
        self._line = line = Client(port, "/socket.io/?EIO=4&transport=websocket", f"{self.cookie}; {self._session}")
        self.lines += 1
        line.wait(b"0")
        line.send("40" + json.dumps({"csrf": self._csrf}))
        line.wait(b"40")
        self._asked.clear()
        line.sock.settimeout(0.5)
        self._ask("room:join")

    def _open_page(self, port: int) -> None:
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        request = urllib.request.Request(f"http://localhost:{port}/communities", headers={"Cookie": self.cookie})
        with opener.open(request, timeout=30) as answer:
            found = re.search(r'name="csrf-token" content="([^"]+)"', answer.read().decode())
        self._csrf = found[1] if found else ""
        self._session = "; ".join(f"{one.name}={one.value}" for one in jar if one.name != "mentorlink")

    def _ask(self, name: str) -> None:
        self._emit(name, {"room": self.room, "after": self.cursor, "stamp": self.stamp})

    def _emit(self, name: str, payload: dict[str, Any]) -> None:
        assert self._line is not None
        self._line.emit(name, payload)
        self._asked[self._line.id] = (str(payload.get("client_id", "")), time.monotonic())

    def _turn(self) -> None:
        assert self._line is not None
        if (
            self.to_say
            and time.monotonic() >= self.began + self.due[self.to_say[0]]
            and not any(client for client, _at in self._asked.values())
        ):
            words = self.to_say[0]
            self._emit(
                "message:post", {"room": self.room, "topic_id": self.topic, "client_id": words, "body": f"message {words}"}
            )
        if any(time.monotonic() - at > ANSWER for _client, at in self._asked.values()):
            raise ConnectionError("nobody answers")
        try:
            frames = list(self._line.frames())
        except TimeoutError:
            if not self._asked and random.random() < 0.25:  # every few seconds
                self._ask("room:sync")
            return
        for frame in frames:
            self._hear(frame)

    def _hear(self, frame: bytes) -> None:
        if frame.startswith(b"43"):
            number = re.match(rb"43(\d+)", frame)
            assert number is not None
            answer = json.loads(frame[number.end() :])[0]
            client, _at = self._asked.pop(int(number[1]), ("", 0.0))
            self._answered(client, answer)
        elif frame.startswith(b'42["room:events"'):
            self._take(json.loads(frame[2:])[1]["events"])
        elif frame.startswith((b"41", b"44")):
            raise ConnectionError("the server ended the line")

    def _answered(self, client: str, answer: dict[str, Any]) -> None:
        if "error" in answer:
            self.refused.append(str(answer["error"]))
            raise ConnectionError(str(answer["error"]))
        if client:
            self.receipts[client] = answer
            self.to_say.remove(client)
        elif answer.get("reload"):
            raise SystemExit("a client was told to begin anew")
        else:
            self.joined = True
            self._take(answer["events"])
            if answer.get("more"):
                self._ask("room:sync")

    def _take(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            if event["seq"] <= self.cursor:
                continue
            if event["seq"] > self.cursor + 1:
                if not self._asked:
                    self._ask("room:sync")
                return
            self.cursor, self.stamp = event["seq"], event["stamp"]
            self.seqs.append(event["seq"])
            if event["kind"] == "posted":
                self.shown.append(event["id"])

    def _end(self) -> None:
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.sock.close()
            self._line = None


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """A PostgreSQL server that keeps what it acknowledges; its address, and how it is killed and started again."""
    programs = postgres_folder()
    assert programs is not None
    who = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    data, port = folder / "data", free_port()
    folder.chmod(0o755)
    data.mkdir()
    if who:
        shutil.chown(data, "postgres")
    init = [*who, str(programs / "initdb"), "-D", str(data), "-U", "mentorlink", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(init, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    command = [*who, str(programs / "postgres"), "-D", str(data), "-p", str(port),
               "-c", "unix_socket_directories=", "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]  # fmt: skip
    server = Program("PostgreSQL", command, port)
    server.start()
    time.sleep(1)
    url = f"postgresql+psycopg://mentorlink@127.0.0.1:{port}/postgres"

    def kill() -> None:
        server.stop()
        for _attempt in range(20):  # until its last children have gone, the memory they share is in use
            (data / "postmaster.pid").unlink(missing_ok=True)
            time.sleep(0.5)
            with contextlib.suppress(SystemExit):
                server.start()
                return
        raise SystemExit("PostgreSQL does not come back")

    try:
        yield url, kill
    finally:
        server.stop()


def run(options: argparse.Namespace, say: Callable[[str], None] = print) -> dict[str, int]:
    """One run; what was lost, doubled and out of order, and what stands behind these figures."""
    redis, server = shutil.which("redis-server"), None if options.sqlite else postgres_folder()
    left_out = [name for name, there in (("Redis", redis), ("PostgreSQL", server)) if not there]
    if left_out:
        say(f"left out: {', '.join(left_out)}")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True)))
        url, kill_database = f"sqlite:///{folder}/faults.db", None
        if server:
            url, kill_database = stack.enter_context(postgres(folder))
        return _run(options, stack, folder, url, redis, kill_database, say)


def _run(
    options: argparse.Namespace, stack: contextlib.ExitStack, folder: Path, url: str, redis: str | None,
    kill_database: Callable[[], None] | None, say: Callable[[str], None],
) -> dict[str, int]:  # fmt: skip
    cookies, _large, _topic, _small = build(url, options.clients)
    rooms = _rooms(url, options.rooms, options.clients)
    environment = {"MENTORLINK_DATABASE_URL": url, "MENTORLINK_BACKGROUND": "0", "PYTHONUNBUFFERED": "1"}
    programs: dict[str, Program] = {}
    if redis:
        port = free_port()
        command = [redis, "--port", str(port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--dir", str(folder)]
        programs["Redis"] = Program("Redis", command, port)
        environment["MENTORLINK_REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    proxies, mentorlink = [], [sys.executable, "-m", "mentorlink"]
    if options.forked:
        FORKS.set_forkserver_preload(["mentorlink.__main__"])
    ours, begins = (Forked, ["mentorlink", "mentorlink"]) if options.forked else (Program, mentorlink)
    for number in range(options.workers if redis and kill_database else 1):
        port = free_port()
        proxies.append(Proxy(port, options.silence))
        serve = [*begins, "serve", "--port", str(port), "--data", str(folder / f"data{number}"), "--empty"]
        address = {"MENTORLINK_BASE_URL": f"http://localhost:{proxies[-1].port}"}
        programs[f"worker {number + 1}"] = ours(f"worker {number + 1}", serve, port, **environment, **address)
    programs["jobs"] = ours("jobs", [*begins, "work"], 0, **environment)
    stack.callback(lambda: [program.stop() for program in programs.values()])
    if not options.forked:  # as the documentation tells; the database was migrated when it was filled
        subprocess.run(
            [*mentorlink, "migrate"], env={**os.environ, **environment}, cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
    for program in programs.values():
        program.start(wait=False)
    for program in programs.values():
        if program.port:
            program.ready()
    members = _members(options, cookies, rooms, [proxy.port for proxy in proxies])
    faults: list[tuple[str, Callable[[], Any]]] = [
        *((f"{name} killed", program.stop) for name, program in programs.items()),
        *([("PostgreSQL killed", kill_database)] if kill_database else []),
        ("lines cut", lambda: [proxy.cut(0.5) for proxy in proxies]),
        ("lines half-open", lambda: [proxy.hush(0.4) for proxy in proxies]),
    ]
    return _drive(options, members, programs, faults, say)


def _drive(
    options: argparse.Namespace, members: list[Member], programs: dict[str, Program],
    faults: list[tuple[str, Callable[[], Any]]], say: Callable[[str], None],
) -> dict[str, int]:  # fmt: skip
    over = threading.Event()
    threads = [threading.Thread(target=member.live, args=(over.is_set,), daemon=True) for member in members]
    for thread in threads:
        thread.start()
    while not all(member.joined for member in members):
        time.sleep(0.1)
    began = time.monotonic()
    for member in members:
        member.began = began
    for number in range(options.faults):
        time.sleep(options.pause)
        name, fault = faults[number % len(faults)]
        say(f"{time.monotonic() - began:5.0f} s  {name}; {sum(len(member.shown) for member in members)} deliveries so far")
        fault()
        _raise(programs)
    end = time.monotonic() + options.patience
    while time.monotonic() < end and not _complete(members):
        time.sleep(0.2)
        _raise(programs)  # also who ended because the database was away when it began
    over.set()
    for thread in threads:
        thread.join(30)
    return _judge(members, round(time.monotonic() - began))


def _raise(programs: dict[str, Program]) -> None:
    """Start again whatever has ended, as a service manager does."""
    for program in programs.values():
        if program.process is None or program.process.poll() is not None:
            program.start(wait=False)


def _complete(members: list[Member]) -> bool:
    """True when all was said and everyone shows it."""
    if any(member.to_say for member in members):
        return False
    newest: dict[int, int] = {}
    for member in members:
        for receipt in member.receipts.values():
            newest[member.room] = max(newest.get(member.room, 0), receipt["seq"])
    return all(member.cursor >= newest.get(member.room, 0) for member in members)


def _judge(members: list[Member], seconds: int) -> dict[str, int]:
    said: dict[int, dict[int, int]] = {}
    for member in members:
        for receipt in member.receipts.values():
            said.setdefault(member.room, {})[receipt["id"]] = receipt["seq"]
    result = dict.fromkeys(("lost", "doubled", "out of order"), 0)
    for member in members:
        expected = said.get(member.room, {})
        result["lost"] += len(set(expected) - set(member.shown)) + len(member.to_say)
        result["doubled"] += len(member.shown) - len(set(member.shown))
        order = [expected[each] for each in member.shown if each in expected]
        result["out of order"] += sum(first >= second for first, second in pairwise(order))
        result["out of order"] += int(member.seqs != list(range(1, len(member.seqs) + 1)))
    acknowledged = sum(len(member.receipts) for member in members)
    result["doubled"] += acknowledged - sum(len(each) for each in said.values())
    result["messages"], result["deliveries"] = acknowledged, sum(len(member.shown) for member in members)
    result["lines"], result["refused"] = sum(member.lines for member in members), sum(len(each.refused) for each in members)
    result["seconds"] = seconds
    return result


def _rooms(url: str, rooms: int, people: int) -> list[tuple[int, int]]:
    """So many rooms, to each of which its share of the people belongs: (room, topic)."""
    import sqlalchemy as sa

    from config import load_settings
    from mentorlink.app import create_app
    from mentorlink.community.actions import create_community
    from mentorlink.community.inputs import CommunityInput
    from mentorlink.community.models import Membership, Room, Topic
    from mentorlink.kernel import clock
    from mentorlink.kernel.actions import transaction
    from mentorlink.kernel.db import db
    from mentorlink.people.models import Person
    from mentorlink.people.queries import actor_of

    os.environ["MENTORLINK_DATABASE_URL"] = url
    found = []
    with create_app(load_settings()).app_context():
        ids = list(db.session.scalars(sa.select(Person.id).order_by(Person.id).limit(people)))
        for number in range(rooms):
            mine = ids[number::rooms]
            host = actor_of(db.session.get_one(Person, mine[0]), door="page")
            made = create_community(host, CommunityInput(name=f"Faults {number}", purpose="To talk on", joining="open")).id
            room = db.session.scalar(sa.select(Room.id).where(Room.community_id == made))
            topic = db.session.scalar(sa.select(Topic.id).where(Topic.room_id == room))
            with transaction():
                db.session.add_all(
                    Membership(community_id=made, person_id=each, role="member", joined_at=clock.now()) for each in mine[1:]
                )
            found.append((room, topic))
        db.session.remove()
        db.engine.dispose()
    return found


def _members(options: argparse.Namespace, cookies: list[str], rooms: list[tuple[int, int]], ports: list[int]) -> list[Member]:
    members, lasts = [], options.faults * options.pause
    due = {client_id(one): lasts * one / options.messages for one in range(options.messages)}
    for number, cookie in enumerate(cookies):
        room, topic = rooms[number % len(rooms)]
        mine = [client_id(one) for one in range(options.messages) if one % len(cookies) == number]
        members.append(Member(number, cookie, room, topic, ports, mine, due))
    return members


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--messages", type=int, default=400)
    parser.add_argument("--rooms", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--faults", type=int, default=12)
    parser.add_argument("--pause", type=float, default=6.0, help="seconds between faults")
    parser.add_argument("--patience", type=float, default=180.0, help="seconds for everyone to come back after the last")
    parser.add_argument("--silence", type=float, default=12.0, help="seconds that a half-open line stands before it ends")
    parser.add_argument("--sqlite", action="store_true", help="one worker over SQLite, also where PostgreSQL is there")
    parser.add_argument("--forked", action="store_true", help="begin our programs as forks of one that has read the code")
    return parser.parse_args(arguments)


def main() -> None:
    """Print what happened and what came of it."""
    result = run(options_of(), lambda line: print(line, flush=True))
    print(", ".join(f"{name}: {number}" for name, number in result.items()))
    if result["lost"] or result["doubled"] or result["out of order"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
