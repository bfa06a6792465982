"""Going on, going back, resting, parting, closing."""

from __future__ import annotations

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.sessions.mentoring import actions
from mentorlink.sessions.mentoring.inputs import EarlyEndInput, PauseInput, StepBack, StepInput
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.mentoring.board import overview
from mentorlink.web.mentoring.frame import back_to, mine, pages


@pages.post("/mentoring/<int:mentorship_id>/advance")
@signed_in
def advance(mentorship_id: int) -> Answer:
    """Go on to the next stage."""
    row = mine(mentorship_id)
    actions.advance_stage(actor(), row, read_form(StepInput, request.form))
    flash(_("You entered the next stage."), "good")
    return back_to("mentorship", row)


@pages.post("/mentoring/<int:mentorship_id>/back")
@signed_in
def back(mentorship_id: int) -> Answer | tuple[str, int]:
    """Return to the stage before."""
    row = mine(mentorship_id)
    try:
        actions.step_back(actor(), row, read_form(StepBack, request.form))
    except Invalid as error:
        return overview(row, error)
    flash(_("You are one stage back. What you wrote is still there."), "good")
    return back_to("mentorship", row)


@pages.post("/mentoring/<int:mentorship_id>/pause")
@signed_in
def pause(mentorship_id: int) -> Answer | tuple[str, int]:
    """Rest until a day."""
    row = mine(mentorship_id)
    try:
        actions.pause_mentorship(actor(), row, read_form(PauseInput, request.form))
    except Invalid as error:
        return overview(row, error)
    flash(_("Paused. It goes on by itself on the day of return."), "good")
    return back_to("mentorship", row)


@pages.post("/mentoring/<int:mentorship_id>/resume")
@signed_in
def resume(mentorship_id: int) -> Answer:
    """Go on where the pair stood."""
    row = mine(mentorship_id)
    actions.resume_mentorship(actor(), row)
    flash(_("Good to have you back."), "good")
    return back_to("mentorship", row)


@pages.post("/mentoring/<int:mentorship_id>/end")
@signed_in
def end(mentorship_id: int) -> Answer | tuple[str, int]:
    """Part before the end."""
    row = mine(mentorship_id)
    try:
        actions.end_early(actor(), row, read_form(EarlyEndInput, request.form))
    except Invalid as error:
        return overview(row, error)
    flash(_("This mentoring has ended. Your reason stays with you alone."), "info")
    return back_to("mentorship", row)


@pages.post("/mentoring/<int:mentorship_id>/close")
@signed_in
def close(mentorship_id: int) -> Answer:
    """Close it: the confirmed levels count from now on."""
    row = mine(mentorship_id)
    actions.close_mentorship(actor(), row, read_form(StepInput, request.form))
    flash(_("Closed. The levels you both confirmed now count on the competency map."), "good")
    return back_to("mentorship", row)
