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
class RoundPairsPublished(Event):
    """Pairs of a round were published and begin: mentee, mentor and mentorship of each."""

    round_id: int
    pairs: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class RoundMissed(Event):
    """A round was published without a mentor for these people."""

    round_id: int
    person_ids: tuple[int, ...]


@dataclass(frozen=True)
class MentorsSought(Event):
    """HR asks people to offer their help in a competency that a round cannot cover."""

    round_id: int
    competency_id: int
    person_ids: tuple[int, ...]
    by_id: int | None
