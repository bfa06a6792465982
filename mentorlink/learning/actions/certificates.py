"""Certificates: of a closed mentorship, of a frozen period in one run, revoked with a reason, and their papers."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into, lock
from mentorlink.kernel.errors import Conflict
from mentorlink.learning.events import CertificateIssued, CertificateRevoked, CertificatesIssued
from mentorlink.learning.inputs import Revocation
from mentorlink.learning.models import Certificate, CertificatePaper, CertificateRun, LearningPeriod, RecapRow
from mentorlink.learning.policy import may_close_period, may_issue_certificate, may_revoke_certificate
from mentorlink.learning.queries.periods import certified_count, certifying, run_of
from mentorlink.learning.queries.settings import settings_now
from mentorlink.people.actions import record_audit
from mentorlink.people.models import Person


def new_code() -> str:
    """What the public page is asked by: 80 bits that nobody guesses, short enough to be typed."""
    return secrets.token_hex(10)


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
    certificate = Certificate(
        number=number,
        code=new_code(),
        person_id=person_id,
        origin=origin,
        facts=settings_now().signs | facts,
        issued_at=instant,
    )
    db.session.add(certificate)
    db.session.flush()
    record(CertificateIssued(certificate_id=certificate.id, person_id=person_id))
    return certificate


def signed(period: LearningPeriod) -> dict[str, Any]:
    """Who stands under the certificates of a period."""
    return {
        "issuing_unit": period.issuing_unit,
        "signatory_name": period.signatory_name,
        "signatory_title": period.signatory_title,
        "place": period.place,
    }


@action
def start_certificates(actor: Actor, period: LearningPeriod) -> CertificateRun:
    """Begin to issue the certificates of a frozen period, or go on where it stopped; nothing is issued twice."""
    ensure(may_close_period, actor)
    if lock(period).state != "frozen":
        raise Conflict("period_not_frozen")
    run = run_of(period)
    total = db.session.scalar(
        sa.select(sa.func.count()).where(RecapRow.period_id == period.id, RecapRow.build == period.build, certifying(period))
    )
    if run is None:
        run = CertificateRun(period_id=period.id, state="running", asked_by_id=actor.person_id, asked_at=clock.now(),
                             beat_at=clock.now(), total=total or 0, issued=0)  # fmt: skip
        db.session.add(run)
        record_audit(actor, "certificates_begun", "learning_period", period.id, total=total)
    elif run.state == "done":
        return run
    run.issued = certified_count(period)
    jobs.enqueue("learning.certificates", {"period_id": period.id})
    return run


@dataclass(frozen=True)
class Draft:
    """A certificate ready to be issued: the line of the recap it stands for, what it says, and its paper."""

    row_id: int
    person_id: int
    number: str
    code: str
    facts: dict[str, Any]
    language: str
    paper: bytes


@action
def issue_drafts(actor: Actor, period: LearningPeriod, drafts: Sequence[Draft]) -> int:
    """Issue some certificates with their papers; a line that has one is passed over. Returns how many came."""
    ensure(may_issue_certificate, actor)
    run = lock(db.session.get_one(CertificateRun, period.id))
    there = set(
        db.session.scalars(
            sa.select(Certificate.recap_row_id).where(Certificate.recap_row_id.in_([draft.row_id for draft in drafts]))
        )
    )
    fresh = [draft for draft in drafts if draft.row_id not in there]
    instant = clock.now()
    rows = [
        Certificate(number=draft.number, code=draft.code, person_id=draft.person_id, period_id=period.id,
                    recap_row_id=draft.row_id, origin=f"recap:{draft.row_id}", facts=draft.facts, issued_at=instant)
        for draft in fresh
    ]  # fmt: skip
    db.session.add_all(rows)
    db.session.flush()
    papers = [_paper(row.id, draft.language, draft.paper) for row, draft in zip(rows, fresh, strict=True)]
    if papers:
        db.session.execute(sa.insert(CertificatePaper), papers)
        record(CertificatesIssued(certificate_ids=tuple(row.id for row in rows)))
    run.issued, run.beat_at = run.issued + len(rows), instant
    return len(rows)


@action
def finish_certificates(actor: Actor, period: LearningPeriod) -> None:
    """The run is over: the recap asks for no more."""
    ensure(may_issue_certificate, actor)
    run = lock(db.session.get_one(CertificateRun, period.id))
    run.state, run.issued, run.finished_at = "done", certified_count(period), clock.now()


@action
def keep_paper(actor: Actor, certificate: Certificate, language: str, *, content: bytes) -> None:
    """Keep a paper as it was first given out; a second one of the same language changes nothing."""
    ensure(may_issue_certificate, actor)
    row = _paper(certificate.id, language, content)
    db.session.execute(insert_into(CertificatePaper).values(row).on_conflict_do_nothing())


def _paper(certificate_id: int, language: str, content: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    return {"certificate_id": certificate_id, "language": language, "content": content, "sha256": digest, "made_at": clock.now()}


@action
def revoke_certificate(actor: Actor, certificate: Certificate, data: Revocation) -> None:
    """Say that a certificate does not hold any more, and why; its number and its page stay, so that nobody is deceived."""
    ensure(may_revoke_certificate, actor, certificate)
    if lock(certificate).revoked_at is not None:
        raise Conflict("certificate_revoked")
    certificate.revoked_at, certificate.revoked_for = clock.now(), data.reason
    certificate.revoked_note, certificate.revoked_by_id = data.note, actor.person_id
    record(CertificateRevoked(certificate_id=certificate.id, person_id=certificate.person_id, by_id=actor.person_id or 0))
    record_audit(actor, "certificate_revoked", "certificate", certificate.id, reason=data.reason)
