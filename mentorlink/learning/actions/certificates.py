"""Certificates."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.learning.events import CertificateIssued
from mentorlink.learning.models import Certificate
from mentorlink.learning.policy import may_issue_certificate
from mentorlink.people.models import Person


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
