"""Reads about notices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from mentorlink.competencies.queries import among
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.prepared import Prepared
from mentorlink.notifications.models import Notice, Preference, PushDevice, Rhythm
from mentorlink.notifications.policy import may_drop_device, may_read_notice
from mentorlink.notifications.rules import GROUPS, Group, after_quiet
from mentorlink.people.models import Person

PAGE = 30


def unread_count(actor: Actor) -> int:
    """How many notices of the actor are unread."""
    return unread_of(actor.person_id or 0)


def unread_of(person_id: int) -> int:
    """How many notices of a person are unread."""
    return _unread.scalar({"person": person_id}) or 0


@Prepared
def _unread() -> sa.Select[tuple[int]]:
    notice = Notice.__table__.c
    return sa.select(sa.func.count(notice.id)).where(notice.person_id == sa.bindparam("person"), notice.read_at.is_(None))


def unread_of_many(person_ids: Collection[int]) -> dict[int, int]:
    """The same for many people. One query."""
    rows = db.session.execute(
        sa.select(Notice.person_id, sa.func.count())
        .where(among(Notice.person_id, person_ids), Notice.read_at.is_(None))
        .group_by(Notice.person_id)
    )
    return dict(rows.all())


def notices_for(actor: Actor, *, before: int | None = None) -> Sequence[Notice]:
    """The actor's notices, newest first, one page; ``before`` is the id of the last one seen."""
    query = sa.select(Notice).where(Notice.person_id == actor.person_id)
    seen = db.session.get(Notice, before) if before is not None else None
    if seen is not None:
        same_time = sa.and_(Notice.created_at == seen.created_at, Notice.id < seen.id)
        query = query.where(sa.or_(Notice.created_at < seen.created_at, same_time))
    query = query.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(PAGE + 1)
    return db.session.scalars(query).all()


def notice_for(actor: Actor, notice_id: int) -> Notice:
    """One notice of the actor's own."""
    notice = db.session.get(Notice, notice_id)
    if notice is None or not may_read_notice(actor, notice):
        raise NotFound()
    return notice


def preferences_of_many(person_ids: Collection[int], group: str) -> dict[int, Group]:
    """What each person wants to hear of in one group. One query."""
    rows = db.session.scalars(sa.select(Preference).where(among(Preference.person_id, person_ids), Preference.group == group))
    chosen = {row.person_id: Group(row.group, in_app=row.in_app, by_mail=row.by_mail) for row in rows}
    return {person_id: chosen.get(person_id, GROUPS[group]) for person_id in person_ids}


def devices_for(actor: Actor) -> list[PushDevice]:
    """The actor's browsers that are told, newest first."""
    query = sa.select(PushDevice).where(PushDevice.person_id == actor.person_id)
    return list(db.session.scalars(query.order_by(PushDevice.id.desc())))


def device_for(actor: Actor, push_id: int) -> PushDevice:
    """One of the actor's own."""
    device = db.session.get(PushDevice, push_id)
    if device is None or not may_drop_device(actor, device):
        raise NotFound()
    return device


def devices_of_many(person_ids: Collection[int]) -> dict[int, list[int]]:
    """Person → ids of their browsers that are told. One query."""
    rows = db.session.execute(
        sa.select(PushDevice.person_id, PushDevice.id).where(among(PushDevice.person_id, person_ids)).order_by(PushDevice.id)
    )
    found: dict[int, list[int]] = {}
    for person_id, device_id in rows:
        found.setdefault(person_id, []).append(device_id)
    return found


def rhythm_of(person_id: int) -> Rhythm:
    """When somebody wishes to hear by mail; as a row that is not kept where they chose nothing."""
    return db.session.get(Rhythm, person_id) or Rhythm(person_id=person_id, digest="never", hour=7)


def mail_times(person_ids: Collection[int]) -> dict[int, datetime]:
    """Person → when a mail that is due now goes out: at once, or after the quiet hours of their own clock. One query."""
    instant = clock.now()
    rows = db.session.execute(
        sa.select(Rhythm.person_id, Rhythm.quiet_from, Rhythm.quiet_to, Person.timezone)
        .join(Person, Person.id == Rhythm.person_id)
        .where(among(Rhythm.person_id, person_ids), Rhythm.quiet_from.is_not(None))
    )
    later = {row.person_id: after_quiet(instant, row.timezone, row.quiet_from, row.quiet_to) for row in rows}
    return {person_id: later.get(person_id, instant) for person_id in person_ids}


def preferences_of(person_id: int) -> dict[str, Group]:
    """What a person wants to hear of, by group, with the defaults where nothing was chosen."""
    chosen = {
        row.group: Group(row.group, in_app=row.in_app, by_mail=row.by_mail)
        for row in db.session.scalars(sa.select(Preference).where(Preference.person_id == person_id))
    }
    return {code: chosen.get(code, default) for code, default in GROUPS.items()}
