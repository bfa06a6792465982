"""Claims of learning hours: sent with evidence, decided by who stands above, reversed by a new entry."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import PurePath

import sqlalchemy as sa

from mentorlink.kernel import clock, crypto
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.text import fold
from mentorlink.learning.actions.hours import credit_claim, refuse_frozen, withdraw_deed
from mentorlink.learning.events import ClaimDecided, ClaimSent
from mentorlink.learning.inputs import ClaimInput, Decision, Reason, Upload
from mentorlink.learning.models import Claim, DevelopmentPlan, Evidence, HoursEntry, PlanLine
from mentorlink.learning.policy import may_change_claim, may_claim_hours, may_decide, may_reverse_claim
from mentorlink.learning.queries import rule_on, superior_deciding
from mentorlink.learning.queries.periods import frozen_between
from mentorlink.learning.rules import PathRule, kind_of_file, paths_of
from mentorlink.learning.rules.claims import MOST_OPEN, faults_of
from mentorlink.learning.rules.evidence import NAME_LENGTH
from mentorlink.learning.stages import Step, claim_step
from mentorlink.people.models import Person

STANDING = ("sent", "returned", "approved")
OPEN = ("sent", "returned")


@action
def claim_hours(actor: Actor, person: Person, data: ClaimInput, *, upload: Upload | None = None) -> Claim:
    """Claim something learned, with a file or a link to show it; the same sending twice is one claim."""
    ensure(may_claim_hours, actor, person)
    lock(person)
    existing = db.session.scalar(sa.select(Claim).where(Claim.person_id == person.id, Claim.client_id == data.client_id))
    if existing is not None:
        return existing
    open_ones = sa.select(sa.func.count()).where(Claim.person_id == person.id, Claim.state.in_(OPEN))
    if (db.session.scalar(open_ones) or 0) >= MOST_OPEN:
        raise Conflict("claims_full", limit=MOST_OPEN)
    claim = Claim(client_id=data.client_id, person_id=person.id, state="sent", sent_at=clock.now(), revision=1)
    _write(claim, person, data, upload, actor)
    record(ClaimSent(claim_id=claim.id, person_id=person.id))
    return claim


@action
def change_claim(actor: Actor, claim: Claim, data: ClaimInput, *, upload: Upload | None = None) -> None:
    """Correct a claim that was returned and send it again; a file that was there stays unless a new one comes."""
    ensure(may_change_claim, actor, claim)
    person = lock(db.session.get_one(Person, claim.person_id))
    step = _step(lock(claim), "send")
    claim.state, claim.sent_at = step.after, clock.now()
    claim.revision += 1
    _write(claim, person, data, upload, actor)
    record(ClaimSent(claim_id=claim.id, person_id=person.id))


@action
def withdraw_claim(actor: Actor, claim: Claim) -> None:
    """Take back a claim that nobody has decided; its file goes with it."""
    ensure(may_change_claim, actor, claim)
    claim.state = _step(lock(claim), "withdraw").after
    if claim.evidence is not None:
        db.session.delete(claim.evidence)


@action
def decide_claim(actor: Actor, claim: Claim, data: Decision) -> None:
    """Approve, return or refuse a claim; what is approved is in the ledger with it. Of two who decide at once one is first.

    Over another sending than the one that was read nothing happens.
    """
    ensure(may_decide, actor, claim.person, superior_deciding(claim.person))
    step = _step(lock(claim), data.decision)
    if data.revision != claim.revision:
        raise Conflict("claim_changed")
    if step.after == "approved":
        refuse_frozen(claim.starts_on, claim.ends_on)
    _settle(actor, claim, step, data.note)
    if step.after == "approved":
        db.session.flush()
        credit_claim(Actor.system(), claim)


@action
def reverse_claim(actor: Actor, claim: Claim, data: Reason) -> None:
    """Take an approved claim back out: the ledger gets a new entry, nothing in it is changed."""
    ensure(may_reverse_claim, actor, claim.person)
    step = _step(lock(claim), "reverse")
    refuse_frozen(claim.starts_on, claim.ends_on)
    _settle(actor, claim, step, data.note)
    origins = db.session.scalars(sa.select(HoursEntry.origin).where(HoursEntry.claim_id == claim.id, HoursEntry.turn == 0)).all()
    for origin in origins:
        withdraw_deed(Actor.system(), claim.person_id, origin=origin, by_id=actor.person_id)


def _step(claim: Claim, code: str) -> Step:
    step = claim_step(code, claim.state)
    if step is None:
        raise Conflict("claim_settled")
    return step


def _settle(actor: Actor, claim: Claim, step: Step, note: str) -> None:
    if step.reason and len(note) < 3:
        raise Invalid(Fault("note", "note_needed"))
    claim.state, claim.decided_by_id, claim.decided_at, claim.decision_note = step.after, actor.person_id, clock.now(), note
    record(ClaimDecided(claim_id=claim.id, person_id=claim.person_id, by_id=actor.person_id or 0, state=step.after))


def _write(claim: Claim, person: Person, data: ClaimInput, upload: Upload | None, actor: Actor) -> None:
    today = clock.today(actor.timezone)
    table = _table(data, today)
    faults = faults_of(table, data, today)
    if not faults and (period := frozen_between(data.starts_on, data.ends_on)):
        faults.append(Fault("starts_on", "period_frozen", {"period": period.name}))
    if upload is None and data.link is None and claim.evidence is None:
        faults.append(Fault("file", "evidence_needed"))
    if faults:
        raise Invalid(*faults)
    _refuse_twice(claim, data, person.id, by_day=table.rule == "per_day")
    kind = kind_of_file(upload.name, upload.content) if upload else None
    for name, value in data.model_dump(exclude={"client_id"}).items():
        setattr(claim, name, value)
    claim.folded_activity = fold(data.activity)
    claim.plan_line_id = _own_line(person, data)
    db.session.add(claim)
    db.session.flush()
    if upload and kind:
        _keep(claim, person, upload, kind)


def _table(data: ClaimInput, today: date) -> PathRule:
    """How the path counted on the last day; for a day that no claim may name, how it counts today."""
    possible = today.year - 1 <= data.ends_on.year and data.ends_on <= today
    paths = paths_of(rule_on(data.ends_on if possible else today).paths)
    if data.path not in paths:
        raise Invalid(Fault("path", "literal_error"))
    return paths[data.path]


def _refuse_twice(claim: Claim, data: ClaimInput, person_id: int, *, by_day: bool) -> None:
    """The same activity is claimed once for the same days, and so is a day of a path that counts days."""
    same = Claim.folded_activity == fold(data.activity)
    other = db.session.scalar(
        sa.select(Claim)
        .where(
            Claim.person_id == person_id,
            Claim.id != (claim.id or 0),
            Claim.state.in_(STANDING),
            Claim.starts_on <= data.ends_on,
            Claim.ends_on >= data.starts_on,
            sa.or_(same, Claim.path == data.path) if by_day else same,
        )
        .limit(1)
    )
    if other is not None:
        raise Invalid(Fault("starts_on", "claim_overlaps", {"activity": other.activity}))


def _own_line(person: Person, data: ClaimInput) -> int | None:
    if data.plan_line_id is None:
        return None
    line = db.session.scalar(
        sa.select(PlanLine.id)
        .join(DevelopmentPlan)
        .where(
            PlanLine.id == data.plan_line_id, DevelopmentPlan.person_id == person.id, DevelopmentPlan.year == data.ends_on.year
        )
    )
    if line is None:
        raise Invalid(Fault("plan_line_id", "literal_error"))
    return line


def _keep(claim: Claim, person: Person, upload: Upload, kind: str) -> None:
    digest = hashlib.sha256(upload.content).hexdigest()
    used = db.session.scalar(
        sa.select(Claim)
        .join(Evidence)
        .where(Claim.person_id == person.id, Evidence.sha256 == digest, Claim.id != claim.id, Claim.state.in_(STANDING))
        .limit(1)
    )
    if used is not None:
        raise Invalid(Fault("file", "evidence_used", {"activity": used.activity}))
    row = claim.evidence or Evidence(claim_id=claim.id)
    row.name = "".join(c for c in PurePath(upload.name.replace("\\", "/")).name if c.isprintable())[-NAME_LENGTH:]
    row.stored_name = f"{crypto.new_token()[:24]}.{kind}"
    row.kind, row.size, row.sha256 = kind, len(upload.content), digest
    row.content, row.uploaded_at = upload.content, clock.now()
    db.session.add(row)
    db.session.flush()
