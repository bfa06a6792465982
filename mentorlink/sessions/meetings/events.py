"""What happened around meetings."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class MeetingPlanned(Event):
    """A meeting was put into the calendar."""

    meeting_id: int
    series_id: int
    by_id: int | None


@dataclass(frozen=True)
class MeetingMoved(Event):
    """Its time, length, mode or place changed."""

    meeting_id: int
    series_id: int
    by_id: int | None


@dataclass(frozen=True)
class MeetingHeld(Event):
    """It took place; also recorded for a talk that was written down afterwards."""

    meeting_id: int
    series_id: int
    by_id: int | None


@dataclass(frozen=True)
class MeetingCancelled(Event):
    """It was called off before it began."""

    meeting_id: int
    series_id: int
    by_id: int | None


@dataclass(frozen=True)
class MeetingMissed(Event):
    """It did not take place because somebody did not come."""

    meeting_id: int
    series_id: int
    by_id: int | None


@dataclass(frozen=True)
class ActionItemAgreed(Event):
    """Somebody took on something to do."""

    action_item_id: int
    series_id: int
    owner_id: int
    by_id: int | None


MeetingEvent = MeetingPlanned | MeetingMoved | MeetingHeld | MeetingCancelled | MeetingMissed
"""Any of those that are about one meeting."""
