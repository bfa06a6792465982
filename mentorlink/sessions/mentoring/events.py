"""What happened in mentorships."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class MentorshipEvent(Event):
    """Something about one mentorship and its two people."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int


@dataclass(frozen=True)
class MentorshipStarted(MentorshipEvent):
    """Two people became a pair; they stand in the first stage."""


@dataclass(frozen=True)
class StageEntered(MentorshipEvent):
    """The pair went on to ``stage``, or with ``back`` returned to it. Not recorded for the first stage at the start."""

    stage: str
    back: bool
    by_id: int | None


@dataclass(frozen=True)
class AgreementProposed(MentorshipEvent):
    """There is a new version of the agreement; earlier signatures do not count for it."""

    agreement_id: int
    by_id: int | None


@dataclass(frozen=True)
class AgreementSigned(MentorshipEvent):
    """One side signed; ``complete`` when both have signed this version."""

    agreement_id: int
    by_id: int | None
    complete: bool


@dataclass(frozen=True)
class GoalsChanged(MentorshipEvent):
    """Purpose or targets have a new revision; earlier acceptances do not count for it."""

    revision: int
    by_id: int | None


@dataclass(frozen=True)
class GoalsAccepted(MentorshipEvent):
    """One side accepted; ``complete`` when both accepted this revision."""

    revision: int
    by_id: int | None
    complete: bool


@dataclass(frozen=True)
class AfterLevelsSaid(MentorshipEvent):
    """One side said which levels the mentee has reached; ``agreed`` when both say the same of every competency."""

    by_id: int | None
    agreed: bool


@dataclass(frozen=True)
class EvaluationGiven(MentorshipEvent):
    """One side evaluated; ``both`` when now both have, and both become readable to the two."""

    by_id: int | None
    both: bool


@dataclass(frozen=True)
class MentorshipPaused(MentorshipEvent):
    """The pair rests until its return date."""

    by_id: int | None


@dataclass(frozen=True)
class MentorshipResumed(MentorshipEvent):
    """The pair goes on where it stood."""

    by_id: int | None


@dataclass(frozen=True)
class MentorshipClosed(MentorshipEvent):
    """The last gate was passed; after-levels are confirmed in the same transaction."""

    by_id: int | None


@dataclass(frozen=True)
class MentorshipEndedEarly(MentorshipEvent):
    """The pair parted before the end. Why is known to the one who ended it alone."""

    by_id: int | None
