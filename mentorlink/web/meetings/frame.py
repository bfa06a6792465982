"""What every page of a meeting stands in: who meets, and the clock on each one's wall."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from flask import Blueprint, redirect, render_template, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response as Answer

from mentorlink.people.models import Person
from mentorlink.sessions.meetings.models import Meeting, Series
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.queries import mentorship_of_series
from mentorlink.web.guard import actor
from mentorlink.web.locale import zone_label

pages = Blueprint("meetings", __name__)


def others(series: Series) -> list[Person]:
    """Who meets in the series besides the actor."""
    return [member.person for member in series.members if member.person_id != actor().person_id]


def page(name: str, series: Series, *, status: int = 200, **context: Any) -> tuple[str, int]:
    """The page ``name`` of a meeting or series."""
    people = {member.person_id: member.person for member in series.members}
    return (
        render_template(
            f"meetings/{name}.html",
            series=series,
            others=others(series),
            people=people,
            home=mentorship_of_series(series.id),
            wall_clock=wall_clock,
            **({"form": None, "wrong": ""} | context),
        ),
        status,
    )


def after(series: Series, meeting: Meeting | None = None, anchor: str | None = None) -> Answer:
    """See the meeting next, or the list it stands in."""
    if meeting is not None:
        return redirect(url_for("meetings.meeting", meeting_id=meeting.id, _anchor=anchor), 303)
    home: Mentorship | None = mentorship_of_series(series.id)
    return redirect(url_for("mentoring.meetings", mentorship_id=home.id) if home else url_for("mentoring.index"), 303)


def wall_clock(moment: datetime, person: Person) -> str:
    """The time on another person's wall where it differs from the actor's: ``11.30 WIT``, with the day if that differs."""
    here, there = moment.astimezone(ZoneInfo(actor().timezone)), moment.astimezone(ZoneInfo(person.timezone))
    if here.utcoffset() == there.utcoffset():
        return ""
    locale = get_locale() or "id"
    time = f"{format_time(there, 'HH:mm', tzinfo=ZoneInfo(person.timezone), locale=locale)} {zone_label(person.timezone)}"
    return time if here.date() == there.date() else f"{format_date(there, 'EEE d MMM', locale=locale)}, {time}"
