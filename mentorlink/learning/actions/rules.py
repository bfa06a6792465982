"""The rule of learning hours: shipped, and changed by HR from a day on."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.learning.inputs import PathInput, RuleInput
from mentorlink.learning.models import HoursRule
from mentorlink.learning.policy import may_change_hours_rule, may_load_hours_rule
from mentorlink.learning.queries import newest_rule
from mentorlink.learning.rules import PathRule, counts_by_year, month_of, paths_of, shipped_paths
from mentorlink.learning.rules.giving import shipped_givings
from mentorlink.learning.rules.year import CEILING_PPPK, FLOOR_PNS
from mentorlink.people.actions import record_audit


@action
def load_hours_rule(actor: Actor, *, valid_from: date) -> None:
    """Make the shipped table version 1 of the rule; where there are versions, add what the newest does not know as one more."""
    ensure(may_load_hours_rule, actor)
    newest = newest_rule()
    shipped = shipped_paths()
    if newest is None:
        rule = HoursRule(number=1, valid_from=valid_from, paths=shipped, giving=shipped_givings(), floor=FLOOR_PNS,
                         ceiling=CEILING_PPPK, note="")  # fmt: skip
        rule.made_at = clock.now()
        db.session.add(rule)
        return
    missing = {code: row for code, row in shipped.items() if code not in newest.paths}
    deeds = {deed: row for deed, row in shipped_givings().items() if deed not in newest.giving}
    if missing or deeds:
        db.session.add(
            HoursRule(
                number=newest.number + 1, valid_from=max(newest.valid_from, _next_begin(newest)),
                paths={**newest.paths, **missing}, giving={**newest.giving, **deeds},
                floor=newest.floor, ceiling=newest.ceiling, note=newest.note, made_at=clock.now(),
            )
        )  # fmt: skip


def _next_begin(newest: HoursRule) -> date:
    """The next day on which a version may begin."""
    _first, begin = month_of(clock.today())
    return date(begin.year + 1, 1, 1) if counts_by_year(newest.paths) and begin.month != 1 else begin


@action
def save_hours_rule(actor: Actor, data: RuleInput) -> HoursRule:
    """Make a new version, from the first of a month to come, and of a year where a cap counts by the year: so no deed and no
    cap lies under two versions."""
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
    paths = _paths(newest, data)
    if data.valid_from.month != 1 and (counts_by_year(newest.paths) or counts_by_year(paths)):
        raise Invalid(Fault("valid_from", "rule_mid_year"))
    giving = {deed: said.model_dump() for deed, said in data.giving.items()}
    if set(giving) != set(newest.giving) or any(row["path"] not in (None, *paths) for row in giving.values()):
        raise Invalid(Fault("giving", "literal_error"))
    rule = HoursRule(number=newest.number + 1, valid_from=data.valid_from, paths=paths, giving=giving, floor=data.floor,
                     ceiling=data.ceiling, note=data.note, made_by_id=actor.person_id, made_at=clock.now())  # fmt: skip
    with or_refuse(Conflict("rule_changed")):
        db.session.add(rule)
    record_audit(actor, "hours_rule_made", "hours_rule", rule.id, number=rule.number, valid_from=rule.valid_from.isoformat())
    return rule


def _paths(newest: HoursRule, data: RuleInput) -> dict[str, dict[str, Any]]:
    """The table of the new version: every known path as it is said now, and the one that was added."""
    known = paths_of(newest.paths)
    if set(data.paths) != set(known):
        raise Invalid(Fault("paths", "literal_error"))
    held = [code for code in CREDITED if data.paths[code].retired]
    if held:
        raise Invalid(*(Fault(f"paths.{code}.retired", "path_credits_itself") for code in held))
    paths = {code: asdict(replace(path, **_said(data.paths[code]))) for code, path in known.items()}
    if data.new is not None:
        if data.new.code in known:
            raise Invalid(Fault("new.code", "path_there_already"))
        paths[data.new.code] = asdict(PathRule(**_said(data.new)))
    return paths


def _said(path: PathInput) -> dict[str, Any]:
    row = path.model_dump(exclude={"code", "name_id", "name_en"})
    return {**row, "name": {"id": path.name_id, "en": path.name_en or path.name_id}}


CREDITED = ("mentoring", "coaching", "community")
"""Paths by which deeds in the house credit themselves: what happens must be able to count."""
