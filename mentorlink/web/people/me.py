"""One's own pages: profile, devices, password, settings."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Invalid, TooMany
from mentorlink.kernel.inputs import read_form
from mentorlink.kernel.stamps import stamp
from mentorlink.people import actions
from mentorlink.people import queries as people
from mentorlink.people.inputs import PasswordChangeInput, ProfileInput
from mentorlink.web.fields import meanwhile
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.people.browsers import device_name
from mentorlink.web.people.door import pages, refused
from mentorlink.web.people.facts import language_options, place_names, shown_person, zone_options
from mentorlink.web.words import error_sentence


@pages.get("/me")
@signed_in
def my_profile() -> str:
    """What colleagues see, and what only the person and HR see."""
    who, person = actor(), current_user.person
    return render_template(
        "people/my_profile.html",
        shown=shown_person(person),
        nip=people.nip_for(who, person),
        roles=people.role_grants_of([person.id]).get(person.id, []),
        blocked=people.blocked_by(who),
    )


@pages.get("/me/edit")
@signed_in
def edit_profile() -> str:
    """Write about oneself."""
    person = current_user.person
    return _edit(Form(person.own_words))


@pages.post("/me/edit")
@signed_in
def save_profile() -> str | AnyResponse:
    """Keep what the person wrote about themself."""
    try:
        data = read_form(ProfileInput, request.form)
        actions.edit_profile(actor(), current_user.person, data, seen=request.form.get("stamp"))
    except Invalid as error:
        return refused(_edit(sent(error)))
    except Conflict:
        db.session.refresh(current_user.person)
        return refused(_edit(sent(), changed=True), 409)
    flash(_("Your profile is saved."), "good")
    return redirect(url_for("people.my_profile"), 303)


@pages.get("/me/devices")
@signed_in
def devices() -> str:
    """Where one is signed in."""
    here = current_user.sign_in.id
    found = [(row, device_name(row.user_agent), row.id == here) for row in people.sign_ins_for(actor())]
    return render_template("people/devices.html", devices=found)


@pages.post("/me/devices/<int:sign_in_id>/end")
@signed_in
def end_device(sign_in_id: int) -> AnyResponse:
    """Sign out one device."""
    actions.end_sign_in(actor(), sign_in_id)
    flash(_("That device is signed out."), "good")
    return redirect(url_for("people.devices"), 303)


@pages.post("/me/devices/end-others")
@signed_in
def end_other_devices() -> AnyResponse:
    """Sign out everywhere but here."""
    ended = actions.end_other_sign_ins(actor(), current_user.sign_in.id)
    flash(ngettext("%(num)s other device is signed out.", "%(num)s other devices are signed out.", ended), "good")
    return redirect(url_for("people.devices"), 303)


@pages.get("/me/password")
@signed_in
def password() -> str:
    """Choose another password."""
    return render_template("people/password.html", form=None, reason="")


@pages.post("/me/password")
@signed_in
def change_password() -> str | AnyResponse:
    """Take the other password."""
    try:
        actions.change_password(
            actor(),
            current_user.person,
            read_form(PasswordChangeInput, request.form),
            keep_sign_in=current_user.sign_in.id,
            address=request.remote_addr or "",
        )
    except Invalid as error:
        return refused(render_template("people/password.html", form=sent(error), reason=""))
    except TooMany as error:
        wait = error.facts["retry_after"]
        return refused(render_template("people/password.html", form=sent(), reason=error_sentence(error)), 429, retry_after=wait)
    flash(_("Your password is changed, and your other devices are signed out."), "good")
    return redirect(url_for("people.settings"), 303)


@pages.get("/me/settings")
@signed_in
def settings() -> str:
    """Language, theme, sign-in."""
    return render_template("people/settings.html", person=current_user.person)


def _edit(form: Form, *, changed: bool = False) -> str:
    now = current_user.person.own_words
    options = {"languages": language_options(form.data.get("languages")), "timezone": zone_options()}
    return render_template(
        "people/edit_profile.html",
        form=form,
        person=current_user.person,
        stamp=request.form.get("stamp") if form.errors else stamp(now),
        meanwhile=meanwhile("people", now, options=options) if changed else [],
        languages=options["languages"],
        zones=options["timezone"],
        places=place_names(),
    )
