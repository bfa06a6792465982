"""What people choose while finding: being ranked, being found, keeping somebody in mind, telling HR what is missing."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.competencies.models import Competency
from mentorlink.competencies.queries import among, needs_of
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.pairing import rules
from mentorlink.pairing.actions.asker import locked_person
from mentorlink.pairing.actions.invitations import withdraw_invitations
from mentorlink.pairing.events import ChoicesChanged, NeedSettled, NeedVoiced
from mentorlink.pairing.inputs import ChoicesInput, NeedInput
from mentorlink.pairing.models import FindingChoice, Invitation, NeedVoice, Offer, SavedPerson
from mentorlink.pairing.policy import (
    may_choose_finding,
    may_forget_person,
    may_leave_ranking,
    may_save_person,
    may_settle_need,
    may_voice_need,
)
from mentorlink.pairing.queries.choices import choices_of, standing_of
from mentorlink.pairing.queries.voices import covered


@action
def choose_finding(actor: Actor, data: ChoicesInput) -> None:
    """Keep how the actor wants to be ranked and found; it holds at once. Who is found no more is invited no more."""
    ensure(may_choose_finding, actor)
    values = {"unranked": data.unranked, "open_to_offers": data.open_to_offers, "changed_at": clock.now()}
    before = choices_of(actor.person_id)
    if (before.unranked, before.open_to_offers) == (data.unranked, data.open_to_offers):
        return
    row = insert_into(FindingChoice).values(person_id=actor.person_id, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=[FindingChoice.person_id], set_=values))
    db.session.expire_all()
    if before.open_to_offers and not data.open_to_offers:
        withdraw_invitations(Invitation.person_id == actor.person_id)
    record(ChoicesChanged(actor.person_id or 0))


@action
def leave_ranking(actor: Actor, person_id: int, *, unseen: bool) -> None:
    """Somebody objected in the way of the law on personal data: they are ranked no more, and with ``unseen`` not found either."""
    ensure(may_leave_ranking, actor)
    before = choices_of(person_id)
    values = {"unranked": True, "open_to_offers": before.open_to_offers and not unseen, "changed_at": clock.now()}
    row = insert_into(FindingChoice).values(person_id=person_id, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=[FindingChoice.person_id], set_=values))
    db.session.expire_all()
    if before.open_to_offers and unseen:
        withdraw_invitations(Invitation.person_id == person_id)
    record(ChoicesChanged(person_id))


@action
def save_person(actor: Actor, offer: Offer) -> None:
    """Keep whose offer this is in mind, as it stands now; saving again notes how it stands. Nobody is told."""
    ensure(may_save_person, actor, offer)
    locked_person(actor)
    count = sa.select(sa.func.count()).where(SavedPerson.person_id == actor.person_id)
    key = {"person_id": actor.person_id, "saved_id": offer.person_id, "kind": offer.kind}
    there = db.session.get(SavedPerson, (actor.person_id, offer.person_id, offer.kind))
    if there is None and (db.session.scalar(count) or 0) >= rules.MOST_SAVED:
        raise Conflict("too_many_saved", most=rules.MOST_SAVED)
    values = {"stood": standing_of(offer, clock.today()), "saved_at": clock.now()}
    row = insert_into(SavedPerson).values(**key, **values)
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=[SavedPerson.person_id, SavedPerson.saved_id, SavedPerson.kind], set_={"stood": values["stood"]}
        )
    )
    db.session.expire_all()


@action
def forget_person(actor: Actor, saved_id: int, kind: str) -> None:
    """Take somebody off the actor's own list. Twice is once."""
    ensure(may_forget_person, actor)
    db.session.execute(
        sa.delete(SavedPerson).where(
            SavedPerson.person_id == actor.person_id, SavedPerson.saved_id == saved_id, SavedPerson.kind == kind
        )
    )


@action
def voice_need(actor: Actor, data: NeedInput) -> None:
    """Tell HR that nobody covers one of the actor's gaps. Once for each need, until HR has taken it up."""
    ensure(may_voice_need, actor)
    needs = {need.code: need for need in needs_of((actor.person_id or 0,)).get(actor.person_id or 0, [])}
    need = needs.get(data.competency)
    if need is None or not (need.gap or need.actual is None):
        raise Invalid(Fault("competency", "no_need"))
    row = insert_into(NeedVoice).values(
        person_id=actor.person_id, kind=data.kind, competency_id=need.competency_id, level=need.required, said_at=clock.now()
    )
    if db.session.scalar(row.on_conflict_do_nothing().returning(NeedVoice.id)) is not None:
        record(NeedVoiced(data.kind, need.competency_id, need.required, actor.person_id or 0))


@action
def settle_need(actor: Actor, kind: str, competency: Competency) -> int:
    """Say that HR has taken a need up; who spoke is told. How many that were. Twice is once."""
    ensure(may_settle_need, actor)
    spoke = list(
        db.session.scalars(
            sa.select(NeedVoice.person_id)
            .where(
                NeedVoice.kind == kind,
                NeedVoice.competency_id == competency.id,
                NeedVoice.settled_at.is_(None),
                covered(actor, NeedVoice.person_id),
            )
            .with_for_update(of=NeedVoice)
        )
    )
    if spoke:
        db.session.execute(
            sa.update(NeedVoice)
            .where(
                NeedVoice.kind == kind, NeedVoice.competency_id == competency.id, NeedVoice.settled_at.is_(None),
                among(NeedVoice.person_id, spoke),
            )
            .values(settled_at=clock.now(), settled_by_id=actor.person_id)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
        record(NeedSettled(kind, competency.id, tuple(sorted(spoke))))
    return len(spoke)
