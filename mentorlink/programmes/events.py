"""What happened to programmes."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class ProgrammeChanged(Event):
    """A programme was made, or its rules, weights, dates or state are other ones now."""

    programme_id: int
