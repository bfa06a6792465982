"""The life of a community: what it is for, what its members promise and measure, the way from step to step, who follows whom."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from mentorlink.community import stages
from mentorlink.community.actions import log, places
from mentorlink.community.actions.communities import admit, drop, member_or_refuse
from mentorlink.community.actions.safety import refuse_held
from mentorlink.community.events.communities import JoinedCommunity, LeftCommunity, MemberRoleChanged
from mentorlink.community.events.lives import KeeperNamed, MembersAssigned, StepEntered
from mentorlink.community.inputs.lives import (
    AssignInput,
    CharterInput,
    KeeperInput,
    MeasureInput,
    MoveInput,
    PromiseInput,
    ResultInput,
    ReviewInput,
    SettleInput,
    SuccessorInput,
)
from mentorlink.community.models.communities import Community, Entry, Membership
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.lives import CycleReview, Focus, Keeper, Life, Measure, Promise
from mentorlink.community.policy import lives as policy
from mentorlink.community.policy.communities import is_barred
from mentorlink.community.queries import lives as queries
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.text import fold
from mentorlink.people.models import Person, Unit
from mentorlink.programmes.models import Programme

MOST_ASSIGNED = 500
"""So many people a programme assigns at once."""


@action
def begin_life(actor: Actor, community_id: int) -> None:
    """A new community stands at the beginning of its preparation."""
    ensure(policy.may_begin_life, actor)
    db.session.add(Life(community_id=community_id, entered_at=clock.now()))


@action
def write_charter(actor: Actor, community: Community, data: CharterInput) -> None:
    """The problem, who belongs, why it matters and the competencies it is about are these now."""
    ensure(policy.may_steer, actor, community)
    life = _held(community)
    if data.programme_id is not None:
        programme = db.session.get(Programme, data.programme_id)
        if programme is None or programme.state != "active":
            raise Invalid(Fault("programme_id", "programme_unknown"))
    community.purpose, community.why = data.purpose, data.why
    life.belongs, life.programme_id = data.belongs, data.programme_id
    wanted = {row.id for row in queries.competencies_by_id(data.competency_ids)}
    db.session.execute(sa.delete(Focus).where(Focus.community_id == community.id))
    db.session.add_all(Focus(community_id=community.id, competency_id=one) for one in sorted(wanted))


@action
def make_promise(actor: Actor, community: Community, data: PromiseInput) -> None:
    """The member's promise of this cycle is this one; said again, it replaces what was said."""
    ensure(policy.may_take_part, actor, community)
    refuse_held(actor, community.id, text=data.text)
    life = _held(community)
    key = {"community_id": community.id, "cycle": life.cycle, "person_id": actor.person_id}
    said = {"text": data.text, "state": "open", "made_at": clock.now(), "settled_at": None}
    put = insert_into(Promise).values(key | said)
    db.session.execute(put.on_conflict_do_update(index_elements=list(key), set_=said))


@action
def settle_promise(actor: Actor, promise: Promise, data: SettleInput) -> None:
    """The member says how their promise went."""
    ensure(policy.may_settle_promise, actor, promise)
    lock(promise)
    promise.state = data.state
    promise.settled_at = None if data.state == "open" else clock.now()


@action
def add_measure(actor: Actor, community: Community, data: MeasureInput) -> Measure:
    """The community measures itself by this too."""
    ensure(policy.may_steer, actor, community)
    life = _held(community)
    measure = Measure(**data.model_dump(), community_id=community.id, cycle=life.cycle, folded_name=fold(data.name))
    with or_refuse(Conflict("measure_there", name=data.name)):
        db.session.add(measure)
    return measure


@action
def note_result(actor: Actor, measure: Measure, data: ResultInput) -> None:
    """Where the measure stands now."""
    ensure(policy.may_steer, actor, db.session.get_one(Community, measure.community_id))
    lock(measure)
    measure.result, measure.result_on = data.result, data.result_on


@action
def drop_measure(actor: Actor, measure: Measure) -> None:
    """The community does not measure itself by this."""
    ensure(policy.may_steer, actor, db.session.get_one(Community, measure.community_id))
    db.session.delete(measure)


@action
def name_keeper(actor: Actor, community: Community, code: str, data: KeeperInput) -> None:
    """A member sees to it that a step yields this; facilitators give it to anybody, a member takes it for themself."""
    ensure(policy.may_take_part, actor, community)
    if code not in stages.YIELDS_ALL:
        raise Invalid(Fault("code", "yield_unknown"))
    if data.person_id is not None and db.session.get(Membership, (community.id, data.person_id)) is None:
        raise Invalid(Fault("person_id", "person_unknown"))
    row = db.session.get(Keeper, (community.id, code), with_for_update=True)
    ensure(policy.may_name_keeper, actor, community, row.person_id if row else None, data.person_id)
    db.session.execute(sa.delete(Keeper).where(Keeper.community_id == community.id, Keeper.code == code))
    if data.person_id is not None:
        with or_refuse(Conflict("try_again")):
            db.session.add(Keeper(community_id=community.id, code=code, person_id=data.person_id))
        if not actor.is_person(data.person_id):
            record(KeeperNamed(community.id, data.person_id, code, actor.person_id))


