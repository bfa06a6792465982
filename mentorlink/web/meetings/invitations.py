"""Sessions as calendar programs read them: what goes out by mail, and what a feed or a file holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import selectinload

from mentorlink.kernel.db import db
from mentorlink.notifications.models import Notice
from mentorlink.notifications.shapes import sentence
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.models import Meeting, Series, SeriesMember
from mentorlink.sessions.meetings.rules.free import repeated
from mentorlink.sessions.meetings.rules.ical import Entry, Repetition, calendar_text
from mentorlink.web.locale import moment, zone_label

MOST_REPEATED = 26
_WHOLE = selectinload(Meeting.series).selectinload(Series.members).selectinload(SeriesMember.person)


def context(facts: dict[str, Any], person: Person | None) -> dict[str, Any] | None:
    """What the mail of a session planned, moved or cancelled shows and carries; none where that is not the newest of it.

    ``facts``: ``meeting_ids`` (one, or a repetition), ``method``, ``revision`` of the first, ``notice_id`` where the reader
    was told by another and not by themselves.
    """
    meetings, cancelled = _meetings(facts["meeting_ids"]), facts["method"] == "CANCEL"
    if person is None or not meetings or not _is_newest(facts, meetings):
        return None
    first = meetings[0]
    text = _text_of_mail(facts["method"], meetings, person, agreed="notice_id" not in facts, alone=facts.get("alone"))
    return {
        "sentence": _sentence(facts, first),
        "href": url_for("meetings.meeting", meeting_id=first.id, _external=True),
        "calendar": (facts["method"], text),
        "rows": [] if cancelled else _rows(meetings, person),
        "cancelled": cancelled,
    }


def _is_newest(facts: dict[str, Any], meetings: Sequence[Meeting]) -> bool:
    """A repetition is told of as it was booked, whatever became of one of it since; that has a mail of its own."""
    state = "cancelled" if facts["method"] == "CANCEL" else "planned"
    if "alone" in facts:  # one of several came or went: the meeting itself goes on
        return any(meeting.state == "planned" for meeting in meetings)
    if len(meetings) > 1:
        return any(meeting.state == state for meeting in meetings)
    return meetings[0].state == state and meetings[0].revision == facts["revision"]


def context_of_reminder(facts: dict[str, Any], person: Person | None) -> dict[str, Any] | None:
    """What a reminder shows; none where the session was moved or settled since."""
    found = _meetings([facts["meeting_id"]])
    if person is None or not found or found[0].state != "planned" or found[0].revision != facts["revision"]:
        return None
    notice = db.session.get_one(Notice, facts["notice_id"])
    return {
        "sentence": sentence(notice),
        "href": url_for("meetings.meeting", meeting_id=found[0].id, _external=True),
        "rows": [] if facts["which"] == "after" else _rows(found, person),
        "which": facts["which"],
    }


def entry_of(meeting: Meeting, reader: Person, **more: Any) -> Entry:
    """The session as the reader's calendar shows it: with whom, where, and the way to its page; nothing of what is said."""
    href = url_for("meetings.meeting", meeting_id=meeting.id, _external=True)
    values: dict[str, Any] = {
        "uid": f"{meeting.uid}@{host()}",
        "sequence": meeting.revision,
        "stamp": meeting.changed_at or meeting.created_at,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "summary": _("Session with %(names)s", names=_names(meeting, reader)),
        "description": _("Agenda, notes, another time or cancelling: %(href)s", href=href),
        "url": href,
        "place": meeting.place or "",
        "state": "CANCELLED" if meeting.state == "cancelled" else "CONFIRMED",
    }
    return Entry(**(values | more))


def host() -> str:
    """The name under which this house names its sessions in calendars."""
    return urlsplit(current_app.config["SETTINGS"].base_url).hostname or "localhost"


