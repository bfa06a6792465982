"""Putting a session into the calendar, moving it, writing one down afterwards."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel import clock
from mentorlink.kernel.actions import ensure
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import MeetingLog, MeetingPlan, MeetingTime
from mentorlink.sessions.meetings.models import Meeting, Series
from mentorlink.sessions.meetings.policy import may_plan_meeting, may_steer_meeting
from mentorlink.sessions.meetings.queries import meeting_for, meetings_of_run, open_times_for, series_for
from mentorlink.sessions.meetings.rules.free import talk_just_over
from mentorlink.sessions.mentoring.queries import counts_earlier, mentorship_of_series
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.meetings.frame import Terms, after, page, pages, terms_of
from mentorlink.web.meetings.free import LENGTHS, chosen_elsewhere, chosen_times, form_of, free_times, lengths_with
from mentorlink.web.words.mentoring import stage_name

LOGGED = 30
"""Minutes of a talk that nobody planned, where nothing is agreed."""


@pages.get("/meetings/plan/<int:series_id>")
@signed_in
def plan(series_id: int) -> tuple[str, int]:
    """Free times of everybody who meets, to book one or to propose several."""
    series = series_for(actor(), series_id)
    return plan_page(series, Form({"mode": terms_of(series).mode, "slots": request.args.getlist("slots")}))


def plan_page(series: Series, form: Form, *, status: int = 200) -> tuple[str, int]:
    """The page of planning with ``form``."""
    ensure(may_plan_meeting, actor(), series)
    terms = terms_of(series)
    free = free_times(series, minutes=_length(form), usual=terms.minutes or terms.usual)
    return page(
        "plan", series, form=form, free=free, agreed=terms.minutes, elsewhere=chosen_elsewhere(form, free),
        lengths=lengths_with(terms.minutes), waiting=open_times_for(actor(), series, limit=1), status=status,
    )  # fmt: skip


def _length(form: Form) -> int | None:
    minutes = str(form.data.get("minutes", ""))
    return int(minutes) if minutes.isdecimal() and len(minutes) < 4 else None


@pages.post("/meetings/plan/<int:series_id>")
@signed_in
def plan_meeting(series_id: int) -> Answer | tuple[str, int]:
    """Put a session, or several, into the calendar."""
    series = series_for(actor(), series_id)
    try:
        meeting = actions.plan_meeting(actor(), series, read_form(MeetingPlan, request.form))
    except Invalid as error:
        return plan_page(series, sent(error), status=422)
    except Conflict as error:
        return plan_page(series, form_of(error), status=409)
    number = len(meetings_of_run(actor(), meeting))
    told = ngettext(
        "Session planned. %(name)s has been told.", "%(num)s sessions planned. %(name)s has been told.", number,
        name=_names(meeting),
    )  # fmt: skip
    flash(told, "good")
    return after(series, meeting)


@pages.get("/meetings/log/<int:series_id>")
@signed_in
def log(series_id: int) -> tuple[str, int]:
    """One short form for a talk that took place."""
    series = series_for(actor(), series_id)
    ensure(may_plan_meeting, actor(), series)
    terms = terms_of(series)
    begun, minutes = talk_just_over(clock.now(), terms.minutes or LOGGED, since=terms.since, lengths=LENGTHS)
    here = begun.astimezone(ZoneInfo(actor().timezone))
    values = {"day": here.date().isoformat(), "at": f"{here:%H:%M}", "minutes": minutes, "mode": terms.mode}
    return _log_page(series, Form(values), terms)


def _log_page(series: Series, form: Form, terms: Terms, *, status: int = 200) -> tuple[str, int]:
    return page(
        "log", series, form=form, lengths=lengths_with(terms.minutes), terms=terms, stage_name=stage_name(terms.stage),
        status=status,
    )  # fmt: skip


@pages.post("/meetings/log/<int:series_id>")
@signed_in
def log_meeting(series_id: int) -> Answer | tuple[str, int]:
    """Write down a talk that took place."""
    series = series_for(actor(), series_id)
    try:
        meeting = actions.log_meeting(actor(), series, read_form(MeetingLog, request.form))
    except Invalid as error:
        return _log_page(series, sent(error), terms_of(series), status=422)
    pair = mentorship_of_series(series.id)
    earlier = counts_earlier(pair, meeting) if pair else None
    flash(_("Written down.") if earlier else _("Written down. It counts like any session."), "good")
    return after(series, meeting)


@pages.get("/meetings/<int:meeting_id>/move")
@signed_in
def move(meeting_id: int) -> tuple[str, int]:
    """Other times for a session, to move it or to propose several."""
    meeting = meeting_for(actor(), meeting_id)
    if meeting.state != "planned":
        raise Conflict("meeting_settled", state=meeting.state)
    return move_page(meeting, Form({"mode": meeting.mode, "place": meeting.place or "", "slots": request.args.getlist("slots")}))


def move_page(meeting: Meeting, form: Form, *, moved: bool = False, status: int = 200) -> tuple[str, int]:
    """The page of moving with ``form``; ``moved``: another was quicker, and the mover chooses knowing both days."""
    ensure(may_steer_meeting, actor(), meeting)
    free = free_times(meeting.series, minutes=_length(form), moving=meeting)
    return page(
        "move", meeting.series, meeting=meeting, form=form, free=free, agreed=None, lengths=lengths_with(meeting.minutes),
        elsewhere=chosen_elsewhere(form, free), chosen_before=chosen_times(form) if moved else [], moved=moved, status=status,
    )  # fmt: skip


@pages.post("/meetings/<int:meeting_id>/move")
@signed_in
def move_meeting(meeting_id: int) -> Answer | tuple[str, int]:
    """Give a planned session another time."""
    meeting = meeting_for(actor(), meeting_id)
    try:
        actions.move_meeting(actor(), meeting, read_form(MeetingTime, request.form))
    except Invalid as error:
        return move_page(meeting, sent(error), status=422)
    except Conflict as error:
        if error.code == "meeting_moved":
            return move_page(meeting_for(actor(), meeting_id), sent(), moved=True, status=409)
        return move_page(meeting_for(actor(), meeting_id), form_of(error), status=409)
    flash(_("Moved. %(name)s has been told.", name=_names(meeting)), "good")
    return after(meeting.series, meeting)


def _names(meeting: Meeting) -> str:
    return ", ".join(member.person.name for member in meeting.series.members if member.person_id != actor().person_id)
