"""What happened in mentorships."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class MentorshipStarted(Event):
    """Two people became a pair; they stand in the first stage."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    programme_id: int | None = None


@dataclass(frozen=True)
class PairActed(Event):
    """One of the two did something that both see on the pages of the pair."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int


@dataclass(frozen=True)
class StageEntered(Event):
    """The pair went on to ``stage``, or with ``back`` returned to it. Not recorded for the first stage at the start."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    stage: str
    back: bool
    by_id: int | None


@dataclass(frozen=True)
class AgreementProposed(Event):
    """There is a new version of the agreement; earlier signatures do not count for it."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    agreement_id: int
    by_id: int | None


@dataclass(frozen=True)
class AgreementSigned(Event):
    """One side signed; ``complete`` when both have signed this version."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    agreement_id: int
    by_id: int | None
    complete: bool


@dataclass(frozen=True)
class GoalsChanged(Event):
    """Purpose or targets have a new revision; earlier acceptances do not count for it."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    revision: int
    by_id: int | None


@dataclass(frozen=True)
class GoalsAccepted(Event):
    """One side accepted; ``complete`` when both accepted this revision."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    revision: int
    by_id: int | None
    complete: bool


@dataclass(frozen=True)
class AfterLevelsSaid(Event):
    """One side said which levels the mentee has reached; ``agreed`` when both say the same of every competency."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    by_id: int | None
    agreed: bool
    missing: tuple[int, ...]
    """Who of the two has not said it of every competency yet."""


@dataclass(frozen=True)
class EvaluationGiven(Event):
    """One side evaluated; ``both`` when now both have, and both become readable to the two."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    by_id: int | None
    both: bool


@dataclass(frozen=True)
class MentorshipPaused(Event):
    """The pair rests until its return date."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    by_id: int | None


@dataclass(frozen=True)
class MentorshipResumed(Event):
    """The pair goes on where it stood."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    by_id: int | None


@dataclass(frozen=True)
class SuperiorWanted(Event):
    """The programme asks the mentee's superior to agree."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    superior_id: int


@dataclass(frozen=True)
class SuperiorSpoke(Event):
    """The superior agreed, or did not (yet)."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    superior_id: int
    agreed: bool


@dataclass(frozen=True)
class MentorshipClosed(Event):
    """The last gate was passed; after-levels are confirmed in the same transaction."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    by_id: int | None


@dataclass(frozen=True)
class MentorshipEndedEarly(Event):
    """The pair parted before the end. Why is known to the one who ended it alone."""

    mentorship_id: int
    mentor_id: int
    mentee_id: int
    by_id: int | None


MentorshipEvent = (
    MentorshipStarted
    | StageEntered
    | AgreementProposed
    | AgreementSigned
    | GoalsChanged
    | GoalsAccepted
    | AfterLevelsSaid
    | EvaluationGiven
    | MentorshipPaused
    | MentorshipResumed
    | MentorshipClosed
    | MentorshipEndedEarly
)
"""Any of them; each names the mentorship and its two."""
