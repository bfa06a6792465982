"""Pages of people."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from mentorlink.kernel.actor import Role
from mentorlink.people import queries as people
from mentorlink.people.actions import choose_locale, choose_theme, end_sign_in
from mentorlink.web.guard import actor, cookie_name, current_person, public, requires, signed_in
from mentorlink.web.locale import LANGUAGES

pages = Blueprint("people", __name__)

THEMES = ("auto", "light", "dark")
YEAR = 365 * 24 * 3600


@pages.get("/sign-in")
@public
def sign_in() -> str:
    return render_template("people/sign_in.html")


@pages.post("/sign-out")
@signed_in
def sign_out() -> Response:
    end_sign_in(actor(), current_user.sign_in.id)
    response = redirect(url_for("people.sign_in"), 303)
    response.delete_cookie(cookie_name())
    return response


@pages.post("/locale")
@public
def set_locale() -> Response:
    locale = request.form.get("locale", "")
    response = redirect(back(request.form.get("next")), 303)
    if locale in LANGUAGES:
        response.set_cookie("language", locale, max_age=YEAR, samesite="Lax", httponly=True)
        if current_person:
            choose_locale(actor(), current_user.person, locale)
    return response


@pages.post("/theme")
@public
def set_theme() -> Response:
    theme = request.form.get("theme", "")
    quiet = request.headers.get("X-Requested-With") == "fetch"
    response = make_response("", 204) if quiet else redirect(back(request.form.get("next")), 303)
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=YEAR, samesite="Lax", httponly=True)
        if current_person:
            choose_theme(actor(), current_user.person, theme)
    return response


def back(address: str | None) -> str:
    """``address`` if it is a path of ours, else the start page."""
    safe = address and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if safe and address else "/"


@pages.get("/me")
@signed_in
def my_profile() -> str:
    return render_template("people/my_profile.html", person=current_user.person)


@pages.get("/people/<int:person_id>")
@signed_in
def profile(person_id: int) -> str:
    return render_template("people/profile.html", person=people.person_for(actor(), person_id))


@pages.get("/me/devices")
@signed_in
def devices() -> str:
    return render_template("people/devices.html", sign_ins=people.sign_ins_for(actor()))


@pages.get("/people")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def directory() -> str:
    return render_template("people/directory.html", people=people.search_people(actor(), request.args.get("q", "")))


@pages.get("/units")
@signed_in
def units() -> str:
    return render_template("people/units.html", units=people.units_for(actor()))
