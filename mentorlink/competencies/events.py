"""What happened to levels."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class LevelsChanged(Event):
    """The current level of these people in at least one competency is another one now."""

    person_ids: tuple[int, ...]
