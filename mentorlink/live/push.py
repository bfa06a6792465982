"""Tell somebody who is connected. Call only after the commit, from an effect: a push is a hint, the rows are the truth.

Nobody waits for a push and nothing depends on it; who is not connected reads the same from the page.
"""

from __future__ import annotations

from typing import Any

from mentorlink.live import wires
from mentorlink.live.relay import relay
from mentorlink.live.server import socketio

EVERYONE = "everyone"


def person_channel(person_id: int) -> str:
    """The channel that all connections of one person hear."""
    return f"person:{person_id}"


def to_person(person_id: int, name: str, payload: dict[str, Any]) -> None:
    """Send ``payload`` as event ``name`` to every connection of a person."""
    here(person_channel(person_id), name, payload)
    relay.tell("push", {"to": person_channel(person_id), "name": name, "payload": payload})


def to_all(name: str, payload: dict[str, Any]) -> None:
    """Send ``payload`` as event ``name`` to everyone who is connected."""
    here(EVERYONE, name, payload)
    relay.tell("push", {"to": EVERYONE, "name": name, "payload": payload})


def here(channel: str, name: str, payload: dict[str, Any]) -> None:
    """Send it to those of the channel whom this process holds."""
    if socketio.server is not None:
        wires.broadcast(socketio.server, channel, name, payload)


@relay.hears("push")
def hear_push(hint: dict[str, Any]) -> None:
    """Another worker tells a person, or everyone."""
    here(hint["to"], hint["name"], hint["payload"])
