"""What I offer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Conflict, Invalid, NotFound
from mentorlink.kernel.inputs import read_form
from mentorlink.kernel.stamps import stamp
from mentorlink.pairing.actions import change_offer, close_offer, open_offer, pause_offer, resume_offer
from mentorlink.pairing.inputs import OfferInput, PauseInput
from mentorlink.pairing.models import Offer
from mentorlink.pairing.policy import may_open_offer
from mentorlink.pairing.queries import offer_view, own_offers, waiters_of, waiting_by_box
from mentorlink.pairing.stages import KINDS
from mentorlink.web.fields import meanwhile
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, current_person, signed_in
from mentorlink.web.locale import in_language
from mentorlink.web.pairing.blueprint import known_kind, language, pages
from mentorlink.web.words import error_sentence


@pages.get("/offers")
@signed_in
def offers() -> str:
    """What I offer, and how many places are free."""
    return _overview()


@pages.get("/offers/<kind>")
@signed_in
def offer_form(kind: str) -> str:
    """The form in which I open or change an offer."""
    return _form(known_kind(kind), Form())


@pages.post("/offers/<kind>")
@signed_in
def save_offer(kind: str) -> ResponseReturnValue:
    """Open or change my offer."""
    who, kind = actor(), known_kind(kind)
    try:
        data = read_form(OfferInput, request.form)
        offer = own_offers(who).get(kind)
        if offer is None:
            open_offer(who, kind, data)
        else:
            change_offer(who, offer, data, seen=request.form.get("stamp"))
    except Invalid as error:
        return _form(kind, sent(error)), 422
    except Conflict as error:
        changed = error.code == "changed_meanwhile"
        return _form(kind, sent(), refused="" if changed else error_sentence(error), changed=changed), 409
    flash(_("Your offer is open. Colleagues can find you now.") if offer is None else _("Your offer is changed."), "good")
    return redirect(url_for(".offers"), 303)


@pages.post("/offers/<kind>/pause")
@signed_in
def pause(kind: str) -> ResponseReturnValue:
    """Take no requests until a day."""
    try:
        pause_offer(actor(), _own(kind), read_form(PauseInput, request.form))
    except Invalid as error:
        return _overview({kind: sent(error)}), 422
    flash(_("Your offer is paused. Requests that are open stay open."), "good")
    return redirect(url_for(".offers"), 303)


@pages.post("/offers/<kind>/resume")
@signed_in
def resume(kind: str) -> ResponseReturnValue:
    """Take requests again."""
    resume_offer(actor(), _own(kind))
    flash(_("Colleagues can ask you again."), "good")
    return redirect(url_for(".offers"), 303)


@pages.post("/offers/<kind>/close")
@signed_in
def close(kind: str) -> ResponseReturnValue:
    """Take no requests any more."""
    offer = own_offers(actor()).get(known_kind(kind))
    if offer is not None:
        close_offer(actor(), offer)
    flash(_("Your offer is closed. Thank you for what you gave."), "good")
    return redirect(url_for(".offers"), 303)


def _overview(forms: dict[str, Form] | None = None) -> str:
    who = actor()
    kinds = [(kind, own, may_open_offer(who, kind)) for kind in KINDS for own in [own_offers(who).get(kind)]]
    views = {kind: offer_view(who, kind) for kind, own, _may in kinds if own is not None}
    today = clock.today(who.timezone)
    return render_template(
        "pairing/offers.html",
        kinds=kinds,
        views=views,
        waiting=waiting_by_box(who),
        in_line=waiters_of([own.id for _kind, own, _may in kinds if own is not None]),
        forms=forms or {},
        today=today,
        tomorrow=today + timedelta(days=1),
    )


def _form(kind: str, form: Form, *, refused: str = "", changed: bool = False) -> str:
    who = actor()
    offer = own_offers(who).get(kind)
    if offer is None and not may_open_offer(who, kind):
        raise NotFound()
    own = current_person.languages or ["id"]
    named = [*own, *(offer.languages if offer else ()), "id", "en"]
    return render_template(
        "pairing/offer_form.html",
        kind=kind,
        offer=offer,
        view=offer_view(who, kind),
        form=form,
        refused=refused,
        stamp=request.form.get("stamp", "") if form.errors else stamp(offer.said) if offer else "",
        meanwhile=meanwhile("pairing", offer.said, options=_chosen(offer, named)) if offer and changed else [],
        own_languages=own,
        common_languages=list(dict.fromkeys(named)),
    )


def _chosen(offer: Offer, languages: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    competencies = [(row.competency.code, in_language(row.competency.name)) for row in offer.chosen]
    return {"competencies": competencies, "languages": [(code, language(code)) for code in languages]}


def _own(kind: str) -> Offer:
    offer = own_offers(actor()).get(known_kind(kind))
    if offer is None:
        raise NotFound()
    return offer
