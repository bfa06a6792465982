"""The stages as the agency has them: shipped, and changed by HR or an administrator from a day on."""

from __future__ import annotations

from datetime import date

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.people.actions import record_audit
from mentorlink.sessions.mentoring.inputs import StageInput, StageRuleInput
from mentorlink.sessions.mentoring.models import StageRule
from mentorlink.sessions.mentoring.policy import may_change_stages
from mentorlink.sessions.mentoring.queries.stages import newest_stage_rule
from mentorlink.sessions.mentoring.rules import shipped_stages
from mentorlink.sessions.mentoring.stages import GATES, OPTIONAL, Stage


@action
def load_stage_rule(actor: Actor, *, valid_from: date) -> None:
    """Make the shipped table version 1; where there are versions, nothing happens."""
    ensure(may_change_stages, actor)
    if newest_stage_rule() is None:
        db.session.add(StageRule(number=1, valid_from=valid_from, made_at=clock.now(), note="", **shipped_stages()))


@action
def save_stage_rule(actor: Actor, data: StageRuleInput) -> StageRule:
    """Make a new version, for mentorships that begin from now on or from a later day; those that run keep theirs.

    Of two who change the same version, one is first.
    """
    ensure(may_change_stages, actor)
    newest = newest_stage_rule()
    if (newest.number if newest else 0) != data.based_on:
        raise Conflict("stages_changed")
    if data.valid_from < clock.today():
        raise Invalid(Fault("valid_from", "stages_in_past"))
    if newest and data.valid_from < newest.valid_from:
        raise Invalid(Fault("valid_from", "stages_before_newest", {"day": newest.valid_from.isoformat()}))
    said = {stage: getattr(data.stages, stage) for stage in Stage}
    faults = [
        Fault(f"stages.{stage}.checks.{code}", "literal_error")
        for stage, row in said.items()
        for code in row.checks
        if code not in OPTIONAL & {*GATES[stage]}
    ]
    if faults:
        raise Invalid(*faults)
    rule = StageRule(
        number=data.based_on + 1, valid_from=data.valid_from, note=data.note, made_by_id=actor.person_id, made_at=clock.now(),
        gates={str(stage): _gate(stage, row) for stage, row in said.items()},
        words={str(stage): row.words() for stage, row in said.items()},
    )  # fmt: skip
    with or_refuse(Conflict("stages_changed")):
        db.session.add(rule)
    record_audit(actor, "stage_rule_made", "stage_rule", rule.number, valid_from=rule.valid_from.isoformat())
    return rule


def _gate(stage: Stage, row: StageInput) -> dict[str, object]:
    return {"meetings": row.meetings, "checks": [str(check) for check in GATES[stage] if row.checks.get(check)]}
