"""What the links in mails and on the console open: invitation, new password, first administrator."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from mentorlink.kernel import settings
from mentorlink.kernel.errors import Invalid, TooMany
from mentorlink.kernel.inputs import read_form
from mentorlink.people import actions
from mentorlink.people import queries as people
from mentorlink.people.inputs import FirstAdministratorInput, NewPasswordInput, ResetRequestInput
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import public
from mentorlink.web.locale import LANGUAGES
from mentorlink.web.people.door import device, let_in, pages, refused, visitor
from mentorlink.web.words import error_sentence


@pages.get("/forgot")
@public
def forgot() -> str:
    """Ask for a link to a new password."""
    return render_template("people/forgot.html", form=None, reason="")


@pages.post("/forgot")
@public
def take_forgot() -> str | AnyResponse:
    """Note the wish; the answer is the same for everybody."""
    try:
        actions.ask_reset(visitor(), read_form(ResetRequestInput, request.form), address=request.remote_addr or "")
    except Invalid as error:
        return refused(render_template("people/forgot.html", form=sent(error), reason=""))
    except TooMany as error:
        wait = error.facts["retry_after"]
        return refused(render_template("people/forgot.html", form=sent(), reason=error_sentence(error)), 429, retry_after=wait)
    return redirect(url_for("people.forgot_sent"), 303)


@pages.get("/forgot/sent")
@public
def forgot_sent() -> str:
    """What happens next."""
    return render_template("people/forgot_sent.html", minutes=settings.current().reset_minutes)


@pages.get("/reset")
@public
def reset() -> str | AnyResponse:
    """Choose a new password."""
    return _new_password("reset")


@pages.post("/reset")
@public
def take_reset() -> str | AnyResponse:
    """Take the new password."""
    try:
        actions.reset_password(visitor(), read_form(NewPasswordInput, request.form), address=request.remote_addr or "")
    except Invalid as error:
        return _new_password("reset", sent(error))
    flash(_("Your new password is set, and every device is signed out. Please sign in."), "good")
    return redirect(url_for("people.sign_in"), 303)


@pages.get("/invitation")
@public
def invitation() -> str | AnyResponse:
    """Welcome somebody who was invited."""
    return _new_password("invitation")


@pages.post("/invitation")
@public
def take_invitation() -> str | AnyResponse:
    """Take the first password and let the person in."""
    try:
        kept = request.cookies.get("language")
        locale = kept if kept in LANGUAGES else None
        token = actions.accept_invitation(visitor(), read_form(NewPasswordInput, request.form), locale=locale, **device())
    except Invalid as error:
        return _new_password("invitation", sent(error))
    flash(_("Welcome to MentorLink. Say a little about yourself so that colleagues can find you."), "good")
    return let_in(token, url_for("people.edit_profile"))


@pages.get("/first-administrator")
@public
def first_administrator() -> str | AnyResponse:
    """Begin: the console's link makes the first administrator."""
    return _first_administrator()


@pages.post("/first-administrator")
@public
def take_first_administrator() -> str | AnyResponse:
    """Make the first administrator and let them in."""
    try:
        token = actions.claim_first_administrator(visitor(), read_form(FirstAdministratorInput, request.form), **device())
    except Invalid as error:
        return _first_administrator(sent(error))
    flash(_("MentorLink is yours to set up. Begin with the units and the people of your agency."), "good")
    return let_in(token, url_for("home.index"))


def _new_password(kind: str, form: Form | None = None) -> str | AnyResponse:
    key = request.values.get("key", "")
    link = people.open_link(kind, key)
    person = people.people_by_id([link.person_id]).get(link.person_id) if link and link.person_id else None
    if person is None:
        return refused(render_template("people/link_gone.html", kind=kind), 410)
    html = render_template(f"people/{kind}.html", key=key, person=person, form=form)
    return refused(html) if form else html


def _first_administrator(form: Form | None = None) -> str | AnyResponse:
    key = request.values.get("key", "")
    if people.open_link("first_administrator", key) is None or not people.needs_first_administrator():
        return refused(render_template("people/link_gone.html", kind="first_administrator"), 410)
    html = render_template("people/first_administrator.html", key=key, form=form, asks_agency=not people.agency_is_named())
    return refused(html) if form else html
