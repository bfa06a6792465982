"""Rounds: begin, open to participants, weigh, drop; pairs that HR pins or keeps apart."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.people.actions import record_audit
from mentorlink.programmes.models import Programme
from mentorlink.programmes.queries import rules_of
from mentorlink.programmes.rules import USUAL_IMPORTANCE, Enrolment
from mentorlink.rounds.actions.draft import leave_alone
from mentorlink.rounds.actions.ground import end_run, touch
from mentorlink.rounds.events import RoundOpened
from mentorlink.rounds.inputs import OpenInput, RevisionInput, RoundInput, TieInput, WeightsInput
from mentorlink.rounds.models import Proposal, Round, RoundChange, RoundQuota, RoundTie
from mentorlink.rounds.policy import may_add_round, may_edit_round
from mentorlink.rounds.queries import busy_run, member_ids, member_of, quotas_of, rounds_of


@action
def add_round(actor: Actor, programme: Programme, data: RoundInput) -> Round:
    """There is a new round, set as the last one of its programme was. Coaching has none: a coachee chooses."""
    ensure(may_add_round, actor, programme)
    if programme.kind != "mentoring":
        raise Conflict("round_of_coaching")
    last = next(iter(rounds_of(programme)), None)
    round_ = Round(
        programme_id=programme.id, name=data.name, state="preparing", mode=last.mode if last else "sum",
        importances=last.importances if last else dict(USUAL_IMPORTANCE) | programme.weights,
        own_points=last.own_points if last else any(rules_of(programme).points.values()),
        enrolment=last.enrolment if last else Enrolment().model_dump(mode="json"), bonus=last.bonus if last else 5,
        created_by_id=actor.person_id, created_at=clock.now(), revision=1,
    )  # fmt: skip
    with or_refuse(Conflict("round_exists")):
        db.session.add(round_)
    for quota in quotas_of(last) if last else ():
        again = {name: getattr(quota, name) for name in ("side", "kind", "key", "at_least", "at_most")}
        db.session.add(RoundQuota(round_id=round_.id, **again))
    db.session.add(RoundChange(round_id=round_.id, revision=1, by_id=actor.person_id, at=clock.now(), act="begun", facts={}))
    record_audit(actor, "round_begun", "round", round_.id, programme=programme.id)
    return round_


@action
def open_round(actor: Actor, round_: Round, data: OpenInput) -> Round:
    """Participants may enrol and rank until a day, and those who take part are told."""
    ensure(may_edit_round, actor, round_)
    if data.open_until < clock.today():
        raise Invalid(Fault("open_until", "day_is_over"))
    touch(actor, round_, data.revision, "opened", until=data.open_until.isoformat())
    first = round_.state != "open"
    round_.state, round_.open_until = "open", data.open_until
    if first:
        concerned = set(member_ids(round_, "mentee")) | set(member_ids(round_, "mentor"))
        record(RoundOpened(round_.id, tuple(sorted(concerned)), data.open_until.isoformat()))
    return round_


@action
def shut_round(actor: Actor, round_: Round, data: RevisionInput) -> Round:
    """Participants enrol and rank no more; what they said stays."""
    ensure(may_edit_round, actor, round_)
    touch(actor, round_, data.revision, "shut")
    round_.state = "preparing"
    return round_


@action
def drop_round(actor: Actor, round_: Round, data: RevisionInput) -> Round:
    """The round ends without being published. Nobody is told, since nobody was told of any pair."""
    ensure(may_edit_round, actor, round_)
    touch(actor, round_, data.revision, "dropped")
    if (run := busy_run(round_)) is not None:
        end_run(run, "cancelled")
    round_.state = "dropped"
    record_audit(actor, "round_dropped", "round", round_.id)
    return round_


@action
def set_weights(actor: Actor, round_: Round, data: WeightsInput) -> Round:
    """What counts how much in this round, how it is solved, and the bonus of who missed out."""
    ensure(may_edit_round, actor, round_)
    if data.own_points and not any(rules_of(round_.programme).points.values()):
        raise Invalid(Fault("own_points", "no_own_points"))
    touch(actor, round_, data.revision, "weighed")
    round_.importances = dict(round_.importances) | dict(data.importances)
    round_.own_points, round_.mode, round_.bonus = data.own_points, data.mode, data.bonus
    return round_


@action
def tie_pair(actor: Actor, round_: Round, data: TieInput) -> RoundTie:
    """Pin two participants to each other, or keep them apart. A mentee has one pin; what was said last holds."""
    ensure(may_edit_round, actor, round_)
    for side, person_id in (("mentee", data.mentee_id), ("mentor", data.mentor_id)):
        member = member_of(round_, side, person_id)
        if member is None or member.out:
            raise Invalid(Fault(f"{side}_id", "takes_no_part"))
    if data.mentee_id == data.mentor_id:
        raise Invalid(Fault("mentor_id", "same_person"))
    touch(actor, round_, data.revision, "tied", kind=data.kind)
    if data.kind == "pin":
        db.session.execute(
            sa.delete(RoundTie).where(
                RoundTie.round_id == round_.id, RoundTie.mentee_id == data.mentee_id, RoundTie.kind == "pin"
            )
        )
    tie = db.session.merge(RoundTie(round_id=round_.id, mentee_id=data.mentee_id, mentor_id=data.mentor_id, kind=data.kind))
    if data.kind == "ban":
        pair = sa.select(Proposal).where(
            Proposal.round_id == round_.id, Proposal.mentee_id == data.mentee_id, Proposal.mentor_id == data.mentor_id
        )
        if (line := db.session.scalar(pair)) is not None:
            leave_alone(line)
    record_audit(actor, "round_tied", "round", round_.id, kind=data.kind, mentee=data.mentee_id, mentor=data.mentor_id)
    return tie


@action
def untie_pair(actor: Actor, round_: Round, data: TieInput) -> None:
    """What was said about two participants holds no more. Saying it twice is saying it once."""
    ensure(may_edit_round, actor, round_)
    touch(actor, round_, data.revision, "untied", kind=data.kind)
    db.session.execute(
        sa.delete(RoundTie).where(
            RoundTie.round_id == round_.id, RoundTie.mentee_id == data.mentee_id, RoundTie.mentor_id == data.mentor_id
        )
    )
