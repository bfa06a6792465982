"""From the rooms' logs to the sockets of this process.

A hint says that a room moved; the pump reads on from where it stands and sends what it finds, in order. A sweep each second
compares all rooms that somebody here hears, so a lost hint costs a second and never a message. One thread does it all, so
nothing overtakes anything.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask

from mentorlink.community import shapes
from mentorlink.community.models import Message
from mentorlink.community.queries import entries_after, newest_of
from mentorlink.community.queries.log import BATCH, Happened
from mentorlink.live import wires
from mentorlink.live.connections import Connection, connections
from mentorlink.live.elsewhere import elsewhere
from mentorlink.live.relay import relay
from mentorlink.live.server import socketio
from mentorlink.people.queries import blocks_around
from mentorlink.people.queries.devices import live_sign_ins

SWEEP = 1.0
"""Seconds between sweeps."""

CHECK = 3.0
"""Seconds between checks that every connection is still signed in."""

TELL_AGAIN = 10.0
"""Seconds after which the other workers hear again who is here."""

log = structlog.get_logger(__name__)


def who_is_in(room_id: int) -> list[dict[str, object]]:
    """Who is in a room and chose to be seen, on whichever worker, by name."""
    people = {person["id"]: person for person in [*elsewhere.people(room_id), *connections.shown_in(room_id)]}
    return sorted(people.values(), key=lambda person: (person["name"], person["id"]))


def room_channel(room_id: int) -> str:
    """The channel that everyone who shows a room hears."""
    return f"room:{room_id}"


class Pump:
    """Sends to each followed room what its log holds beyond the last number sent."""

    def __init__(self) -> None:
        self._woken = threading.Condition()
        self._hinted: set[int] = set()
        self._sent: dict[int, int] = {}
        self._stirred: set[int] = set()
        self._thread: threading.Thread | None = None
        self._app: Flask | None = None
        self._checked = time.monotonic()
        self._told = 0.0

    def start(self, app: Flask) -> None:
        """Begin, unless it runs already. Called with the first connection, so never before a process forks."""
        relay.start(app)
        with self._woken:
            self._app = app
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="pump", daemon=True)
                self._thread.start()

    def follow(self, room_id: int, newest: int) -> None:
        """Send what comes after ``newest``, unless the room is followed already. First subscribe, then follow, then read."""
        with self._woken:
            self._sent.setdefault(room_id, newest)

    def unfollow(self, room_id: int) -> None:
        """Stop sending a room that nobody here hears any more."""
        with self._woken:
            if not connections.in_room(room_id):
                self._sent.pop(room_id, None)

    def hint(self, room_id: int) -> None:
        """The room's log has grown: here and for the other workers."""
        relay.tell("room", {"room": room_id})
        self.wake(room_id)

    def wake(self, room_id: int) -> None:
        """Read on in this process."""
        with self._woken:
            self._hinted.add(room_id)
            self._woken.notify()

    def stir(self, room_id: int) -> None:
        """Who is in the room has changed; told together with the next sweep."""
        with self._woken:
            self._stirred.add(room_id)

    def _run(self) -> None:
        while True:
            with self._woken:
                if not self._hinted:
                    self._woken.wait(SWEEP)
                hinted, self._hinted = self._hinted, set()
            try:
                assert self._app is not None
                with self._app.app_context():
                    self._turn(hinted)
            except Exception:  # the database may be away for a while; the pump must outlive that
                log.exception("pump stumbles")
                time.sleep(SWEEP)

    def _turn(self, hinted: set[int]) -> None:
        if hinted:
            for room_id in hinted:
                self._deliver(room_id)
            return
        for room_id, newest in newest_of(list(self._sent)).items():
            if newest > self._sent.get(room_id, newest):
                self._deliver(room_id)
        self._tell_presence()
        if time.monotonic() - self._checked > CHECK:
            self._checked = time.monotonic()
            self._check()

    def _deliver(self, room_id: int) -> None:
        while (sent := self._sent.get(room_id)) is not None:
            happened = entries_after(room_id, sent, limit=BATCH)
            if not happened:
                return
            for part in _parts(happened):
                self._emit(room_id, part)
            with self._woken:
                if room_id in self._sent:
                    self._sent[room_id] = happened[-1].entry.seq
            if len(happened) < BATCH:
                return  # what came since has a hint of its own

    def _emit(self, room_id: int, happened: list[Happened]) -> None:
        last = happened[-1].entry
        if last.kind == "left" and last.person_id is not None:
            close_room(last.person_id, room_id=room_id)
        if wires.members(socketio.server, room_channel(room_id)):
            assert self._app is not None
            events = shapes.entries(happened, renderer(self._app))
            wires.broadcast(socketio.server, room_channel(room_id), "room:events", {"room": room_id, "events": events})

    def _tell_presence(self) -> None:
        with self._woken:
            stirred, self._stirred = self._stirred, set()
        again = relay.others and time.monotonic() - self._told > TELL_AGAIN
        if again:
            self._told = time.monotonic()
            relay.tell("lines", {"people": list(connections.counts().items())})
        for room_id in stirred | (set(self._sent) if again else set()):
            relay.tell("here", {"room": room_id, "people": connections.shown_in(room_id)})
        for room_id in stirred | elsewhere.changed():
            _show_here(room_id)

    def _check(self) -> None:
        here = connections.all()  # who comes while the question is asked is not asked about, and stays
        live = live_sign_ins({connection.sign_in_id for connection in here})
        for connection in here:
            if connection.sign_in_id not in live:
                cut(connection)


