"""What happened around a decision."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class DecisionOpened(Event):
    decision_id: int
    community_id: int
    by_id: int | None


@dataclass(frozen=True)
class DecisionTaken(Event):
    """It is decided; ``outcome`` says how."""

    decision_id: int
    community_id: int
    outcome: str
    by_id: int | None
