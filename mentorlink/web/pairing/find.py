"""Who could help: the ranked list, and the page on which one asks."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from mentorlink.kernel import clock, crypto
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import Conflict, Invalid, NotFound
from mentorlink.kernel.inputs import read_form
from mentorlink.pairing.actions import note_after_answer, send_request
from mentorlink.pairing.inputs import AskInput, FindInput
from mentorlink.pairing.models import Offer
from mentorlink.pairing.policy import may_open_offer
from mentorlink.pairing.queries import (
    Asking,
    Suggestions,
    ask_view,
    best_for,
    best_shown,
    choices_of,
    compared_for,
    list_shown,
    offer_for,
    open_requests_for,
    own_request,
    suggestions_for,
    way_on_for,
)
from mentorlink.pairing.rules import Change
from mentorlink.people.models import Person
from mentorlink.people.queries import has_blocked, people_by_id, units_for
from mentorlink.sessions.coaching.queries import credentials_of
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.locale import in_language
from mentorlink.web.pairing.blueprint import language, pages
from mentorlink.web.words import error_sentence
from mentorlink.web.words.pairing import barrier

_OF = {
    "fields": "field",
    "time_zones": "zone",
    "places": "place",
    "languages": "language",
    "min_years": "years",
    "covers": "competency",
}
"""The engine's name of a filter → its name in the address; the others are the same."""

MOST_UNITS = 60


class Option(NamedTuple):
    """One choice of a filter: how many it would leave, and whether it is chosen."""

    value: str
    label: str
    people: int
    chosen: bool
    id: str


@pages.get("/find")
@signed_in
def suggestions() -> str:
    """Who could help, best first; only the answer to a filter when the filters ask."""
    who, wanted = actor(), _wanted()
    found = suggestions_for(who, wanted)
    note_after_answer(who, list_shown(who, found, door="find"))
    names = _names(found)
    context: dict[str, Any] = {
        "found": found,
        "wanted": wanted,
        "names": names,
        "filters": _options(found, names),
        "changes": [(change, _address(wanted, change)) for change in found.changes],
        "with_full": _address(wanted, Change("full", "1", found.full)),
        "active": _active(wanted),
        "plain": url_for(".suggestions", kind=None if wanted.kind == "mentor" else wanted.kind, pick=list(wanted.pick) or None),
        "way": way_on_for(who, found),
        "here": _here(),
    }
    if request.headers.get("HX-Request") and request.headers.get("HX-Target") == "results":
        return render_template("pairing/_answer.html", **context)
    return render_template(
        "pairing/suggestions.html",
        **context,
        desk=found.desk,
        undo=_just_blocked(who),
        may_offer=may_open_offer(who, wanted.kind),
    )


@pages.get("/find/best")
@signed_in
def best() -> str:
    """The first of my list, for the home page to show anew when something has moved."""
    who = actor()
    asked = {row.mentor_id for row in open_requests_for(who) if who.is_person(row.person_id)}
    found = best_for(who, without=asked, covering=True)
    note_after_answer(who, best_shown(who, found, door="home"))
    return render_template("pairing/_best.html", items=found, unranked=not found and choices_of(who.person_id).unranked)


@pages.get("/find/compare")
@signed_in
def compare() -> str:
    """Two or three side by side; the address holds who they are and where in the list one was."""
    wanted = _wanted()
    found = compared_for(actor(), wanted)
    held = [term.code for item in found.items[:1] for term in item.why.competencies]
    return render_template(
        "pairing/compare.html",
        found=found,
        wanted=wanted,
        names=_names(found),
        gaps=held,
        missing=len(set(wanted.pick)) - len(found.items),
        back=url_for(".suggestions", **_arguments(wanted), page=wanted.page if wanted.page > 1 else None),
        here=_here(),
    )


@pages.get("/find/<int:offer_id>")
@signed_in
def ask(offer_id: int) -> ResponseReturnValue:
    """The page on which one asks this person."""
    return _ask_page(offer_for(actor(), offer_id), Form())


@pages.get("/find/<int:offer_id>/why")
@signed_in
def why(offer_id: int) -> str:
    """Why this person stands where they stand: a page, or what a dialog shows when a script asks."""
    offer = offer_for(actor(), offer_id)
    view = ask_view(actor(), offer)
    if view.suggestion is None or not view.ranked:
        raise NotFound()
    template = "pairing/_why.html" if request.headers.get("X-Requested-With") == "fetch" else "pairing/why.html"
    return render_template(
        template, offer=offer, fit=view.suggestion, names=_need_names(view.asking), fields=_words_of(view.field_names)
    )


@pages.post("/find/<int:offer_id>")
@signed_in
def send(offer_id: int) -> ResponseReturnValue:
    """Ask this person."""
    who, offer = actor(), offer_for(actor(), offer_id)
    try:
        asked = send_request(who, offer, read_form(AskInput, request.form))
    except Invalid as error:
        return _ask_page(offer, sent(error)), 422
    except Conflict as error:
        reason = error_sentence(error)
        return _ask_page(offer_for(who, offer_id), sent(), refused=reason), 409
    return redirect(url_for(".request_page", request_id=asked.id), 303)


