"""What happened to levels."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class LevelsChanged(Event):
    """The current level of these people in at least one competency is another one now."""

    person_ids: tuple[int, ...]


@dataclass(frozen=True)
class ColleaguesAsked(Event):
    """Colleagues are asked how somebody works."""

    review_id: int
    person_id: int
    by_id: int
    colleague_ids: tuple[int, ...]


@dataclass(frozen=True)
class ColleaguesReminded(Event):
    """The time of these colleagues, who have not answered, is nearly over."""

    review_id: int
    person_id: int
    colleague_ids: tuple[int, ...]


@dataclass(frozen=True)
class ColleaguesHeard(Event):
    """What colleagues said has been brought together; ``entered`` findings came of it, none where too few answered."""

    review_id: int
    person_id: int
    by_id: int
    entered: int
