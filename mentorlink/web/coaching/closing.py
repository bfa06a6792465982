"""The end of the way: the last number, and what both take from it."""

from __future__ import annotations

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.sessions.coaching import actions
from mentorlink.sessions.coaching.inputs import ReviewText
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.coaching.queries import goals_for, numbers_for, reviews_for
from mentorlink.web.coaching.frame import back_to, may_now, mine, page, pages
from mentorlink.web.forms import sent
from mentorlink.web.guard import actor, signed_in


@pages.get("/coaching/<int:engagement_id>/closing")
@signed_in
def closing(engagement_id: int) -> tuple[str, int]:
    """What the two close with."""
    return _closing(mine(engagement_id))


def _closing(row: Engagement, refused: Invalid | None = None) -> tuple[str, int]:
    goals = goals_for(actor(), row)
    return page(
        "closing",
        row,
        goal=goals[0] if goals else None,
        numbers=numbers_for(actor(), row),
        reviews=reviews_for(actor(), row),
        may_write=may_now("review", row),
        form=sent(refused) if refused else None,
        status=422 if refused else 200,
    )


@pages.post("/coaching/<int:engagement_id>/review")
@signed_in
def write_review(engagement_id: int) -> Answer | tuple[str, int]:
    """Write what it came to."""
    row = mine(engagement_id)
    try:
        actions.write_review(actor(), row, read_form(ReviewText, request.form))
    except Invalid as error:
        return _closing(row, error)
    flash(_("Thank you. You read each other’s words once both have written."), "good")
    return back_to("closing", row, "review")
