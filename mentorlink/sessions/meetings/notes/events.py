"""What happened in the room of a meeting."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class RoomChanged(Event):
    """What a meeting's room shows has changed: ``part`` is notes, or room for anything else. It says nothing of what."""

    meeting_id: int
    series_id: int
    part: str


@dataclass(frozen=True)
class AfterthoughtsOpened(Event):
    """Everybody has said how a meeting was; now all of them read it."""

    meeting_id: int
    series_id: int
    by_id: int | None
