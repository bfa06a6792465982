"""Who is connected to this process, to which rooms, and how often they speak."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field

PER_PERSON = 10
"""Connections of one person at once, over all tabs, devices and, as far as they have heard of each other, workers."""

EVENTS, EVENTS_WITHIN = 20, 10.0
"""Events one connection may send in so many seconds."""

ROOMS = 20
"""Rooms one connection may hear at once."""


@dataclass(eq=False)
class Connection:
    """One open line of a signed-in person."""

    sid: str
    person_id: int
    sign_in_id: int
    name: str
    shown: bool
    """Chose to be seen when there."""
    rooms: dict[int, int] = field(default_factory=dict)
    """Room id → its community's id."""
    spoke: deque[float] = field(default_factory=lambda: deque(maxlen=EVENTS))

    def may_speak(self) -> bool:
        """Count an event; False when there were too many."""
        now = time.monotonic()
        if len(self.spoke) == EVENTS and now - self.spoke[0] < EVENTS_WITHIN:
            return False
        self.spoke.append(now)
        return True


class Connections:
    """Every connection of the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: dict[str, Connection] = {}

    def add(self, connection: Connection) -> bool:
        """Take in a connection; False when its person has too many."""
        with self._lock:
            if sum(other.person_id == connection.person_id for other in self._all.values()) >= PER_PERSON:
                return False
            self._all[connection.sid] = connection
            return True

    def remove(self, sid: str) -> Connection | None:
        """Forget a connection."""
        with self._lock:
            return self._all.pop(sid, None)

    def get(self, sid: str) -> Connection | None:
        """The connection known as ``sid``."""
        return self._all.get(sid)

    def all(self) -> list[Connection]:
        """Everyone, as of now."""
        with self._lock:
            return list(self._all.values())

    def of_person(self, person_id: int) -> list[Connection]:
        """All lines of one person."""
        return [connection for connection in self.all() if connection.person_id == person_id]

    def counts(self) -> Counter[int]:
        """How many lines each person has."""
        return Counter(connection.person_id for connection in self.all())

    def in_room(self, room_id: int) -> list[Connection]:
        """Who hears a room."""
        return [connection for connection in self.all() if room_id in connection.rooms]

    def shown_in(self, room_id: int) -> list[dict[str, object]]:
        """Who is there and chose to be seen, once each, by name."""
        people = {c.person_id: c.name for c in self.in_room(room_id) if c.shown}
        return [{"id": person_id, "name": people[person_id]} for person_id in sorted(people, key=lambda one: (people[one], one))]


connections = Connections()
