"""Gatherings as calendar programs read them: what goes out by mail, what a file and a person's feed hold."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from mentorlink.community.models.gatherings import Attendance, Gathering
from mentorlink.community.queries.gatherings import gathering_for, gatherings_of_calendar
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.notifications.models import Notice
from mentorlink.notifications.shapes import sentence
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.rules.ical import Entry, calendar_text
from mentorlink.web.community.frame import pages
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.locale import moment, zone_label


@pages.get("/gatherings/<int:gathering_id>/gathering.ics")
@signed_in
def gathering_file(gathering_id: int) -> Response:
    """One gathering as a file for a calendar program."""
    text = calendar_text([_entry(gathering_for(actor(), gathering_id))], method="PUBLISH")
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="mentorlink-gathering-{gathering_id}.ics"'
    return answer


def entries_of(person: Person) -> list[Entry]:
    """The gatherings to which somebody comes, for their feed."""
    return [_entry(row) for row in gatherings_of_calendar(person.id)]


def context(facts: dict[str, Any], person: Person | None) -> dict[str, Any] | None:
    """What the mail of a date shows and carries; none where things stand otherwise by now.

    ``facts``: ``gathering_id``, ``method``, ``revision``; ``notice_id`` where the reader was told, ``alone`` (a moment) where
    they came or went themselves.
    """
    row = db.session.get(Gathering, facts["gathering_id"])
    if person is None or row is None or not _stands(facts, row, person):
        return None
    cancelled = facts["method"] == "CANCEL"
    more: dict[str, Any] = {
        "organizer": parseaddr(current_app.config["SETTINGS"].mail_from),
        "attendee": (person.full_name, person.email, True),
    }
    if "alone" in facts:
        more["stamp"] = datetime.fromisoformat(facts["alone"])
    if cancelled:
        more["state"] = "CANCELLED"
    return {
        "sentence": _sentence(facts, row),
        "href": url_for("community.gathering", gathering_id=row.id, _external=True),
        "calendar": (facts["method"], calendar_text([_entry(row, **more)], method=facts["method"])),
        "rows": [] if cancelled else _rows(row, person),
        "cancelled": cancelled,
    }


def context_of_reminder(facts: dict[str, Any], person: Person | None) -> dict[str, Any] | None:
    """What a reminder shows; none where by now it has begun, was moved or called off, or the reader does not come."""
    row = db.session.get(Gathering, facts["gathering_id"])
    if person is None or row is None or row.starts_at <= clock.now():
        return None
    if row.host_id != person.id and not _stands(facts | {"method": "REQUEST"}, row, person):
        return None
    if row.state != "planned" or row.revision != facts["revision"]:
        return None
    return {
        "sentence": sentence(db.session.get_one(Notice, facts["notice_id"])),
        "href": url_for("community.gathering", gathering_id=row.id, _external=True),
        "rows": _rows(row, person),
        "which": "gathering",
    }


def _stands(facts: dict[str, Any], row: Gathering, person: Person) -> bool:
    """Only the newest is told: who does not come is asked to no date, and who comes again keeps theirs."""
    answered = db.session.get(Attendance, (row.id, person.id))
    comes = row.state == "planned" and answered is not None and answered.state == "going"
    if facts["method"] == "REQUEST":
        return comes and row.revision == facts["revision"]
    return not comes


def _entry(row: Gathering, **more: Any) -> Entry:
    href = url_for("community.gathering", gathering_id=row.id, _external=True)
    host = urlsplit(current_app.config["SETTINGS"].base_url).hostname or "localhost"
    values: dict[str, Any] = {
        "uid": f"gathering-{row.id}@{host}",
        "sequence": row.revision,
        "stamp": row.changed_at or row.created_at,
        "starts_at": row.starts_at,
        "ends_at": row.starts_at + timedelta(minutes=row.minutes),
        "summary": row.title,
        "description": _("%(community)s. Agenda, minutes, who comes: %(href)s", community=row.community.name, href=href),
        "url": href,
        "place": row.place,
        "state": "CANCELLED" if row.state == "cancelled" else "CONFIRMED",
    }
    return Entry(**(values | more))


def _sentence(facts: dict[str, Any], row: Gathering) -> str:
    if "notice_id" in facts:
        return sentence(db.session.get_one(Notice, facts["notice_id"]))
    when = moment(row.starts_at, "EEEE, d MMM, HH:mm")
    if facts["method"] == "CANCEL":
        return _("“%(title)s” of %(when)s is no longer in your calendar.", title=row.title, when=when)
    return _("You come to “%(title)s” on %(when)s.", title=row.title, when=when)


def _rows(row: Gathering, reader: Person) -> list[tuple[str, str]]:
    when = f"{moment(row.starts_at, 'EEEE, d MMMM y, HH:mm')} {zone_label(reader.timezone)}"
    length = ngettext("%(num)s minute", "%(num)s minutes", row.minutes)
    rows = [(_("When"), f"{when} · {length}"), (_("Community"), row.community.name)]
    return [*rows, (_("Where"), row.place)] if row.place else rows