@action
def write_review(actor: Actor, community: Community, data: ReviewInput) -> None:
    """What the cycle came to is said so; a stale text is refused and kept by who wrote it."""
    ensure(policy.may_steer, actor, community)
    life = _held(community)
    if life.step != "evaluation":
        raise Conflict("step_elsewhere")
    row = db.session.get(CycleReview, (community.id, life.cycle), with_for_update=True, populate_existing=True)
    if (row.version if row else 0) != data.version:
        raise Conflict("review_changed")
    if row is None:
        row = CycleReview(community_id=community.id, cycle=life.cycle, version=0, written_by_id=actor.person_id)
        db.session.add(row)
    row.changed, row.keep, row.lessons = data.changed, data.keep, data.lessons
    row.version, row.written_by_id, row.written_at = data.version + 1, actor.person_id, clock.now()


@action
def take_step(actor: Actor, community: Community, data: MoveInput) -> None:
    """The community goes from step to step; forward only when the step has yielded what it must. Of two, one is first."""
    ensure(policy.may_take_step, actor, community)
    life = _held(community)
    way = stages.move(data.code, life.step)
    if way is None or life.step != data.step:
        raise Conflict("step_elsewhere")
    if way.gated:
        missing = [duty.code for duty in queries.standing_of(community).now if duty.gate and not duty.done]
        if missing:
            raise Conflict("step_yields_missing", missing=missing)
    if way.outcome is not None:
        _conclude(actor, community, life, way.outcome, data.person_id)
    instant = clock.now()
    if (way.after, way.before) == ("implementation", "preparation") or way.outcome in ("go_on", "hand_over"):
        life.started_at = instant
    life.step, life.entered_at = way.after, instant
    if way.after == "closed":
        _shut(actor, community)
    if "closed" in (way.before, way.after):
        log.write_in_all(community.id, "ruled")  # so that open pages offer no writing, or offer it again
    record(StepEntered(community.id, way.after, way.code, actor.person_id))


@action
def hand_over(actor: Actor, community: Community, data: SuccessorInput) -> None:
    """Another member facilitates from now on; the actor stays as a plain member, or leaves."""
    ensure(policy.may_name_successor, actor, community)
    mine = member_or_refuse(community, int(actor.person_id or 0))
    _promote(actor, community, data.person_id)
    if data.stay:
        mine.role = "member"
    else:
        drop(mine)
        record(LeftCommunity(community.id, mine.person_id))


@action
def assign_members(actor: Actor, community: Community, data: AssignInput) -> int:
    """People belong because a programme sends them: one, or all of a unit and below, but nobody who was removed.

    Returns how many came.
    """
    ensure(policy.may_assign_members, actor, community)
    came = admit(community, *_sent(community, data))
    for person_id in came:
        record(JoinedCommunity(community.id, person_id))
    if came:
        record(MembersAssigned(community.id, tuple(came), actor.person_id))
    return len(came)


def _held(community: Community) -> Life:
    """The life of a community under its lock."""
    return lock(db.session.get_one(Life, community.id))


def _conclude(actor: Actor, community: Community, life: Life, outcome: str, heir_id: int | None) -> None:
    """End a cycle; the next begins, unless the community closes."""
    review = db.session.get_one(CycleReview, (community.id, life.cycle))
    review.outcome, review.decided_at = outcome, clock.now()
    if outcome == "hand_over":
        if heir_id is None or actor.is_person(heir_id):
            raise Invalid(Fault("person_id", "person_unknown"))
        _promote(actor, community, heir_id)
        member_or_refuse(community, int(actor.person_id or 0)).role = "member"
    if outcome != "close":
        life.cycle += 1
        _carry_measures(community.id, life.cycle)


def _shut(actor: Actor, community: Community) -> None:
    """Nobody waits any more for what a closed community does not do: entries, gatherings to come, open questions."""
    waiting = sa.update(Entry).where(Entry.community_id == community.id, Entry.state == "open")
    db.session.execute(waiting.values(state="withdrawn", answered_at=clock.now()))
    places.end_all(actor, community.id)
    asked = sa.update(Decision).where(Decision.community_id == community.id, Decision.state == "open")
    db.session.execute(asked.values(state="withdrawn"))


def _carry_measures(community_id: int, cycle: int) -> None:
    """What the last cycle ended with is where the next begins."""
    for old in db.session.scalars(sa.select(Measure).where(Measure.community_id == community_id, Measure.cycle == cycle - 1)):
        db.session.add(
            Measure(
                community_id=community_id, cycle=cycle, name=old.name, folded_name=old.folded_name, unit=old.unit, aim=old.aim,
                start=old.start if old.result is None else old.result, start_on=old.result_on or old.start_on, source=old.source,
            )
        )  # fmt: skip


def _promote(actor: Actor, community: Community, person_id: int) -> None:
    heir = db.session.get(Membership, (community.id, person_id))
    if heir is None or actor.is_person(person_id):
        raise Invalid(Fault("person_id", "person_unknown"))
    if heir.role != "facilitator":
        heir.role = "facilitator"
        record(MemberRoleChanged(community.id, person_id, "facilitator", actor.person_id))


def _sent(community: Community, data: AssignInput) -> Sequence[int]:
    if data.person_id is not None:
        person = db.session.get(Person, data.person_id)
        if person is None or not person.is_active:
            raise Invalid(Fault("person_id", "person_unknown"))
        return [] if is_barred(person.id, community.id) else [person.id]
    unit = db.session.get(Unit, data.unit_id) if data.unit_id is not None else None
    if unit is None:
        raise Invalid(Fault("unit_id", "unit_not_there"))
    ids = db.session.scalars(queries.to_assign_from(community.id, unit).limit(MOST_ASSIGNED + 1)).all()
    if len(ids) > MOST_ASSIGNED:
        raise Invalid(Fault("unit_id", "unit_too_large", {"most": MOST_ASSIGNED}))
    return ids
