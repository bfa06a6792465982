"""Times that somebody proposes, for another to choose from."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Conflict, Invalid, NotFound
from mentorlink.kernel.inputs import read_form
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import MeetingPlan, NoTime
from mentorlink.sessions.meetings.models import TimeProposal
from mentorlink.sessions.meetings.policy import may_answer_times
from mentorlink.sessions.meetings.queries import meeting_for, series_for, taken_times, times_for
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.meetings.frame import after, page, pages
from mentorlink.web.meetings.free import TAKEN, form_of
from mentorlink.web.meetings.plan import move_page, plan_page
from mentorlink.web.words import error_sentence


@pages.post("/meetings/plan/<int:series_id>/times")
@signed_in
def propose_times(series_id: int) -> Answer | tuple[str, int]:
    """Let the others choose when to meet."""
    series = series_for(actor(), series_id)
    try:
        proposal = actions.propose_times(actor(), series, read_form(MeetingPlan, request.form))
    except Invalid as error:
        return plan_page(series, sent(error), status=422)
    except Conflict as error:
        return plan_page(series_for(actor(), series_id), form_of(error), status=409)
    return _proposed(proposal)


@pages.post("/meetings/<int:meeting_id>/times")
@signed_in
def propose_other_times(meeting_id: int) -> Answer | tuple[str, int]:
    """Let the others choose to when a session moves."""
    meeting = meeting_for(actor(), meeting_id)
    try:
        proposal = actions.propose_times(actor(), meeting.series, read_form(MeetingPlan, request.form), moving=meeting)
    except Invalid as error:
        return move_page(meeting, sent(error), status=422)
    except Conflict as error:
        return move_page(meeting_for(actor(), meeting_id), form_of(error), status=409)
    return _proposed(proposal)


def _proposed(proposal: TimeProposal) -> Answer:
    flash(_("Your times are proposed. The session is booked as soon as one is chosen."), "good")
    return redirect(url_for("meetings.times", times_id=proposal.id), 303)


@pages.get("/meetings/times/<int:times_id>")
@signed_in
def times(times_id: int) -> tuple[str, int]:
    """The times, to choose one."""
    return _page(times_for(actor(), times_id), Form())


def _page(proposal: TimeProposal, form: Form, *, status: int = 200) -> tuple[str, int]:
    taken = taken_times(proposal) if proposal.state == "open" else set()
    instant = clock.now()
    choices = [(time.starts_at, place in taken, time.starts_at <= instant) for place, time in enumerate(proposal.times)]
    return page(
        "times", proposal.series, proposal=proposal, choices=choices, form=form, asked=may_answer_times(actor(), proposal),
        status=status,
    )  # fmt: skip


@pages.post("/meetings/times/<int:times_id>/take")
@signed_in
def take_time(times_id: int) -> Answer | tuple[str, int]:
    """Choose one: the session is booked."""
    proposal = times_for(actor(), times_id)
    try:
        meeting = actions.take_time(actor(), proposal, _moment(request.form.get("starts_at", "")))
    except Conflict as error:
        return _again(times_id, error)
    except Invalid as error:
        return _page(times_for(actor(), times_id), sent(error), status=422)
    flash(_("Booked. Everybody has been told."), "good")
    return after(meeting.series, meeting)


def _again(times_id: int, error: Conflict) -> tuple[str, int]:
    if error.code not in TAKEN:
        raise error
    form = sent()
    form.errors[""] = [error_sentence(error)]
    return _page(times_for(actor(), times_id), form, status=409)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotFound() from None


@pages.post("/meetings/times/<int:times_id>/decline")
@signed_in
def decline_times(times_id: int) -> Answer | tuple[str, int]:
    """None of them suits; propose others."""
    proposal = times_for(actor(), times_id)
    try:
        actions.decline_times(actor(), proposal, read_form(NoTime, request.form))
    except Invalid as error:
        return _page(proposal, sent(error), status=422)
    flash(_("Said. Propose times that suit you."), "good")
    if proposal.meeting_id is not None:
        return redirect(url_for("meetings.move", meeting_id=proposal.meeting_id), 303)
    return redirect(url_for("meetings.plan", series_id=proposal.series_id), 303)


@pages.post("/meetings/times/<int:times_id>/withdraw")
@signed_in
def withdraw_times(times_id: int) -> Answer:
    """Take the times back."""
    proposal = times_for(actor(), times_id)
    actions.withdraw_times(actor(), proposal)
    flash(_("Taken back."), "good")
    return after(proposal.series)
