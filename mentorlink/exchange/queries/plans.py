"""What good-looking rows would do, kind by kind: the features' own plans where they have one."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.inputs import AssessmentRow, StandardRow
from mentorlink.competencies.models import Assessment, Standard
from mentorlink.competencies.queries import among, competency_ids_by_code
from mentorlink.exchange.inputs import AssessmentFileRow, OfferFileRow, StandardFileRow
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Fault
from mentorlink.pairing.actions import OfferRow
from mentorlink.pairing.models import Offer, OfferCompetency
from mentorlink.people.inputs import JobRow, PersonRow, UnitRow
from mentorlink.people.models import Job, Person, Tier, Unit
from mentorlink.people.queries import Plan, plan_jobs, plan_people, plan_units


@dataclass
class Deed:
    """What rows would do. ``fates``: per row add, change or same. Rows with faults have no fate that counts."""

    fates: list[str]
    faults: list[tuple[int, Fault]] = field(default_factory=list)
    disagree: list[list[int]] = field(default_factory=list)
    """Groups of rows that say different things about one and the same."""
    remarks: list[tuple[int, Fault]] = field(default_factory=list)
    """What of a row is passed over while the rest of it goes in."""
    effect: Any = None
    """Everything that would be written, to compare one preview with another."""
    save: list[Any] = field(default_factory=list)
    """What is given to the feature's bulk action."""
    changes: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    """Row → columns with their new values, for rows that change something."""
    before: Any = None
    """What stands now where rows change something, to compare one preview with another."""
    found: Sequence[int | None] = ()
    """Row → id of what it changes."""
    fresh: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    """New unit, job or person → what their row says, by the columns of the database."""


Planner = Callable[[Actor, Sequence[Any]], Deed]


def plan(actor: Actor, kind: str, rows: Sequence[Any]) -> Deed:
    """What ``rows`` of this kind would do now. In a row that is at fault by itself any column may be None."""
    return _PLANNERS[kind](actor, rows)


def _units(_actor: Actor, rows: Sequence[UnitRow]) -> Deed:
    found = plan_units(rows)
    deed = _deed(found, rows)
    deed.faults = [(at, fault) for at, fault in deed.faults if fault.code != "unit_below_itself"]
    deed.faults += [(at, Fault("parent", "unit_below_itself")) for at in _in_circles(rows)]
    deed.remarks = found.absent
    return deed


def _in_circles(rows: Sequence[UnitRow]) -> list[int]:
    """Every row whose unit would hang below itself; the blame does not depend on the order of rows."""
    codes = dict(db.session.execute(sa.select(Unit.id, Unit.code)).all())
    parents: dict[str, str | None] = {
        code: codes[parent_id] if parent_id else None
        for code, parent_id in db.session.execute(sa.select(Unit.code, Unit.parent_id))
    }
    said: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.parent is not None:
            said[row.code].add(row.parent)
    parents.update({code: (above.pop() or None) if len(above) == 1 else None for code, above in said.items()})
    circles = _on_circles(parents)
    return [at for at, row in enumerate(rows) if row.code in circles]


def _on_circles(parents: Mapping[str, str | None]) -> set[str]:
    """All that hang below themselves; each is walked over once, however deep the tree."""
    circles: set[str] = set()
    done: set[str] = set()
    for start in parents:
        way: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in way:
            way[at] = None
            at = parents.get(at)
        if at in way:
            circles.update(itertools.dropwhile(lambda code, first=at: code != first, way))
        done.update(way)
    return circles


def _jobs(_actor: Actor, rows: Sequence[JobRow]) -> Deed:
    return _deed(plan_jobs(rows), rows)


