"""Who offers help invites who may need it; the invited says yes or no."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict
from mentorlink.pairing import rules
from mentorlink.pairing.actions.requests import begin_pair, competency_ids, refuse_barriers, take_place
from mentorlink.pairing.events import (
    InvitationRefused,
    InvitationTaken,
    InvitationWithdrawn,
    MenteeInvited,
    OfferRoomChanged,
)
from mentorlink.pairing.inputs import InviteInput, RefuseInvitationInput, TakeInvitationInput
from mentorlink.pairing.models import Invitation, Offer, Request, RequestCompetency
from mentorlink.pairing.policy import may_answer_invitation, may_expire_request, may_invite, may_withdraw_invitation
from mentorlink.pairing.queries.choices import choices_of
from mentorlink.pairing.queries.terms import terms_of
from mentorlink.people.models import Person


@action
def invite_mentee(actor: Actor, offer: Offer, person: Person, data: InviteInput) -> Invitation:
    """Offer somebody a place; they may say yes or no. Only who allows it can be invited, and who said no is not asked again.

    Refused when a rule forbids the pair, when no place is free, or when too many invitations are open. Twice is once.
    """
    ensure(may_invite, actor, offer)
    lock(offer)
    there = db.session.scalars(
        sa.select(Invitation).where(Invitation.offer_id == offer.id, Invitation.person_id == person.id)
    ).all()
    if open_one := next((each for each in there if each.is_open), None):
        return open_one
    if not choices_of(person.id).open_to_offers:
        raise Conflict("not_open_to_offers")
    if any(each.state == "declined" for each in there):
        raise Conflict("invited_before")
    refuse_barriers(offer, person)
    if offer.free <= 0:
        raise Conflict("no_room")
    count = sa.select(sa.func.count()).where(Invitation.offer_id == offer.id, Invitation.state == "sent")
    if (db.session.scalar(count) or 0) >= rules.MOST_INVITED:
        raise Conflict("too_many_invited", most=rules.MOST_INVITED)
    now = clock.now()
    invitation = Invitation(
        offer_id=offer.id, person_id=person.id, state="sent", message=data.message, sent_at=now,
        expires_at=now + rules.INVITATION_OPEN,
    )  # fmt: skip
    with or_refuse(Conflict("invited_before")):
        db.session.add(invitation)
    fact = {"invitation_id": invitation.id}
    jobs.enqueue(
        "pairing.end_invitation", fact, run_at=invitation.expires_at, dedupe_key=f"pairing.end_invitation:{invitation.id}"
    )
    record(MenteeInvited(invitation.id, person.id, offer.person_id))
    return invitation


@action
def take_invitation(actor: Actor, invitation: Invitation, data: TakeInvitationInput) -> Invitation:
    """Say yes: take a place and begin; the invitation was the other's yes. Twice is once.

    The hard rules are checked again and the place is taken in this transaction.
    """
    ensure(may_answer_invitation, actor, invitation)
    if not _still("accepted", invitation):
        return invitation
    offer = invitation.offer
    refuse_barriers(offer, invitation.person)
    take_place(offer)
    now, terms = clock.now(), terms_of(offer.kind, invitation.person)
    request = Request(
        offer_id=offer.id, person_id=invitation.person_id, programme_id=offer.programme_id or terms.programme_id,
        client_id=f"invitation-{invitation.id}", state="accepted", message=data.reply, sent_at=now, expires_at=now, closed_at=now,
    )  # fmt: skip
    request.competencies = [RequestCompetency(competency_id=id_) for id_ in competency_ids(data.competencies)]
    db.session.add(request)
    db.session.flush()
    request.offer = offer
    begin_pair(actor, request)
    invitation.state, invitation.closed_at, invitation.reply = "accepted", now, data.reply or None
    invitation.request_id = request.id
    db.session.flush()
    ids = invitation.id, invitation.person_id, offer.person_id
    record(InvitationTaken(*ids, request.id, request.mentorship_id, request.engagement_id))
    record(OfferRoomChanged(offer.id, offer.person_id, offer.free))
    return invitation


@action
def refuse_invitation(actor: Actor, invitation: Invitation, data: RefuseInvitationInput) -> Invitation:
    """Say no, with a few words or none. Twice is once."""
    ensure(may_answer_invitation, actor, invitation)
    if _still("declined", invitation):
        invitation.reply = data.reply or None
        _end(invitation, "declined")
        record(InvitationRefused(invitation.id, invitation.person_id, invitation.mentor_id))
    return invitation


@action
def withdraw_invitation(actor: Actor, invitation: Invitation) -> Invitation:
    """Take an invitation back. Twice is once."""
    ensure(may_withdraw_invitation, actor, invitation)
    if _still("withdrawn", invitation):
        _end(invitation, "withdrawn")
        record(InvitationWithdrawn(invitation.id, invitation.person_id, invitation.mentor_id))
    return invitation


@action
def end_invitation(actor: Actor, invitation: Invitation) -> Invitation:
    """End an invitation whose time is up; one that is answered is left as it is."""
    ensure(may_expire_request, actor)
    if lock(invitation).is_open and invitation.expires_at <= clock.now():
        _end(invitation, "expired")
        record(InvitationRefused(invitation.id, invitation.person_id, invitation.mentor_id))
    return invitation


def withdraw_invitations(which: sa.ColumnElement[bool]) -> None:
    """Take open invitations back. For use inside an action or effect."""
    for invitation in db.session.scalars(sa.select(Invitation).where(which, Invitation.state == "sent")).all():
        withdraw_invitation(Actor.system(), invitation)


def _still(target: str, invitation: Invitation) -> bool:
    """Lock it; False when this was done already, refused when something else was."""
    if lock(invitation).state == target:
        return False
    if not invitation.is_open:
        raise Conflict("invitation_has_ended", state=invitation.state)
    return True


def _end(invitation: Invitation, state: str) -> None:
    invitation.state, invitation.closed_at = state, clock.now()
    db.session.flush()
