"""What happened around meetings."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class MeetingPlanned(Event):
    """A meeting was put into the calendar, and with it those that repeat it."""

    meeting_id: int
    series_id: int
    by_id: int | None
    more_ids: tuple[int, ...] = ()


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
    """It was called off before it began, and with it those that would have repeated it."""

    meeting_id: int
    series_id: int
    by_id: int | None
    more_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class MeetingMissed(Event):
    """It did not take place because somebody did not come."""

    meeting_id: int
    series_id: int
    by_id: int | None


@dataclass(frozen=True)
class MeetingNear(Event):
    """It is a day or an hour away, or is over and nobody has said how it went."""

    meeting_id: int
    series_id: int
    which: str
    """day, hour or after"""


@dataclass(frozen=True)
class TimesProposed(Event):
    """Somebody proposed times to choose from."""

    proposal_id: int
    series_id: int
    by_id: int


@dataclass(frozen=True)
class TimesDeclined(Event):
    """None of the times suits another."""

    proposal_id: int
    series_id: int
    by_id: int


@dataclass(frozen=True)
class TimesWithdrawn(Event):
    """Who proposed the times took them back."""

    proposal_id: int
    series_id: int
    by_id: int


@dataclass(frozen=True)
class ActionItemAgreed(Event):
    """Somebody took on something to do."""

    action_item_id: int
    series_id: int
    owner_id: int
    by_id: int | None


@dataclass(frozen=True)
class MemberAdded(Event):
    """One more meets in a series of several; ``meeting_ids``: those to come that they are booked for now."""

    series_id: int
    person_id: int
    meeting_ids: tuple[int, ...]


@dataclass(frozen=True)
class MemberRemoved(Event):
    """Somebody meets in a series no more; ``meeting_ids``: those to come that they were booked for."""

    series_id: int
    person_id: int
    meeting_ids: tuple[int, ...]


@dataclass(frozen=True)
class MemberExcused(Event):
    """One of several cannot come."""

    meeting_id: int
    series_id: int
    by_id: int


@dataclass(frozen=True)
class MemberReturned(Event):
    """One of several comes after all."""

    meeting_id: int
    series_id: int
    by_id: int


@dataclass(frozen=True)
class AttendanceSaid(Event):
    """These were there, who leads left out."""

    meeting_id: int
    series_id: int
    person_ids: tuple[int, ...]
    by_id: int | None


@dataclass(frozen=True)
class MeetingCounted(Event):
    """What several held counts in the series of a pair: ``meeting_id`` stands there for ``of_id``."""

    meeting_id: int
    series_id: int
    of_id: int
    by_id: int | None


@dataclass(frozen=True)
class MeetingUndone(Event):
    """What was noted as held was taken back; ``counted_ids`` stood for it in the series of pairs and count no more either."""

    meeting_id: int
    series_id: int
    by_id: int | None
    counted_ids: tuple[int, ...] = ()


MeetingEvent = MeetingPlanned | MeetingMoved | MeetingHeld | MeetingCancelled | MeetingMissed | MeetingUndone
"""Any of those that are about one meeting."""
