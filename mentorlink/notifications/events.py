"""What happened to notices."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class Notified(Event):
    """A person was told something."""

    notice_id: int
    person_id: int


@dataclass(frozen=True)
class ManyNotified(Event):
    """Many people were told something at once; stands for a Notified each."""

    notice_ids: tuple[int, ...]


@dataclass(frozen=True)
class NoticesRead(Event):
    """A person has read notices."""

    person_id: int
