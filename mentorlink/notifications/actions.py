"""Use cases: telling people, reading, choosing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.competencies.queries import among
from mentorlink.kernel import clock, crypto, jobs, settings
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into
from mentorlink.kernel.errors import Conflict
from mentorlink.notifications.events import ManyNotified, NoticesRead, Notified
from mentorlink.notifications.inputs import DeviceInput, PreferencesInput, RhythmInput
from mentorlink.notifications.models import Notice, Preference, PushDevice, Rhythm
from mentorlink.notifications.policy import may_drop_device, may_keep_notices, may_notify, may_read_notice
from mentorlink.notifications.queries import devices_of_many, mail_times, preferences_of, preferences_of_many
from mentorlink.notifications.rules import ALWAYS, GROUPS, KINDS, digest_due
from mentorlink.people.models import Person

AT_ONCE = 500
"""So many people are looked at in one transaction."""


@action
def notify(
    actor: Actor, person_id: int, *, kind: str, about: str, about_id: int, facts: dict[str, Any], dedupe_key: str | None = None,
    mail: str = "notifications/notice", mail_facts: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Tell a person something, in the app and by mail as they wish; the same ``dedupe_key`` is told once.

    ``mail``: the template of the mail, where it says more than the notice; ``mail_facts``: what it needs beside the notice.
    """
    ensure(may_notify, actor)
    wish = preferences_of(person_id)[KINDS[kind]]
    if kind in ALWAYS:
        wish = GROUPS[KINDS[kind]]
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
        payload = {"to_person_id": person_id, "template": mail, "facts": {"notice_id": notice.id, **(mail_facts or {})}}
        jobs.enqueue(_lane(mail), payload, run_at=mail_times([person_id])[person_id], dedupe_key=f"mail:notice:{notice.id}")
    if wish.in_app:
        _tell_devices([notice])
        record(Notified(notice_id=notice.id, person_id=person_id))


MOST_DEVICES = 10
"""So many browsers of one person are told; the oldest goes."""


@dataclass(frozen=True)
class Told:
    """What one of many is told."""

    person_id: int
    about_id: int
    facts: dict[str, Any] = field(default_factory=dict)


