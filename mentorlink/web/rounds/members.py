"""Steps one and two: who takes part, and what their mentors can cover."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from mentorlink.competencies.queries import tiers_for
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read, read_form
from mentorlink.people.queries import units_for
from mentorlink.programmes.rules import Enrolment
from mentorlink.rounds import actions
from mentorlink.rounds.inputs import EnrolInput, MemberInput, OpenInput, PlacesInput, RevisionInput, SeekInput
from mentorlink.rounds.queries import (
    asked_in,
    cover_in,
    enrolment_of,
    limits_like,
    member_ids,
    members_of,
    overlaps_of,
    people_to_add,
)
from mentorlink.rounds.stages import SIDES, UNSETTLED
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, requires
from mentorlink.web.rounds.blueprint import found, page_number, pages, sheet_for, stepped
from mentorlink.web.words import fault_sentence

SWITCHES = ("with_gaps", "without_mentor", "asked", "invited", "self_enrol", "ranks")


@pages.get("/rounds/<int:round_id>/people")
@requires(Role.MANAGER)
def people(round_id: int) -> Any:
    """Who takes part, and by which rules."""
    return _people(round_id)


def _people(round_id: int, form: Form | None = None, status: int = 200, *, side: str = "", beside: Invalid | None = None) -> Any:
    """The page; ``beside``: what is wrong with another form of it than the rules."""
    round_ = found(round_id)
    side = side or request.args.get("side", "mentee")
    side = side if side in SIDES else "mentee"
    text, adding = request.args.get("q", "")[:80], request.args.get("add", "")[:80]
    like = limits_like(round_)
    cleared = like is not None and "anew" in request.args
    rules = Enrolment() if cleared else enrolment_of(round_)
    kept: dict[str, Any] = {"tiers": list(rules.tiers), "units": [str(id_) for id_ in rules.units]}
    return stepped(
        "rounds/members.html",
        round_,
        "people",
        status=status,
        side=side,
        members=members_of(round_, side, page=page_number(), text=text, out="out" in request.args),
        q=text,
        add=adding,
        hits=people_to_add(round_, side, adding) if adding else [],
        out="out" in request.args,
        form=form or Form(kept | (request.form.to_dict() if beside else {}), beside),
        rules=rules,
        like=like,
        cleared=cleared,
        overlaps=overlaps_of(actor(), round_) if round_.state in UNSETTLED else (),
        tiers=tiers_for(actor()),
        units=[
            unit
            for unit in units_for(actor())
            if unit.path.count("/") <= 4 and (not round_.programme.unit or unit.path.startswith(round_.programme.unit.path))
        ],
    )


@pages.post("/rounds/<int:round_id>/people")
@requires(Role.MANAGER)
def enrol(round_id: int) -> Any:
    """Bring in whom the rules name."""
    round_ = found(round_id)
    rules: dict[str, Any] = {name: name in request.form for name in SWITCHES}
    rules |= {
        "units": [id_ for id_ in request.form.getlist("units") if id_],
        "tiers": [c for c in request.form.getlist("tiers") if c],
    }
    try:
        data = read(EnrolInput, {"enrolment": rules, "revision": request.form.get("revision")})
        mentees, mentors = actions.enrol_by_rules(actor(), round_, data)
    except Invalid as error:
        return _people(round_id, sent(error), 422)
    told = ngettext("%(num)s person comes in as a mentee", "%(num)s people come in as mentees", mentees)
    flash(_("%(told)s by these rules, and %(mentors)s as mentors.", told=told, mentors=mentors), "good")
    return redirect(url_for("rounds.people", round_id=round_id), 303)


@pages.post("/rounds/<int:round_id>/people/add")
@requires(Role.MANAGER)
def add_person(round_id: int) -> Any:
    """Somebody takes part by hand."""
    round_ = found(round_id)
    data = read_form(MemberInput, request.form)
    actions.add_member(actor(), round_, data)
    flash(_("They take part now."), "good")
    return redirect(url_for("rounds.people", round_id=round_id, side=data.side), 303)


@pages.post("/rounds/<int:round_id>/people/out")
@requires(Role.MANAGER)
def take_out(round_id: int) -> Any:
    """Somebody takes no part."""
    round_ = found(round_id)
    data = read_form(MemberInput, request.form)
    actions.take_out_member(actor(), round_, data)
    flash(_("They take no part in this round. The rules do not bring them back."), "info")
    return redirect(url_for("rounds.people", round_id=round_id, side=data.side), 303)


@pages.post("/rounds/<int:round_id>/people/places")
@requires(Role.MANAGER)
def places(round_id: int) -> Any:
    """How many people one mentor takes in this round."""
    try:
        actions.set_places(actor(), found(round_id), read_form(PlacesInput, request.form))
    except Invalid as error:
        return _people(round_id, status=422, side="mentor", beside=error)
    return redirect(url_for("rounds.people", round_id=round_id, side="mentor"), 303)


@pages.post("/rounds/<int:round_id>/people/all-places")
@requires(Role.MANAGER)
def all_places(round_id: int) -> Any:
    """How many people each mentor takes in this round."""
    round_ = found(round_id)
    data = read(RevisionInput, {"revision": request.form.get("revision")})
    wanted = request.form.get("places", "").strip()
    number = min(int(wanted), 50) if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 else None
    actions.set_all_places(actor(), round_, data, places=number)
    return redirect(url_for("rounds.people", round_id=round_id, side="mentor"), 303)


@pages.post("/rounds/<int:round_id>/open")
@requires(Role.MANAGER)
def open_up(round_id: int) -> Any:
    """Let participants enrol and rank."""
    try:
        actions.open_round(actor(), found(round_id), read_form(OpenInput, request.form))
    except Invalid as error:
        return _people(round_id, status=422, beside=error)
    flash(_("The round is open. Everybody who takes part is told."), "good")
    return redirect(url_for("rounds.people", round_id=round_id), 303)


@pages.post("/rounds/<int:round_id>/shut")
@requires(Role.MANAGER)
def shut(round_id: int) -> Any:
    """End enrolling and ranking."""
    actions.shut_round(actor(), found(round_id), read_form(RevisionInput, request.form))
    flash(_("Participants can enrol and rank no more. What they said stays."), "info")
    return redirect(url_for("rounds.people", round_id=round_id), 303)


@pages.get("/rounds/<int:round_id>/cover")
@requires(Role.MANAGER)
def cover(round_id: int) -> Any:
    """Which gaps the mentors of this round can fill, before anything is solved."""
    round_ = found(round_id)
    sheet = sheet_for(round_, "cover")
    return stepped(
        "rounds/cover.html", round_, "cover", sheet=sheet, cover=cover_in(sheet), asked=asked_in(round_),
        own=set(member_ids(round_, "mentee")), shown=request.args.get("shown", ""),
    )  # fmt: skip


@pages.post("/rounds/<int:round_id>/seek")
@requires(Role.MANAGER)
def seek(round_id: int) -> Any:
    """Ask people to offer their help."""
    round_ = found(round_id)
    try:
        asked = actions.seek_mentors(actor(), round_, read_form(SeekInput, request.form))
    except Invalid as error:
        flash(fault_sentence(error.faults[0]), "bad")
        return redirect(url_for("rounds.cover", round_id=round_id), 303)
    if asked:
        flash(ngettext("%(num)s person is asked to help.", "%(num)s people are asked to help.", asked), "good")
    else:
        flash(_("They were asked before; nobody is asked twice in a round."), "info")
    return redirect(url_for("rounds.cover", round_id=round_id), 303)
