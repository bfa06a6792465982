"""Putting a session into the calendar, moving it, writing one down afterwards."""

from __future__ import annotations

from datetime import datetime, time, timedelta
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
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.meetings.frame import after, page, pages
from mentorlink.web.meetings.free import LENGTHS, form_of, free_times


@pages.get("/meetings/plan/<int:series_id>")
@signed_in
def plan(series_id: int) -> tuple[str, int]:
    """Free times of everybody who meets, to book one or to propose several."""
    return plan_page(series_for(actor(), series_id), Form({"mode": "in_person"}))


def plan_page(series: Series, form: Form, *, status: int = 200) -> tuple[str, int]:
    """The page of planning with ``form``."""
    ensure(may_plan_meeting, actor(), series)
    minutes = form.data.get("minutes", "")
    free = free_times(series, minutes=int(minutes) if str(minutes).isdecimal() and len(str(minutes)) < 4 else None)
    return page(
        "plan", series, form=form, free=free, lengths=LENGTHS, waiting=open_times_for(actor(), series, limit=1), status=status
    )


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
    here = clock.now().astimezone(ZoneInfo(actor().timezone)) - timedelta(minutes=30)
    hour = datetime.combine(here.date(), time(here.hour, here.minute // 15 * 15))
    values = {"day": hour.date().isoformat(), "at": f"{hour:%H:%M}", "minutes": 30, "mode": "in_person"}
    return page("log", series, form=Form(values))


@pages.post("/meetings/log/<int:series_id>")
@signed_in
def log_meeting(series_id: int) -> Answer | tuple[str, int]:
    """Write down a talk that took place."""
    series = series_for(actor(), series_id)
    try:
        meeting = actions.log_meeting(actor(), series, read_form(MeetingLog, request.form))
    except Invalid as error:
        return page("log", series, form=sent(error), status=422)
    flash(_("Written down. It counts like any session."), "good")
    return after(series, meeting)


@pages.get("/meetings/<int:meeting_id>/move")
@signed_in
def move(meeting_id: int) -> tuple[str, int]:
    """Other times for a session, to move it or to propose several."""
    meeting = meeting_for(actor(), meeting_id)
    if meeting.state != "planned":
        raise Conflict("meeting_settled", state=meeting.state)
    return move_page(meeting, Form({"mode": meeting.mode, "place": meeting.place or ""}))


def move_page(meeting: Meeting, form: Form, *, status: int = 200) -> tuple[str, int]:
    """The page of moving with ``form``."""
    ensure(may_steer_meeting, actor(), meeting)
    minutes = form.data.get("minutes", "")
    length = int(minutes) if str(minutes).isdecimal() and len(str(minutes)) < 4 else None
    free = free_times(meeting.series, minutes=length, moving=meeting)
    return page("move", meeting.series, meeting=meeting, form=form, free=free, lengths=LENGTHS, status=status)


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
        return move_page(meeting_for(actor(), meeting_id), form_of(error), status=409)
    flash(_("Moved. %(name)s has been told.", name=_names(meeting)), "good")
    return after(meeting.series, meeting)


def _names(meeting: Meeting) -> str:
    return ", ".join(member.person.name for member in meeting.series.members if member.person_id != actor().person_id)
