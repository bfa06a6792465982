"""Figures for who heads units and for programme managers, read from the sheet: three queries, whatever the agency's size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mentorlink.insights.models import FigureSheet
from mentorlink.insights.policy import may_see_agency_figures, may_see_programme_figures
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.groups import FEWEST, hidden_groups
from mentorlink.learning.rules.evaluation import Mean, mean_of
from mentorlink.people.models import Tier, Unit

MOST_COMPETENCIES = 24
"""Columns of the heat map; those with most need. The file has all."""


@dataclass(frozen=True)
class Cell:
    """People of a unit whose job asks for a competency, and the share of them with a gap; None where too few stand behind it."""

    people: int
    share: float | None


@dataclass(frozen=True)
class Line:
    """A unit with all below it."""

    unit: Unit
    people: int
    cells: list[Cell]
    at_floor: float | None
    above_ceiling: int | None
    jp_each: float | None
    itself: bool


@dataclass(frozen=True)
class AgencyFigures:
    """What a head sees of what they head."""

    made_at: datetime
    unit: Unit | None
    competencies: list[dict[str, Any]]
    lines: list[Line]
    people: int
    pns: int
    at_floor: int | None
    pppk: int
    above_ceiling: int | None
    worst: tuple[Line, dict[str, Any], float] | None
    """The unit and competency with the greatest share of people with a gap."""
    uncovered: list[dict[str, Any]]


def sheet() -> FigureSheet | None:
    """The figures as they were worked out last."""
    return db.session.get(FigureSheet, "agency")


def _reach(actor: Actor) -> sa.ColumnElement[bool]:
    over = [*actor.heads, *(grant.unit_path for grant in actor.grants if grant.role is Role.MANAGER)]
    if actor.is_system or None in over:
        return sa.true()
    return sa.or_(sa.false(), *(Unit.path.startswith(path, autoescape=True) for path in over if path))


def agency_figures_for(actor: Actor, unit_id: int | None = None) -> AgencyFigures | None:
    """Gaps by unit and competency and hours against the law, over what is the actor's; None until they were worked out."""
    if not may_see_agency_figures(actor):
        raise NotFound()
    units = list(db.session.scalars(sa.select(Unit).where(_reach(actor), Unit.closed_at.is_(None)).order_by(Unit.path)))
    chosen = next((unit for unit in units if unit.id == unit_id), None)
    if unit_id is not None and chosen is None:
        raise NotFound()
    found = sheet()
    if found is None:
        return None
    if chosen is not None:
        units = [unit for unit in units if unit.path.startswith(chosen.path)]
    return _figures(found, units, chosen)


def _figures(found: FigureSheet, units: list[Unit], chosen: Unit | None) -> AgencyFigures:
    body = found.body
    tops = _tops(units)
    belongs = _belongs(units, tops)
    needs: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    hours: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for unit in units:
        top = belongs[unit.id]
        for competency, (people, needing, _gap) in body["needs"].get(str(unit.id), {}).items():
            needs[top][competency][0] += people
            needs[top][competency][1] += needing
        for name, number in body["hours"].get(str(unit.id), {}).items():
            hours[top][name] += number
    need_of: dict[str, int] = defaultdict(int)
    for row in needs.values():
        for competency, (_people, needing) in row.items():
            need_of[competency] += needing
    competencies = [each for each in body["competencies"] if str(each["id"]) in need_of]
    competencies = sorted(competencies, key=lambda each: -need_of[str(each["id"])])[:MOST_COMPETENCIES]
    hidden = {
        each["id"]: hidden_groups({top.id: needs[top.id][str(each["id"])][0] for top in tops if str(each["id"]) in needs[top.id]})
        for each in competencies
    }
    few = hidden_groups({top.id: hours[top.id]["pns"] for top in tops if hours[top.id]["pns"]})
    lines = [_line(top, chosen, competencies, needs[top.id], hours[top.id], hidden, few) for top in tops]
    total: dict[str, int] = defaultdict(int)
    for row in hours.values():
        for name, number in row.items():
            total[name] += number
    told = [(line, each, cell.share) for line in lines for each, cell in zip(competencies, line.cells, strict=True) if cell.share]
    names = {each["id"]: each for each in body["competencies"]}
    return AgencyFigures(
        made_at=found.made_at,
        unit=chosen,
        competencies=competencies,
        lines=lines,
        people=total["people"],
        pns=total["pns"],
        at_floor=_enough(total["at_floor"], total["pns"]),
        pppk=total["pppk"],
        above_ceiling=_enough(total["above_ceiling"], total["pppk"]),
        worst=max(told, key=lambda row: (row[2], row[0].people), default=None),
        uncovered=[
            {"competency": names[row["competency"]], "level": row["level"], "people": row["people"]}
            for row in body["uncovered"]
            if row["people"] >= FEWEST and row["competency"] in names
        ],
    )


