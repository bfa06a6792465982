"""Shows a new notice in every open page of whoever was told."""

from __future__ import annotations

from flask import g
from flask_babel import force_locale

from mentorlink.kernel.db import db
from mentorlink.live.push import to_person
from mentorlink.notifications.events import NoticesRead, Notified
from mentorlink.notifications.models import Notice
from mentorlink.notifications.queries import unread_of
from mentorlink.notifications.shapes import sentence
from mentorlink.people.models import Person


def show_notice(event: Notified) -> None:
    """Count up, and say the sentence in the reader's language."""
    notice = db.session.get(Notice, event.notice_id)
    person = db.session.get(Person, event.person_id)
    if notice is None or person is None:
        return
    before = g.pop("timezone", None)
    g.timezone = person.timezone
    try:
        with force_locale(person.locale):
            text = sentence(notice)
    finally:
        g.pop("timezone")
        if before is not None:
            g.timezone = before
    to_person(event.person_id, "notice", {"id": notice.id, "text": text, "href": f"/notices/{notice.id}"})
    to_person(event.person_id, "count", {"name": "notices", "value": unread_of(event.person_id)})


def show_count(event: NoticesRead) -> None:
    """Count down in all pages of the reader."""
    to_person(event.person_id, "count", {"name": "notices", "value": unread_of(event.person_id)})