@action
def notify_many(
    actor: Actor, told: Sequence[Told], *, kind: str, about: str, once: str | None = None, mail: str = "notifications/notice",
    mail_facts: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """``notify`` for many people in a constant number of statements; with ``once``, each person stands once in ``told``."""
    ensure(may_notify, actor)
    wishes = preferences_of_many({each.person_id for each in told}, KINDS[kind])
    there = _told_before(wishes, once)
    instant = clock.now()
    rows = [
        Notice(
            person_id=each.person_id, kind=kind, about=about, about_id=each.about_id, facts=each.facts, created_at=instant,
            dedupe_key=once, read_at=None if wishes[each.person_id].in_app else instant,
        )
        for each in told
        if each.person_id not in there and (wishes[each.person_id].in_app or wishes[each.person_id].by_mail)
    ]  # fmt: skip
    db.session.add_all(rows)
    db.session.flush()
    mailed = [row for row in rows if wishes[row.person_id].by_mail]
    times = mail_times([row.person_id for row in mailed])
    for moment in sorted(set(times.values())):
        jobs.enqueue_many(
            _lane(mail),
            {
                f"mail:notice:{row.id}": {
                    "to_person_id": row.person_id, "template": mail, "facts": {"notice_id": row.id, **(mail_facts or {})},
                }
                for row in mailed
                if times[row.person_id] == moment
            },
            run_at=moment,
        )  # fmt: skip
    if shown := [row for row in rows if wishes[row.person_id].in_app]:
        _tell_devices(shown)
        record(ManyNotified(tuple(row.id for row in shown)))


def _lane(mail: str) -> str:
    """Dates go before everything else that waits to be sent."""
    return "mail.soon" if mail.startswith("meetings/") else "mail.send"


def _tell_devices(notices: Sequence[Notice]) -> None:
    """What appears in the app is told on people's browsers, in their quiet hours later. No query where push is off."""
    if not settings.current().push_key:
        return
    devices = devices_of_many({notice.person_id for notice in notices})
    times = mail_times(list(devices)) if devices else {}
    for notice in notices:
        for device_id in devices.get(notice.person_id, ()):
            payload = {"notice_id": notice.id, "device_id": device_id}
            key = f"push:{notice.id}:{device_id}"
            jobs.enqueue("push.send", payload, run_at=times[notice.person_id], dedupe_key=key)


def _told_before(person_ids: Collection[int], once: str | None) -> set[int]:
    if once is None:
        return set()
    query = sa.select(Notice.person_id).where(among(Notice.person_id, person_ids), Notice.dedupe_key == once)
    return set(db.session.scalars(query))


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
def hush_notices(actor: Actor, person_id: int, *, about: str, about_ids: sa.Select[Any], kinds: Collection[str] = ()) -> None:
    """A person's unread notices about these things, of these ``kinds`` alone if any, are read: nothing asks for them any more."""
    ensure(may_notify, actor)
    theirs = sa.update(Notice).where(Notice.person_id == person_id, Notice.about == about, Notice.about_id.in_(about_ids))
    if kinds:
        theirs = theirs.where(Notice.kind.in_(kinds))
    hushed = db.session.execute(theirs.where(Notice.read_at.is_(None)).values(read_at=clock.now()))
    if hushed.rowcount:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        record(NoticesRead(person_id=person_id))


@action
def read_notices_before(actor: Actor, instant: datetime) -> None:
    """Mark everybody's notices from before ``instant`` as read; for the demo, whose people have read the older ones."""
    ensure(may_notify, actor)
    db.session.execute(
        sa.update(Notice).where(Notice.created_at < instant, Notice.read_at.is_(None)).values(read_at=Notice.created_at)
    )


@action
def add_device(actor: Actor, data: DeviceInput, *, sign_in_id: int | None = None, user_agent: str = "") -> None:
    """This browser is told from now on, of what concerns the actor and nobody who used it before."""
    ensure(may_keep_notices, actor)
    if not settings.current().push_key:
        raise Conflict("push_off")
    values = {
        "person_id": actor.person_id, "sign_in_id": sign_in_id, "endpoint": data.endpoint, "public": data.public,
        "shared": data.shared, "user_agent": user_agent[:300], "created_at": clock.now(), "told_at": None,
    }  # fmt: skip
    put = insert_into(PushDevice).values(values | {"endpoint_hash": crypto.token_hash(data.endpoint)})
    db.session.execute(put.on_conflict_do_update(index_elements=["endpoint_hash"], set_=values))
    mine = sa.select(PushDevice.id).where(PushDevice.person_id == actor.person_id).order_by(PushDevice.id.desc())
    old = db.session.scalars(mine.offset(MOST_DEVICES)).all()
    db.session.execute(sa.delete(PushDevice).where(PushDevice.id.in_(old)))


@action
def drop_device(actor: Actor, device: PushDevice) -> None:
    """This browser is told no more."""
    ensure(may_drop_device, actor, device)
    db.session.execute(sa.delete(PushDevice).where(PushDevice.id == device.id))


@action
def drop_devices(actor: Actor, person_id: int, *, sign_in_id: int | None = None) -> None:
    """The browsers of who signed out there, or left, are told no more."""
    ensure(may_notify, actor)
    theirs = sa.delete(PushDevice).where(PushDevice.person_id == person_id)
    db.session.execute(theirs if sign_in_id is None else theirs.where(PushDevice.sign_in_id == sign_in_id))


@action
def note_told(actor: Actor, device: PushDevice) -> None:
    """Its service took something."""
    ensure(may_notify, actor)
    device.told_at = clock.now()


@action
def choose_rhythm(actor: Actor, data: RhythmInput) -> None:
    """A digest comes so often, and no mail in these hours."""
    ensure(may_keep_notices, actor)
    values = data.model_dump()
    put = insert_into(Rhythm).values({"person_id": actor.person_id} | values)
    db.session.execute(put.on_conflict_do_update(index_elements=["person_id"], set_=values))


@action
def send_digests(actor: Actor, after: int = 0) -> tuple[int, int | None]:
    """Whose hour has come gets a digest of their communities, one a day at most.

    Looks at ``AT_ONCE`` people at a time, from beyond id ``after`` on, so that nobody who writes waits long. Returns how many
    get one, and the id to go on after; None when all were looked at.
    """
    ensure(may_notify, actor)
    waiting = (
        sa.select(Rhythm, Person.timezone)
        .join(Person, Person.id == Rhythm.person_id)
        .where(Rhythm.digest != "never", Person.state == "active", Rhythm.person_id > after)
        .order_by(Rhythm.person_id)
        .limit(AT_ONCE)
    )
    looked_at = db.session.execute(waiting).all()
    sent = 0
    for rhythm, timezone in looked_at:
        here = clock.now().astimezone(ZoneInfo(timezone))
        if not digest_due(rhythm.digest, rhythm.hour, rhythm.sent_on, here):
            continue
        rhythm.sent_on = here.date()
        day = here.date().isoformat()
        payload = {"to_person_id": rhythm.person_id, "template": "notifications/digest", "facts": {"day": day}}
        jobs.enqueue("mail.send", payload, dedupe_key=f"digest:{rhythm.person_id}:{day}")
        sent += 1
    return sent, looked_at[-1][0].person_id if len(looked_at) == AT_ONCE else None


@action
def choose_preferences(actor: Actor, data: PreferencesInput) -> None:
    """Keep what the actor wants to hear of."""
    ensure(may_keep_notices, actor)
    wishes = [
        {"person_id": actor.person_id, "group": code, "in_app": code in data.in_app, "by_mail": code in data.by_mail}
        for code in GROUPS
    ]
    put = insert_into(Preference).values(wishes)
    said = {name: put.excluded[name] for name in ("in_app", "by_mail")}
    db.session.execute(put.on_conflict_do_update(index_elements=["person_id", "group"], set_=said))
