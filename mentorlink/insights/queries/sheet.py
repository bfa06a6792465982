"""Working out the figures of the agency: gaps by unit and competency, hours against the law, needs that nobody can fill.

What may be told is decided here, once for the whole tree of units, so that nobody learns more by looking at a unit and then at
those within it. A constant number of queries, however many people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.models import Competency, CurrentLevel
from mentorlink.competencies.queries import effective_standards
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.groups import FEWEST, Count, harmless, tellable
from mentorlink.learning.models import ContractTerm, HoursEntry
from mentorlink.learning.queries.hours import rule_on
from mentorlink.learning.rules.year import CEILING_PPPK, FLOOR_PNS, contract_year
from mentorlink.pairing.models import Offer
from mentorlink.people.models import Job, Person, Unit

Key = tuple[str, int]
"""A unit by itself (``itself``) or with all below it (``all``)."""
Numbers = dict[int, Count]
"""Unit → what is counted in it alone."""


def work_out(today: date) -> dict[str, Any]:
    """Every figure that the pages of heads show, as far as it may be told."""
    above = _above()
    below = _without_total(above)
    required = required_levels()
    needs = _needs(required)
    cells = {competency: _cells(numbers, below) for competency, numbers in needs.items()}
    return {
        "year": today.year,
        "competencies": _names(needs),
        "needs": _by_unit({str(competency): told for competency, told in cells.items()}),
        "hours": _by_unit(_hours(today, above)),
        "uncovered": [_as_told(row, needs[row["competency"]], cells[row["competency"]], below) for row in _uncovered(required)],
    }


def _above() -> dict[Key, Key | None]:
    """What each unit, with all below it and by itself, is a part of."""
    found: dict[Key, Key | None] = {}
    for unit_id, parent_id in db.session.execute(sa.select(Unit.id, Unit.parent_id)):
        found["all", unit_id] = None if parent_id is None else ("all", parent_id)
        found["itself", unit_id] = ("all", unit_id)
    return found


def _without_total(above: Mapping[Key, Key | None]) -> dict[Key, Key | None]:
    """The same without the one unit that all others lie in: no page shows the gaps of the whole agency together, and without that
    sum fewer units are held back."""
    roots = [key for key, over in above.items() if over is None]
    root = roots[0] if len(roots) == 1 else None
    return {key: None if over == root else over for key, over in above.items() if key != root}


def _cells(numbers: Numbers, above: Mapping[Key, Key | None]) -> dict[Key, list[int] | None]:
    """The counts of every unit by itself and with all below it; None where they may not be told."""
    counts = _summed(numbers, above)
    told = tellable(counts, above)
    return {key: list(count) if key in told else None for key, count in counts.items()}


def _summed(numbers: Numbers, above: Mapping[Key, Key | None]) -> dict[Key, Count]:
    counts: dict[Key, Count] = defaultdict(lambda: Count(0))
    for unit_id, number in numbers.items():
        key: Key | None = ("itself", unit_id)
        while key is not None and number.people:
            counts[key] += number
            key = above[key]
    return counts


def _by_unit(columns: Mapping[str, Mapping[Key, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Unit → ``all`` and ``itself`` → column → what is told; None where it is held back, absent where there is nobody."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name, cells in columns.items():
        for (part, unit_id), cell in cells.items():
            found.setdefault(str(unit_id), {"all": {}, "itself": {}})[part][name] = cell
    return found


def required_levels() -> dict[tuple[int, int], int]:
    """(job, competency) → the level that the job asks."""
    jobs = dict(db.session.execute(sa.select(Job.id, Job.tier_id)).all())
    return {(job, asked.competency_id): asked.required for job, every in effective_standards(jobs).items() for asked in every}


def _needs(required: Mapping[tuple[int, int], int]) -> dict[int, Numbers]:
    """Competency → unit → people assessed whose job asks for it, and those of them with a gap."""
    found: dict[int, Numbers] = defaultdict(lambda: defaultdict(lambda: Count(0)))
    query = (
        sa.select(Person.unit_id, Person.job_id, CurrentLevel.competency_id, CurrentLevel.level, sa.func.count())
        .join(Person, CurrentLevel.person_id == Person.id)
        .where(Person.state != "disabled", Person.job_id.is_not(None))
        .group_by(Person.unit_id, Person.job_id, CurrentLevel.competency_id, CurrentLevel.level)
    )
    for unit_id, job_id, competency_id, level, people in db.session.execute(query):
        asked = required.get((job_id or 0, competency_id), 0)
        if asked:
            found[competency_id][unit_id] += Count(people, people if level < asked else 0)
    return found


def _names(needs: Mapping[int, Numbers]) -> list[dict[str, Any]]:
    """The competencies, those of which most people need more first."""
    rows = db.session.execute(sa.select(Competency.id, Competency.code, Competency.name).where(Competency.id.in_(needs)))
    found = [{"id": number, "code": code, "name": name} for number, code, name in rows]
    short = {competency: sum(count.part for count in numbers.values()) for competency, numbers in needs.items()}
    return sorted(found, key=lambda each: (-short[each["id"]], each["code"]))


def _hours(today: date, above: Mapping[Key, Key | None]) -> dict[str, Mapping[Key, Any]]:
    """People, permanent staff at the floor, contract staff above the ceiling, and JP of all, by unit."""
    try:
        rule = rule_on(today)
        floor, ceiling = rule.floor, rule.ceiling
    except NotFound:
        floor, ceiling = FLOOR_PNS, CEILING_PPPK
    sums = (
        sa.select(HoursEntry.person_id, sa.func.sum(HoursEntry.jp).label("jp"))
        .where(HoursEntry.happened_on >= date(today.year, 1, 1), HoursEntry.happened_on < date(today.year + 1, 1, 1))
        .group_by(HoursEntry.person_id)
        .subquery()
    )
    jp, pns = sa.func.coalesce(sums.c.jp, 0), Person.contract == "pns"
    query = (
        sa.select(Person.unit_id, sa.func.count(), counted(pns), counted(sa.and_(pns, jp >= floor)), sa.func.sum(jp))
        .outerjoin(sums, sums.c.person_id == Person.id)
        .where(Person.state != "disabled")
        .group_by(Person.unit_id)
    )
    rows = [(row[0], *map(int, row[1:])) for row in db.session.execute(query)]
    people = _summed({unit: Count(number) for unit, number, *_rest in rows}, above)
    sums_of = _summed({unit: Count(number) for unit, *_rest, number in rows}, above)
    told = tellable(people, above)
    return {
        "people": {key: count.people for key, count in people.items()},
        "floor": _cells({unit: Count(number, reached) for unit, _people, number, reached, _jp in rows}, above),
        "ceiling": _cells(_contract_staff(today, ceiling), above),
        "jp": {key: sums_of.get(key, Count(0)).people if key in told else None for key in people},
    }


def counted(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """How many rows of a group something holds for."""
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _contract_staff(today: date, ceiling: int) -> Numbers:
    """Unit → contract staff, and those above the ceiling in the contract year of today.

    Who has no first day noted is counted by the calendar year, as on their own page.
    """
    units, spans = {}, {}
    terms: dict[date | None, tuple[date, date]] = {}
    for person_id, unit_id, begins_on in db.session.execute(
        sa.select(Person.id, Person.unit_id, ContractTerm.begins_on)
        .outerjoin(ContractTerm, ContractTerm.person_id == Person.id)
        .where(Person.contract == "pppk", Person.state != "disabled")
    ):
        if begins_on not in terms:
            begun = begins_on is not None and begins_on <= today
            terms[begins_on] = contract_year(begins_on, today) if begun else (date(today.year, 1, 1), date(today.year, 12, 31))
        units[person_id], spans[person_id] = unit_id, terms[begins_on]
    sums: dict[int, int] = defaultdict(int)
    for person_id, day, jp in db.session.execute(
        sa.select(HoursEntry.person_id, HoursEntry.happened_on, sa.func.sum(HoursEntry.jp))
        .join(Person, HoursEntry.person_id == Person.id)
        .where(Person.contract == "pppk", Person.state != "disabled", HoursEntry.happened_on > date(today.year - 1, 1, 1))
        .group_by(HoursEntry.person_id, HoursEntry.happened_on)
    ):
        if spans[person_id][0] <= day <= spans[person_id][1]:
            sums[person_id] += int(jp)
    found: Numbers = defaultdict(lambda: Count(0))
    for person_id, unit_id in units.items():
        found[unit_id] += Count(1, int(sums[person_id] > ceiling))
    return found


def _uncovered(required: Mapping[tuple[int, int], int]) -> list[dict[str, int]]:
    """Competency and level that people need and nobody with a place to give holds; most people first."""
    best = dict(
        db.session.execute(
            sa.select(CurrentLevel.competency_id, sa.func.max(CurrentLevel.level))
            .join(Offer, Offer.person_id == CurrentLevel.person_id)
            .where(Offer.closed_at.is_(None), Offer.kind == "mentor", Offer.taken + Offer.held < Offer.capacity)
            .group_by(CurrentLevel.competency_id)
        ).all()
    )
    people: dict[tuple[int, int], int] = defaultdict(int)
    query = (
        sa.select(Person.job_id, CurrentLevel.competency_id, CurrentLevel.level, sa.func.count())
        .join(Person, CurrentLevel.person_id == Person.id)
        .where(Person.state != "disabled", Person.job_id.is_not(None))
        .group_by(Person.job_id, CurrentLevel.competency_id, CurrentLevel.level)
    )
    for job_id, competency_id, level, number in db.session.execute(query):
        asked = required.get((job_id or 0, competency_id), 0)
        if level < asked and best.get(competency_id, 0) < asked:
            people[competency_id, asked] += number
    rows = [{"competency": key[0], "level": key[1], "people": number} for key, number in people.items() if number >= FEWEST]
    return sorted(rows, key=lambda row: (-row["people"], row["competency"], row["level"]))


def _as_told(
    row: dict[str, int], numbers: Numbers, cells: Mapping[Key, list[int] | None], above: Mapping[Key, Key | None]
) -> dict[str, Any]:
    """The row, its people counted in fives where the units that are told would give the others away beside a number."""
    rest = sum(numbers.values(), Count(0))
    for key, told in cells.items():
        if told and not _lies_in_told(key, cells, above):
            rest -= Count(*told)
    exact = harmless(rest)
    return {**row, "people": row["people"] if exact else row["people"] - row["people"] % FEWEST, "exact": exact}


def _lies_in_told(key: Key, cells: Mapping[Key, list[int] | None], above: Mapping[Key, Key | None]) -> bool:
    over = above[key]
    while over is not None:
        if cells.get(over):
            return True
        over = above[over]
    return False
