"""Many units, jobs and people at once, from a file: added, changed, or left alone. The same rows again change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Fault, Invalid
from mentorlink.people import policy
from mentorlink.people.actions.audit import record_audit
from mentorlink.people.actions.sign_ins import end_demo
from mentorlink.people.events import PeopleSaved, UnitsSaved
from mentorlink.people.inputs import JobRow, PersonRow, UnitRow
from mentorlink.people.models import Job, Link, Person, Unit
from mentorlink.people.queries.bulk import Plan, filled_in, plan_jobs, plan_people, plan_units
from mentorlink.people.rules import paths_of

CHUNK = 2000


@dataclass(frozen=True)
class Saved:
    """Ids by what became of them. ``ids``: one per row, in the rows' order."""

    added: tuple[int, ...]
    changed: tuple[int, ...]
    unchanged: tuple[int, ...]
    ids: tuple[int, ...]


@action
def save_units(actor: Actor, rows: Sequence[UnitRow]) -> Saved:
    """Add or change units by code, parents and children in any order; all of it or, with faults, nothing."""
    ensure(policy.may_save_files, actor)
    plan = plan_units(rows)
    _refuse_faults(plan)
    for values in plan.new:
        values.setdefault("place", None)
        values.setdefault("timezone", None)
        values.setdefault("head_id", None)
    new_ids = _insert(Unit, [{**values, "path": ""} for values in plan.new])
    by_code = dict(db.session.execute(sa.select(Unit.code, Unit.id)).all())
    parents = [{"id": by_code[code], "parent_id": by_code[parent] if parent else None} for code, parent in plan.parents.items()]
    _update(Unit, plan.changes)
    _update(Unit, parents)
    _rewrite_paths()
    saved = _saved(plan, new_ids)
    if saved.added or saved.changed:
        record_audit(actor, "units_saved", added=len(saved.added), changed=len(saved.changed))
        record(UnitsSaved((*saved.added, *saved.changed)))
    return saved


@action
def save_jobs(actor: Actor, rows: Sequence[JobRow]) -> Saved:
    """Add or change jobs by code; all of it or, with faults, nothing."""
    ensure(policy.may_save_files, actor)
    plan = plan_jobs(rows)
    _refuse_faults(plan)
    new_ids = _insert(Job, plan.new)
    _update(Job, plan.changes)
    saved = _saved(plan, new_ids)
    if saved.added or saved.changed:
        record_audit(actor, "jobs_saved", added=len(saved.added), changed=len(saved.changed))
    return saved


@action
def save_people(actor: Actor, rows: Sequence[PersonRow]) -> Saved:
    """Add or change people by NIP or e-mail; all of it or, with faults, nothing. Nobody is invited by it."""
    ensure(policy.may_save_files, actor)
    plan = plan_people(rows, may_reach_administrators=actor.has_over(None, Role.ADMINISTRATOR))
    _refuse_faults(plan)
    fresh = {"of_demo": False, "created_at": clock.now(), "state": "invited", "theme": "auto"}
    if plan.new:
        end_demo(actor)
    new_ids = _insert(Person, [{**filled_in(values), **fresh} for values in plan.new])
    _update(Person, plan.changes)
    _void_links([row["id"] for row in plan.changes if "email" in row])
    saved = _saved(plan, new_ids)
    heads = {unit_id: saved.ids[position] for unit_id, position in plan.heads.items()}
    _update(Unit, [{"id": unit_id, "head_id": head} for unit_id, head in heads.items()])
    if saved.added or saved.changed:
        record_audit(actor, "people_saved", added=len(saved.added), changed=len(saved.changed))
        record(PeopleSaved(saved.added, saved.changed))
    if heads:
        record(UnitsSaved(tuple(heads)))
    return saved


def _refuse_faults(plan: Plan) -> None:
    if plan.faults:
        raise Invalid(*(Fault(f"{row}.{fault.field}", fault.code, fault.facts) for row, fault in plan.faults))


def _void_links(person_ids: list[int]) -> None:
    for start in range(0, len(person_ids), CHUNK):
        some = person_ids[start : start + CHUNK]
        db.session.execute(sa.update(Link).where(Link.person_id.in_(some), Link.used_at.is_(None)).values(used_at=clock.now()))


def _insert(model: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Add rows and return their ids in order, read back by key: SQLite returns ids in order only row by row, ten times slower."""
    key = model.email if model is Person else model.code
    for start in range(0, len(rows), CHUNK):
        db.session.execute(sa.insert(model.__table__), rows[start : start + CHUNK])
    ids = dict(db.session.execute(sa.select(key, model.id)).all()) if rows else {}
    return [ids[row[key.key]] for row in rows]


def _update(model: Any, rows: list[dict[str, Any]]) -> None:
    by_shape: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        by_shape.setdefault(tuple(sorted(row)), []).append(row)
    for alike in by_shape.values():
        db.session.execute(sa.update(model), alike)
    db.session.expire_all()


def _rewrite_paths() -> None:
    rows = db.session.execute(sa.select(Unit.id, Unit.parent_id, Unit.path)).all()
    paths = paths_of({row.id: row.parent_id for row in rows})
    _update(Unit, [{"id": row.id, "path": paths[row.id]} for row in rows if row.path != paths[row.id]])


def _saved(plan: Plan, new_ids: list[int]) -> Saved:
    fresh = iter(new_ids)
    ids = tuple(next(fresh) if found is None else found for found in plan.found)
    changed = {row["id"] for row in plan.changes} | set(plan.also_changed)
    known = {found for found in plan.found if found is not None}
    return Saved(tuple(new_ids), tuple(sorted(changed)), tuple(sorted(known - changed)), ids)
