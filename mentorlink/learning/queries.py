"""Reads of the learning record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import Certificate, HoursEntry, HoursRule
from mentorlink.learning.policy import may_see_hours
from mentorlink.people.models import Person
from mentorlink.people.queries import person_for


def rule_on(day: date) -> HoursRule:
    """The newest version of the hours rule that holds for deeds of ``day``; raises NotFound when none was loaded."""
    rule = db.session.scalar(
        sa.select(HoursRule)
        .where(HoursRule.valid_from <= day)
        .order_by(HoursRule.valid_from.desc(), HoursRule.number.desc())
        .limit(1)
    )
    if rule is None:
        raise NotFound("no_hours_rule", day=day.isoformat())
    return rule


def person_with_hours_for(actor: Actor, person_id: int) -> Person:
    """A person whose hours the actor may see."""
    person = person_for(actor, person_id)
    if not may_see_hours(actor, person):
        raise NotFound()
    return person


def entries_for(actor: Actor, person: Person, year: int) -> Sequence[HoursEntry]:
    """The hours of one person in a year, newest deed first."""
    if not may_see_hours(actor, person):
        raise NotFound()
    query = (
        sa.select(HoursEntry)
        .options(joinedload(HoursEntry.rule))
        .where(
            HoursEntry.person_id == person.id,
            HoursEntry.happened_on >= date(year, 1, 1),
            HoursEntry.happened_on < date(year + 1, 1, 1),
        )
        .order_by(HoursEntry.happened_on.desc(), HoursEntry.id.desc())
    )
    return db.session.scalars(query).all()


def jp_of(person_ids: Sequence[int], year: int) -> dict[int, int]:
    """JP that count in a year, per person; people without any are left out."""
    query = (
        sa.select(HoursEntry.person_id, sa.func.sum(HoursEntry.jp))
        .where(
            HoursEntry.person_id.in_(person_ids),
            HoursEntry.happened_on >= date(year, 1, 1),
            HoursEntry.happened_on < date(year + 1, 1, 1),
        )
        .group_by(HoursEntry.person_id)
    )
    return {person_id: int(jp) for person_id, jp in db.session.execute(query)}


def certificates_for(actor: Actor, person: Person) -> Sequence[Certificate]:
    """The certificates of a person, newest first."""
    if not may_see_hours(actor, person):
        raise NotFound()
    return db.session.scalars(
        sa.select(Certificate).where(Certificate.person_id == person.id).order_by(Certificate.id.desc())
    ).all()


def certificate_for(actor: Actor, certificate_id: int) -> Certificate:
    """One certificate: its holder's, or of somebody whose hours the actor may see."""
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None:
        raise NotFound()
    person_with_hours_for(actor, certificate.person_id)
    return certificate
