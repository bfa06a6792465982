"""What happened in the life of a community."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class StepEntered(Event):
    """A community stands in another step of its life now."""

    community_id: int
    step: str
    code: str
    by_id: int | None


@dataclass(frozen=True)
class KeeperNamed(Event):
    """Somebody has been given what a step must yield."""

    community_id: int
    person_id: int
    code: str
    by_id: int | None


@dataclass(frozen=True)
class MembersAssigned(Event):
    """A programme made people members."""

    community_id: int
    person_ids: tuple[int, ...]
    by_id: int | None
