"""The last stage: reflection, after-levels, direction, evaluation."""

from __future__ import annotations

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.sessions.meetings.notes.queries import text_states
from mentorlink.sessions.mentoring import actions
from mentorlink.sessions.mentoring.inputs import AfterLevels, DirectionText, EvaluationAnswers, ReflectionText
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.queries import closing_for
from mentorlink.sessions.mentoring.stages import allows
from mentorlink.web.forms import sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.mentoring.frame import back_to, mine, page, pages, read_nested


@pages.get("/mentoring/<int:mentorship_id>/closing")
@signed_in
def closing(mentorship_id: int) -> tuple[str, int]:
    """What the two close with."""
    return _closing(mine(mentorship_id))


def _closing(row: Mentorship, refused: Invalid | None = None, *, wrong: str = "", status: int = 200) -> tuple[str, int]:
    return page(
        "closing",
        row,
        papers=closing_for(actor(), row),
        directions=text_states("direction", row.id),
        reflections=text_states("reflection", row.id),
        may_write=allows("reflect", row.stage, row.state),
        form=sent(refused) if wrong else None,
        wrong=wrong,
        status=422 if refused else status,
    )


@pages.post("/mentoring/<int:mentorship_id>/reflection")
@signed_in
def write_reflection(mentorship_id: int) -> Answer | tuple[str, int]:
    """Write what the actor takes from it."""
    row = mine(mentorship_id)
    try:
        actions.write_reflection(actor(), row, read_form(ReflectionText, request.form))
    except Invalid as error:
        return _closing(row, error, wrong="reflection")
    flash(_("Your reflection is saved."), "good")
    return back_to("closing", row)


@pages.post("/mentoring/<int:mentorship_id>/after-levels")
@signed_in
def say_after_levels(mentorship_id: int) -> Answer | tuple[str, int]:
    """Say which levels the mentee has reached."""
    row = mine(mentorship_id)
    try:
        agreed = actions.say_after_levels(actor(), row, read_nested(AfterLevels, request.form))
    except Invalid as error:
        return _closing(row, error, wrong="levels")
    except Conflict as error:
        if error.code != "level_changed":
            raise
        return _closing(mine(mentorship_id), wrong="levels_changed", status=409)
    flash(_("You both say the same: the levels are confirmed.") if agreed else _("Your levels are saved."), "good")
    return back_to("closing", row, "levels")


@pages.post("/mentoring/<int:mentorship_id>/direction")
@signed_in
def name_direction(mentorship_id: int) -> Answer | tuple[str, int]:
    """Write where the mentee goes from here."""
    row = mine(mentorship_id)
    try:
        actions.name_direction(actor(), row, read_form(DirectionText, request.form))
    except Invalid as error:
        return _closing(row, error, wrong="direction")
    except Conflict as error:
        if error.code != "direction_changed":
            raise
        return _closing(row, wrong="direction_changed", status=409)
    flash(_("The next direction is saved."), "good")
    return back_to("closing", row, "direction")


@pages.post("/mentoring/<int:mentorship_id>/evaluation")
@signed_in
def give_evaluation(mentorship_id: int) -> Answer | tuple[str, int]:
    """Say how it was."""
    row = mine(mentorship_id)
    try:
        actions.give_evaluation(actor(), row, read_form(EvaluationAnswers, request.form))
    except Invalid as error:
        return _closing(row, error, wrong="evaluation")
    flash(_("Thank you. Your partner sees it once both of you have answered."), "good")
    return back_to("closing", row, "evaluation")
