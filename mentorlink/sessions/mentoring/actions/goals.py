"""What the two work on: competencies with baseline, purpose, targets, and both saying yes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.models import Competency
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.mentoring.actions.ground import add_target_row, begin, ids
from mentorlink.sessions.mentoring.events import GoalsAccepted, GoalsChanged
from mentorlink.sessions.mentoring.inputs import BaselineSaid, CompetencyChoice, GoalsDraft, SignedVersion
from mentorlink.sessions.mentoring.models import Acceptance, GoalsRevision, Mentorship, StagePeriod, Target
from mentorlink.sessions.mentoring.policy import may_change_mentorship
from mentorlink.sessions.mentoring.queries.gates import facts_of
from mentorlink.sessions.mentoring.rules import BOTH

MOST = 8
"""Competencies one mentorship works on at most; more is not a focus."""


@action
def add_competency(actor: Actor, mentorship: Mentorship, data: CompetencyChoice) -> Target:
    """Take a competency into the work, with the level that counts now as baseline. Earlier acceptances no longer count."""
    ensure(may_change_mentorship, actor, mentorship)
    begin(mentorship, "choose_competencies")
    competency = db.session.get(Competency, data.competency_id)
    if competency is None or competency.retired_at is not None:
        raise Invalid(Fault("competency_id", "unknown_competency"))
    targets = _targets(mentorship)
    if len(targets) >= MOST:
        raise Conflict("too_many_competencies", limit=MOST)
    with or_refuse(Conflict("competency_already_chosen")):
        target = add_target_row(mentorship, competency.id, max((each.position for each in targets), default=0) + 1)
    _revise_if_begun(actor, mentorship)
    return target


@action
def drop_competency(actor: Actor, target: Target) -> None:
    """Take a competency out of the work. Earlier acceptances of the goals no longer count."""
    ensure(may_change_mentorship, actor, target.mentorship)
    mentorship = begin(target.mentorship, "choose_competencies")
    db.session.delete(target)
    db.session.flush()
    _revise_if_begun(actor, mentorship)


@action
def say_baseline(actor: Actor, target: Target, data: BaselineSaid) -> Target:
    """Say where the mentee starts when nothing was assessed; it counts once the other says the same."""
    ensure(may_change_mentorship, actor, target.mentorship)
    mentorship = begin(target.mentorship, "agree_baseline")
    lock(target)
    if target.assessment_id is not None:
        raise Conflict("baseline_assessed")
    if target.baseline is not None and mentorship.goals_revision:
        raise Conflict("baseline_in_use")
    if target.proposed_by_id == mentorship.partner_id(actor.person_id) and target.proposed_baseline == data.level:
        target.baseline, target.proposed_baseline, target.proposed_by_id = data.level, None, None
    else:
        target.proposed_baseline, target.proposed_by_id = data.level, actor.person_id
    return target


@action
def change_goals(actor: Actor, mentorship: Mentorship, data: GoalsDraft) -> GoalsRevision:
    """Write purpose and targets as a new revision; acceptances of earlier ones stay with those.

    Refused with ``goals_changed`` when the other has written since the writer began.
    """
    ensure(may_change_mentorship, actor, mentorship)
    begin(mentorship, "change_goals")
    if data.based_on != mentorship.goals_revision:
        raise Conflict("goals_changed", revision=mentorship.goals_revision)
    targets = {target.competency_id: target for target in _targets(mentorship)}
    faults = []
    for place, draft in enumerate(data.targets):
        target = targets.get(draft.competency_id)
        if target is None:
            faults.append(Fault(f"targets.{place}.competency_id", "unknown_competency"))
        elif target.baseline is not None and draft.target <= target.baseline:
            faults.append(Fault(f"targets.{place}.target", "target_not_above", {"baseline": target.baseline}))
        else:
            target.target, target.indicator = draft.target, draft.indicator
    if faults:
        raise Invalid(*faults)
    return _revise(actor, mentorship, data.purpose)


@action
def accept_goals(actor: Actor, mentorship: Mentorship, data: SignedVersion) -> GoalsRevision:
    """Say yes to the revision that was read; what was said in an earlier time in a stage is said anew.

    Saying it twice is saying it once; an outdated one is refused.
    """
    ensure(may_change_mentorship, actor, mentorship)
    begin(mentorship, "accept_goals")
    if data.number != mentorship.goals_revision:
        raise Conflict("goals_outdated", number=data.number, newest=mentorship.goals_revision)
    targets = _targets(mentorship)
    if not targets or any(None in (target.baseline, target.target, target.indicator) for target in targets):
        raise Conflict("goals_incomplete")
    revision, period_id = _revision(mentorship), _current_period(mentorship)
    mine = next((each for each in revision.acceptances if each.person_id == actor.person_id), None)
    if mine is not None and mine.period_id == period_id:
        return revision
    if mine is None:
        mine = Acceptance(person_id=actor.person_id)
        revision.acceptances.append(mine)
    mine.accepted_at, mine.period_id = clock.now(), period_id
    db.session.flush()
    complete = facts_of([mentorship])[mentorship.id].accepted == BOTH
    record(GoalsAccepted(*ids(mentorship), revision=revision.number, by_id=actor.person_id, complete=complete))
    return revision


def _targets(mentorship: Mentorship) -> list[Target]:
    query = sa.select(Target).where(Target.mentorship_id == mentorship.id).order_by(Target.position, Target.id)
    return list(db.session.scalars(query))


def _revision(mentorship: Mentorship) -> GoalsRevision:
    return db.session.scalars(
        sa.select(GoalsRevision).where(
            GoalsRevision.mentorship_id == mentorship.id, GoalsRevision.number == mentorship.goals_revision
        )
    ).one()


def _current_period(mentorship: Mentorship) -> int:
    current = sa.select(StagePeriod.id).where(StagePeriod.mentorship_id == mentorship.id, StagePeriod.left_at.is_(None))
    return db.session.scalars(current).one()


def _revise_if_begun(actor: Actor, mentorship: Mentorship) -> None:
    if mentorship.goals_revision:
        _revise(actor, mentorship, _revision(mentorship).purpose)


def _revise(actor: Actor, mentorship: Mentorship, purpose: str) -> GoalsRevision:
    snapshot: list[dict[str, Any]] = [
        {"competency_id": t.competency_id, "baseline": t.baseline, "target": t.target, "indicator": t.indicator}
        for t in _targets(mentorship)
    ]
    mentorship.goals_revision += 1
    revision = GoalsRevision(
        mentorship_id=mentorship.id, number=mentorship.goals_revision, purpose=purpose, targets=snapshot,
        changed_by_id=actor.person_id, changed_at=clock.now(),
    )  # fmt: skip
    db.session.add(revision)
    db.session.flush()
    record(GoalsChanged(*ids(mentorship), revision=revision.number, by_id=actor.person_id))
    return revision
