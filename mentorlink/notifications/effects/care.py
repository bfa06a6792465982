"""Who is told of quiet pairs, thanks, concerns and openings."""

from __future__ import annotations

from mentorlink.notifications.effects.mentoring import tell_partner
from mentorlink.notifications.effects.telling import tell
from mentorlink.sessions.care.events import (
    ClosingAnnounced,
    CoachingClosingAnnounced,
    CoachingSilenceNoticed,
    ConcernAnswered,
    ConcernRaised,
    OpeningAsked,
    OpeningDecided,
    SilenceNoticed,
    ThanksPassedOn,
    ThanksSent,
)
from mentorlink.sessions.mentoring.events import SuperiorSpoke, SuperiorWanted


def remind_quiet_pair(event: SilenceNoticed) -> None:
    """Whose turn it is learns that it has been quiet, and nothing else happens."""
    for person_id in event.person_ids:
        other = event.mentee_id if person_id == event.mentor_id else event.mentor_id
        tell(person_id, "quiet", "mentorship", event.mentorship_id, who=other, days=event.days)


def announce_closing(event: ClosingAnnounced) -> None:
    """Both learn on which day it ends unless one of them gives a sign."""
    tell_partner(event, None, "quiet_closing", day=event.closes_on)


def remind_quiet_coaching(event: CoachingSilenceNoticed) -> None:
    """The same in a coaching."""
    for person_id in event.person_ids:
        other = event.coachee_id if person_id == event.coach_id else event.coach_id
        tell(person_id, "coaching_quiet", "engagement", event.engagement_id, who=other, days=event.days)


def announce_coaching_closing(event: CoachingClosingAnnounced) -> None:
    """Coach and coachee learn on which day it ends unless one of them gives a sign."""
    for person_id, other in ((event.coach_id, event.coachee_id), (event.coachee_id, event.coach_id)):
        tell(person_id, "coaching_quiet_closing", "engagement", event.engagement_id, who=other, day=event.closes_on)


def tell_of_thanks(event: ThanksSent) -> None:
    """Who is thanked learns it."""
    tell(event.to_id, "thanked", "thanks", event.thanks_id, who=event.from_id)


def tell_of_passed_thanks(event: ThanksPassedOn) -> None:
    """The superior learns that one of theirs was thanked."""
    tell(event.superior_id, "thanks_passed", "team", event.thanks_id, who=event.to_id)


def tell_of_concern(event: ConcernRaised) -> None:
    """The safe person learns that somebody turned to them; who and why stand on their page alone."""
    tell(event.to_id, "concern_raised", "concern", event.concern_id)


def tell_of_concern_answer(event: ConcernAnswered) -> None:
    """Who turned to a safe person learns that there is an answer; the notice does not say to what."""
    tell(event.raised_by_id, "concern_answered", "concern", event.concern_id, who=event.to_id)


def ask_second_person(event: OpeningAsked) -> None:
    """Those who may decide learn that an opening was asked for."""
    for person_id in event.decider_ids:
        tell(person_id, "opening_asked", "opening", event.opening_id, who=event.asked_by_id)


def tell_of_opening(event: OpeningDecided) -> None:
    """Who asked learns the decision; when it was opened, the pair learns who may read, and who agreed."""
    kind = "opening_agreed" if event.opened else "opening_refused"
    tell(event.asked_by_id, kind, "opening", event.opening_id, who=event.decided_by_id)
    for person_id in event.member_ids if event.opened else ():
        tell(person_id, "opened", "opening", event.opening_id, who=event.asked_by_id)


def ask_superior_of_mentee(event: SuperiorWanted) -> None:
    """The superior learns that their word is asked for."""
    tell(event.superior_id, "superior_wanted", "team", event.mentorship_id, who=event.mentee_id)


def tell_of_superior_word(event: SuperiorSpoke) -> None:
    """The two learn what the superior said."""
    kind = "superior_agreed" if event.agreed else "superior_not_yet"
    for person_id in (event.mentor_id, event.mentee_id):
        tell(person_id, kind, "mentorship", event.mentorship_id, who=event.superior_id)
