"""Saying yes or no after the first talk, closing, ending early."""

from __future__ import annotations

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.sessions.coaching import actions
from mentorlink.sessions.coaching.inputs import EndText
from mentorlink.web.coaching.board import overview
from mentorlink.web.coaching.frame import back_to, mine, pages
from mentorlink.web.guard import actor, signed_in


@pages.post("/coaching/<int:engagement_id>/yes")
@signed_in
def say_yes(engagement_id: int) -> Answer:
    """Want to go on."""
    row = actions.say_yes(actor(), mine(engagement_id))
    flash(_("You both said yes: your coaching begins.") if row.state == "engaged" else _("Noted. Now the other decides."), "good")
    return back_to("engagement", row)


@pages.post("/coaching/<int:engagement_id>/decline")
@signed_in
def decline(engagement_id: int) -> Answer | tuple[str, int]:
    """Leave it at the talk."""
    row = mine(engagement_id)
    try:
        actions.decline_engagement(actor(), row, read_form(EndText, request.form))
    except Invalid as error:
        return overview(row, error)
    flash(_("It stays at the talk. The place is free again, and nobody is told why."), "good")
    return back_to("engagement", row)


@pages.post("/coaching/<int:engagement_id>/end")
@signed_in
def end(engagement_id: int) -> Answer | tuple[str, int]:
    """Part before the end."""
    row = mine(engagement_id)
    try:
        actions.end_engagement_early(actor(), row, read_form(EndText, request.form))
    except Invalid as error:
        return overview(row, error)
    flash(_("The coaching has ended, and its place is free again."), "good")
    return back_to("engagement", row)


@pages.post("/coaching/<int:engagement_id>/close")
@signed_in
def close(engagement_id: int) -> Answer:
    """It is done."""
    row = actions.close_engagement(actor(), mine(engagement_id))
    flash(_("Your coaching is complete. What you wrote can still be read by the two of you."), "good")
    return back_to("engagement", row)
