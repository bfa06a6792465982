"""Who is told of mentorships and their stages."""

from __future__ import annotations

from typing import Any

from mentorlink.kernel.db import db
from mentorlink.learning.events import CertificateIssued
from mentorlink.notifications.effects.telling import tell
from mentorlink.people.models import Person
from mentorlink.sessions.mentoring.events import (
    AfterLevelsSaid,
    AgreementProposed,
    AgreementSigned,
    EvaluationGiven,
    GoalsAccepted,
    GoalsChanged,
    MentorshipClosed,
    MentorshipEndedEarly,
    MentorshipEvent,
    MentorshipPaused,
    MentorshipResumed,
    StageEntered,
)


def tell_partner(
    event: MentorshipEvent, by_id: int | None, kind: str, about: str = "mentorship", *, once: str | None = None, **facts: Any
) -> None:
    """Tell the other of a pair, or both where neither did it; ``about``: the part of the mentorship on which one acts."""
    for person_id in (event.mentor_id, event.mentee_id):
        if person_id != by_id:
            other = event.mentee_id if person_id == event.mentor_id else event.mentor_id
            tell(person_id, kind, about, event.mentorship_id, who=other, once=once, **facts)


def tell_of_agreement(event: AgreementProposed) -> None:
    """The partner learns that a version waits for their signature."""
    tell_partner(event, event.by_id, "agreement_proposed", "agreement")


def tell_of_signature(event: AgreementSigned) -> None:
    """The partner learns of the signature."""
    tell_partner(event, event.by_id, "agreement_complete" if event.complete else "agreement_signed", "agreement")


def tell_of_goals(event: GoalsChanged) -> None:
    """The partner learns that the goals wait for their yes."""
    tell_partner(event, event.by_id, "goals_changed", "goals")


def tell_of_acceptance(event: GoalsAccepted) -> None:
    """The partner learns of the yes."""
    tell_partner(event, event.by_id, "goals_complete" if event.complete else "goals_accepted", "goals")


def tell_of_after_levels(event: AfterLevelsSaid) -> None:
    """The partner is asked for theirs if they have not said them, and learns whether both see it alike. Each is said once."""
    kind = "after_levels_agreed" if event.agreed else "after_levels_differ"
    if event.missing:
        kind = "after_levels_said"
    if set(event.missing) != {event.by_id}:
        tell_partner(event, event.by_id, kind, "levels", once=f"{kind}:{event.mentorship_id}")


def tell_of_evaluation(event: EvaluationGiven) -> None:
    """The partner learns that an evaluation was given, not what it says."""
    tell_partner(event, event.by_id, "evaluations_open" if event.both else "evaluation_given", "evaluation")


def tell_of_stage(event: StageEntered) -> None:
    """The partner learns in which stage they are."""
    tell_partner(event, event.by_id, "stage_back" if event.back else "stage_entered", stage=event.stage)


def tell_of_pause(event: MentorshipPaused) -> None:
    """The partner learns of the rest."""
    tell_partner(event, event.by_id, "mentorship_paused")


def tell_of_return(event: MentorshipResumed) -> None:
    """The partner learns that it goes on."""
    tell_partner(event, event.by_id, "mentorship_resumed")


def tell_of_closing(event: MentorshipClosed) -> None:
    """Both learn that it is done."""
    tell_partner(event, None, "mentorship_closed")


def tell_of_early_end(event: MentorshipEndedEarly) -> None:
    """The partner learns that it ended, never why; unless it is that the other has left."""
    leaver = db.session.get(Person, event.by_id) if event.by_id is not None else None
    if leaver is None or leaver.state != "disabled":
        tell_partner(event, event.by_id, "mentorship_ended")
    elif leaver.id == event.mentor_id:
        tell(event.mentee_id, "mentor_left", "find", event.mentorship_id, who=leaver.id)
    else:
        tell(event.mentor_id, "mentee_left", "mentorship", event.mentorship_id, who=leaver.id)


def tell_of_certificate(event: CertificateIssued) -> None:
    """The holder learns where the certificate is."""
    tell(event.person_id, "certificate_issued", "certificate", event.certificate_id)
