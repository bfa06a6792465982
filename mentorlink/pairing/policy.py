"""Who may do what with offers and requests. What two people write to each other here is theirs: HR sees counts alone."""

from __future__ import annotations

from mentorlink.kernel import settings
from mentorlink.kernel.actor import Actor, Role
from mentorlink.pairing.models import Offer, Request


def may_open_offer(actor: Actor, kind: str) -> bool:
    """Coaching takes the granted role; mentoring too, unless the agency lets everyone offer."""
    if actor.is_system:
        return True
    if kind == "coach":
        return actor.has(Role.COACH)
    return actor.person_id is not None and (settings.current().open_offers or actor.has(Role.MENTOR))


def may_change_offer(actor: Actor, offer: Offer) -> bool:
    """Whose offer it is."""
    return actor.is_system or actor.is_person(offer.person_id)


def may_see_offer(actor: Actor, offer: Offer) -> bool:
    """Every colleague, while it is open and the person is there; who has left or closed it is seen by themself alone."""
    if actor.is_person(offer.person_id):
        return True
    return actor.person_id is not None and offer.closed_at is None and offer.person.is_active


def may_send_request(actor: Actor, offer: Offer) -> bool:
    """Anyone but the one who offers."""
    return actor.is_system or (actor.person_id is not None and not actor.is_person(offer.person_id))


def may_see_request(actor: Actor, request: Request) -> bool:
    """The two of them."""
    return actor.is_person(request.person_id) or actor.is_person(request.mentor_id)


def may_accept_request(actor: Actor, request: Request) -> bool:
    """Who is asked."""
    return actor.is_system or actor.is_person(request.mentor_id)


def may_decline_request(actor: Actor, request: Request) -> bool:
    """Who is asked."""
    return actor.is_system or actor.is_person(request.mentor_id)


def may_ask_back(actor: Actor, request: Request) -> bool:
    """Who is asked."""
    return actor.is_person(request.mentor_id)


def may_answer_back(actor: Actor, request: Request) -> bool:
    """Who asks."""
    return actor.is_person(request.person_id)


def may_withdraw_request(actor: Actor, request: Request) -> bool:
    """Who asks."""
    return actor.is_system or actor.is_person(request.person_id)


def may_expire_request(actor: Actor) -> bool:
    """The house's clock alone."""
    return actor.is_system


def may_end_coaching(actor: Actor, request: Request) -> bool:
    """Either of the two, once it was accepted."""
    return actor.is_system or may_see_request(actor, request)


def may_save_offers(actor: Actor) -> bool:
    """Offers in bulk: HR of the whole agency, and the house itself."""
    return actor.has_over(None, Role.MANAGER, Role.ADMINISTRATOR)
