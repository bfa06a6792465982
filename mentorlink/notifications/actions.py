"""Use cases: telling people, reading, choosing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.events import NoticesRead, Notified
from mentorlink.notifications.inputs import PreferencesInput
from mentorlink.notifications.models import Notice, Preference
from mentorlink.notifications.policy import may_keep_notices, may_notify, may_read_notice
from mentorlink.notifications.queries import preferences_of
from mentorlink.notifications.rules import GROUPS, KINDS


@action
def notify(
    actor: Actor, person_id: int, *, kind: str, about: str, about_id: int, facts: dict[str, Any], dedupe_key: str | None = None
) -> None:
    """Tell a person something, in the app and by mail as they wish; the same ``dedupe_key`` is told once."""
    ensure(may_notify, actor)
    wish = preferences_of(person_id)[KINDS[kind]]
    if not (wish.in_app or wish.by_mail):
        return
    if dedupe_key and db.session.scalar(
        sa.select(Notice.id).where(Notice.person_id == person_id, Notice.dedupe_key == dedupe_key)
    ):
        return
    instant = clock.now()
    notice = Notice(
        person_id=person_id, kind=kind, about=about, about_id=about_id, facts=facts, created_at=instant, dedupe_key=dedupe_key,
        read_at=None if wish.in_app else instant,
    )  # fmt: skip
    db.session.add(notice)
    db.session.flush()
    if wish.by_mail:
        payload = {"to_person_id": person_id, "template": "notifications/notice", "facts": {"notice_id": notice.id}}
        jobs.enqueue("mail.send", payload, dedupe_key=f"mail:notice:{notice.id}")
    if wish.in_app:
        record(Notified(notice_id=notice.id, person_id=person_id))


@action
def read_notice(actor: Actor, notice: Notice) -> None:
    """Mark one notice as read."""
    ensure(may_read_notice, actor, notice)
    if notice.read_at is None:
        notice.read_at = clock.now()
        record(NoticesRead(person_id=notice.person_id))


@action
def read_all_notices(actor: Actor) -> None:
    """Mark all of the actor's notices as read."""
    ensure(may_keep_notices, actor)
    db.session.execute(
        sa.update(Notice).where(Notice.person_id == actor.person_id, Notice.read_at.is_(None)).values(read_at=clock.now())
    )
    record(NoticesRead(person_id=actor.person_id or 0))


@action
def read_notices_before(actor: Actor, instant: datetime) -> None:
    """Mark everybody's notices from before ``instant`` as read; for the demo, whose people have read the older ones."""
    ensure(may_notify, actor)
    db.session.execute(
        sa.update(Notice).where(Notice.created_at < instant, Notice.read_at.is_(None)).values(read_at=Notice.created_at)
    )


@action
def choose_preferences(actor: Actor, data: PreferencesInput) -> None:
    """Keep what the actor wants to hear of."""
    ensure(may_keep_notices, actor)
    for code in GROUPS:
        db.session.merge(
            Preference(person_id=actor.person_id, group=code, in_app=code in data.in_app, by_mail=code in data.by_mail)
        )