def renderer(app: Flask) -> Callable[[Message], str]:
    """Makes the page's own piece of a message, without words that depend on the reader."""
    piece = app.jinja_env.get_template("community/_message.html").module.message  # type: ignore[attr-defined]
    return lambda message: str(piece(message)).strip()


def close_room(person_id: int, *, room_id: int | None = None, community_id: int | None = None) -> None:
    """Let a person's connections hear a room, or any room of a community, no more, and tell them so."""
    for connection in connections.of_person(person_id):
        for each, community in list(connection.rooms.items()):
            if each == room_id or (community_id is not None and community == community_id):
                connection.rooms.pop(each, None)
                socketio.server.leave_room(connection.sid, room_channel(each))
                socketio.emit("room:closed", {"room": each}, to=connection.sid)
                pump.unfollow(each)
                pump.stir(each)


def cut(connection: Connection) -> None:
    """End a connection whose sign-in has ended."""
    for room_id in list(connection.rooms):
        socketio.server.leave_room(connection.sid, room_channel(room_id))
    connection.rooms.clear()
    socketio.emit("signed-out", {}, to=connection.sid)
    socketio.server.disconnect(connection.sid)


def _show_here(room_id: int) -> None:
    """Say who is there, to everyone; between two of whom one blocked the other neither sees the other."""
    people = who_is_in(room_id)
    apart = blocks_around(int(str(person["id"])) for person in people) if people else {}
    few = [connection for connection in connections.in_room(room_id) if connection.person_id in apart]
    here = {"room": room_id, "people": people}
    wires.broadcast(socketio.server, room_channel(room_id), "room:here", here, but={connection.sid for connection in few})
    for connection in few:
        seen = [person for person in people if person["id"] not in apart[connection.person_id]]
        socketio.emit("room:here", {"room": room_id, "people": seen}, to=connection.sid)


def _parts(happened: list[Happened]) -> list[list[Happened]]:
    """Cut after each departure, so that who left hears nothing from the next entry on."""
    parts: list[list[Happened]] = [[]]
    for item in happened:
        parts[-1].append(item)
        if item.entry.kind == "left":
            parts.append([])
    return [part for part in parts if part]


pump = Pump()


@relay.hears("room")
def hear_room(hint: dict[str, Any]) -> None:
    """Another worker wrote into a room's log."""
    pump.wake(int(hint["room"]))


@relay.hears("here")
def hear_here(hint: dict[str, Any]) -> None:
    """Another worker says who is in a room there."""
    elsewhere.note(hint["worker"], int(hint["room"]), hint["people"])


@relay.hears("lines")
def hear_lines(hint: dict[str, Any]) -> None:
    """Another worker says how many lines people have there."""
    for person_id, count in hint["people"]:
        elsewhere.note_lines(hint["worker"], int(person_id), int(count))


@relay.hears("hello")
def hear_hello(_hint: dict[str, Any]) -> None:
    """Another worker has begun and knows nobody yet."""
    for connection in connections.all():
        for room_id in list(connection.rooms):
            pump.stir(room_id)
