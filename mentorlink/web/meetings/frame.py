"""What every page of a meeting stands in: who meets, and the clock on each one's wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from flask import Blueprint, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel import settings
from mentorlink.kernel.text import clock_in
from mentorlink.people.models import Person
from mentorlink.sessions.coaching.queries import engagement_of_series
from mentorlink.sessions.meetings.models import Meeting, Series
from mentorlink.sessions.meetings.policy import leads
from mentorlink.sessions.mentoring.groups.queries import group_of_series
from mentorlink.sessions.mentoring.queries import agreed_clauses, mentorship_of_series, stage_since
from mentorlink.web.guard import actor
from mentorlink.web.locale import zone_label
from mentorlink.web.mentoring.frame import Prompts, prompts_of_pair

pages = Blueprint("meetings", __name__)

FIRST_TALK = 30
"""Minutes of the talk in which two find out whether they go on with a coaching."""

MODES = ("in_person", "video", "phone")
"""Ways of one session; a pair may also agree on a mixture."""


def others(series: Series) -> list[Person]:
    """Who meets in the series besides the actor."""
    return [member.person for member in series.members if member.person_id != actor().person_id]


def page(name: str, series: Series, *, status: int = 200, **context: Any) -> tuple[str, int]:
    """The page ``name`` of a meeting or series."""
    people = {member.person_id: member.person for member in series.members}
    home, around = home_of(series), others(series)
    group = home is not None and home.kind == "group"
    return (
        render_template(
            f"meetings/{name}.html",
            series=series,
            others=around,
            people=people,
            home=home,
            with_whom=f"“{home.title}”" if home is not None and group else ", ".join(person.name for person in around),
            shared=_("Everybody in the group can see this, nobody else") if group else "pair",
            leads=leads(actor(), series),
            wall_clock=wall_clock,
            video_rooms=bool(settings.current().video_rooms),
            **({"form": None, "wrong": ""} | context),
        ),
        status,
    )


def after(series: Series, meeting: Meeting | None = None, anchor: str | None = None) -> Answer:
    """See the meeting next, or the list it stands in."""
    if meeting is not None:
        return redirect(url_for("meetings.meeting", meeting_id=meeting.id, _anchor=anchor), 303)
    home = home_of(series)
    return redirect(home.sessions if home else url_for("mentoring.index"), 303)


@dataclass(frozen=True)
class Home:
    """What people meet for: where it is looked at, and where its sessions are listed."""

    kind: str
    """mentoring, group or coaching"""
    index: str
    href: str
    sessions: str
    title: str = ""
    """What a group is called."""
    by_grow: bool = False
    """Its sessions have a sheet by GROW."""


def home_of(series: Series) -> Home | None:
    """The mentorship, the group or the coaching that the series belongs to."""
    if (pair := mentorship_of_series(series.id)) is not None:
        ids = {"mentorship_id": pair.id}
        return Home(
            "mentoring", url_for("mentoring.index"), url_for("mentoring.mentorship", **ids), url_for("mentoring.meetings", **ids)
        )
    if (group := group_of_series(series.id)) is not None:
        href = url_for("mentoring.group", group_id=group.id)
        return Home("group", url_for("mentoring.groups"), href, href, title=group.name)
    if (engagement := engagement_of_series(series.id)) is None:
        return None
    ids = {"engagement_id": engagement.id}
    return Home(
        "coaching", url_for("coaching.index"), url_for("coaching.engagement", **ids), url_for("coaching.sessions", **ids),
        by_grow=engagement.engaged_at is not None,
    )  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """What people agreed about their sessions, as forms begin with it."""

    minutes: int | None = None
    mode: str = "in_person"
    usual: int | None = None
    """Minutes of the next session where nothing is agreed."""
    since: datetime | None = None
    """When the pair entered the stage it is in: what began before counts for an earlier one."""
    stage: str = ""


def terms_of(series: Series) -> Terms:
    """The agreement of the pair, in force or else proposed; a group and a coaching have none, but a first talk is short."""
    pair = mentorship_of_series(series.id)
    if pair is None:
        engagement = engagement_of_series(series.id)
        return Terms(usual=FIRST_TALK if engagement is not None and engagement.engaged_at is None else None)
    agreed = agreed_clauses(actor(), pair)
    mode = agreed.get("mode") if agreed.get("mode") in MODES else Terms.mode
    return Terms(agreed.get("minutes"), str(mode), since=stage_since(pair), stage=pair.stage)


def prompts_of(series: Series) -> Prompts | None:
    """The prompt card of the actor: their side, and the stage the pair is in; a group has mentees in several."""
    if series.host_id is not None:
        return Prompts("group", "mentor" if series.host_id == actor().person_id else "mentee")
    if (pair := mentorship_of_series(series.id)) is not None:
        return prompts_of_pair(pair)
    if (engagement := engagement_of_series(series.id)) is None:
        return None
    return Prompts("coaching", "coach" if engagement.coach_id == actor().person_id else "coachee")


def wall_clock(moment: datetime, person: Person) -> str:
    """The time on another person's wall where it differs from the actor's: ``11.30 WIT``, with the day if that differs."""
    here, there = moment.astimezone(ZoneInfo(actor().timezone)), moment.astimezone(ZoneInfo(person.timezone))
    if here.utcoffset() == there.utcoffset():
        return ""
    locale = get_locale() or "id"
    at = clock_in(locale, format_time(there, "HH:mm", tzinfo=ZoneInfo(person.timezone), locale=locale))
    time = f"{at} {zone_label(person.timezone)}"
    return time if here.date() == there.date() else f"{format_date(there, 'EEE d MMM', locale=locale)}, {time}"
