"""Tell somebody who is connected. Call only after the commit, from an effect: a push is a hint, the rows are the truth.

Nobody waits for a push and nothing depends on it; who is not connected reads the same from the page.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from mentorlink.live import wires
from mentorlink.live.relay import relay
from mentorlink.live.server import socketio

EVERYONE = "everyone"
LATELY = 60.0
"""Seconds for which a page may have been on its way before its line was open."""

_lately: deque[tuple[float, str, str, dict[str, Any]]] = deque(maxlen=2000)


def person_channel(person_id: int) -> str:
    """The channel that all connections of one person hear."""
    return f"person:{person_id}"


def to_person(person_id: int, name: str, payload: dict[str, Any]) -> None:
    """Send ``payload`` as event ``name`` to every connection of a person."""
    _tell(person_channel(person_id), name, payload)


def to_all(name: str, payload: dict[str, Any]) -> None:
    """Send ``payload`` as event ``name`` to everyone who is connected."""
    _tell(EVERYONE, name, payload)


def catch_up(sid: str, person_id: int, seconds: object) -> None:
    """Tell a line that opens what changed since its page was asked for, ``seconds`` ago by the page's own clock."""
    if not isinstance(seconds, int | float) or socketio.server is None:
        return
    since, channel = time.monotonic() - max(0, min(seconds, LATELY)), person_channel(person_id)
    for at, to, name, payload in list(_lately):
        if to == channel and at > since:
            socketio.server.emit(name, payload, to=sid)


def _tell(channel: str, name: str, payload: dict[str, Any]) -> None:
    hint = {"to": channel, "name": name, "payload": payload}
    hear_push(hint)
    relay.tell("push", hint)


def here(channel: str, name: str, payload: dict[str, Any]) -> None:
    """Send it to those of the channel whom this process holds."""
    if socketio.server is not None:
        wires.broadcast(socketio.server, channel, name, payload)


@relay.hears("push")
def hear_push(hint: dict[str, Any]) -> None:
    """This worker or another tells a person, or everyone."""
    if hint["name"] == "changed":
        _lately.append((time.monotonic(), hint["to"], hint["name"], hint["payload"]))
    here(hint["to"], hint["name"], hint["payload"])
