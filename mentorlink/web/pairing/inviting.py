"""Whom I could help, and invitations to me and from me."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mentorlink.kernel.errors import Conflict, Invalid, NotFound
from mentorlink.kernel.inputs import read_form
from mentorlink.pairing.actions import invite_mentee, refuse_invitation, take_invitation, withdraw_invitation
from mentorlink.pairing.inputs import InviteInput, RefuseInvitationInput, TakeInvitationInput
from mentorlink.pairing.models import Offer
from mentorlink.pairing.queries import (
    candidate_for,
    candidates_for,
    competency_names,
    invitation_for,
    invitation_view,
    invitations_for,
    own_offers,
)
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.pairing.blueprint import known_kind, pages
from mentorlink.web.words import error_sentence


@pages.get("/offers/<kind>/people")
@signed_in
def candidates(kind: str) -> str:
    """Colleagues whom I could help, of those who allow it."""
    who = actor()
    page = min(max(1, request.args.get("page", 1, type=int)), 1000)
    return render_template("pairing/candidates.html", found=candidates_for(who, _own(kind), page=page), kind=kind)


@pages.get("/offers/<kind>/people/<int:person_id>")
@signed_in
def invite_form(kind: str, person_id: int) -> str:
    """The form in which I invite one of them."""
    return _invite_page(kind, person_id, Form())


@pages.post("/offers/<kind>/people/<int:person_id>")
@signed_in
def invite(kind: str, person_id: int) -> ResponseReturnValue:
    """Invite them."""
    who, offer = actor(), _own(kind)
    candidate = candidate_for(who, offer, person_id)
    try:
        invited = invite_mentee(who, offer, candidate.person, read_form(InviteInput, request.form))
    except Invalid as error:
        return _invite_page(kind, person_id, sent(error)), 422
    except Conflict as error:
        return _invite_page(kind, person_id, sent(), refused=error_sentence(error)), 409
    flash(_("Your invitation is on its way."), "good")
    return redirect(url_for(".invitation", invitation_id=invited.id), 303)


@pages.get("/invitations")
@signed_in
def invitations() -> str:
    """Invitations to me and from me."""
    return render_template("pairing/invitations.html", rows=invitations_for(actor()))


@pages.get("/invitations/<int:invitation_id>")
@signed_in
def invitation(invitation_id: int) -> str:
    """One invitation."""
    return _page(invitation_id, {})


@pages.post("/invitations/<int:invitation_id>/accept")
@signed_in
def take(invitation_id: int) -> ResponseReturnValue:
    """Say yes."""
    return _act(
        invitation_id,
        "take",
        lambda who, row: take_invitation(who, row, read_form(TakeInvitationInput, request.form)),
        _("You said yes. You can begin."),
    )


@pages.post("/invitations/<int:invitation_id>/decline")
@signed_in
def refuse(invitation_id: int) -> ResponseReturnValue:
    """Say no."""
    return _act(
        invitation_id,
        "refuse",
        lambda who, row: refuse_invitation(who, row, read_form(RefuseInvitationInput, request.form)),
        _("You declined. We have told your colleague."),
    )


@pages.post("/invitations/<int:invitation_id>/withdraw")
@signed_in
def withdraw_help(invitation_id: int) -> ResponseReturnValue:
    """Take it back."""
    return _act(invitation_id, "withdraw", lambda who, row: withdraw_invitation(who, row), _("You took your invitation back."))


def _act(invitation_id: int, name: str, deed: Callable[[Any, Any], Any], done: str) -> ResponseReturnValue:
    who = actor()
    try:
        deed(who, invitation_for(who, invitation_id))
    except Invalid as error:
        return _page(invitation_id, {name: sent(error)}), 422
    except Conflict as error:
        return _page(invitation_id, {name: sent()}, refused=error_sentence(error)), 409
    flash(done, "good")
    return redirect(url_for(".invitation", invitation_id=invitation_id), 303)


def _page(invitation_id: int, forms: dict[str, Form], *, refused: str = "") -> str:
    who = actor()
    row = invitation_for(who, invitation_id)
    forms = {"take": Form(), "refuse": Form()} | forms
    return render_template("pairing/invitation.html", row=row, view=invitation_view(who, row), forms=forms, refused=refused)


def _invite_page(kind: str, person_id: int, form: Form, *, refused: str = "") -> str:
    offer = _own(kind)
    candidate = candidate_for(actor(), offer, person_id)
    return render_template(
        "pairing/invite.html",
        offer=offer,
        candidate=candidate,
        names=competency_names(candidate.helps),
        form=form,
        refused=refused,
    )


def _own(kind: str) -> Offer:
    offer = own_offers(actor()).get(known_kind(kind))
    if offer is None:
        raise NotFound()
    return offer
