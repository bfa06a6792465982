"""What happened to levels and to what jobs ask."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class LevelsChanged(Event):
    """The current level of these people in at least one competency is another one now."""

    person_ids: tuple[int, ...]


@dataclass(frozen=True)
class StandardsChanged(Event):
    """What jobs ask of people has changed, by an edited standard or because a competency came or went."""


@dataclass(frozen=True)
class EditionPublished(Event):
    """A framework has a new edition."""

    framework_id: int
    edition_id: int
