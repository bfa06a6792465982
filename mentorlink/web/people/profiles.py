"""A colleague's profile."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import NotFound
from mentorlink.pairing.queries import candidate_for, offers_of, own_offers
from mentorlink.people import actions, policy
from mentorlink.people import queries as people
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.people.door import back, pages
from mentorlink.web.people.facts import shown_person


@pages.get("/people/<int:person_id>")
@signed_in
def profile(person_id: int) -> str | AnyResponse:
    """Who a colleague is; one's own number leads to one's own page."""
    who = actor()
    if who.is_person(person_id):
        return redirect(url_for("people.my_profile"), 303)
    person = people.person_for(who, person_id)
    return render_template(
        "people/profile.html",
        shown=shown_person(person),
        blocked=people.has_blocked(who, person),
        manages=policy.may_manage_person(who, person),
        nip=people.nip_for(who, person),
        offers=[] if person.id in people.blocked_with(who.person_id or 0) else offers_of(person.id),
        may_be_invited=_may_be_invited(who, person.id),
    )


def _may_be_invited(who: Actor, person_id: int) -> bool:
    """Whether the reader has a place as a mentor that the rules let them offer to this person, who lets mentors see them."""
    offer = own_offers(who).get("mentor")
    if offer is None or not offer.free:
        return False
    try:
        candidate = candidate_for(who, offer, person_id)
    except NotFound:
        return False
    return candidate.invitation is None and candidate.request_id is None


@pages.post("/people/<int:person_id>/block")
@signed_in
def block(person_id: int) -> AnyResponse:
    """Keep somebody away."""
    who = actor()
    person = people.person_for(who, person_id)
    actions.block_person(who, person)
    flash(_("You and %(name)s are no longer suggested to each other. Nobody is told.", name=person.name), "good")
    return redirect(_onward(person_id, blocked=person_id), 303)


@pages.post("/people/<int:person_id>/unblock")
@signed_in
def unblock(person_id: int) -> AnyResponse:
    """Lift the block."""
    who = actor()
    person = people.person_for(who, person_id)
    actions.unblock_person(who, person)
    flash(_("The block is lifted."), "good")
    return redirect(_onward(person_id), 303)


def _onward(person_id: int, **more: int) -> str:
    """Back to the list where it was done, which then offers to undo it; else the colleague's page."""
    address = back(request.form.get("next"), "")
    if not address:
        return url_for("people.profile", person_id=person_id)
    path, _mark, query = address.partition("?")
    kept = [pair for pair in query.split("&") if pair and not pair.startswith("blocked=")]
    return path + "?" * bool(kept or more) + "&".join([*kept, *(f"{name}={value}" for name, value in more.items())])
