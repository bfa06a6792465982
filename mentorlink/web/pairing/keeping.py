"""Whom I keep in mind, where I wait, and how I want to be ranked and found."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.groups import FEWEST
from mentorlink.kernel.inputs import read_form
from mentorlink.pairing.actions import (
    choose_finding,
    decline_place,
    forget_person,
    join_line,
    leave_line,
    save_person,
    settle_need,
    voice_need,
)
from mentorlink.pairing.inputs import ChoicesInput, NeedInput, WaitInput
from mentorlink.pairing.queries import (
    choices_of,
    competency_told,
    lines_for,
    needs_told_for,
    offer_for,
    place_for,
    saved_for,
    waiting_for_id,
)
from mentorlink.pairing.rules import PLACE_KEPT
from mentorlink.web.guard import actor, requires, signed_in
from mentorlink.web.pairing.blueprint import known_kind, pages
from mentorlink.web.people.door import back
from mentorlink.web.words import error_sentence


@pages.get("/find/saved")
@signed_in
def saved() -> str:
    """Whom I saved, and what changed since."""
    return render_template("pairing/saved.html", rows=saved_for(actor()))


@pages.post("/find/<int:offer_id>/save")
@signed_in
def save(offer_id: int) -> ResponseReturnValue:
    """Keep somebody in mind, or note how they stand now."""
    who = actor()
    try:
        save_person(who, offer_for(who, offer_id))
    except Conflict as error:
        flash(error_sentence(error), "warn")
    return redirect(back(request.form.get("next"), url_for(".saved")), 303)


@pages.post("/find/saved/<int:person_id>/<kind>/forget")
@signed_in
def forget(person_id: int, kind: str) -> ResponseReturnValue:
    """Take somebody off my list."""
    forget_person(actor(), person_id, known_kind(kind))
    return redirect(back(request.form.get("next"), url_for(".saved")), 303)


@pages.get("/find/waiting")
@signed_in
def lines() -> str:
    """Where I wait, and my place in each line."""
    return render_template("pairing/lines.html", lines=lines_for(actor()), days=PLACE_KEPT.days)


@pages.post("/find/waiting")
@signed_in
def join() -> ResponseReturnValue:
    """Join a line."""
    try:
        join_line(actor(), read_form(WaitInput, request.form))
    except (Conflict, Invalid) as error:
        flash(error_sentence(error), "warn")
        return redirect(back(request.form.get("next"), url_for(".lines")), 303)
    flash(_("You are in line. As soon as a place fits you, we keep it for you and tell you."), "good")
    return redirect(url_for(".lines"), 303)


@pages.post("/find/waiting/<int:waiting_id>/leave")
@signed_in
def leave(waiting_id: int) -> ResponseReturnValue:
    """Wait no more."""
    who = actor()
    leave_line(who, waiting_for_id(who, waiting_id))
    flash(_("You wait no more for this."), "good")
    return redirect(url_for(".lines"), 303)


@pages.get("/find/places/<int:place_id>")
@signed_in
def place(place_id: int) -> str:
    """A place that is kept for me: take it, or leave it to the next."""
    kept = place_for(actor(), place_id)
    return render_template("pairing/place.html", place=kept, runs=kept.is_offered and kept.until > clock.now())


@pages.post("/find/places/<int:place_id>/decline")
@signed_in
def leave_place(place_id: int) -> ResponseReturnValue:
    """Leave it to the next."""
    who = actor()
    decline_place(who, place_for(who, place_id))
    flash(_("The place goes to the next in line. You keep yours in the line."), "good")
    return redirect(url_for(".lines"), 303)


@pages.get("/me/finding")
@signed_in
def choices() -> str:
    """How I want to be ranked and found."""
    return render_template("pairing/choices.html", choices=choices_of(actor().person_id))


@pages.post("/me/finding")
@signed_in
def choose() -> ResponseReturnValue:
    """Keep that."""
    choose_finding(actor(), read_form(ChoicesInput, request.form))
    flash(_("Kept. It holds from now on."), "good")
    return redirect(url_for(".choices"), 303)


@pages.post("/find/needs")
@signed_in
def tell_hr() -> ResponseReturnValue:
    """Tell HR that nobody covers what I need."""
    try:
        voice_need(actor(), read_form(NeedInput, request.form))
    except Invalid as error:
        flash(error_sentence(error), "warn")
    else:
        flash(_("HR sees this need now, with how many share it; not who you are."), "good")
    return redirect(back(request.form.get("next"), url_for(".suggestions")), 303)


@pages.get("/programme/needs")
@requires(Role.MANAGER)
def needs() -> str:
    """What nobody covers, as people told HR."""
    return render_template("pairing/needs.html", needs=needs_told_for(actor()), fewest=FEWEST)


@pages.post("/programme/needs")
@requires(Role.MANAGER)
def settle() -> ResponseReturnValue:
    """Say that HR has taken a need up."""
    who, data = actor(), read_form(NeedInput, request.form)
    told = settle_need(who, data.kind, competency_told(who, data.competency))
    if told < FEWEST:
        flash(_("Noted. Who told you of it is told."), "good")
    else:
        flash(ngettext("Noted. %(num)s person is told.", "Noted. %(num)s people are told.", told), "good")
    return redirect(url_for(".needs"), 303)
