"""Tell somebody who is connected. Call only after the commit, from an effect: a push is a hint, the rows are the truth.

Nobody waits for a push and nothing depends on it; who is not connected reads the same from the page.
"""

from __future__ import annotations

from typing import Any

from mentorlink.live.server import socketio

EVERYONE = "everyone"


def person_channel(person_id: int) -> str:
    """The channel that all connections of one person hear."""
    return f"person:{person_id}"


def to_person(person_id: int, name: str, payload: dict[str, Any]) -> None:
    """Send ``payload`` as event ``name`` to every connection of a person."""
    if socketio.server is not None:
        socketio.emit(name, payload, to=person_channel(person_id))


def to_all(name: str, payload: dict[str, Any]) -> None:
    """Send ``payload`` as event ``name`` to everyone who is connected."""
    if socketio.server is not None:
        socketio.emit(name, payload, to=EVERYONE)
