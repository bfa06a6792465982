"""The way in and out."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from mentorlink.kernel import settings
from mentorlink.kernel.errors import Conflict, DomainError, Invalid, TooMany
from mentorlink.kernel.inputs import read_form
from mentorlink.people import actions
from mentorlink.people import queries as people
from mentorlink.people.inputs import SignInInput
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, current_person, public, signed_in
from mentorlink.web.locale import LANGUAGES
from mentorlink.web.people.door import back, device, let_in, let_out, pages, refused, remember, signed_in_already, visitor
from mentorlink.web.words import error_sentence

THEMES = ("auto", "light", "dark")


@pages.get("/sign-in")
@public
def sign_in() -> str | AnyResponse:
    """The way in; who is in already goes on."""
    if signed_in_already():
        return redirect(back(request.args.get("next")), 303)
    return _page()


@pages.post("/sign-in")
@public
def take_sign_in() -> str | AnyResponse:
    """Let somebody in who knows the password."""
    try:
        token = actions.sign_in(visitor(), read_form(SignInInput, request.form), **device())
    except Invalid as error:
        return refused(_page(sent(error)))
    except (TooMany, Conflict) as error:
        wait = error.facts.get("retry_after")
        return refused(_page(sent(), error), 429 if wait else 409, retry_after=wait)
    return let_in(token, back(request.form.get("next")))


@pages.post("/sign-in/demo/<int:person_id>")
@public
def sign_in_demo(person_id: int) -> AnyResponse:
    """Let somebody look around as a person of the demo."""
    return let_in(actions.sign_in_as_demo(visitor(), person_id, **device()), back(request.form.get("next")))


@pages.post("/sign-out")
@signed_in
def sign_out() -> AnyResponse:
    """End this device's sign-in."""
    actions.end_sign_in(actor(), current_user.sign_in.id)
    flash(_("You have signed out."), "good")
    return let_out(url_for("people.sign_in"))


@pages.post("/locale")
@public
def set_locale() -> AnyResponse:
    """Change the language of pages and mails."""
    locale = request.form.get("locale", "")
    response = redirect(back(request.form.get("next")), 303)
    if locale in LANGUAGES:
        remember(response, "language", locale)
        if current_person:
            actions.choose_locale(actor(), current_user.person, locale)
    return response


@pages.post("/theme")
@public
def set_theme() -> AnyResponse:
    """Change between light and dark."""
    theme = request.form.get("theme", "")
    quiet = request.headers.get("X-Requested-With") == "fetch"
    response: AnyResponse = Response(status=204) if quiet else redirect(back(request.form.get("next")), 303)
    if theme in THEMES:
        remember(response, "theme", theme)
        if current_person:
            actions.choose_theme(actor(), current_user.person, theme)
    return response


def _page(form: Form | None = None, error: DomainError | None = None) -> str:
    demo = people.demo_sign_ins() if settings.current().demo else []
    onward = back(request.values.get("next"), "")
    return render_template(
        "people/sign_in.html", form=form, demo=demo, onward=onward, reason=error_sentence(error) if error else ""
    )
