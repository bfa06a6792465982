"""What happened in rounds."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class RoundOpened(Event):
    """Participants may enrol and rank; ``person_ids`` take part already."""

    round_id: int
    person_ids: tuple[int, ...]
    until: str


@dataclass(frozen=True)
class RoundPairPublished(Event):
    """A pair of a round was published and begins."""

    round_id: int
    mentee_id: int
    mentor_id: int
    mentorship_id: int


@dataclass(frozen=True)
class RoundMissed(Event):
    """A round was published without a mentor for this person."""

    round_id: int
    person_id: int


@dataclass(frozen=True)
class MentorsSought(Event):
    """HR asks people to offer their help in a competency that a round cannot cover."""

    round_id: int
    competency_id: int
    person_ids: tuple[int, ...]
    by_id: int | None
