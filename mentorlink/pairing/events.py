"""What happened in pairing."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class OfferOpened(Event):
    """Somebody offers to mentor or coach."""

    offer_id: int
    person_id: int


@dataclass(frozen=True)
class OfferChanged(Event):
    """Competencies, places, languages, words or pause of an offer changed."""

    offer_id: int
    person_id: int


@dataclass(frozen=True)
class OfferClosed(Event):
    """An offer takes no more requests; the pairs that came of it go on."""

    offer_id: int
    person_id: int


@dataclass(frozen=True)
class OfferRoomChanged(Event):
    """A place was taken or became free; ``free`` is what is left now."""

    offer_id: int
    person_id: int
    free: int


@dataclass(frozen=True)
class PlacesTaken(Event):
    """Places of many offers were taken at once: offer, whose it is, and what is left. Stands for an OfferRoomChanged each."""

    rooms: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class RequestEvent(Event):
    """Something about one request: who asked, and who was asked."""

    request_id: int
    asker_id: int
    mentor_id: int


@dataclass(frozen=True)
class RequestSent(RequestEvent):
    """Somebody asked; the mentor is to answer."""


@dataclass(frozen=True)
class RequestAskedBack(RequestEvent):
    """The mentor wants to know more; the asker is to answer."""


@dataclass(frozen=True)
class RequestAnsweredBack(RequestEvent):
    """The asker told more; the mentor is to answer."""


@dataclass(frozen=True)
class RequestAccepted(RequestEvent):
    """The mentor or coach said yes; ``mentorship_id`` or ``engagement_id`` is what began."""

    mentorship_id: int | None
    engagement_id: int | None


@dataclass(frozen=True)
class RequestDeclined(RequestEvent):
    """The mentor said no."""


@dataclass(frozen=True)
class RequestWithdrawn(RequestEvent):
    """The asker took it back."""


@dataclass(frozen=True)
class RequestExpired(RequestEvent):
    """Nobody answered in time; the request returned to the asker."""


@dataclass(frozen=True)
class RequestReminded(RequestEvent):
    """A day is left; ``person_id`` is the one whose turn it is."""

    person_id: int


@dataclass(frozen=True)
class OffersSaved(Event):
    """Many offers were opened or changed at once; stands for an event each."""

    person_ids: tuple[int, ...]


@dataclass(frozen=True)
class ChoicesChanged(Event):
    """Somebody chose otherwise about being ranked or being found."""

    person_id: int


@dataclass(frozen=True)
class WaitingJoined(Event):
    """Somebody joined the line for a place."""

    waiting_id: int
    person_id: int


@dataclass(frozen=True)
class WaitingEnded(Event):
    """The offer that somebody waited for is there no more."""

    waiting_id: int
    person_id: int
    mentor_id: int


@dataclass(frozen=True)
class PlaceEvent(Event):
    """Something about a kept place: for whom, and with whom."""

    place_id: int
    person_id: int
    mentor_id: int


@dataclass(frozen=True)
class PlaceOffered(PlaceEvent):
    """A place is kept for the first in line, for a set time."""


@dataclass(frozen=True)
class PlaceLapsed(PlaceEvent):
    """The time was up; the place goes to the next in line."""


@dataclass(frozen=True)
class PlaceGone(PlaceEvent):
    """The offer was paused or closed, or the pair is not possible any more; the person keeps their place in line."""


@dataclass(frozen=True)
class InvitationEvent(Event):
    """Something about an invitation: who is invited, and who invites."""

    invitation_id: int
    person_id: int
    mentor_id: int


@dataclass(frozen=True)
class MenteeInvited(InvitationEvent):
    """Who offers help invited somebody."""


@dataclass(frozen=True)
class InvitationTaken(InvitationEvent):
    """The invited said yes; ``mentorship_id`` or ``engagement_id`` is what began."""

    request_id: int
    mentorship_id: int | None
    engagement_id: int | None


@dataclass(frozen=True)
class InvitationRefused(InvitationEvent):
    """The invited said no, or the time was up."""


@dataclass(frozen=True)
class InvitationWithdrawn(InvitationEvent):
    """The invitation stands no more."""


@dataclass(frozen=True)
class NeedVoiced(Event):
    """Somebody told HR that nobody covers what they need."""

    kind: str
    competency_id: int
    level: int
    person_id: int


@dataclass(frozen=True)
class NeedSettled(Event):
    """HR took up a need; those who spoke are told."""

    kind: str
    competency_id: int
    person_ids: tuple[int, ...]


@dataclass(frozen=True)
class ModelProposed(Event):
    """A model of the ranking waits for the administrators' decision."""

    model_id: int
    kind: str
    number: int