def _enough(part: int, whole: int) -> int | None:
    """A count that tells of nobody: neither few, nor all but few."""
    return None if 0 < part < FEWEST or 0 < whole - part < FEWEST else part


def _line(
    top: Unit, chosen: Unit | None, competencies: list[dict[str, Any]], needs: Mapping[str, list[int]], hours: Mapping[str, int],
    hidden: Mapping[int, set[int]], few: set[int],
) -> Line:  # fmt: skip
    cells = []
    for each in competencies:
        people, needing = needs.get(str(each["id"]), [0, 0])
        told = people and top.id not in hidden[each["id"]] and _enough(needing, people) is not None
        cells.append(Cell(people, needing / people if told else None))
    pns, at_floor = hours.get("pns", 0), hours.get("at_floor", 0)
    floor_told = pns and top.id not in few and _enough(at_floor, pns) is not None
    people = hours.get("people", 0)
    return Line(
        unit=top,
        people=people,
        cells=cells,
        at_floor=at_floor / pns if floor_told else None,
        above_ceiling=_enough(hours.get("above_ceiling", 0), hours.get("pppk", 0)),
        jp_each=hours.get("jp", 0) / people if people >= FEWEST else None,
        itself=chosen is not None and top.id == chosen.id,
    )


def _tops(units: list[Unit]) -> list[Unit]:
    """Where there is one root, it and what lies right below; of several roots, themselves."""
    known = {unit.id for unit in units}
    roots = [unit for unit in units if unit.parent_id not in known]
    if len(roots) != 1:
        return roots
    return [roots[0], *(unit for unit in units if unit.parent_id == roots[0].id)]


def _belongs(units: list[Unit], tops: list[Unit]) -> dict[int, int]:
    """Unit → the deepest of ``tops`` it lies under."""
    by_path = {top.path: top.id for top in tops}
    found = {}
    for unit in units:
        path = unit.path
        while path not in by_path:
            path = path[: path.rstrip("/").rfind("/") + 1]
        found[unit.id] = by_path[path]
    return found


@dataclass(frozen=True)
class ProgrammeOutcome:
    """How levels moved since the year began, beside those without a mentor, and who came to be paired."""

    made_at: datetime
    year: int
    paired: Mean | None
    alone: Mean | None
    by_tier: list[tuple[str, int, float | None]]
    by_unit: list[tuple[str, int, float | None]]
    by_place: list[tuple[str, int, float | None]]


def outcome_for(actor: Actor) -> ProgrammeOutcome | None:
    """For programme managers of the whole agency: what came of it, and whether access was fair. Three queries."""
    if not may_see_programme_figures(actor) or not actor.has_over(None, Role.MANAGER):
        return None
    found = sheet()
    if found is None:
        return None
    body = found.body
    means = {
        side: mean_of([change for change, number in zip(range(-5, 6), counts, strict=True) for _n in range(number)])
        for side, counts in body["outcome"].items()
    }
    tiers = {tier.code: tier.name for tier in db.session.scalars(sa.select(Tier))}
    units = {unit.id: unit for unit in db.session.scalars(sa.select(Unit))}
    by_top: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    names: dict[str, Any] = {}
    for unit_id, (asked, paired) in body["fairness"]["unit"].items():
        top = _branch(units, int(unit_id))
        if top is not None:
            by_top[str(top.id)][0] += asked
            by_top[str(top.id)][1] += paired
            names[str(top.id)] = top.name
    return ProgrammeOutcome(
        found.made_at, body["year"], means["paired"], means["alone"],
        _rates(body["fairness"]["tier"], tiers), _rates(by_top, names), _rates(body["fairness"]["place"], {}),
    )  # fmt: skip


def _branch(units: Mapping[int, Unit], unit_id: int) -> Unit | None:
    """The unit right below the root under which a unit lies."""
    unit = units.get(unit_id)
    while unit is not None and unit.parent_id in units and units[unit.parent_id].parent_id is not None:
        unit = units[unit.parent_id]
    return unit


def _rates(groups: Mapping[str, list[int]], names: Mapping[str, Any]) -> list[tuple[Any, int, float | None]]:
    """Name, people who asked, share paired; small groups are held back, also where subtraction would give them."""
    hidden = hidden_groups({name: row[0] for name, row in groups.items()})
    rows = [
        (names.get(name, name), asked, None if name in hidden or _enough(paired, asked) is None else paired / asked)
        for name, (asked, paired) in groups.items()
    ]
    return sorted(rows, key=lambda row: -row[1])
