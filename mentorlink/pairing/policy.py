"""Who may do what with offers and requests. What two people write to each other here is theirs: HR sees counts alone."""

from __future__ import annotations

from mentorlink.kernel import settings
from mentorlink.kernel.actor import Actor, Role
from mentorlink.pairing.models import HeldPlace, Invitation, Offer, Request, Waiting


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


def may_save_offers(actor: Actor) -> bool:
    """Offers in bulk: HR of the whole agency, and the house itself."""
    return actor.has_over(None, Role.MANAGER, Role.ADMINISTRATOR)


def may_leave_ranking(actor: Actor) -> bool:
    """Only the house itself: it follows from what somebody asked about their data."""
    return actor.is_system


def may_choose_finding(actor: Actor) -> bool:
    """Everyone for themselves."""
    return actor.person_id is not None


def may_save_person(actor: Actor, offer: Offer) -> bool:
    """Anyone but the one who offers."""
    return actor.person_id is not None and not actor.is_person(offer.person_id)


def may_forget_person(actor: Actor) -> bool:
    """Everyone their own list."""
    return actor.person_id is not None


def may_wait(actor: Actor) -> bool:
    """Everyone for themselves."""
    return actor.person_id is not None


def may_leave_line(actor: Actor, waiting: Waiting) -> bool:
    """Who waits."""
    return actor.is_system or actor.is_person(waiting.person_id)


def may_decline_place(actor: Actor, place: HeldPlace) -> bool:
    """For whom it is kept."""
    return actor.is_person(place.person_id)


def may_give_places(actor: Actor) -> bool:
    """The house alone, in the order of the line."""
    return actor.is_system


def may_see_mentees(actor: Actor, offer: Offer) -> bool:
    """Whose offer it is; and of the others only who allows it."""
    return actor.is_person(offer.person_id)


def may_invite(actor: Actor, offer: Offer) -> bool:
    """Whose offer it is."""
    return actor.is_system or actor.is_person(offer.person_id)


def may_see_invitation(actor: Actor, invitation: Invitation) -> bool:
    """The two."""
    return actor.is_person(invitation.person_id) or actor.is_person(invitation.mentor_id)


def may_answer_invitation(actor: Actor, invitation: Invitation) -> bool:
    """Who is invited."""
    return actor.is_person(invitation.person_id)


def may_withdraw_invitation(actor: Actor, invitation: Invitation) -> bool:
    """Who invited."""
    return actor.is_system or actor.is_person(invitation.mentor_id)


def may_voice_need(actor: Actor) -> bool:
    """Everyone for themselves."""
    return actor.person_id is not None


def may_see_needs(actor: Actor) -> bool:
    """Programme managers, each over the units their role covers."""
    return actor.has(Role.MANAGER)


def may_settle_need(actor: Actor) -> bool:
    """Programme managers, for who spoke in the units their role covers."""
    return actor.has(Role.MANAGER)


def may_use_places(actor: Actor) -> bool:
    """The house, for what was decided elsewhere: a round that was published, a pair of it that is over."""
    return actor.is_system


def may_note_shown(actor: Actor, person_id: int) -> bool:
    """The house notes what somebody saw when they saw it, for nobody else."""
    return actor.is_person(person_id)


def may_forget_shown(actor: Actor) -> bool:
    """The house alone, in time or because somebody objects to automated ranking."""
    return actor.is_system


def may_see_models(actor: Actor) -> bool:
    """HR and administrators of the whole agency: figures about many, never a line about one."""
    return actor.has_over(None, Role.MANAGER, Role.ADMINISTRATOR)


def may_propose_model(actor: Actor) -> bool:
    """The house alone, on evidence."""
    return actor.is_system


def may_keep_words(actor: Actor) -> bool:
    """The house alone."""
    return actor.is_system


def may_decide_model(actor: Actor) -> bool:
    """Administrators of the whole agency."""
    return actor.has_over(None, Role.ADMINISTRATOR)
