"""What HR does for one person: data, invitation, roles, leaving and returning."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from mentorlink.kernel.actor import Grant, Role
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.kernel.stamps import stamp
from mentorlink.people import actions, policy
from mentorlink.people import queries as people
from mentorlink.people.inputs import PersonInput, RoleInput
from mentorlink.people.models import Person, RoleGrant
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, requires
from mentorlink.web.people.directory import chosen_unit, mails_go_out, person_form, with_taken
from mentorlink.web.people.door import pages, refused
from mentorlink.web.people.facts import role_options, role_word, shown_person, state_word, unit_options
from mentorlink.web.words import error_sentence


@pages.get("/people/<int:person_id>/manage")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def manage(person_id: int) -> str:
    """Everything HR can do for one person."""
    return _manage(_found(person_id))


@pages.get("/people/<int:person_id>/edit")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def edit_person(person_id: int) -> str:
    """What HR keeps of a person."""
    person = _found(person_id)
    return _edit(Form(_shown(person)), person)


@pages.post("/people/<int:person_id>/edit")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def change_person(person_id: int) -> str | AnyResponse:
    """Write what HR keeps of a person."""
    person = _found(person_id)
    try:
        data = read_form(PersonInput, request.form)
        actions.change_person(actor(), person, chosen_unit(data), data, seen=request.form.get("stamp"))
    except Invalid as error:
        return refused(_edit(sent(with_taken(error, but=person_id)), _found(person_id)))
    except Conflict as error:
        if error.code != "changed_meanwhile":
            raise
        person = _found(person_id)
        return refused(_edit(sent(), person, changed=_shown(person)), 409)
    flash(_("Saved."), "good")
    return redirect(url_for("people.manage", person_id=person_id), 303)


@pages.post("/people/<int:person_id>/invite")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def invite(person_id: int) -> AnyResponse:
    """Send the invitation (again)."""
    person = _found(person_id)
    actions.invite_person(actor(), person)
    if mails_go_out():
        flash(_("The invitation is on its way to %(email)s. An earlier link no longer works.", email=person.email), "good")
    else:
        flash(_("The invitation is written, but no mail server is set up, so it does not go out yet."), "warn")
    return _back_to(person_id)


@pages.post("/people/<int:person_id>/disable")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def disable(person_id: int) -> AnyResponse:
    """Somebody leaves."""
    person = _found(person_id)
    actions.disable_person(actor(), person)
    flash(_("%(name)s can no longer sign in and is signed out everywhere.", name=person.name), "good")
    return _back_to(person_id)


@pages.post("/people/<int:person_id>/enable")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def enable(person_id: int) -> AnyResponse:
    """Somebody returns."""
    person = _found(person_id)
    actions.enable_person(actor(), person)
    flash(_("%(name)s may sign in again.", name=person.name), "good")
    return _back_to(person_id)


@pages.post("/people/<int:person_id>/roles")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def grant(person_id: int) -> str | AnyResponse:
    """Give a role."""
    who, person = actor(), _found(person_id)
    try:
        data = read_form(RoleInput, request.form)
    except Invalid as error:
        return refused(_manage(person, sent(error)))
    unit = people.unit_for(who, data.unit_id) if data.unit_id else None
    try:
        actions.grant_role(who, person, data.role, unit)
    except Conflict as error:
        return refused(_manage(_found(person_id), sent(Invalid(Fault("role", error.code)))), 409)
    flash(_("The role is given."), "good")
    return _back_to(person_id)


@pages.post("/people/<int:person_id>/roles/<int:grant_id>/revoke")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def revoke(person_id: int, grant_id: int) -> str | AnyResponse:
    """Take a role away."""
    try:
        actions.revoke_role(actor(), _found(person_id), grant_id)
    except Conflict as error:
        return refused(_manage(_found(person_id), reason=error_sentence(error)), 409)
    flash(_("The role is taken away."), "good")
    if not actor().is_person(person_id):
        return _back_to(person_id)
    return redirect(url_for("people.my_profile"), 303)


def _shown(person: Person) -> dict[str, object]:
    """What HR keeps, without the NIP where the reader may not see it."""
    kept = person.kept_by_hr
    return kept if policy.may_see_nip(actor(), person) else {name: value for name, value in kept.items() if name != "nip"}


def _found(person_id: int) -> Person:
    return people.person_to_manage_for(actor(), person_id)


def _back_to(person_id: int) -> AnyResponse:
    return redirect(url_for("people.manage", person_id=person_id), 303)


def _manage(person: Person, form: Form | None = None, *, reason: str = "") -> str:
    who = actor()
    grants = people.grants_of([person.id]).get(person.id, [])
    rows = people.role_grants_of([person.id]).get(person.id, [])
    units = people.units_to_manage_for(who)
    agency_wide = who.has_over(None, *policy.HR)
    scope = None if agency_wide else person.unit.path
    codes = [str(role) for role in Role if policy.may_grant_role(who, person, Grant(role, scope))]
    return render_template(
        "people/manage.html",
        shown=shown_person(person),
        form=form,
        reason=reason,
        invited_at=people.invited_at(person) if person.state == "invited" else None,
        nip=people.nip_for(who, person),
        state=(state := people.state_of(person, people.invited_among([person.id]))),
        state_word=state_word(state),
        may_change=policy.may_change_account(who, person, grants),
        itself=who.is_person(person.id),
        roles=[(row, role_word(row.role), policy.may_revoke_role(who, person, _grant(row))) for row in rows],
        role_options=role_options(who, codes),
        units=unit_options(units),
        agency_wide=agency_wide,
    )


def _grant(row: RoleGrant) -> Grant:
    return Grant(Role(row.role), row.unit.path if row.unit else None)


def _edit(form: Form, person: Person, *, changed: Mapping[str, object] | None = None) -> str:
    seen = request.form.get("stamp", "") if form.errors else stamp(person.kept_by_hr)
    masked = "" if policy.may_see_nip(actor(), person) else people.nip_for(actor(), person)
    return person_form(form, "people/edit_person.html", changed=changed, person=person, stamp=seen, masked_nip=masked)
