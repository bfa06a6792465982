"""How a commitment stands: one tap, one line if one likes."""

from __future__ import annotations

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.sessions.coaching import actions
from mentorlink.sessions.coaching.inputs import CheckInSaid
from mentorlink.sessions.coaching.models import Commitment
from mentorlink.sessions.coaching.queries import commitment_for
from mentorlink.web.coaching.frame import back_to, may_now, page, pages
from mentorlink.web.forms import sent
from mentorlink.web.guard import actor, signed_in


@pages.get("/coaching/commitments/<int:commitment_id>")
@signed_in
def commitment(commitment_id: int) -> tuple[str, int]:
    """One commitment with what was said of it."""
    return _commitment(commitment_for(actor(), commitment_id))


def _commitment(row: Commitment, refused: Invalid | None = None) -> tuple[str, int]:
    return page(
        "commitment",
        row.engagement,
        commitment=row,
        today=clock.today(actor().timezone),
        may_say=may_now("check_in", row.engagement) and actor().is_person(row.engagement.coachee_id),
        form=sent(refused) if refused else None,
        status=422 if refused else 200,
    )


@pages.post("/coaching/commitments/<int:commitment_id>")
@signed_in
def check_in(commitment_id: int) -> Answer | tuple[str, int]:
    """Done, partly, or not yet."""
    row = commitment_for(actor(), commitment_id)
    try:
        said = actions.check_in(actor(), row, read_form(CheckInSaid, request.form))
    except Invalid as error:
        return _commitment(row, error)
    words = {"done": _("Well done."), "partly": _("A step is a step. We ask again in a week.")}
    flash(words.get(said.answer, _("Thank you for saying so. We ask again in a week.")), "good")
    return back_to("engagement", row.engagement, "commitments")


@pages.post("/coaching/commitments/<int:commitment_id>/drop")
@signed_in
def drop_commitment(commitment_id: int) -> Answer:
    """Let go of it."""
    row = actions.drop_commitment(actor(), commitment_for(actor(), commitment_id))
    flash(_("Let go. It stays readable."), "good")
    return back_to("engagement", row.engagement, "commitments")
