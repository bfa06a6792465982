"""The last stage's papers: reflection, after-levels, direction, evaluation."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.meetings.notes.actions import keep_state
from mentorlink.sessions.mentoring.actions.ground import begin, ids
from mentorlink.sessions.mentoring.events import AfterLevelsSaid, EvaluationGiven
from mentorlink.sessions.mentoring.inputs import AfterLevels, DirectionText, EvaluationAnswers, ReflectionText
from mentorlink.sessions.mentoring.models import AfterLevel, Direction, Evaluation, Mentorship, Reflection, Target
from mentorlink.sessions.mentoring.policy import may_change_mentorship


@action
def write_reflection(actor: Actor, mentorship: Mentorship, data: ReflectionText) -> Reflection:
    """Write, or write anew, what the actor takes from it; earlier words stay readable to both."""
    ensure(may_change_mentorship, actor, mentorship)
    begin(mentorship, "reflect")
    reflection = db.session.get(Reflection, (mentorship.id, actor.person_id))
    if reflection is None:
        reflection = Reflection(mentorship_id=mentorship.id, person_id=actor.person_id)
        db.session.add(reflection)
    elif reflection.body == data.model_dump():
        return reflection
    reflection.body, reflection.written_at = data.model_dump(), clock.now()
    keep_state(actor, "reflection", mentorship.id, "\n\n".join(text for text in reflection.body.values() if text))
    return reflection


@action
def say_after_levels(actor: Actor, mentorship: Mentorship, data: AfterLevels) -> bool:
    """Say which levels the mentee has reached; True when now both sides say the same of every competency.

    Who agrees to what the other says is refused with ``level_changed`` when the other says something else by now.
    """
    ensure(may_change_mentorship, actor, mentorship)
    begin(mentorship, "say_after_levels")
    targets = {target.id: target for target in _targets(mentorship)}
    unknown = [Fault(f"levels.{target_id}", "unknown_competency") for target_id in data.levels if target_id not in targets]
    if unknown:
        raise Invalid(*unknown)
    other_id = mentorship.partner_id(actor.person_id)
    if data.agreeing and any(_said_by(targets[id_], other_id) != level for id_, level in data.levels.items()):
        raise Conflict("level_changed")
    for target_id, level in data.levels.items():
        said = next((row for row in targets[target_id].after_levels if row.person_id == actor.person_id), None)
        if said is None:
            said = AfterLevel(person_id=actor.person_id)
            targets[target_id].after_levels.append(said)
        said.level, said.said_at = level, clock.now()
    db.session.flush()
    agreed = all(agreed_level(target, mentorship) is not None for target in targets.values())
    said = [{row.person_id for row in target.after_levels} for target in targets.values()]
    missing = tuple(person_id for person_id in mentorship.person_ids if any(person_id not in of_one for of_one in said))
    record(AfterLevelsSaid(*ids(mentorship), by_id=actor.person_id, agreed=agreed, missing=missing))
    return agreed


@action
def name_direction(actor: Actor, mentorship: Mentorship, data: DirectionText) -> Direction:
    """Write where the mentee goes from here; refused with ``direction_changed`` when the other wrote in between."""
    ensure(may_change_mentorship, actor, mentorship)
    begin(mentorship, "name_direction")
    direction = db.session.get(Direction, mentorship.id)
    if data.version != (direction.version if direction else 0):
        raise Conflict("direction_changed")
    if direction is None:
        direction = Direction(mentorship_id=mentorship.id)
        db.session.add(direction)
    direction.text, direction.version = data.text, data.version + 1
    direction.by_id, direction.written_at = actor.person_id, clock.now()
    keep_state(actor, "direction", mentorship.id, data.text)
    return direction


@action
def give_evaluation(actor: Actor, mentorship: Mentorship, data: EvaluationAnswers) -> Evaluation:
    """Say how it was. Given once, and read by the other only after they gave theirs."""
    ensure(may_change_mentorship, actor, mentorship)
    begin(mentorship, "evaluate")
    evaluation = Evaluation(
        mentorship_id=mentorship.id, person_id=actor.person_id, answers=data.model_dump(), given_at=clock.now()
    )
    with or_refuse(Conflict("already_evaluated")):
        db.session.add(evaluation)
    given = db.session.scalar(sa.select(sa.func.count()).where(Evaluation.mentorship_id == mentorship.id))
    record(EvaluationGiven(*ids(mentorship), by_id=actor.person_id, both=given == len(mentorship.person_ids)))
    return evaluation


def agreed_levels(mentorship: Mentorship) -> dict[int, int]:
    """Competency → after-level that both sides said."""
    levels = {target.competency_id: agreed_level(target, mentorship) for target in _targets(mentorship)}
    return {competency_id: level for competency_id, level in levels.items() if level is not None}


def agreed_level(target: Target, mentorship: Mentorship) -> int | None:
    """The level that both sides said, or None while they do not agree."""
    said = {row.person_id: row.level for row in target.after_levels if row.person_id in mentorship.person_ids}
    return next(iter(said.values())) if len(said) == len(mentorship.person_ids) and len(set(said.values())) == 1 else None


def _said_by(target: Target, person_id: int | None) -> int | None:
    return next((row.level for row in target.after_levels if row.person_id == person_id), None)


def _targets(mentorship: Mentorship) -> list[Target]:
    query = sa.select(Target).where(Target.mentorship_id == mentorship.id).options(selectinload(Target.after_levels))
    return list(db.session.scalars(query.order_by(Target.position, Target.id), execution_options={"populate_existing": True}))