def _ask_page(offer: Offer, form: Form, *, refused: str = "") -> str:
    who = actor()
    view = ask_view(who, offer)
    client_id = form.data.get("client_id") or crypto.new_token()[:32]
    before = own_request(who, client_id) if form.data else None
    return render_template(
        "pairing/ask.html",
        offer=offer,
        view=view,
        form=form,
        client_id=client_id,
        refused=refused,
        before=before,
        credentials=credentials_of(offer.person_id) if offer.kind == "coach" else [],
        today=clock.today(who.timezone),
        barrier=barrier,
        names=_need_names(view.asking),
        field_words=_words_of(view.field_names),
    )


def _wanted() -> FindInput:
    """The filters in the address. What cannot be read is left out: a link from elsewhere still leads to a list."""
    known = {name: request.args.getlist(name) for name in FindInput.model_fields if name in request.args}
    try:
        return read_form(FindInput, MultiDict(known))
    except Invalid as error:
        faulty = {fault.field.split(".")[0] for fault in error.faults}
        return read_form(FindInput, MultiDict({name: values for name, values in known.items() if name not in faulty}))


def _active(wanted: FindInput) -> int:
    return sum(
        bool(getattr(wanted, name)) for name in ("competency", "field", "zone", "place", "language", "unit", "years", "full", "q")
    )


def _address(wanted: FindInput, change: Change) -> str:
    """The address of the list after one change of its filters."""
    values = _arguments(wanted)
    name = _OF.get(change.filter, change.filter)
    if change.value is None:
        values.pop(name, None)
    elif name in ("years", "full"):
        values[name] = change.value
    else:
        values[name] = [*values.get(name, []), change.value]
    return url_for(".suggestions", **values)


def _arguments(wanted: FindInput) -> dict[str, Any]:
    """The filters and picks as they stand in an address, without the page."""
    values = {name: value for name, value in wanted.model_dump().items() if value and name != "page"}
    if wanted.kind == "mentor":
        values.pop("kind")
    return {name: 1 if value is True else list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _here() -> str:
    """The address of this very list, to come back to after something small was done; filters and page kept."""
    return request.full_path.rstrip("?")


def _just_blocked(who: Actor) -> Person | None:
    """Whom the actor blocked a moment ago from the list, so that it can be undone there."""
    number = request.args.get("blocked", type=int)
    person = people_by_id([number]).get(number) if number and number < 2**31 else None
    return person if person is not None and has_blocked(who, person) else None


def _names(found: Suggestions) -> dict[str, Any]:
    """Words for the codes on the page."""
    return {"covers": _need_names(found.asking), "fields": _words_of(found.field_names)}


def _need_names(who: Asking) -> dict[str, str]:
    return _words_of({need.code: need.name for need in who.needs})


def _words_of(names: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {code: in_language(dict(name)) for code, name in names.items()}


def _options(found: Suggestions, names: Mapping[str, Mapping[str, str]]) -> dict[str, list[Option]]:
    now, every, wanted = found.ranking.choices, found.choices, found.wanted
    labels: dict[str, Any] = {
        "covers": lambda code: names["covers"].get(code, code),
        "fields": lambda code: names["fields"].get(code, code),
        "languages": language,
        "min_years": lambda years: ngettext("%(num)s year or more", "%(num)s years or more", int(years)),
    }
    options = {
        name: [
            _option(name, value, labels.get(name, str)(value), now.get(name, {}), getattr(wanted, _OF[name]))
            for value in _in_order(name, found)
        ]
        for name in _OF
    }
    options["unit"] = _units(every.get("unit", {}), now.get("unit", {}), wanted.unit)
    return options


def _in_order(name: str, found: Suggestions) -> Sequence[Any]:
    """Values of a filter in the order of the page: gaps as the person has them, years rising, the rest by how many there are."""
    there = found.choices.get(name, {})
    if name == "covers":
        return [need.code for need in found.asking.gaps]
    if name == "min_years":
        return sorted({*there, *([found.wanted.years] if found.wanted.years else [])})
    chosen = getattr(found.wanted, _OF[name])
    return [*there, *(value for value in chosen if value not in there)]


def _option(name: str, value: Any, label: str, counts: Mapping[Any, int], chosen: Any) -> Option:
    marked = value in chosen if isinstance(chosen, tuple) else value == chosen
    return Option(str(value), label, counts.get(value, 0), marked, f"n-{name}-{zlib.crc32(str(value).encode()):08x}")


def _units(every: Mapping[Any, int], now: Mapping[Any, int], chosen: int | None) -> list[Option]:
    units = [unit for unit in units_for(actor()) if unit.id in every or unit.id == chosen]
    depth = 8
    while len([unit for unit in units if unit.path.count("/") - 2 <= depth]) > MOST_UNITS and depth > 1:
        depth -= 1
    return [
        Option(
            str(unit.id),
            "\u2003" * (unit.path.count("/") - 2) + in_language(unit.name),
            now.get(unit.id, 0),
            unit.id == chosen,
            f"n-unit-{unit.id}",
        )
        for unit in units
        if unit.path.count("/") - 2 <= depth or unit.id == chosen
    ]
