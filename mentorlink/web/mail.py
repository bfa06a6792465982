"""Mails: rendered like pages in the reader's language, sent from the outbox by the job ``mail.send``."""

from __future__ import annotations

import hashlib
import json
import re
import smtplib
import ssl
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate, parseaddr
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app, g, render_template
from flask_babel import force_locale, refresh

from mentorlink.community.queries.catchup import catch_up
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.kernel.jobs import Later
from mentorlink.notifications.models import Notice
from mentorlink.notifications.shapes import sentence
from mentorlink.people.models import Person
from mentorlink.people.queries import actor_of
from mentorlink.web.community import calendars
from mentorlink.web.locale import agency_name
from mentorlink.web.meetings import invitations
from mentorlink.web.targets import href

STALE = timedelta(days=7)
"""A mail that found no server for so long tells nobody anything new."""


def _of_notice(facts: dict[str, Any], _person: Person | None) -> dict[str, Any] | None:
    """A notice of talk that was read while its mail waited, or hushed by a block, is not told once more; nor an old one."""
    notice = db.session.get_one(Notice, facts["notice_id"])
    if notice.created_at < clock.now() - STALE:
        return None
    if notice.about == "message" and notice.read_at is not None and notice.read_at > notice.created_at:
        return None
    return {"sentence": sentence(notice), "href": href(notice.about, notice.about_id, external=True)}


def _as_said(facts: dict[str, Any], _person: Person | None) -> dict[str, Any]:
    return facts


def _of_digest(_facts: dict[str, Any], person: Person | None) -> dict[str, Any] | None:
    """What mattered when the mail goes out; nothing to tell is not told."""
    if person is None:
        return None
    news = catch_up(actor_of(person, door="mail"))
    return None if news.empty else {"news": news}


def _of_reminder(facts: dict[str, Any], person: Person | None) -> dict[str, Any] | None:
    """Of a session of two or of a group, or of a community's gathering."""
    remind = calendars.context_of_reminder if "gathering_id" in facts else invitations.context_of_reminder
    return remind(facts, person)


CONTEXTS: dict[str, Callable[[dict[str, Any], Person | None], dict[str, Any] | None]] = {
    "notifications/notice": _of_notice,
    "notifications/digest": _of_digest,
    "meetings/gathering": calendars.context,
    "meetings/invitation": invitations.context,
    "meetings/reminder": _of_reminder,
}
"""Mail template → what it shows, where the facts of the payload are ids only. None: by now there is nothing to tell.

``calendar`` in what it shows is (method, text): what a calendar program reads of it.
"""


def send_mail(payload: dict[str, Any]) -> None:
    """Render and send one mail.

    ``payload``: ``to_person_id`` or ``to_email``; ``template``, a name below ``templates/mail`` without ending; ``facts``
    for the template; optionally ``attachments``. A second try after a crash carries the same Message-ID. Where there is
    neither a mail server nor a data folder, the mail waits in the outbox.
    """
    person = db.session.get(Person, payload["to_person_id"]) if "to_person_id" in payload else None
    address = person.email if person else payload["to_email"]
    if person is not None and person.state == "disabled":
        return
    if (message := compose(address, person, payload)) is not None:
        _deliver(message)


def compose(address: str, person: Person | None, payload: dict[str, Any]) -> EmailMessage | None:
    """The mail as it will be sent: plain text first, the same as HTML beside it, and what a calendar program reads.

    None where there is nothing to tell any more: a session was moved again or cancelled before its mail went out.
    """
    settings = current_app.config["SETTINGS"]
    language = person.locale if person else payload.get("language", settings.default_locale)
    with current_app.test_request_context(base_url=settings.base_url):
        g.language = language
        g.timezone = person.timezone if person else settings.default_timezone
        refresh()  # many mails are written in one context, each on its reader's clock
        with force_locale(language):
            more = CONTEXTS.get(payload["template"], _as_said)(payload["facts"], person)
            if more is None:
                return None
            context = {"person": person, "agency_name": (agency := agency_name()), "locale": language, **more}
            text = render_template(f"mail/{payload['template']}.txt", **context)
            html = render_template(f"mail/{payload['template']}.html", **context)
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(unescape(title[1]).split()) if title else agency
    message["From"] = formataddr(parseaddr(settings.mail_from))
    message["To"] = formataddr((person.full_name if person else "", address))
    message["Date"] = formatdate(localtime=False)
    digest = hashlib.sha256(json.dumps([address, payload], sort_keys=True).encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@{urlsplit(settings.base_url).hostname or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.strip() + "\n")
    message.add_alternative(html, subtype="html")
    if "calendar" in more:
        method, entries = more["calendar"]
        message.add_alternative(entries, subtype="calendar", cte="base64", params={"method": method})
    return message


def _deliver(message: EmailMessage) -> None:
    settings = current_app.config["SETTINGS"]
    if not settings.smtp_url:
        if settings.data_dir is None:
            raise Later("MENTORLINK_SMTP_URL is not set, and on PostgreSQL there is no data folder for mails")
        _lay_down(message, settings.data_dir / "mail")
        return
    url = urlsplit(settings.smtp_url)
    options = parse_qs(url.query)
    secure = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(url.hostname or "", url.port or 465, timeout=20, context=secure)
    else:
        server = smtplib.SMTP(url.hostname or "", url.port or 25, timeout=20)
    with server:
        if options.get("starttls") == ["1"]:
            server.starttls(context=secure)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


def _lay_down(message: EmailMessage, folder: Path) -> None:
    """Without a mail server, mails are files beside an embedded database, so that a trial shows what would be sent."""
    folder.mkdir(exist_ok=True)
    name = message["Message-ID"].strip("<>").split("@")[0]
    (folder / f"{name}.eml").write_bytes(message.as_bytes())
