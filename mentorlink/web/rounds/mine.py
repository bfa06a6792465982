"""A participant's own part of a round."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.kernel.errors import Conflict, Invalid, NotFound
from mentorlink.kernel.inputs import read
from mentorlink.rounds import actions
from mentorlink.rounds.inputs import MOST_WISHES, WishesInput
from mentorlink.rounds.queries import Part, choices_for, competency_words, enrolment_of, part_for, parts_of, wishes_of
from mentorlink.rounds.stages import SIDES
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.rounds.blueprint import pages


@pages.get("/rounds/mine")
@signed_in
def mine() -> str:
    """The rounds that concern the actor."""
    return render_template("rounds/mine.html", parts_of=parts_of(actor()))


@pages.get("/rounds/<int:round_id>/me")
@signed_in
def me(round_id: int) -> Any:
    """The actor's own part of a round."""
    return _me(round_id)


def _me(round_id: int, form: Form | None = None, status: int = 200) -> Any:
    part = part_for(actor(), round_id)
    text = request.args.get("q", "")[:80]
    ranking = part.open and enrolment_of(part.round).ranks
    sides = [side for side, member in (("mentee", part.mentee), ("mentor", part.mentor)) if member and not member.out]
    side = request.args.get("side", "")
    side = side if side in sides else (sides[0] if sides else "")
    html = render_template(
        "rounds/me.html", part=part, names=competency_words(_codes(part)),
        round=part.round, sides=sides, side=side, q=text, form=form, most=MOST_WISHES,
        ranking=ranking, choices=choices_for(actor(), part, side, text) if ranking and side else [],
        wished=wishes_of(part.round, side, actor().person_id) if side else [],
    )  # fmt: skip
    return (html, status) if status != 200 else html


def _codes(part: Part) -> set[str]:
    told = [*part.mentees, *([part.outcome] if part.outcome and part.outcome.mentorship_id else [])]
    return {gap[0] for line in told for gap in line.why.get("gaps", ())}


@pages.post("/rounds/<int:round_id>/me/join")
@signed_in
def join(round_id: int) -> Any:
    """Take part."""
    part = part_for(actor(), round_id)
    side = request.form.get("side", "")
    if side not in SIDES:
        raise Conflict("round_not_open")
    actions.join_round(actor(), part.round, side)
    flash(_("You take part. Rank whom you prefer, if you wish."), "good")
    return redirect(url_for("rounds.me", round_id=round_id, side=side), 303)


@pages.post("/rounds/<int:round_id>/me/leave")
@signed_in
def leave(round_id: int) -> Any:
    """Take part no more."""
    part = part_for(actor(), round_id)
    side = request.form.get("side", "")
    if side not in SIDES:
        raise NotFound()
    actions.leave_round(actor(), part.round, side)
    flash(_("You take no part in this round."), "info")
    return redirect(url_for("rounds.mine"), 303)


@pages.post("/rounds/<int:round_id>/me/wishes")
@signed_in
def save_wishes(round_id: int) -> Any:
    """Rank whom one would like."""
    part = part_for(actor(), round_id)
    side = request.form.get("side", "")
    if side not in SIDES:
        raise NotFound()
    wished = [request.form.get(f"wish{place}", "") for place in range(1, MOST_WISHES + 1)]
    try:
        actions.save_wishes(actor(), part.round, side, read(WishesInput, {"wished": [id_ for id_ in wished if id_]}))
    except Invalid as error:
        return _me(round_id, sent(error), 422)
    flash(_("Your choices are saved. Nobody but you sees them; the round takes them into account."), "good")
    return redirect(url_for("rounds.me", round_id=round_id, side=side), 303)
