"""Going on, going back, resting, parting, closing."""

from __future__ import annotations

import functools
from collections.abc import Callable

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.sessions.mentoring import actions
from mentorlink.sessions.mentoring.inputs import EarlyEndInput, PauseInput, StepBack, StepInput
from mentorlink.sessions.mentoring.stages import is_taken
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.mentoring.board import overview
from mentorlink.web.mentoring.frame import back_to, mine, pages
from mentorlink.web.words.mentoring import stage_name

Step = Callable[[int], Answer | tuple[str, int]]


def _or_taken(code: str) -> Callable[[Step], Step]:
    """To the pair with a word, where what was wanted has happened: the other took the step, or the same form was sent twice."""

    def decorate(step: Step) -> Step:
        @functools.wraps(step)
        def run(mentorship_id: int) -> Answer | tuple[str, int]:
            try:
                return step(mentorship_id)
            except Conflict:
                row = mine(mentorship_id)
                if not is_taken(code, request.form.get("stage", row.stage), row.stage, row.state):
                    raise
            flash(_already(code, row.stage), "info")
            return back_to("mentorship", row)

        return run

    return decorate


@pages.post("/mentoring/<int:mentorship_id>/advance")
@signed_in
@_or_taken("advance")
def advance(mentorship_id: int) -> Answer:
    """Go on to the next stage."""
    row = mine(mentorship_id)
    actions.advance_stage(actor(), row, read_form(StepInput, request.form))
    flash(_("You entered the next stage."), "good")
    return back_to("mentorship", row)


@pages.post("/mentoring/<int:mentorship_id>/back")
@signed_in
@_or_taken("back")
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
@_or_taken("pause")
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
@_or_taken("resume")
def resume(mentorship_id: int) -> Answer:
    """Go on where the pair stood."""
    row = mine(mentorship_id)
    actions.resume_mentorship(actor(), row)
    flash(_("Good to have you back."), "good")
    return back_to("mentorship", row)


@pages.post("/mentoring/<int:mentorship_id>/end")
@signed_in
@_or_taken("end_early")
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
@_or_taken("close")
def close(mentorship_id: int) -> Answer:
    """Close it: the confirmed levels count from now on."""
    row = mine(mentorship_id)
    actions.close_mentorship(actor(), row, read_form(StepInput, request.form))
    flash(_("Closed. The levels you both confirmed now count on the competency map."), "good")
    return back_to("mentorship", row)


def _already(code: str, stage: str) -> str:
    if code in ("advance", "back"):
        return _("This step was taken just before you: you two are in the stage “%(stage)s” now.", stage=stage_name(stage))
    return {
        "pause": _("It was paused just before you. The day of return that was given first holds."),
        "resume": _("It goes on already."),
        "end_early": _("It had ended just before you."),
        "close": _("It was closed just before you. The levels you both confirmed now count on the competency map."),
    }[code]
