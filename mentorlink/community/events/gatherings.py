"""What happened around a gathering."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class GatheringPlanned(Event):
    gathering_id: int
    community_id: int
    by_id: int | None


@dataclass(frozen=True)
class GatheringMoved(Event):
    """It takes place at another time or in another place."""

    gathering_id: int
    community_id: int
    by_id: int | None


@dataclass(frozen=True)
class GatheringCancelled(Event):
    gathering_id: int
    community_id: int
    by_id: int | None


@dataclass(frozen=True)
class GatheringNear(Event):
    """It begins in a day, or in an hour: ``which``."""

    gathering_id: int
    which: str


@dataclass(frozen=True)
class PlaceFreed(Event):
    """Who waited has a place now."""

    gathering_id: int
    person_id: int


@dataclass(frozen=True)
class ComingChanged(Event):
    """Somebody has a place now, or has given it back: their calendar follows."""

    gathering_id: int
    person_id: int
    coming: bool


@dataclass(frozen=True)
class HostChanged(Event):
    """Who was to host it belongs no more, and another member does."""

    gathering_id: int
    person_id: int


@dataclass(frozen=True)
class GatheringAttended(Event):
    """Somebody was at a gathering that was held: it counts. ``turn`` counts how often that was taken back before."""

    gathering_id: int
    person_id: int
    turn: int = 0


@dataclass(frozen=True)
class AttendanceWithdrawn(Event):
    """Somebody was noted as present at a held gathering, and was not."""

    gathering_id: int
    person_id: int
    by_id: int | None
    turn: int = 0


@dataclass(frozen=True)
class FollowUpAgreed(Event):
    """Somebody has something to do after a gathering."""

    gathering_id: int
    person_id: int
    by_id: int | None
