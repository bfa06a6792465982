"""Reads of the ledger, its rules and certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from mentorlink.competencies.queries import among
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import Certificate, CertificatePaper, HoursEntry, HoursRule, SigningKey
from mentorlink.learning.policy import may_change_hours_rule, may_see_hours
from mentorlink.learning.rules import YearTarget, target_of
from mentorlink.people.models import Person
from mentorlink.people.queries import person_for


def _newest_on(day: date) -> HoursRule | None:
    return db.session.scalar(
        sa.select(HoursRule)
        .where(HoursRule.valid_from <= day)
        .order_by(HoursRule.valid_from.desc(), HoursRule.number.desc())
        .limit(1)
    )


def rule_on(day: date) -> HoursRule:
    """The newest version of the hours rule that holds for deeds of ``day``; raises NotFound when none was loaded."""
    rule = _newest_on(day)
    if rule is None:
        raise NotFound("no_hours_rule", day=day.isoformat())
    return rule


def rule_at(day: date) -> HoursRule | None:
    """The version in force on a day; where none is yet, the one made last."""
    return _newest_on(day) or newest_rule()


def newest_rule() -> HoursRule | None:
    """The version made last, whether in force already or not."""
    return db.session.scalar(sa.select(HoursRule).order_by(HoursRule.number.desc()).limit(1))


def rules_for(actor: Actor) -> Sequence[HoursRule]:
    """Every version of the rule, newest first: for HR of the agency."""
    if not may_change_hours_rule(actor):
        raise NotFound()
    return db.session.scalars(sa.select(HoursRule).options(joinedload(HoursRule.made_by)).order_by(HoursRule.number.desc())).all()


def rule_for(actor: Actor, number: int) -> HoursRule:
    """One version of the rule by its number; everyone who counts hours may read it."""
    rule = db.session.scalar(sa.select(HoursRule).options(joinedload(HoursRule.made_by)).where(HoursRule.number == number))
    if rule is None or not (actor.person_id or actor.is_system):
        raise NotFound()
    return rule


def target_in(person: Person, day: date) -> YearTarget:
    """What the year of ``day`` asks of somebody, by the rule in force then; without a rule by the law's figures."""
    rule = _newest_on(day)
    return target_of(person.contract, floor=rule.floor, ceiling=rule.ceiling) if rule else target_of(person.contract)


def person_with_hours_for(actor: Actor, person_id: int) -> Person:
    """A person whose hours the actor may see."""
    person = person_for(actor, person_id)
    if not may_see_hours(actor, person):
        raise NotFound()
    return person


def _in(year: int) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return HoursEntry.happened_on >= date(year, 1, 1), HoursEntry.happened_on < date(year + 1, 1, 1)


def entries_for(actor: Actor, person: Person, year: int) -> Sequence[HoursEntry]:
    """The entries of one person in a year, corrections included, newest deed first."""
    if not may_see_hours(actor, person):
        raise NotFound()
    query = (
        sa.select(HoursEntry)
        .options(joinedload(HoursEntry.rule), joinedload(HoursEntry.claim), joinedload(HoursEntry.approved_by))
        .where(HoursEntry.person_id == person.id, *_in(year))
        .order_by(HoursEntry.happened_on.desc(), HoursEntry.id.desc())
    )
    return db.session.scalars(query).all()


def session_entry_for(actor: Actor, entry_id: int) -> HoursEntry:
    """The entry of a held session of somebody whose hours the actor may see."""
    entry = db.session.get(HoursEntry, entry_id)
    if entry is None or entry.turn or not entry.origin.startswith("meeting:"):
        raise NotFound()
    person_with_hours_for(actor, entry.person_id)
    return entry


@dataclass(frozen=True)
class Deed:
    """A deed of the ledger with all its turns: what it counts now, and what it would count without the cap."""

    entry: HoursEntry
    corrections: tuple[HoursEntry, ...]
    jp: int
    counted: int
    full: int
    withdrawn: bool

    @property
    def lost(self) -> int:
        """JP that the cap keeps from counting."""
        return 0 if self.withdrawn else self.full - self.jp


def deeds_for(actor: Actor, person: Person, year: int) -> list[Deed]:
    """The deeds of one person in a year, newest first, each with its corrections."""
    turns: dict[str, list[HoursEntry]] = {}
    for entry in entries_for(actor, person, year):
        turns.setdefault(entry.origin, []).append(entry)
    return [_deed(sorted(entries, key=lambda entry: entry.turn)) for entries in turns.values()]


def _deed(entries: list[HoursEntry]) -> Deed:
    first, *rest = entries
    return Deed(
        entry=first,
        corrections=tuple(rest),
        jp=sum(entry.jp for entry in entries),
        counted=sum(entry.counted for entry in entries),
        full=first.full,
        withdrawn=any(entry.reason == "withdrawn" for entry in rest),
    )


def jp_of(person_ids: Sequence[int], year: int) -> dict[int, int]:
    """JP that count in a year, per person; people without any are left out."""
    query = (
        sa.select(HoursEntry.person_id, sa.func.sum(HoursEntry.jp))
        .where(among(HoursEntry.person_id, person_ids), *_in(year))
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


def certificate_by_code(code: str) -> Certificate:
    """A certificate by the code that is printed on it; whoever knows the code holds the paper in their hands."""
    certificate = db.session.scalar(sa.select(Certificate).where(Certificate.code == code))
    if certificate is None:
        raise NotFound()
    return certificate


def paper_of_certificate(certificate: Certificate, language: str) -> bytes | None:
    """The paper as it was given out, in one language."""
    paper = db.session.get(CertificatePaper, (certificate.id, language), options=[undefer(CertificatePaper.content)])
    return paper.content if paper else None


def public_keys() -> list[dict[str, str]]:
    """The public halves of every key that has signed badges, newest first."""
    return list(db.session.scalars(sa.select(SigningKey.public).order_by(SigningKey.id.desc())))


def revoked_between(first: int, after: int) -> list[int]:
    """Ids of certificates from ``first`` on, below ``after``, that do not hold any more."""
    return list(
        db.session.scalars(
            sa.select(Certificate.id).where(Certificate.id >= first, Certificate.id < after, Certificate.revoked_at.is_not(None))
        )
    )


def paths_known() -> dict[str, dict[str, str]]:
    """Path → its name, as the version made last has it."""
    rule = newest_rule()
    return {code: path["name"] for code, path in rule.paths.items()} if rule else {}
