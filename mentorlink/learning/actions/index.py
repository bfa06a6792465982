"""The professionalism index: its weights, and what HR enters of somebody."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.learning.inputs import IndexFactInput, IndexRuleInput
from mentorlink.learning.models import IndexFact, IndexRule
from mentorlink.learning.policy import may_change_hours_rule, may_enter_index, may_load_hours_rule
from mentorlink.learning.queries import paths_known
from mentorlink.learning.queries.index import newest_index_rule
from mentorlink.learning.rules.index import ASKED, shipped_index
from mentorlink.people.actions import record_audit
from mentorlink.people.models import Person, Tier


@action
def load_index_rule(actor: Actor, *, valid_from: date) -> None:
    """Make the shipped weights version 1; where there are versions, nothing happens."""
    ensure(may_load_hours_rule, actor)
    if newest_index_rule() is None:
        db.session.add(IndexRule(number=1, valid_from=valid_from, content=shipped_index(), note="", made_at=clock.now()))


@action
def save_index_rule(actor: Actor, data: IndexRuleInput) -> IndexRule:
    """Make a new version of the weights, from a day to come; each kind of post still comes to 100 at most."""
    ensure(may_change_hours_rule, actor)
    newest = newest_index_rule()
    if newest is None or lock(newest).number != data.based_on:
        raise Conflict("rule_changed")
    if data.valid_from <= clock.today(actor.timezone):
        raise Invalid(Fault("valid_from", "rule_in_past"))
    dropped = {name: {code for code, gone in codes.items() if gone} for name, codes in data.drop.items()}
    added = _new_codes(data)
    tables = {name: _table(data, name, dropped.get(name, set()), added.get(name)) for name in ASKED}
    if not all(tables.values()):
        raise Invalid(*(Fault(f"drop.{name}", "index_step_needed") for name, table in tables.items() if not table))
    asked = sum(max(table.values()) for table in tables.values())
    faults = [
        Fault(f"competency.{post}.technical", "index_not_hundred", {"total": round(asked + sum(parts.values()), 1)})
        for post, parts in data.competency.items()
        if round(asked + sum(parts.values()), 1) != 100
    ]
    content = data.model_dump(include={"competency", "technical_jp"}) | tables
    content["bands"] = {"very_low": 0, **data.bands}
    for name, part in content.items():
        if name in tables and set(part) - {added.get(name)} != set(newest.content[name]) - dropped.get(name, set()):
            faults.append(Fault(name, "literal_error"))
    faults += [
        Fault(f"competency.{post}", "literal_error")
        for post, parts in data.competency.items()
        if set(parts) != set(newest.content["competency"].get(post, ()))
    ]
    faults += _bands(content["bands"], newest.content["bands"])
    if not set(data.buckets) <= set(paths_known()):
        faults.append(Fault("buckets", "literal_error"))
    content["paths"] = {
        part: sorted(path for path, bucket in data.buckets.items() if bucket == part) for part in ("technical", "seminar")
    }
    tiers = set(db.session.scalars(sa.select(Tier.code)))
    if not set(data.posts) <= tiers:
        faults.append(Fault("posts", "literal_error"))
    faults += [Fault(f"new.{name}.id", "missing") for name, said in data.new.items() if said.id is None]
    content["posts"] = {**(newest.content.get("posts") or shipped_index()["posts"]), **data.posts}
    content["names"] = _names(newest.content.get("names", {}), data, tables, added)
    if faults:
        raise Invalid(*faults)
    rule = IndexRule(number=newest.number + 1, valid_from=data.valid_from, content={**newest.content, **content},
                     note=data.note, made_by_id=actor.person_id, made_at=clock.now())  # fmt: skip
    with or_refuse(Conflict("rule_changed")):
        db.session.add(rule)
    record_audit(actor, "index_rule_made", "index_rule", rule.id, number=rule.number)
    return rule


NEW = "own_"
"""How codes of categories begin that an agency added."""


def _new_codes(data: IndexRuleInput) -> dict[str, str]:
    """Table → the code of the category that is added to it: one that no version has had, because papers name it for good."""
    versions = list(db.session.scalars(sa.select(IndexRule.content)))
    used = {name: {code for content in versions for code in content[name]} for name in data.new}
    found: dict[str, str] = {}
    for name, codes in used.items():
        number = len(getattr(data, name)) + 1
        while f"{NEW}{number}" in codes:
            number += 1
        found[name] = f"{NEW}{number}"
    return found


def _table(data: IndexRuleInput, name: str, dropped: set[str], added: str | None) -> dict[str, float]:
    table: dict[str, float] = {code: points for code, points in getattr(data, name).items() if code not in dropped}
    return {**table, added: data.new[name].points} if added else table  # type: ignore[index]  # keys are literals


def _names(
    before: dict[str, Any], data: IndexRuleInput, tables: dict[str, dict[str, float]], added: dict[str, str]
) -> dict[str, Any]:
    """Own names of categories, by table and code; what nobody names keeps the name it has."""
    found = {}
    for table, points in tables.items():
        said = {code: name for code, name in data.names.get(table, {}).items() if code in points}  # type: ignore[call-overload]  # keys are literals
        if table in added:
            said[added[table]] = data.new[table]  # type: ignore[index]  # the same
        own = {code: {"id": name.id or name.en, "en": name.en or name.id} for code, name in said.items() if name.id or name.en}
        found[table] = {**before.get(table, {}), **own}
    return found


def _bands(said: dict[str, float], known: dict[str, float]) -> list[Fault]:
    """Each band begins above the one below it."""
    order = sorted(known, key=lambda band: known[band])
    return [
        Fault(f"bands.{upper}", "index_bands_order")
        for lower, upper in pairwise(order)
        if lower in said and upper in said and said[upper] <= said[lower]
    ]


@action
def enter_index_fact(actor: Actor, person: Person, data: IndexFactInput) -> None:
    """Write down what a paper says of somebody; an earlier word stays and counts no more."""
    ensure(may_enter_index, actor, person)
    rule = newest_index_rule()
    values = (
        ("done", "not_done")
        if data.dimension in ("leadership", "functional")
        else (tuple(rule.content[data.dimension]) if rule else ())
    )
    if data.value not in values:
        raise Invalid(Fault("value", "literal_error"))
    if data.as_of > clock.today(actor.timezone):
        raise Invalid(Fault("as_of", "claim_in_future"))
    db.session.add(IndexFact(person_id=person.id, entered_by_id=actor.person_id, entered_at=clock.now(), **data.model_dump()))
    record_audit(actor, "index_fact_entered", "person", person.id, dimension=data.dimension)
