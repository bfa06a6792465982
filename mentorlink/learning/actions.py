"""Use cases of the learning record."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.learning.events import CertificateIssued
from mentorlink.learning.models import Certificate, HoursEntry, HoursRule
from mentorlink.learning.policy import may_credit_hours, may_issue_certificate, may_load_hours_rule
from mentorlink.learning.queries import rule_on
from mentorlink.learning.rules import credit_of_session, month_of
from mentorlink.people.models import Person

DATA = Path(__file__).parent / "data"


@action
def load_hours_rule(actor: Actor, *, valid_from: date) -> None:
    """Make the shipped table version 1 of the rule, unless there is a version already."""
    ensure(may_load_hours_rule, actor)
    if db.session.scalar(sa.select(HoursRule.id).limit(1)):
        return
    with (DATA / "paths.csv").open(encoding="utf-8", newline="") as file:
        paths = {
            row["code"]: {
                "name": {"id": row["name_id"], "en": row["name_en"]},
                "jp_per_session": int(row["jp_per_session"]),
                "counted_per_month": int(row["counted_per_month"]),
                "mentor_earns": row["mentor_earns"] == "yes",
            }
            for row in csv.DictReader(file)
        }
    db.session.add(HoursRule(number=1, valid_from=valid_from, paths=paths))


@action
def credit_session(actor: Actor, person_id: int, *, path: str, happened_on: date, minutes: int, origin: str) -> None:
    """Credit one held session to a person under the month's cap; the same deed is credited once."""
    ensure(may_credit_hours, actor)
    lock(db.session.get_one(Person, person_id))
    if db.session.scalar(sa.select(HoursEntry.id).where(HoursEntry.person_id == person_id, HoursEntry.origin == origin)):
        return
    rule = rule_on(happened_on)
    table = rule.paths[path]
    first, next_first = month_of(happened_on)
    counted = db.session.scalar(
        sa.select(sa.func.count()).where(
            HoursEntry.person_id == person_id,
            HoursEntry.path == path,
            HoursEntry.happened_on >= first,
            HoursEntry.happened_on < next_first,
            HoursEntry.jp > 0,
        )
    )
    credit = credit_of_session(
        jp_per_session=table["jp_per_session"], counted_per_month=table["counted_per_month"], already_counted=counted or 0
    )
    db.session.add(
        HoursEntry(person_id=person_id, path=path, happened_on=happened_on, minutes=minutes, jp=credit.jp,
                   capped_from=credit.capped_from, rule_id=rule.id, origin=origin, created_at=clock.now())
    )  # fmt: skip
    db.session.flush()


@action
def issue_certificate(actor: Actor, person_id: int, *, origin: str, facts: dict[str, Any]) -> Certificate:
    """Issue the certificate of a deed; asked again, the same certificate is the answer."""
    ensure(may_issue_certificate, actor)
    lock(db.session.get_one(Person, person_id))
    existing = db.session.scalar(sa.select(Certificate).where(Certificate.origin == origin))
    if existing is not None:
        return existing
    instant = clock.now()
    kind, _colon, deed = origin.partition(":")
    number = f"ML/{instant.year}/{kind[:3].upper()}-{deed.rjust(5, '0')}"
    certificate = Certificate(number=number, person_id=person_id, origin=origin, facts=facts, issued_at=instant)
    db.session.add(certificate)
    db.session.flush()
    record(CertificateIssued(certificate_id=certificate.id, person_id=person_id))
    return certificate