def _people(actor: Actor, rows: Sequence[PersonRow]) -> Deed:
    found = plan_people(rows, may_reach_administrators=actor.has_over(None, Role.ADMINISTRATOR))
    deed = _deed(found, rows)
    for at in found.heads.values():
        if deed.fates[at] == "same":
            deed.fates[at] = "change"
    heads: dict[Any, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if row.heads_unit and (row.unit or found.found[at]):
            heads[row.unit or ("of", found.found[at])].append(at)
    deed.faults += [(at, Fault("heads_unit", "heads_twice")) for group in heads.values() if len(group) > 1 for at in group]
    return deed


def _deed(found: Plan, rows: Sequence[Any]) -> Deed:
    changed = {values["id"]: values for values in found.changes}
    also = set(found.also_changed)
    fates = ["add" if id_ is None else "change" if id_ in changed or id_ in also else "same" for id_ in found.found]
    groups: dict[int, list[int]] = defaultdict(list)
    for at, id_ in enumerate(found.found):
        if id_ is not None:
            groups[id_].append(at)
    faults = [(at, fault) for at, fault in found.faults if fault.code != "twice_in_file"]
    return Deed(
        fates=fates,
        faults=faults,
        disagree=[group for group in groups.values() if len(group) > 1],
        effect=[
            sorted(map(repr, found.new)),
            sorted(map(repr, found.changes)),
            sorted(found.parents.items()),
            sorted((unit_id, repr(rows[at])) for unit_id, at in found.heads.items()),
        ],
        save=list(rows),
        changes={
            at: {**changed.get(id_, {}), **_parent(found, rows[at])} for at, id_ in enumerate(found.found) if id_ is not None
        },
        found=found.found,
        before=sorted((id_, sorted(values.items())) for id_, values in found.before.items()),
        fresh=dict(zip((at for at, id_ in enumerate(found.found) if id_ is None), found.new, strict=True)),
    )


def _parent(found: Plan, row: Any) -> dict[str, Any]:
    code = getattr(row, "code", None)
    return {"parent": found.parents[code]} if code in found.parents else {}


def _standards(_actor: Actor, rows: Sequence[StandardFileRow]) -> Deed:
    tiers = dict(db.session.execute(sa.select(Tier.code, Tier.id)).all())
    jobs = dict(db.session.execute(sa.select(Job.code, Job.id)).all())
    competencies = competency_ids_by_code()
    there = {
        tuple(row[:3]): row[3]
        for row in db.session.execute(sa.select(Standard.tier_id, Standard.job_id, Standard.competency_id, Standard.required))
    }
    deed = Deed(fates=[])
    changes: dict[int, dict[str, Any]] = {}
    for at, row in enumerate(rows):
        job_id = jobs.get(row.job) if row.job else None
        if row.job and job_id is None:
            deed.faults.append((at, Fault("job", "job_unknown", {"code": row.job})))
            deed.fates.append("add")
            continue
        if row.competency is None or row.required is None or (row.job is None) == (row.tier is None):
            deed.fates.append("add")
            continue
        key = (tiers.get(row.tier) if row.tier else None, job_id, competencies[row.competency])
        before = there.get(key)
        deed.fates.append("add" if before is None else "same" if before == row.required else "change")
        deed.save.append(StandardRow(tier_id=key[0], job_id=key[1], competency_id=key[2], required=row.required))
        if before is not None and before != row.required:
            changes[at] = {"required": (before, row.required)}
    deed.changes = changes
    deed.before = sorted((at, sorted(pairs.items())) for at, pairs in changes.items())
    deed.effect = sorted(
        (row.tier or "", row.job or "", row.competency or "", row.required or 0, fate)
        for row, fate in zip(rows, deed.fates, strict=True)
    )
    return deed


def _assessments(_actor: Actor, rows: Sequence[AssessmentFileRow]) -> Deed:
    """A finding that stands already, however it came, stays the one it is."""
    people = _people_by_key(key for row in rows for key in (row.person, row.assessor) if key)
    competencies = competency_ids_by_code()
    there = _findings(set(people.values()))
    deed = Deed(fates=[])
    said: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        person_id, assessor_id = (people.get(key_of(key)) if key else None for key in (row.person, row.assessor))
        if row.person and person_id is None:
            deed.faults.append((at, Fault("person", "person_not_here")))
        if row.assessor and assessor_id is None:
            deed.faults.append((at, Fault("assessor", "person_not_here")))
        competency_id = competencies.get(row.competency)
        finding = (person_id, competency_id, row.source, row.assessed_on)
        known = (*finding, row.level) in there
        if row.source == "mentorship" and not known:
            deed.faults.append((at, Fault("source", "mentorship_speaks")))
        if not known and None not in finding:
            said[finding].append(at)
        deed.fates.append("same" if known else "add")
        if person_id and competency_id and not known and None not in (row.source, row.assessed_on, row.level):
            deed.save.append(
                AssessmentRow(
                    person_id=person_id,
                    competency_id=competency_id,
                    source=row.source,
                    level=row.level,
                    assessed_on=row.assessed_on,
                    assessor_id=assessor_id,
                    method=row.method or "",
                )
            )
    deed.disagree = [group for group in said.values() if len(group) > 1]
    deed.effect = sorted(repr(row) for row in deed.save)
    return deed


def _findings(person_ids: set[int]) -> set[tuple[Any, ...]]:
    columns = (Assessment.person_id, Assessment.competency_id, Assessment.source, Assessment.assessed_on, Assessment.level)
    return {tuple(row) for row in db.session.execute(sa.select(*columns).where(among(Assessment.person_id, person_ids)))}


def _offers(_actor: Actor, rows: Sequence[OfferFileRow]) -> Deed:
    people = _people_by_key(row.person for row in rows if row.person)
    competencies = competency_ids_by_code()
    codes = {id_: code for code, id_ in competencies.items()}
    offers, chosen = _open_offers(set(people.values()))
    deed = Deed(fates=[])
    said: dict[Any, list[int]] = defaultdict(list)
    changes: dict[int, dict[str, Any]] = {}
    for at, row in enumerate(rows):
        person_id = people.get(key_of(row.person)) if row.person else None
        if row.person and person_id is None:
            deed.faults.append((at, Fault("person", "person_not_here")))
        if person_id is None or row.kind is None:
            deed.fates.append("add")
            continue
        said[person_id, row.kind].append(at)
        offer = offers.get((person_id, row.kind))
        before = _offer_values(offer, chosen.get(offer.id, ())) if offer else {"languages": [], "message": "", "competencies": []}
        after = {
            **before,
            **_said(row, competencies),
            "capacity": max(row.capacity or 0, offer.taken + offer.held if offer else 0),
        }
        different = {name: value for name, value in after.items() if before.get(name) != value}
        deed.fates.append("add" if offer is None else "change" if different else "same")
        if offer is not None and different:
            changes[at] = {name: (_shown(before[name], codes), _shown(value, codes)) for name, value in different.items()}
        deed.save.append(
            OfferRow(
                person_id, row.kind, after["capacity"], tuple(after["competencies"]), tuple(after["languages"]), after["message"]
            )
        )
    deed.disagree = [group for group in said.values() if len(group) > 1]
    deed.changes = changes
    deed.before = sorted((at, sorted(pairs.items())) for at, pairs in changes.items())
    deed.effect = sorted(repr(row) for row in deed.save)
    return deed


def _open_offers(person_ids: set[int]) -> tuple[dict[tuple[int, str], Any], dict[int, list[int]]]:
    columns = (Offer.id, Offer.person_id, Offer.kind, Offer.capacity, Offer.taken, Offer.held, Offer.languages, Offer.message)
    rows = db.session.execute(sa.select(*columns).where(Offer.closed_at.is_(None), among(Offer.person_id, person_ids))).all()
    chosen: dict[int, list[int]] = defaultdict(list)
    pairs = sa.select(OfferCompetency.offer_id, OfferCompetency.competency_id).where(
        among(OfferCompetency.offer_id, {row.id for row in rows})
    )
    for offer_id, competency_id in db.session.execute(pairs):
        chosen[offer_id].append(competency_id)
    return {(row.person_id, row.kind): row for row in rows}, chosen


def _offer_values(offer: Any, chosen: Iterable[int]) -> dict[str, Any]:
    return {
        "capacity": offer.capacity,
        "languages": list(offer.languages or []),
        "message": offer.message,
        "competencies": sorted(chosen),
    }


def _said(row: OfferFileRow, competencies: Mapping[str, int]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if row.competencies is not None:
        said["competencies"] = sorted(competencies[code] for code in row.competencies)
    if row.languages is not None:
        said["languages"] = list(row.languages)
    if row.message is not None:
        said["message"] = row.message
    return said


def _shown(value: Any, codes: Mapping[int, str]) -> Any:
    return [codes.get(item, item) for item in value] if isinstance(value, list) else value


def key_of(text: str) -> str:
    """An e-mail address or a NIP as it is kept."""
    digits = "".join(character for character in text if character not in " .-\u00a0")
    return digits if len(digits) == 18 and digits.isdigit() else text.strip().lower()


def _people_by_key(keys: Iterable[str]) -> dict[str, int]:
    """E-mail or NIP → id, of people in whatever state. One query."""
    wanted = {key_of(key) for key in keys}
    found: dict[str, int] = {}
    for id_, email, nip in db.session.execute(sa.select(Person.id, Person.email, Person.nip)):
        if email in wanted:
            found[email] = id_
        if nip in wanted:
            found[nip] = id_
    return found


_PLANNERS: Mapping[str, Planner] = {
    "units": _units,
    "jobs": _jobs,
    "people": _people,
    "standards": _standards,
    "assessments": _assessments,
    "offers": _offers,
}
