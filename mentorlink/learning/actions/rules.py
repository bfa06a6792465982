"""The rule of learning hours: shipped, and changed by HR from a day on."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.learning.inputs import RuleInput
from mentorlink.learning.models import HoursRule
from mentorlink.learning.policy import may_change_hours_rule, may_load_hours_rule
from mentorlink.learning.queries import newest_rule
from mentorlink.learning.rules import paths_of, shipped_paths
from mentorlink.learning.rules.year import CEILING_PPPK, FLOOR_PNS
from mentorlink.people.actions import record_audit


@action
def load_hours_rule(actor: Actor, *, valid_from: date) -> None:
    """Make the shipped table version 1 of the rule; where there are versions, add what the newest does not know as one more."""
    ensure(may_load_hours_rule, actor)
    newest = newest_rule()
    shipped = shipped_paths()
    if newest is None:
        rule = HoursRule(number=1, valid_from=valid_from, paths=shipped, floor=FLOOR_PNS, ceiling=CEILING_PPPK, note="")
        rule.made_at = clock.now()
        db.session.add(rule)
    elif missing := {code: row for code, row in shipped.items() if code not in newest.paths}:
        db.session.add(
            HoursRule(
                number=newest.number + 1, valid_from=max(newest.valid_from, valid_from), paths={**missing, **newest.paths},
                floor=newest.floor, ceiling=newest.ceiling, note=newest.note, made_at=clock.now(),
            )
        )  # fmt: skip


@action
def save_hours_rule(actor: Actor, data: RuleInput) -> HoursRule:
    """Make a new version, from the first of a month to come: so no deed and no cap lies under two versions."""
    ensure(may_change_hours_rule, actor)
    newest = newest_rule()
    if newest is None or lock(newest).number != data.based_on:
        raise Conflict("rule_changed")
    today = clock.today(actor.timezone)
    if data.valid_from <= today:
        raise Invalid(Fault("valid_from", "rule_in_past"))
    if data.valid_from.day != 1:
        raise Invalid(Fault("valid_from", "rule_mid_month"))
    if data.valid_from < newest.valid_from:
        raise Invalid(Fault("valid_from", "rule_before_newest", {"day": newest.valid_from.isoformat()}))
    known = paths_of(newest.paths)
    if set(data.paths) != set(known):
        raise Invalid(Fault("paths", "literal_error"))
    paths = {code: asdict(replace(path, **data.paths[code].model_dump())) for code, path in known.items()}
    rule = HoursRule(number=newest.number + 1, valid_from=data.valid_from, paths=paths, floor=data.floor, ceiling=data.ceiling,
                     note=data.note, made_by_id=actor.person_id, made_at=clock.now())  # fmt: skip
    with or_refuse(Conflict("rule_changed")):
        db.session.add(rule)
    record_audit(actor, "hours_rule_made", "hours_rule", rule.id, number=rule.number, valid_from=rule.valid_from.isoformat())
    return rule