def _text_of_mail(method: str, meetings: Sequence[Meeting], reader: Person, *, agreed: bool, alone: str | None) -> str:
    """One entry that repeats, for a repetition that was just booked; otherwise an entry for each, as one of its repetition.

    ``alone``: the moment at which the reader alone came to it or went from it.
    """
    sender = parseaddr(current_app.config["SETTINGS"].mail_from)
    people: dict[str, Any] = {"organizer": sender, "attendee": (reader.full_name, reader.email, agreed)}
    if alone is not None:
        people |= {"stamp": datetime.fromisoformat(alone)} | ({"state": "CANCELLED"} if method == "CANCEL" else {})
    if method == "REQUEST" and len(meetings) > 1:
        return calendar_text([_repeating(meetings, reader, people)], method=method)
    return calendar_text([_single(meeting, reader, people) for meeting in meetings], method=method)


def _repeating(meetings: Sequence[Meeting], reader: Person, people: dict[str, Any]) -> Entry:
    first = min(meetings, key=lambda meeting: meeting.run_at or meeting.starts_at)
    begun = {meeting.run_at or meeting.starts_at for meeting in meetings}
    zone, weeks = first.zone or reader.timezone, first.run_weeks or 1
    moments = [moment for moment in repeated(min(begun), zone, weeks=weeks, times=MOST_REPEATED) if moment <= max(begun)]
    values: dict[str, Any] = {
        "uid": f"{first.run_uid}@{host()}",
        "sequence": 0,
        "stamp": first.created_at,
        "zone": zone,
        "starts_at": min(begun),
        "ends_at": min(begun) + timedelta(minutes=first.minutes),
        "repetition": Repetition(weeks, len(moments), tuple(moment for moment in moments if moment not in begun)),
    }
    return entry_of(first, reader, **(values | people))


def _single(meeting: Meeting, reader: Person, people: dict[str, Any]) -> Entry:
    if meeting.run_uid is None:
        return entry_of(meeting, reader, **people)
    zone = meeting.zone or reader.timezone
    return entry_of(meeting, reader, uid=f"{meeting.run_uid}@{host()}", zone=zone, instead_of=meeting.run_at, **people)


def _meetings(ids: Collection[int]) -> list[Meeting]:
    query = sa.select(Meeting).where(Meeting.id.in_(ids)).options(_WHOLE).order_by(Meeting.starts_at, Meeting.id)
    return list(db.session.scalars(query))


def _names(meeting: Meeting, reader: Person) -> str:
    names = [member.person.name for member in meeting.series.members if member.person_id != reader.id]
    if len(names) <= 3:
        return ", ".join(names)
    return ngettext(
        "%(one)s, %(two)s and %(num)s more", "%(one)s, %(two)s and %(num)s more", len(names) - 2, one=names[0], two=names[1]
    )


def _sentence(facts: dict[str, Any], first: Meeting) -> str:
    if "notice_id" in facts:
        return sentence(db.session.get_one(Notice, facts["notice_id"]))
    when = moment(first.starts_at, "EEEE, d MMM, HH:mm")
    if "alone" in facts and facts["method"] == "CANCEL":
        return _("The session of %(when)s is no longer in your calendar.", when=when)
    if facts["method"] == "CANCEL":
        return _("You cancelled the session of %(when)s.", when=when)
    if first.revision and "alone" not in facts:
        return _("You moved the session to %(when)s.", when=when)
    return _("You have a session on %(when)s.", when=when)


def _rows(meetings: Sequence[Meeting], reader: Person) -> list[tuple[str, str]]:
    first = meetings[0]
    when = f"{moment(first.starts_at, 'EEEE, d MMMM y, HH:mm')} {zone_label(reader.timezone)}"
    length = ngettext("%(num)s minute", "%(num)s minutes", first.minutes)
    rows = [(_("When"), f"{when} · {length}")]
    if len(meetings) > 1:
        rows.append((_("Repeats"), ngettext("%(num)s session in all", "%(num)s sessions in all", len(meetings))))
    if first.place:
        rows.append((_("Where"), first.place))
    return rows
