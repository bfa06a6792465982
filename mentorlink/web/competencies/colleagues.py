"""What colleagues say together of how somebody works."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.competencies import actions, queries
from mentorlink.competencies.actions.colleagues import MOST_COMPETENCIES
from mentorlink.competencies.inputs import ColleaguesInput, VoiceInput
from mentorlink.competencies.models import PeerVoice
from mentorlink.kernel import clock, settings
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read
from mentorlink.people.models import Person
from mentorlink.web.competencies.frame import levels_sent, pages, person_of, token_of
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in


@pages.get("/competencies/of/<int:person_id>/colleagues")
@signed_in
def colleagues(person_id: int) -> str:
    """Whom one may ask how somebody works, and what came of it before."""
    return _colleagues(person_of(person_id), Form())


@pages.post("/competencies/of/<int:person_id>/colleagues")
@signed_in
def ask_colleagues(person_id: int) -> Any:
    """Ask them; or show more people to choose from, where a name was searched for."""
    person = person_of(person_id)
    if "find" in request.form:
        return _colleagues(person, sent())
    data = {name: value for name, value in request.form.to_dict(flat=False).items() if name in ("colleagues", "competencies")}
    try:
        actions.ask_colleagues(actor(), person, read(ColleaguesInput, data | {"token": request.form.get("token", "")}))
    except Invalid as error:
        return _colleagues(person, sent(error)), 422
    flash(_("They are asked. You hear when it is over."), "good")
    return redirect(url_for("competencies.colleagues", person_id=person_id), 303)


def _colleagues(person: Person, form: Form) -> str:
    text = str(form.data.get("q", ""))[:80]
    view, limits = queries.map_for(actor(), person), settings.current()
    ticked = [
        int(value) for value in request.form.getlist("colleagues") if value.isascii() and value.isdigit() and len(value) < 18
    ]
    open_questions = [row.code for row in view.rows if row.gap or row.actual is None] or [row.code for row in view.rows]
    return render_template(
        "competencies/colleagues.html",
        person=person,
        mine=actor().is_person(person.id),
        askings=queries.reviews_of(actor(), person),
        rows=view.rows,
        chosen=open_questions[:MOST_COMPETENCIES],
        colleagues=queries.colleagues_near(actor(), person, chosen=ticked, text=text),
        text=text,
        least=limits.peer_least,
        most=limits.peer_most,
        days=limits.peer_days,
        most_competencies=MOST_COMPETENCIES,
        form=form,
        token=token_of(form),
    )


@pages.get("/competencies/colleagues/<int:peer_review_id>")
@signed_in
def colleague_form(peer_review_id: int) -> str:
    """The short form for a colleague who is asked."""
    return _colleague_form(queries.voice_for(actor(), peer_review_id), Form())


def _colleague_form(voice: PeerVoice, form: Form) -> str:
    said = {f"levels.{code}": level for code, level in (voice.levels or {}).items()}
    return render_template(
        "competencies/colleague_form.html",
        review=voice.review,
        voice=voice,
        over=voice.review.closes_at <= clock.now(),
        rows=queries.asked_about(voice.review),
        form=form if form.data else Form(said),
    )


@pages.post("/competencies/colleagues/<int:peer_review_id>")
@signed_in
def answer_review(peer_review_id: int) -> Any:
    """Say what one has seen."""
    voice = queries.voice_for(actor(), peer_review_id)
    try:
        actions.answer_review(actor(), voice, read(VoiceInput, {"levels": levels_sent()}))
    except Invalid as error:
        return _colleague_form(voice, sent(error)), 422
    flash(_("Thank you. It counts together with what the others say."), "good")
    return redirect(url_for("home.index"), 303)


@pages.post("/competencies/colleagues/<int:peer_review_id>/decline")
@signed_in
def decline_review(peer_review_id: int) -> Answer:
    """Rather not."""
    actions.decline_review(actor(), queries.voice_for(actor(), peer_review_id))
    flash(_("All right. Nobody is told."), "info")
    return redirect(url_for("home.index"), 303)


@pages.post("/competencies/colleagues/<int:peer_review_id>/withdraw")
@signed_in
def withdraw_review(peer_review_id: int) -> Answer:
    """Take the question back."""
    review = queries.review_for(actor(), peer_review_id)
    person_id = review.person_id
    actions.withdraw_review(actor(), review)
    flash(_("The question is taken back. Nothing of it was kept."), "info")
    return redirect(url_for("competencies.colleagues", person_id=person_id), 303)
