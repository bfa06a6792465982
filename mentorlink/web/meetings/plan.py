"""Putting a meeting into the calendar, moving it, writing one down afterwards."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import MeetingLog, MeetingPlan, MeetingTime
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.queries import meeting_for, series_for
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.meetings.frame import after, page, pages


@pages.get("/meetings/plan/<int:series_id>")
@signed_in
def plan(series_id: int) -> tuple[str, int]:
    """The form of a meeting to come, begun a week from now at nine."""
    series = series_for(actor(), series_id)
    day = clock.today(actor().timezone) + timedelta(days=7)
    day += timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
    values = {"day": day.isoformat(), "at": "09:00", "minutes": 60, "mode": "in_person"}
    return page("plan", series, form=Form(values))


@pages.post("/meetings/plan/<int:series_id>")
@signed_in
def plan_meeting(series_id: int) -> Answer | tuple[str, int]:
    """Put a meeting into the calendar."""
    series = series_for(actor(), series_id)
    try:
        meeting = actions.plan_meeting(actor(), series, read_form(MeetingPlan, request.form))
    except Invalid as error:
        return page("plan", series, form=sent(error), status=422)
    flash(_("Session planned. %(name)s has been told.", name=_names(meeting)), "good")
    return after(series, meeting)


@pages.get("/meetings/log/<int:series_id>")
@signed_in
def log(series_id: int) -> tuple[str, int]:
    """One short form for a talk that took place."""
    series = series_for(actor(), series_id)
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
    """The form of another time."""
    meeting = meeting_for(actor(), meeting_id)
    if meeting.state != "planned":
        raise Conflict("meeting_settled", state=meeting.state)
    here = meeting.starts_at.astimezone(ZoneInfo(actor().timezone))
    values = {
        "day": here.date().isoformat(), "at": f"{here:%H:%M}", "minutes": meeting.minutes, "mode": meeting.mode,
        "place": meeting.place or "",
    }  # fmt: skip
    return page("move", meeting.series, meeting=meeting, form=Form(values))


@pages.post("/meetings/<int:meeting_id>/move")
@signed_in
def move_meeting(meeting_id: int) -> Answer | tuple[str, int]:
    """Give a planned meeting another time."""
    meeting = meeting_for(actor(), meeting_id)
    try:
        actions.move_meeting(actor(), meeting, read_form(MeetingTime, request.form))
    except Invalid as error:
        return page("move", meeting.series, meeting=meeting, form=sent(error), status=422)
    flash(_("Moved. %(name)s has been told.", name=_names(meeting)), "good")
    return after(meeting.series, meeting)


def _names(meeting: Meeting) -> str:
    return ", ".join(member.person.name for member in meeting.series.members if member.person_id != actor().person_id)
