"""Reads of the record of who did what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from mentorlink.kernel.actions import ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people import policy
from mentorlink.people.models import AuditEntry, Person, Unit
from mentorlink.people.queries.people import named_so, people_by_id
from mentorlink.people.queries.units import units_by_id


@dataclass(frozen=True)
class AuditPage:
    """Some entries, newest first, the people and units they name, and where the next page begins."""

    entries: list[AuditEntry]
    people: dict[int, Person]
    units: dict[int, Unit]
    next_before: int | None


def audit_for(
    actor: Actor,
    *,
    act: str = "",
    person_id: int | None = None,
    name: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> AuditPage:
    """The record, for administrators of the agency: by deed, by who did it or to whom, by time. Three queries.

    ``name``: parts of a name, or an e-mail address, of whoever did it or to whom. ``until`` itself is not in it.
    """
    ensure(policy.may_see_audit, actor)
    chosen = sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit + 1)
    if act:
        chosen = chosen.where(AuditEntry.act == act)
    if person_id:
        done_to = sa.and_(AuditEntry.thing == "person", AuditEntry.thing_id == person_id)
        chosen = chosen.where(sa.or_(AuditEntry.actor_id == person_id, done_to))
    if name.strip():
        called = sa.select(Person.id).where(named_so(name))
        to_them = sa.and_(AuditEntry.thing == "person", AuditEntry.thing_id.in_(called))
        chosen = chosen.where(sa.or_(AuditEntry.actor_id.in_(called), to_them))
    if since:
        chosen = chosen.where(AuditEntry.at >= since)
    if until:
        chosen = chosen.where(AuditEntry.at < until)
    if before:
        chosen = chosen.where(AuditEntry.id < before)
    entries = list(db.session.scalars(chosen))
    more, entries = len(entries) > limit, entries[:limit]
    named = {entry.actor_id for entry in entries} | {entry.facts.get("person_id") for entry in entries}
    named |= {entry.thing_id for entry in entries if entry.thing == "person"}
    units = {entry.thing_id for entry in entries if entry.thing == "unit"}
    units |= {entry.facts.get(name) for entry in entries for name in ("unit_id", "parent_id")}
    return AuditPage(
        entries,
        people_by_id(person for person in named if person),
        units_by_id(unit for unit in units if unit),
        entries[-1].id if more else None,
    )


def audit_acts_for(actor: Actor) -> list[str]:
    """The deeds that occur in the record, for the filter."""
    ensure(policy.may_see_audit, actor)
    return list(db.session.scalars(sa.select(AuditEntry.act).distinct().order_by(AuditEntry.act)))
