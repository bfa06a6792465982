"""Publishing: every pair is checked again, its place taken, both told; all of it in one transaction, and once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from mentorlink.competencies.queries import among, competency_ids_by_code
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.pairing.actions import withdraw_request
from mentorlink.pairing.actions.room import return_place, take_place
from mentorlink.pairing.models import Offer, Request
from mentorlink.pairing.stages import OPEN
from mentorlink.people.actions import record_audit
from mentorlink.rounds.actions.ground import touch
from mentorlink.rounds.events import RoundMissed, RoundPairPublished
from mentorlink.rounds.inputs import PublishInput
from mentorlink.rounds.models import Proposal, Round
from mentorlink.rounds.policy import may_free_place, may_publish_round
from mentorlink.rounds.queries import busy_run, changed_since
from mentorlink.sessions.mentoring.actions.start import start_mentorship

NO_ROOM = "no_room"


@action
def publish_round(actor: Actor, round_: Round, data: PublishInput) -> Round:
    """Every pair of the draft begins as a mentorship, and both sides are told; who has nobody is told so. Twice is once.

    A pair that a rule forbids by now, or whose mentor has no place left, is never published: it refuses the whole
    publication and is named, unless ``without_changed`` says to go on without it.
    """
    ensure(may_publish_round, actor, round_)
    db.session.refresh(round_, with_for_update={"of": Round})
    if round_.state == "published":
        return round_
    if busy_run(round_) is not None:
        raise Conflict("run_goes_on", number=busy_run(round_).number)  # type: ignore[union-attr]  # just found
    touch(actor, round_, data.revision, "published")
    lines = db.session.scalars(sa.select(Proposal).where(Proposal.round_id == round_.id).order_by(Proposal.id)).all()
    pairs = [line for line in lines if line.mentor_id is not None]
    if not pairs:
        raise Conflict("nothing_to_publish")
    changed = changed_since(round_, pairs)
    if changed and not data.without_changed:
        raise Conflict("pairs_changed", count=len(changed))
    for line in pairs:
        line.left_out = changed.get(line.id, ("",))[0][:20]
    _begin(actor, round_, [line for line in pairs if not line.left_out])
    for line in lines:
        if line.mentorship_id is None:
            record(RoundMissed(round_.id, line.mentee_id))
    round_.state, round_.published_at, round_.published_by_id = "published", clock.now(), actor.person_id
    record_audit(actor, "round_published", "round", round_.id, pairs=len(pairs) - len(changed), left_out=len(changed))
    return round_


@action
def free_round_place(actor: Actor, proposal: Proposal) -> None:
    """The pair of a published line is over: its place is free again, once."""
    ensure(may_free_place, actor)
    ended = db.session.execute(
        sa.update(Proposal).where(Proposal.id == proposal.id, Proposal.ended_at.is_(None)).values(ended_at=clock.now())
    )
    if ended.rowcount == 1 and proposal.offer is not None:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        return_place(actor, proposal.offer)


def _begin(actor: Actor, round_: Round, lines: Sequence[Proposal]) -> None:
    offers = _offers({line.mentor_id for line in lines if line.mentor_id is not None})
    ids = competency_ids_by_code()
    _withdraw_requests(lines)
    house = Actor.system()
    for line in lines:
        offer = offers[line.mentor_id or 0]
        take_place(house, offer)
        started = start_mentorship(
            actor,
            mentor_id=offer.person_id,
            mentee_id=line.mentee_id,
            programme_id=round_.programme_id,
            competency_ids=[ids[gap[0]] for gap in line.why.get("gaps", ()) if gap[4] and gap[0] in ids],
        )
        line.mentorship_id, line.offer_id = started.id, offer.id
        record(RoundPairPublished(round_.id, line.mentee_id, offer.person_id, started.id))
    db.session.flush()


def _offers(mentor_ids: set[int]) -> Mapping[int, Offer]:
    rows = db.session.scalars(
        sa.select(Offer)
        .where(Offer.kind == "mentor", Offer.closed_at.is_(None), among(Offer.person_id, mentor_ids))
        .with_for_update(of=Offer)
    )
    return {offer.person_id: offer for offer in rows}


def _withdraw_requests(lines: Sequence[Proposal]) -> None:
    """A request that waits between two whom the round pairs has nothing left to ask."""
    pairs = {(line.mentee_id, line.mentor_id) for line in lines}
    house = Actor.system()
    rows = db.session.scalars(
        sa.select(Request).where(Request.state.in_(OPEN), among(Request.person_id, {mentee for mentee, _mentor in pairs}))
    ).all()
    for request in rows:
        if (request.person_id, request.mentor_id) in pairs:
            withdraw_request(house, request)


@action
def note_file(actor: Actor, round_: Round, *, form: str) -> None:
    """The record says who took the round away as a file."""
    ensure(may_publish_round, actor, round_)
    record_audit(actor, "file_taken", "round", round_.id, kind="round", form=form)
