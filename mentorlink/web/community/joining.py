"""Pages of coming and going."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mentorlink.community import actions, policy, queries
from mentorlink.community.inputs import (
    AnswerInput,
    AskInput,
    InvitationInput,
    RoleInput,
)
from mentorlink.community.models import Community
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.people.models import Person
from mentorlink.people.queries import blocked_with, search_people
from mentorlink.web.community.frame import kept_away, pages
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.locale import in_language


@pages.post("/communities/<int:community_id>/join")
@signed_in
def join(community_id: int) -> ResponseReturnValue:
    """Join at once, or take an invitation."""
    community = queries.community_for(actor(), community_id)
    actions.join_community(actor(), community)
    flash(_("Welcome to %(name)s.", name=community.name), "good")
    return redirect(url_for("community.show", community_id=community_id), 303)


@pages.post("/communities/<int:community_id>/ask")
@signed_in
def ask(community_id: int) -> ResponseReturnValue:
    """Ask to join."""
    actions.ask_to_join(actor(), queries.community_for(actor(), community_id), read_form(AskInput, request.form))
    flash(_("Your request is with the facilitators."), "good")
    return redirect(url_for("community.show", community_id=community_id), 303)


@pages.post("/communities/<int:community_id>/withdraw")
@signed_in
def withdraw(community_id: int) -> ResponseReturnValue:
    """Take the request to join back."""
    actions.withdraw_asking(actor(), queries.community_for(actor(), community_id))
    return redirect(url_for("community.show", community_id=community_id), 303)


@pages.post("/communities/<int:community_id>/decline")
@signed_in
def decline(community_id: int) -> ResponseReturnValue:
    """Decline an invitation."""
    actions.decline_invitation(actor(), queries.community_for(actor(), community_id))
    flash(_("You declined the invitation."), "info")
    return redirect(url_for("community.index"), 303)


@pages.post("/communities/<int:community_id>/leave")
@signed_in
def leave(community_id: int) -> ResponseReturnValue:
    """Leave."""
    actions.leave_community(actor(), queries.community_for(actor(), community_id))
    flash(_("You left the community."), "info")
    return redirect(url_for("community.index"), 303)


@pages.get("/communities/<int:community_id>/members")
@signed_in
def members(community_id: int) -> str:
    """Everyone who belongs; for facilitators also who wishes to, and whom to invite."""
    return _members_page(queries.community_for(actor(), community_id))


@pages.post("/communities/<int:community_id>/invitations")
@signed_in
def invite(community_id: int) -> ResponseReturnValue:
    """Invite a colleague."""
    community = queries.community_for(actor(), community_id)
    try:
        actions.invite_person(actor(), community, read_form(InvitationInput, request.form))
    except Invalid as error:
        return _members_page(community, form=sent(error)), 422
    flash(_("The invitation is on its way."), "good")
    return redirect(url_for("community.members", community_id=community_id), 303)


@pages.post("/communities/<int:community_id>/entries/<int:entry_id>")
@signed_in
def answer(community_id: int, entry_id: int) -> ResponseReturnValue:
    """Let somebody in or not; take an invitation back."""
    community = queries.community_for(actor(), community_id)
    actions.answer_entry(actor(), community, entry_id, read_form(AnswerInput, request.form))
    return redirect(url_for("community.members", community_id=community_id), 303)


@pages.post("/communities/<int:community_id>/members/<int:person_id>/role")
@signed_in
def change_role(community_id: int, person_id: int) -> ResponseReturnValue:
    """Make a member a facilitator, an expert or a member."""
    community = queries.community_for(actor(), community_id)
    actions.change_role(actor(), community, person_id, read_form(RoleInput, request.form))
    return redirect(url_for("community.members", community_id=community_id), 303)


@pages.post("/communities/<int:community_id>/members/<int:person_id>/remove")
@signed_in
def remove(community_id: int, person_id: int) -> ResponseReturnValue:
    """Remove a member."""
    actions.remove_member(actor(), queries.community_for(actor(), community_id), person_id)
    flash(_("The member was removed."), "info")
    return redirect(url_for("community.members", community_id=community_id), 303)


@pages.get("/communities/<int:community_id>/names")
@signed_in
def names(community_id: int) -> ResponseReturnValue:
    """Members whose name begins so, for naming them in a message."""
    found = queries.members_for(
        actor(), queries.community_for(actor(), community_id), text=request.args.get("q", "")[:80], limit=8
    )
    away = kept_away()
    people = [{"id": one.id, "name": one.name, "unit": in_language(one.unit)} for one in found if one.id not in away]
    return jsonify(people=people)


def _members_page(community: Community, form: Form | None = None) -> str:
    who = actor()
    manages = policy.may_manage_members(who, community)
    entries = queries.entries_for(who, community)
    text, wanted = request.args.get("q", "")[:80], request.args.get("invite", "")[:80]
    return render_template(
        "community/members.html",
        community=community,
        manages=manages,
        removes=policy.may_remove_member(who, community),
        text=text,
        wanted=wanted,
        found=_to_invite(who, wanted) if manages and wanted else [],
        members=queries.members_for(who, community, text=text, limit=200),
        total=queries.member_count(community.id),
        entries=entries,
        barred=queries.barred_of(community.id) if entries else set(),
        reports=policy.role_in(who, community.id) is not None,
        form=form,
    )


def _to_invite(who: Actor, wanted: str) -> list[Person]:
    away = blocked_with(who.person_id or 0)
    return [person for person in search_people(who, wanted, limit=8 + len(away)) if person.id not in away][:8]


@pages.get("/communities/<int:community_id>/competencies")
@signed_in
def competency_names(community_id: int) -> ResponseReturnValue:
    """Competencies with such a word in their name, for naming them in a message."""
    queries.community_for(actor(), community_id)
    found = queries.competencies_named(request.args.get("q", "")[:80], limit=8)
    return jsonify(people=[{"id": one.id, "name": in_language(one.name), "unit": one.code} for one in found])
