"""The agreement: proposing a version, signing it."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.inputs import read
from mentorlink.sessions.mentoring.actions.ground import begin, ids
from mentorlink.sessions.mentoring.events import AgreementProposed, AgreementSigned
from mentorlink.sessions.mentoring.inputs import AgreementDraft, Extension, SignedVersion
from mentorlink.sessions.mentoring.models import Agreement, Mentorship, Signature
from mentorlink.sessions.mentoring.policy import may_change_mentorship


@action
def propose_agreement(actor: Actor, mentorship: Mentorship, data: AgreementDraft) -> Agreement:
    """Put a new version before both; signatures under earlier ones stay with those.

    Refused with ``agreement_changed`` when the other has proposed a version since the writer began.
    """
    ensure(may_change_mentorship, actor, mentorship)
    begin(mentorship, "propose_agreement")
    if data.based_on != mentorship.agreement_number:
        raise Conflict("agreement_changed", number=mentorship.agreement_number)
    agreement = Agreement(
        mentorship_id=mentorship.id, number=data.based_on + 1, clauses=data.clauses(), proposed_by_id=actor.person_id,
        proposed_at=clock.now(),
    )  # fmt: skip
    mentorship.agreement_number = agreement.number
    db.session.add(agreement)
    db.session.flush()
    record(AgreementProposed(*ids(mentorship), agreement_id=agreement.id, by_id=actor.person_id))
    return agreement


@action
def sign_agreement(actor: Actor, mentorship: Mentorship, data: SignedVersion) -> Agreement:
    """Sign the version that was read. Signing it twice is signing it once; an outdated one is refused."""
    ensure(may_change_mentorship, actor, mentorship)
    begin(mentorship, "sign_agreement")
    if data.number != mentorship.agreement_number:
        raise Conflict("agreement_outdated", number=data.number, newest=mentorship.agreement_number)
    agreement = db.session.scalars(
        sa.select(Agreement).where(Agreement.mentorship_id == mentorship.id, Agreement.number == data.number)
    ).one()
    if any(signature.person_id == actor.person_id for signature in agreement.signatures):
        return agreement
    agreement.signatures.append(Signature(person_id=actor.person_id, signed_at=clock.now()))
    db.session.flush()
    complete = {signature.person_id for signature in agreement.signatures} == set(mentorship.person_ids)
    record(AgreementSigned(*ids(mentorship), agreement_id=agreement.id, by_id=actor.person_id, complete=complete))
    return agreement


@action
def extend_agreement(actor: Actor, mentorship: Mentorship, data: Extension) -> Agreement:
    """Propose to go on until a later day: the newest version with another end, signed by who proposes it."""
    ensure(may_change_mentorship, actor, mentorship)
    begin(mentorship, "propose_agreement")
    newest = db.session.scalar(
        sa.select(Agreement).where(Agreement.mentorship_id == mentorship.id, Agreement.number == mentorship.agreement_number)
    )
    if newest is None:
        raise Conflict("no_agreement_yet")
    if data.until.isoformat() <= newest.clauses["ends_on"]:
        raise Invalid(Fault("until", "not_later", {"day": newest.clauses["ends_on"]}))
    draft = read(AgreementDraft, newest.clauses | {"ends_on": data.until.isoformat(), "based_on": newest.number})
    agreement = propose_agreement(actor, mentorship, draft)
    return sign_agreement(actor, mentorship, SignedVersion(number=agreement.number))
