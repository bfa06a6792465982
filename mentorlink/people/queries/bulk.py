"""What a file's rows would do: the preview and the deed read the same plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import settings
from mentorlink.kernel.actor import Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Fault
from mentorlink.kernel.text import fold
from mentorlink.people.inputs import JobRow, PersonRow, UnitRow
from mentorlink.people.models import Field, Job, Person, RoleGrant, Tier, Unit
from mentorlink.people.rules import has_cycle

_PERSON = (
    "email", "nip", "name", "title_before", "title_after", "contract", "rank", "in_field_since", "languages", "place",
    "timezone", "locale", "bio", "can_help_with", "wants_to_grow_in",
)  # fmt: skip
_NULL_WHEN_EMPTY = {"title_before", "title_after", "place"}


@dataclass
class Plan:
    """What the rows would do. ``found``: for each row the id of what it changes, None where it adds."""

    found: list[int | None] = field(default_factory=list)
    new: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    """Per changed thing its id and the columns that differ."""
    before: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Id of a changed thing → what stands now in the columns that change."""
    absent: list[tuple[int, Fault]] = field(default_factory=list)
    """Row position and the head it names who is not here (yet): the unit goes in all the same, its head stays as it is."""
    faults: list[tuple[int, Fault]] = field(default_factory=list)
    """Row position (from 0) and what is wrong with it."""
    parents: dict[str, str] = field(default_factory=dict)
    """Units whose parent differs: code → parent's code, "" for the top."""
    heads: dict[int, int] = field(default_factory=dict)
    """Units with another head: unit id → position of the row."""
    also_changed: list[int] = field(default_factory=list)
    """Units of which nothing but the parent changes."""


def plan_units(rows: Sequence[UnitRow]) -> Plan:
    """What ``save_units`` would do with ``rows``."""
    plan = Plan()
    known = {unit.code: unit for unit in db.session.execute(_columns(Unit)).all()}
    codes_by_id = {unit.id: unit.code for unit in known.values()}
    parents: dict[str, str | None] = {unit.code: codes_by_id.get(unit.parent_id) for unit in known.values()}
    heads = _people_by_key(row.head for row in rows)
    _refuse_twice(plan, [row.code for row in rows], "code")
    in_file = {row.code for row in rows}
    for position, row in enumerate(rows):
        before = known.get(row.code)
        values = _unit_values(plan, position, row, before, heads)
        if row.parent and row.parent not in known and row.parent not in in_file:
            plan.faults.append((position, Fault("parent", "unit_unknown", {"code": row.parent})))
        _sort_in(plan, row, values, before)
        if before is None or (row.parent is not None and (row.parent or None) != parents.get(row.code)):
            plan.parents[row.code] = row.parent or ""
            parents[row.code] = row.parent or None
            if before is not None:
                plan.also_changed.append(before.id)
                plan.before.setdefault(before.id, {})["parent"] = codes_by_id.get(before.parent_id)
    circle = has_cycle(parents)
    if circle is not None:
        at = next((position for position, row in enumerate(rows) if row.code == circle), 0)
        plan.faults.append((at, Fault("parent", "unit_below_itself")))
    return plan


def plan_jobs(rows: Sequence[JobRow]) -> Plan:
    """What ``save_jobs`` would do with ``rows``."""
    plan = Plan()
    known = {job.code: job for job in db.session.execute(_columns(Job)).all()}
    tiers = dict(db.session.execute(sa.select(Tier.code, Tier.id)).all())
    fields = dict(db.session.execute(sa.select(Field.code, Field.id)).all())
    _refuse_twice(plan, [row.code for row in rows], "code")
    for position, row in enumerate(rows):
        before = known.get(row.code)
        values: dict[str, Any] = {"code": row.code, "name": _words(row.name_id, row.name_en, before)}
        if row.tier not in tiers:
            plan.faults.append((position, Fault("tier", "tier_unknown", {"code": row.tier})))
        values["tier_id"] = tiers.get(row.tier)
        if row.field and row.field not in fields:
            plan.faults.append((position, Fault("field", "field_unknown", {"code": row.field})))
        if row.field is not None or before is None:
            values["field_id"] = fields.get(row.field or "")
        _sort_in(plan, row, values, before)
    return plan


def plan_people(rows: Sequence[PersonRow], *, may_reach_administrators: bool = False) -> Plan:
    """What ``save_people`` would do with ``rows``; only administrators may give an administrator another e-mail address."""
    plan = Plan()
    known = db.session.execute(_columns(Person)).all()
    by_nip = {person.nip: person for person in known if person.nip}
    by_email = {person.email: person for person in known}
    units = {unit.code: unit for unit in db.session.execute(_columns(Unit))}
    jobs = dict(db.session.execute(sa.select(Job.code, Job.id)).all())
    protected = set() if may_reach_administrators else _administrators()
    unit_ids = {unit.id: unit for unit in units.values()}
    _refuse_twice(plan, [row.nip for row in rows], "nip")
    _refuse_twice(plan, [row.email for row in rows], "email")
    for position, row in enumerate(rows):
        before = _whom(plan, position, row, by_nip, by_email)
        values = _person_values(row)
        _join(plan, position, row, values, units, jobs, before)
        if before is None:
            _complete(plan, position, row, values, units)
        elif before.id in protected and row.email not in (None, before.email):
            plan.faults.append((position, Fault("email", "administrators_email")))
        if before is not None and "name" in values and values["name"] != before.name:
            values["folded_name"] = fold(values["name"])
        _sort_in(plan, row, values, before)
        if row.heads_unit:
            unit = unit_ids.get(values.get("unit_id") or (before.unit_id if before else 0))
            if unit is not None and (before is None or unit.head_id != before.id):
                plan.heads[unit.id] = position
                plan.before.setdefault(unit.id, {})["head"] = unit.head_id
    _refuse_same_person_twice(plan)
    return plan


