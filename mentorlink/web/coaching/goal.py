"""The goal with its versions, the numbers said about it, and the one question to a superior."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.people.queries import superior_of
from mentorlink.sessions.coaching import actions
from mentorlink.sessions.coaching.inputs import AnswerNumber, GoalDraft, QuestionText, ScaleSaid
from mentorlink.sessions.coaching.models import Engagement, Goal, Question
from mentorlink.sessions.coaching.queries import asked_for, goals_for, numbers_for, question_for, question_of
from mentorlink.web.coaching.frame import back_to, may_now, mine, page, pages
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in


@pages.get("/coaching/<int:engagement_id>/goal")
@signed_in
def goal(engagement_id: int) -> tuple[str, int]:
    """The goal as it stands."""
    return _goal(mine(engagement_id))


def _goal(row: Engagement, refused: Invalid | None = None, *, wrong: str = "", status: int = 200) -> tuple[str, int]:
    versions = goals_for(actor(), row)
    return page(
        "goal",
        row,
        versions=versions,
        begun=Form(_values(versions[0])) if versions else None,
        numbers=numbers_for(actor(), row),
        question=question_of(actor(), row),
        superior=superior_of(row.coachee),
        may_write=may_now("write_goal", row) and actor().is_person(row.coachee_id),
        may_scale=may_now("scale_goal", row) and bool(versions),
        form=sent(refused) if wrong else None,
        wrong=wrong,
        status=422 if refused else status,
    )


@pages.post("/coaching/<int:engagement_id>/goal")
@signed_in
def write_goal(engagement_id: int) -> Answer | tuple[str, int]:
    """Write the goal as a new version."""
    row = mine(engagement_id)
    try:
        actions.write_goal(actor(), row, read_form(GoalDraft, request.form))
    except Invalid as error:
        return _goal(row, error, wrong="goal")
    except Conflict as error:
        if error.code != "goal_changed":
            raise
        return _goal(mine(engagement_id), wrong="goal_changed", status=409)
    flash(_("Your goal is written down. Earlier words stay readable."), "good")
    return back_to("goal", row)


@pages.post("/coaching/<int:engagement_id>/numbers")
@signed_in
def scale(engagement_id: int) -> Answer | tuple[str, int]:
    """Say a number for the goal."""
    row = mine(engagement_id)
    try:
        actions.scale_goal(actor(), row, read_form(ScaleSaid, request.form))
    except Invalid as error:
        return _goal(row, error, wrong="scale")
    flash(_("Your number is noted. You see each other’s once both have said one."), "good")
    return back_to("closing" if request.form.get("moment") == "after" else "goal", row, "numbers")


@pages.post("/coaching/<int:engagement_id>/superior")
@signed_in
def ask_superior(engagement_id: int) -> Answer | tuple[str, int]:
    """Put one question to the coachee's superior."""
    row = mine(engagement_id)
    try:
        asked = actions.ask_superior(actor(), row, read_form(QuestionText, request.form))
    except Invalid as error:
        return _goal(row, error, wrong="superior")
    flash(_("%(name)s has been asked, and sees this question alone.", name=asked.superior.name), "good")
    return back_to("goal", row, "superior")


@pages.post("/coaching/<int:engagement_id>/superior/withdraw")
@signed_in
def withdraw_question(engagement_id: int) -> Answer:
    """Take the question back."""
    row = mine(engagement_id)
    actions.withdraw_question(actor(), row)
    flash(_("Taken back. From now on your superior sees nothing of it."), "good")
    return back_to("goal", row, "superior")


@pages.get("/coaching/questions/<int:question_id>")
@signed_in
def question(question_id: int) -> tuple[str, int]:
    """What a superior is asked."""
    return _question(question_for(actor(), question_id))


def _question(row: Question, refused: Invalid | None = None) -> tuple[str, int]:
    form = sent(refused) if refused else None
    return render_template("coaching/question.html", asked=asked_for(actor(), row), form=form), 422 if refused else 200


@pages.post("/coaching/questions/<int:question_id>")
@signed_in
def answer_question(question_id: int) -> Answer | tuple[str, int]:
    """The superior's number."""
    row = question_for(actor(), question_id)
    try:
        actions.answer_question(actor(), row, read_form(AnswerNumber, request.form))
    except Invalid as error:
        return _question(row, error)
    flash(_("Thank you. The two read your number once both have said theirs."), "good")
    return redirect(url_for(".question", question_id=question_id), 303)


def _values(goal: Goal) -> dict[str, object]:
    names = ("text", "why", "sign", "now", "wanted")
    return {name: getattr(goal, name) for name in names} | {"by_on": goal.by_on.isoformat()}
