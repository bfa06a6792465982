"""What happened around meetings."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class MeetingEvent(Event):
    """Something about one meeting; ``by_id`` is who did it (None: the house)."""

    meeting_id: int
    series_id: int
    by_id: int | None


@dataclass(frozen=True)
class MeetingPlanned(MeetingEvent):
    """A meeting was put into the calendar."""


@dataclass(frozen=True)
class MeetingMoved(MeetingEvent):
    """Its time, length, mode or place changed."""


@dataclass(frozen=True)
class MeetingHeld(MeetingEvent):
    """It took place; also recorded for a talk that was written down afterwards."""


@dataclass(frozen=True)
class MeetingCancelled(MeetingEvent):
    """It was called off before it began."""


@dataclass(frozen=True)
class MeetingMissed(MeetingEvent):
    """It did not take place because somebody did not come."""


@dataclass(frozen=True)
class NotesSaved(MeetingEvent):
    """The shared notes have a new revision."""


@dataclass(frozen=True)
class ActionItemAgreed(Event):
    """Somebody took on something to do."""

    action_item_id: int
    series_id: int
    owner_id: int
    by_id: int | None