def filled_in(values: dict[str, Any]) -> dict[str, Any]:
    """What is written for somebody new of whom the row says ``values``."""
    chosen = settings.current()
    empty = {
        "nip": None, "title_before": None, "title_after": None, "contract": "pns", "rank": None, "job_id": None,
        "in_field_since": None, "languages": ["id"], "place": None, "timezone": chosen.default_timezone,
        "locale": chosen.default_locale, "bio": "", "can_help_with": "", "wants_to_grow_in": "",
    }  # fmt: skip
    return {**empty, **values, "folded_name": fold(values["name"])}


def _columns(model: Any) -> sa.Select[Any]:
    return sa.select(*model.__table__.columns)


def _administrators() -> set[int]:
    return set(db.session.scalars(sa.select(RoleGrant.person_id).where(RoleGrant.role == str(Role.ADMINISTRATOR))))


def _refuse_twice(plan: Plan, keys: list[str | None], name: str) -> None:
    first: dict[str, int] = {}
    for position, key in enumerate(keys):
        if key and first.setdefault(key, position) != position:
            plan.faults.append((position, Fault(name, "twice_in_file", {"row": first[key]})))


def _refuse_same_person_twice(plan: Plan) -> None:
    first: dict[int, int] = {}
    faulty = {position for position, _ in plan.faults}
    for position, found in enumerate(plan.found):
        if found is not None and first.setdefault(found, position) != position and position not in faulty:
            plan.faults.append((position, Fault("", "twice_in_file", {"row": first[found]})))


def _sort_in(plan: Plan, row: Any, values: dict[str, Any], before: Any) -> None:
    if before is None:
        plan.found.append(None)
        plan.new.append(values)
        return
    plan.found.append(before.id)
    different = {name: value for name, value in values.items() if getattr(before, name) != value}
    if different:
        plan.changes.append({"id": before.id, **different})
        plan.before.setdefault(before.id, {}).update({name: getattr(before, name) for name in different})


def _unit_values(plan: Plan, position: int, row: UnitRow, before: Any, heads: Mapping[str, int]) -> dict[str, Any]:
    values: dict[str, Any] = {"code": row.code, "name": _words(row.name_id, row.name_en, before)}
    if row.place is not None:
        values["place"] = row.place or None
    if row.timezone is not None:
        values["timezone"] = row.timezone
    if row.head is not None:
        head = heads.get(_key(row.head))
        if head is not None or not row.head:
            values["head_id"] = head
        else:
            plan.absent.append((position, Fault("head", "head_not_here")))
    return values


def _words(name_id: str, name_en: str | None, before: Any) -> dict[str, str]:
    if name_en is None and before is not None and before.name.get("id") == name_id:
        return dict(before.name)
    return {"id": name_id, "en": name_en or name_id}


def _key(text: str) -> str:
    digits = re.sub(r"[\s.\-]", "", text)
    return digits if re.fullmatch(r"[0-9]{18}", digits) else text.strip().lower()


def _people_by_key(keys: Iterable[str | None]) -> dict[str, int]:
    wanted = {_key(key) for key in keys if key}
    found: dict[str, int] = {}
    if wanted:
        for person in db.session.execute(
            sa.select(Person.id, Person.email, Person.nip).where(
                sa.or_(Person.email.in_(wanted), Person.nip.in_(wanted)), Person.state != "disabled"
            )
        ):
            found.update({key: person.id for key in (person.email, person.nip) if key})
    return found


def _whom(plan: Plan, position: int, row: PersonRow, by_nip: Mapping[str, Any], by_email: Mapping[str, Any]) -> Any:
    if not row.nip and not row.email:
        plan.faults.append((position, Fault("email", "key_missing")))
        return None
    by_number = by_nip.get(row.nip) if row.nip else None
    by_address = by_email.get(row.email) if row.email else None
    if by_number is not None and by_address is not None and by_number.id != by_address.id:
        plan.faults.append((position, Fault("email", "email_of_another")))
    elif by_number is None and by_address is not None and row.nip and by_address.nip:
        plan.faults.append((position, Fault("nip", "nip_differs")))
    return by_number or by_address


def _person_values(row: PersonRow) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in _PERSON:
        value = getattr(row, name)
        if value is not None:
            values[name] = list(value) if name == "languages" else (value or None) if name in _NULL_WHEN_EMPTY else value
    return values


def _join(
    plan: Plan,
    position: int,
    row: PersonRow,
    values: dict[str, Any],
    units: Mapping[str, Any],
    jobs: Mapping[str, int],
    before: Any,
) -> None:
    if row.unit is not None:
        unit = units.get(row.unit)
        moves = unit is not None and (before is None or before.unit_id != unit.id)
        if unit is None:
            plan.faults.append((position, Fault("unit", "unit_unknown", {"code": row.unit})))
        elif unit.closed_at is not None and moves:
            plan.faults.append((position, Fault("unit", "unit_closed")))
        else:
            values["unit_id"] = unit.id
    if row.job is not None:
        if row.job not in jobs:
            plan.faults.append((position, Fault("job", "job_unknown", {"code": row.job})))
        else:
            values["job_id"] = jobs[row.job]


def _complete(plan: Plan, position: int, row: PersonRow, values: dict[str, Any], units: Mapping[str, Any]) -> None:
    for name in ("email", "name", "unit"):
        if getattr(row, name) is None and not (name == "email" and not row.nip):
            plan.faults.append((position, Fault(name, "needed_for_new")))
    unit = units.get(row.unit or "")
    if unit is not None and unit.timezone:
        values.setdefault("timezone", unit.timezone)
