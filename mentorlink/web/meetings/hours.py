"""When I can be met: weekly hours, exceptions, calendars brought along, and the feed of my sessions."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.inputs import read, read_form
from mentorlink.people.models import Person
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import CalendarAddress, CalendarName, ExceptionInput, HoursInput
from mentorlink.sessions.meetings.inputs.hours import STRETCHES
from mentorlink.sessions.meetings.queries import (
    MOST_BYTES,
    busy_counts,
    calendar_for,
    calendars_for,
    exception_for,
    exceptions_for,
    feed_for,
    habits_for,
    hours_of,
    meeting_for,
    read_busy_times,
    reader_of_feed,
)
from mentorlink.sessions.meetings.rules.ical import calendar_text
from mentorlink.web.community.calendars import entries_of
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, current_person, public, signed_in
from mentorlink.web.meetings.frame import pages
from mentorlink.web.meetings.invitations import entry_of
from mentorlink.web.words import error_sentence, fault_sentence

ROWS = 2
"""Stretches of a day that the form offers at least."""
ICALENDAR = "text/calendar; charset=utf-8"


@pages.get("/meetings/hours")
@signed_in
def hours() -> tuple[str, int]:
    """When the actor can be met, and their calendars."""
    return _page()


def _page(form: Form | None = None, wrong: str = "", *, status: int = 200) -> tuple[str, int]:
    who = actor()
    calendars = calendars_for(who)
    return (
        render_template(
            "meetings/hours.html",
            form=form,
            wrong=wrong,
            habits=habits_for(who),
            week=_week(form) if wrong == "hours" and form else _week_of(who.person_id or 0),
            exceptions=exceptions_for(who),
            calendars=calendars,
            counts=busy_counts([calendar.id for calendar in calendars]),
            feed=feed_for(who),
            fault_of=lambda code: fault_sentence(Fault("", code)),
            clock_of=clock_of,
        ),
        status,
    )


def clock_of(minute: int | None) -> str:
    """A minute of the day as a clock shows it."""
    return "" if minute is None else f"{minute % 1440 // 60:02}:{minute % 60:02}"


def _week_of(person_id: int) -> list[list[tuple[str, str]]]:
    weekly = hours_of([person_id])[person_id].weekly
    week: list[list[tuple[str, str]]] = []
    for weekday in range(7):
        rows = [(clock_of(starts), clock_of(ends)) for day, starts, ends in sorted(weekly) if day == weekday]
        week.append(rows + [("", "")] * max(0, ROWS - len(rows)))
    return week


def _week(form: Form) -> list[list[tuple[str, str]]]:
    return [
        [(form.data.get(f"starts-{day}-{row}", ""), form.data.get(f"ends-{day}-{row}", "")) for row in range(ROWS)]
        for day in range(7)
    ]


@pages.post("/meetings/hours")
@signed_in
def save_hours() -> Answer | tuple[str, int]:
    """Keep the hours of the week."""
    try:
        actions.say_hours(actor(), read(HoursInput, _said()))
    except Invalid as error:
        return _page(_by_day(error), "hours", status=422)
    flash(_("Saved. Others see these hours when they look for a time with you."), "good")
    return redirect(url_for("meetings.hours"), 303)


def _said() -> dict[str, Any]:
    stretches = []
    for day in range(7):
        for row in range(STRETCHES):
            starts, ends = request.form.get(f"starts-{day}-{row}", ""), request.form.get(f"ends-{day}-{row}", "")
            if starts or ends:
                stretches.append({"weekday": day, "starts": starts, "ends": ends})
    plain = {name: request.form[name] for name in ("notice_hours", "gap_minutes") if request.form.get(name)}
    return {"stretches": stretches, **plain}


def _by_day(error: Invalid) -> Form:
    form = sent(error)
    words = {word for name in list(form.errors) if name.startswith("stretches") for word in form.errors.pop(name)}
    if words:
        form.errors["starts-0-0"] = sorted(words)
    return form


@pages.post("/meetings/hours/exceptions")
@signed_in
def add_exception() -> Answer | tuple[str, int]:
    """Days on which the weekly hours do not hold."""
    try:
        actions.add_exception(actor(), read_form(ExceptionInput, request.form))
    except Invalid as error:
        return _page(sent(error), "exception", status=422)
    except Conflict as error:
        return _page(_with(error), "exception", status=409)
    flash(_("Noted."), "good")
    return redirect(url_for("meetings.hours", _anchor="exceptions"), 303)


def _with(error: Conflict) -> Form:
    form = sent()
    form.errors[""] = [error_sentence(error)]
    return form


@pages.post("/meetings/hours/exceptions/<int:exception_id>/drop")
@signed_in
def drop_exception(exception_id: int) -> Answer:
    """The weekly hours hold again."""
    actions.drop_exception(actor(), exception_for(actor(), exception_id))
    flash(_("Taken off."), "good")
    return redirect(url_for("meetings.hours", _anchor="exceptions"), 303)


@pages.post("/meetings/calendars/file")
@signed_in
def bring_calendar_file() -> Answer | tuple[str, int]:
    """Take the busy times of a file over."""
    file = request.files.get("file")
    content = file.stream.read(MOST_BYTES + 1) if file else b""
    try:
        name = read_form(CalendarName, request.form)
        spans = read_busy_times(content, actor().timezone)
        actions.bring_calendar_file(actor(), name, spans, filename=(file.filename if file else None) or "")
    except Invalid as error:
        return _page(sent(error), "file", status=422)
    except Conflict as error:
        return _page(_with(error), "file", status=409)
    flash(_("Your busy times were taken over; nothing else of the file is kept."), "good")
    return redirect(url_for("meetings.hours", _anchor="calendars"), 303)


@pages.post("/meetings/calendars/address")
@signed_in
def bring_calendar_address() -> Answer | tuple[str, int]:
    """Have a calendar fetched again and again."""
    try:
        actions.bring_calendar_address(actor(), read_form(CalendarAddress, request.form))
    except Invalid as error:
        return _page(sent(error), "address", status=422)
    except Conflict as error:
        return _page(_with(error), "address", status=409)
    flash(_("The calendar is being fetched. Reload this page in a moment to see how it went."), "good")
    return redirect(url_for("meetings.hours", _anchor="calendars"), 303)


@pages.post("/meetings/calendars/<int:source_id>/drop")
@signed_in
def drop_calendar(source_id: int) -> Answer:
    """Forget a calendar and its busy times."""
    actions.drop_calendar(actor(), calendar_for(actor(), source_id))
    flash(_("Forgotten, with its busy times."), "good")
    return redirect(url_for("meetings.hours", _anchor="calendars"), 303)


@pages.post("/meetings/calendars/<int:source_id>/fetch")
@signed_in
def fetch_calendar(source_id: int) -> Answer:
    """Fetch it now."""
    actions.fetch_calendar_soon(actor(), calendar_for(actor(), source_id))
    flash(_("The calendar is being fetched. Reload this page in a moment to see how it went."), "good")
    return redirect(url_for("meetings.hours", _anchor="calendars"), 303)


@pages.post("/meetings/feed")
@signed_in
def renew_feed() -> Answer:
    """A new secret address; the old one ends."""
    actions.renew_feed(actor())
    flash(_("Here is your new address. The one before leads nowhere now."), "good")
    return redirect(url_for("meetings.hours", _anchor="feed"), 303)


@pages.post("/meetings/feed/end")
@signed_in
def end_feed() -> Answer:
    """No address any more."""
    actions.end_feed(actor())
    flash(_("The address leads nowhere now."), "good")
    return redirect(url_for("meetings.hours", _anchor="feed"), 303)


@pages.get("/calendar/<token>.ics")
@public
def feed(token: str) -> Answer:
    """A person's sessions and gatherings, for their calendar program; the address is the key."""
    person, meetings = reader_of_feed(token)
    g.language, g.timezone = person.locale, person.timezone
    with force_locale(person.locale):
        entries = [*(entry_of(meeting, person) for meeting in meetings), *entries_of(person)]
        text = calendar_text(entries, name=_("Sessions in MentorLink"))
    return _answer(text)


@pages.get("/meetings/<int:meeting_id>/session.ics")
@signed_in
def session_file(meeting_id: int) -> Answer:
    """One session as a file for a calendar program."""
    reader: Person = current_person._get_current_object()
    entry = entry_of(meeting_for(actor(), meeting_id), reader)
    answer = _answer(calendar_text([entry], method="PUBLISH"))
    answer.headers["Content-Disposition"] = f'attachment; filename="mentorlink-{meeting_id}.ics"'
    return answer


def _answer(text: str) -> Answer:
    answer = Response(text, content_type=ICALENDAR)
    answer.add_etag()
    return answer.make_conditional(request)
