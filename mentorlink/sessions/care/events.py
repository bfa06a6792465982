"""What happened in the care of pairs."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class SilenceNoticed(Event):
    """A pair has been quiet for ``days``; those whose turn it is are to be reminded."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    person_ids: tuple[int, ...]
    days: int


@dataclass(frozen=True)
class ClosingAnnounced(Event):
    """A quiet pair will be ended on ``closes_on`` (ISO day) unless one of the two gives a sign."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    closes_on: str


@dataclass(frozen=True)
class CoachingSilenceNoticed(Event):
    """A coaching has been quiet for ``days``; those whose turn it is are to be reminded."""

    engagement_id: int
    coach_id: int
    coachee_id: int
    person_ids: tuple[int, ...]
    days: int


@dataclass(frozen=True)
class CoachingClosingAnnounced(Event):
    """A quiet coaching will be ended on ``closes_on`` (ISO day) unless one of the two gives a sign."""

    engagement_id: int
    coach_id: int
    coachee_id: int
    closes_on: str


@dataclass(frozen=True)
class ThanksSent(Event):
    """Somebody thanked somebody."""

    thanks_id: int
    from_id: int
    to_id: int


@dataclass(frozen=True)
class ThanksPassedOn(Event):
    """Thanks went on to a superior, as both wanted."""

    thanks_id: int
    to_id: int
    superior_id: int


@dataclass(frozen=True)
class ConcernRaised(Event):
    """A safe person was turned to."""

    concern_id: int
    to_id: int


@dataclass(frozen=True)
class ConcernAnswered(Event):
    """The safe person answered."""

    concern_id: int
    raised_by_id: int
    to_id: int


@dataclass(frozen=True)
class OpeningAsked(Event):
    """Somebody asks that a pair's content be opened; a second person decides."""

    opening_id: int
    asked_by_id: int
    decider_ids: tuple[int, ...]


@dataclass(frozen=True)
class OpeningDecided(Event):
    """The second person decided; when it was opened, the pair is told."""

    opening_id: int
    asked_by_id: int
    decided_by_id: int
    member_ids: tuple[int, ...]
    opened: bool
