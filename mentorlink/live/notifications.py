"""Shows a new notice in every open page of whoever was told."""

from __future__ import annotations

import sqlalchemy as sa
from flask import g
from flask_babel import force_locale, refresh

from mentorlink.community.models import Message
from mentorlink.competencies.queries import among
from mentorlink.kernel.db import db
from mentorlink.live.push import to_person
from mentorlink.notifications.events import ManyNotified, NoticesRead, Notified
from mentorlink.notifications.models import Notice
from mentorlink.notifications.queries import unread_of, unread_of_many
from mentorlink.notifications.shapes import sentence
from mentorlink.people.models import Person


def show_notices(event: ManyNotified) -> None:
    """The same for many: the new number, and the sentence, read in three queries."""
    notices = db.session.scalars(sa.select(Notice).where(among(Notice.id, event.notice_ids))).all()
    concerned = {notice.person_id for notice in notices}
    people = {person.id: person for person in db.session.scalars(sa.select(Person).where(among(Person.id, concerned)))}
    unread = unread_of_many(concerned)
    for notice in notices:
        _show(notice, people[notice.person_id], unread.get(notice.person_id, 0))


def show_notice(event: Notified) -> None:
    """Count up, and say the sentence in the reader's language."""
    notice = db.session.get(Notice, event.notice_id)
    person = db.session.get(Person, event.person_id)
    if notice is None or person is None:
        return
    _show(notice, person, unread_of(person.id))


def _show(notice: Notice, person: Person, unread: int) -> None:
    before = g.pop("timezone", None)
    g.timezone = person.timezone
    refresh()  # else all would be told on the clock of the first
    try:
        with force_locale(person.locale):
            text = sentence(notice)
    finally:
        g.pop("timezone")
        if before is not None:
            g.timezone = before
        refresh()
    told = {"id": notice.id, "text": text, "href": f"/notices/{notice.id}"}
    if notice.about == "message":  # who has that talk before them need not be told
        told["topic"] = db.session.scalar(sa.select(Message.topic_id).where(Message.id == notice.about_id))
    to_person(person.id, "notice", told)
    to_person(person.id, "count", {"name": "notices", "value": unread})


def show_count(event: NoticesRead) -> None:
    """Count down in all pages of the reader."""
    to_person(event.person_id, "count", {"name": "notices", "value": unread_of(event.person_id)})
