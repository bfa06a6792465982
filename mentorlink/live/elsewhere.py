"""Who is in which room on other workers, and how many lines each has there; forgotten when they say nothing for a while."""

from __future__ import annotations

import threading
import time
from typing import Any

LASTS = 30.0
"""Seconds for which what another worker said counts."""


class Elsewhere:
    """People on other workers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rooms: dict[int, dict[str, tuple[float, list[dict[str, Any]]]]] = {}
        self._changed: set[int] = set()
        self._lines: dict[int, dict[str, tuple[float, int]]] = {}

    def note_lines(self, worker: str, person_id: int, count: int) -> None:
        """A worker says how many lines somebody has there."""
        with self._lock:
            said = self._lines.setdefault(person_id, {})
            said[worker] = (time.monotonic(), count)
            if not count:
                del said[worker]
            if not said:
                del self._lines[person_id]

    def lines(self, person_id: int) -> int:
        """How many lines somebody has there, as far as it was said."""
        now = time.monotonic()
        with self._lock:
            return sum(count for at, count in self._lines.get(person_id, {}).values() if now - at < LASTS)

    def note(self, worker: str, room_id: int, people: list[dict[str, Any]]) -> None:
        """A worker says who is in a room there."""
        with self._lock:
            said = self._rooms.setdefault(room_id, {})
            if said.get(worker, (0.0, []))[1] != people:
                self._changed.add(room_id)
            if people:
                said[worker] = (time.monotonic(), people)
            else:
                said.pop(worker, None)
                if not said:
                    del self._rooms[room_id]

    def people(self, room_id: int) -> list[dict[str, Any]]:
        """Who is in a room there."""
        now = time.monotonic()
        with self._lock:
            said = list(self._rooms.get(room_id, {}).values())
        return [person for at, people in said if now - at < LASTS for person in people]

    def changed(self) -> set[int]:
        """Rooms in which somebody came or went since the last question."""
        now = time.monotonic()
        with self._lock:
            for room_id, said in list(self._rooms.items()):
                for worker, (at, _people) in list(said.items()):
                    if now - at >= LASTS:
                        del said[worker]
                        self._changed.add(room_id)
                if not said:
                    del self._rooms[room_id]
            changed, self._changed = self._changed, set()
        return changed


elsewhere = Elsewhere()
