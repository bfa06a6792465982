"""Decisions: a question is opened, members say where they stand, it is concluded on its day or before."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.community.actions.safety import refuse_held
from mentorlink.community.events.decisions import DecisionOpened, DecisionTaken
from mentorlink.community.inputs.decisions import DecisionInput, StanceInput
from mentorlink.community.models.communities import Community, Membership
from mentorlink.community.models.decisions import Alternative, Decision, Stance
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.policy import decisions as policy
from mentorlink.community.queries.decisions import alternatives_of, member_count_of, said_of
from mentorlink.community.rules import decisions as rules
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid


@action
def open_decision(actor: Actor, community: Community, data: DecisionInput) -> Decision:
    """The community decides this by that day; every member may say where they stand."""
    ensure(policy.may_open_decision, actor, community)
    closes_at = datetime.combine(data.closes_on, time(17), ZoneInfo(actor.timezone))
    if closes_at <= clock.now():
        raise Invalid(Fault("closes_on", "day_past"))
    if data.gathering_id is not None:
        gathering = db.session.get(Gathering, data.gathering_id)
        if gathering is None or gathering.community_id != community.id:
            raise Invalid(Fault("gathering_id", "gathering_elsewhere"))
    ways = {f"way{number}": " ".join(way) for number, way in enumerate(data.ways, start=1)}
    refuse_held(actor, community.id, question=data.question, about=data.about, **ways)
    decision = Decision(
        community_id=community.id, gathering_id=data.gathering_id, question=data.question, about=data.about, method=data.method,
        closes_at=closes_at, opened_by_id=actor.person_id, opened_at=clock.now(),
    )  # fmt: skip
    db.session.add(decision)
    db.session.flush()
    for position, (text, pros, cons) in enumerate(data.ways, start=1):
        db.session.add(Alternative(decision_id=decision.id, position=position, text=text, pros=pros, cons=cons))
    jobs.enqueue("community.conclude", {"decision_id": decision.id}, run_at=closes_at, dedupe_key=f"conclude:{decision.id}")
    record(DecisionOpened(decision.id, community.id, actor.person_id))
    return decision


@action
def take_stance(actor: Actor, decision: Decision, data: StanceInput) -> None:
    """The member stands here; until it is decided they may stand elsewhere."""
    ensure(policy.may_take_stance, actor, decision)
    _open(decision)
    if decision.method == "vote":
        if data.stance == "object":
            raise Invalid(Fault("stance", "vote_without_objection"))
        ways = {way.id for way in alternatives_of(decision.id)}
        if data.stance == "agree" and data.alternative_id not in ways:
            raise Invalid(Fault("alternative_id", "way_missing"))
    elif data.stance == "object" and not data.reason:
        raise Invalid(Fault("reason", "objection_without_reason"))
    refuse_held(actor, decision.community_id, reason=data.reason)
    voted = decision.method == "vote" and data.stance == "agree"
    said = {
        "stance": data.stance, "alternative_id": data.alternative_id if voted else None,
        "reason": data.reason if data.stance == "object" else "", "said_at": clock.now(),
    }  # fmt: skip
    put = insert_into(Stance).values({"decision_id": decision.id, "person_id": actor.person_id} | said)
    db.session.execute(put.on_conflict_do_update(index_elements=["decision_id", "person_id"], set_=said))


@action
def conclude_decision(actor: Actor, decision: Decision) -> None:
    """It is decided by what members said; only of those who still belong. Concluded once, whoever comes first."""
    ensure(policy.may_conclude_decision, actor, decision)
    _open(decision)
    here = sa.select(Membership.person_id).where(Membership.community_id == decision.community_id)
    gone = sa.delete(Stance).where(Stance.decision_id == decision.id, Stance.person_id.not_in(here))
    db.session.execute(gone, execution_options={"synchronize_session": False})
    said = said_of(db.session.scalars(sa.select(Stance).where(Stance.decision_id == decision.id)))
    decision.voters = member_count_of(decision.community_id)
    if not actor.is_system and len(said) < rules.needed(decision.voters):
        raise Conflict("too_few_stances", needed=rules.needed(decision.voters), said=len(said))
    ways = alternatives_of(decision.id)
    outcome = rules.conclude(decision.method, [way.id for way in ways], said, decision.voters)
    decision.state, decision.outcome = "decided", outcome.code
    decision.chosen = next((way.position for way in ways if way.id == outcome.chosen_id), None)
    decision.decided_at = clock.now()
    record(DecisionTaken(decision.id, decision.community_id, outcome.code, actor.person_id))


@action
def withdraw_decision(actor: Actor, decision: Decision) -> None:
    """The question is taken back."""
    ensure(policy.may_conclude_decision, actor, decision)
    _open(decision)
    decision.state = "withdrawn"


def _open(decision: Decision) -> None:
    lock(decision)
    if decision.state != "open":
        raise Conflict("decision_settled")
