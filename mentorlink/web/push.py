"""Notices on browsers while no page is open: said in the reader's language, sealed for one browser, sent by ``push.send``."""

from __future__ import annotations

import json
from email.utils import parseaddr
from typing import Any

from flask import current_app, g
from flask_babel import force_locale, refresh

from mentorlink.kernel import clock, fetch, webpush
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.actions import drop_device, note_told
from mentorlink.notifications.models import Notice, PushDevice
from mentorlink.notifications.shapes import sentence
from mentorlink.people.models import Person
from mentorlink.web.locale import agency_name

KEPT_SECONDS = 24 * 3600
"""A service keeps what a browser without a line has not taken for so long."""

GONE = (401, 403, 404, 410)
"""The service knows the subscription no more, or not from us: it was for another key."""


class NotTaken(Exception):
    """The push service did not take it now; the job tries again."""


def send_push(payload: dict[str, Any]) -> None:
    """Tell one browser of one notice, unless it was read in the meantime, or either is gone."""
    notice, device = db.session.get(Notice, payload["notice_id"]), db.session.get(PushDevice, payload["device_id"])
    settings = current_app.config["SETTINGS"]
    if notice is None or device is None or notice.read_at is not None or device.person_id != notice.person_id:
        return
    if not settings.push_key:
        return
    body = webpush.seal(_words(notice), public=device.public, shared=device.shared)
    contact = f"mailto:{parseaddr(settings.mail_from)[1]}"
    headers = webpush.headers(device.endpoint, key=settings.push_key, contact=contact, now=clock.now(), seconds=KEPT_SECONDS)
    status = fetch.post(device.endpoint, body, headers=headers)
    if status in GONE:
        drop_device(Actor.system(), device)
    elif status == 429 or status >= 500:
        raise NotTaken(str(status))
    elif status < 300:
        note_told(Actor.system(), device)


def _words(notice: Notice) -> bytes:
    """What the worker of the browser shows; two notices about one thing replace each other."""
    settings = current_app.config["SETTINGS"]
    person = db.session.get_one(Person, notice.person_id)
    with current_app.test_request_context(base_url=settings.base_url):
        g.language, g.timezone = person.locale, person.timezone
        refresh()
        with force_locale(person.locale):
            text, agency = sentence(notice), agency_name()
    said = {
        "title": agency, "text": text[:400], "lang": person.locale, "href": f"/notices/{notice.id}",
        "tag": f"{notice.about}-{notice.about_id}",
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False).encode()[: webpush.MOST]
