"""What happened in coaching."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class EngagementEvent(Event):
    """Something about one engagement."""

    engagement_id: int
    coach_id: int
    coachee_id: int


@dataclass(frozen=True)
class PairWrote(EngagementEvent):
    """One of the two put down, or took back, something that both see on their pages."""


@dataclass(frozen=True)
class ConversationBegun(EngagementEvent):
    """The two may talk for the first time; nobody is committed."""


@dataclass(frozen=True)
class WishSaid(EngagementEvent):
    """One side said yes to going on; the other has not yet."""

    by_id: int | None


@dataclass(frozen=True)
class Engaged(EngagementEvent):
    """Both said yes; ``by_id`` was the second."""

    by_id: int | None


@dataclass(frozen=True)
class EngagementDeclined(EngagementEvent):
    """It came to nothing after the first talk, or before it."""

    by_id: int | None


@dataclass(frozen=True)
class GoalWritten(EngagementEvent):
    """The goal has a new version."""

    number: int


@dataclass(frozen=True)
class GoalScaled(EngagementEvent):
    """One side said a number; ``both`` when now both have said theirs for this moment."""

    moment: str
    by_id: int | None
    both: bool


@dataclass(frozen=True)
class SuperiorAsked(EngagementEvent):
    """The coachee put a question to their superior."""

    question_id: int
    superior_id: int


@dataclass(frozen=True)
class SuperiorAnswered(EngagementEvent):
    """The superior said a number."""

    superior_id: int


@dataclass(frozen=True)
class CommitmentDue(EngagementEvent):
    """The day of a commitment, or of looking at it again, has come."""

    commitment_id: int
    day: str


@dataclass(frozen=True)
class CheckedIn(EngagementEvent):
    """The coachee said how a commitment stands."""

    commitment_id: int
    answer: str


@dataclass(frozen=True)
class ReviewWritten(EngagementEvent):
    """One side wrote its review; ``both`` when now both are there."""

    by_id: int | None
    both: bool


@dataclass(frozen=True)
class EngagementClosed(EngagementEvent):
    """It is done."""

    by_id: int | None


@dataclass(frozen=True)
class EngagementEndedEarly(EngagementEvent):
    """It ended before the end, without blame."""

    by_id: int | None


@dataclass(frozen=True)
class EngagementRested(EngagementEvent):
    """The two rest until a day."""

    by_id: int | None


@dataclass(frozen=True)
class EngagementResumed(EngagementEvent):
    """They go on."""

    by_id: int | None
