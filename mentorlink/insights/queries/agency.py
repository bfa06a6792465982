"""Figures for who heads units and for programme managers, read from the sheet: two queries, whatever the agency's size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mentorlink.insights.models import AGENCY, FigureSheet
from mentorlink.insights.policy import may_see_agency_figures
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.groups import Count
from mentorlink.people.models import Unit

MOST_COMPETENCIES = 24
"""Columns of the heat map on a page; those with most need. The file has all."""


@dataclass(frozen=True)
class Cell:
    """People of a unit whose job asks for a competency, and those of them with a gap; None where it may not be told."""

    told: Count | None

    @property
    def share(self) -> float | None:
        """Share with a gap; None also where there is nobody."""
        return self.told.part / self.told.people if self.told and self.told.people else None


@dataclass(frozen=True)
class Line:
    """A unit with all below it; or by itself, where its parts have lines of their own."""

    unit: Unit
    itself: bool
    people: int
    cells: list[Cell]
    floor: Count | None
    """Permanent staff, and those at the floor of the law; None where it may not be told."""
    ceiling: Count | None
    """Contract staff, and those above the ceiling; None where it may not be told."""
    jp_each: float | None

    @property
    def at_floor(self) -> float | None:
        """Share of permanent staff at the floor."""
        return self.floor.part / self.floor.people if self.floor and self.floor.people else None


@dataclass(frozen=True)
class AgencyFigures:
    """What a head sees of what they head."""

    made_at: datetime
    unit: Unit | None
    competencies: list[dict[str, Any]]
    lines: list[Line]
    people: int
    floor: Count | None
    ceiling: Count | None
    worst: tuple[Line, dict[str, Any], float] | None
    """The unit and competency with the greatest share of people with a gap."""
    uncovered: list[dict[str, Any]]


def agency_figures_for(actor: Actor, unit_id: int | None = None) -> AgencyFigures | None:
    """Gaps by unit and competency and hours against the law, over what is the actor's; None until they were worked out."""
    if not may_see_agency_figures(actor):
        raise NotFound()
    units = list(db.session.scalars(sa.select(Unit).where(_reach(actor), Unit.closed_at.is_(None)).order_by(Unit.path)))
    chosen = next((unit for unit in units if unit.id == unit_id), None)
    if unit_id is not None and chosen is None:
        raise NotFound()
    found = db.session.get(FigureSheet, AGENCY)
    if found is None:
        return None
    if chosen is not None:
        units = [unit for unit in units if unit.path.startswith(chosen.path)]
    return figures_of(found, units, chosen)


def _reach(actor: Actor) -> sa.ColumnElement[bool]:
    over = [*actor.heads, *(grant.unit_path for grant in actor.grants if grant.role is Role.MANAGER)]
    if actor.is_system or None in over:
        return sa.true()
    return sa.or_(sa.false(), *(Unit.path.startswith(path, autoescape=True) for path in over if path))


def figures_of(found: FigureSheet, units: list[Unit], chosen: Unit | None) -> AgencyFigures:
    """What the sheet tells of ``units``: where one stands above all others, of it alone and of those right below; else of each
    that stands at the top."""
    known = {unit.id for unit in units}
    tops = [unit for unit in units if unit.parent_id not in known]
    below = [unit for unit in units if unit.parent_id == tops[0].id] if len(tops) == 1 else []
    rows = [(top, "itself" if below else "all") for top in tops] + [(unit, "all") for unit in below]
    body = found.body
    cells = {(unit, part): _needs(body, unit, part) for unit, part in rows}
    competencies = [each for each in body["competencies"] if any(str(each["id"]) in told for told in cells.values())]
    competencies.sort(key=lambda each: -sum((told.get(str(each["id"])) or (0, 0))[1] for told in cells.values()))
    lines = [
        _line(unit, part, [_cell(cells[unit, part], str(each["id"])) for each in competencies], _hours(body, unit, part))
        for unit, part in rows
    ]
    shares = [
        (line, each, cell.share) for line in lines for each, cell in zip(competencies, line.cells, strict=True) if cell.share
    ]
    whole = [_hours(body, top, "all") for top in tops]
    names = {each["id"]: each for each in body["competencies"]}
    return AgencyFigures(
        made_at=found.made_at,
        unit=chosen,
        competencies=competencies,
        lines=lines,
        people=sum(each.get("people", 0) for each in whole),
        floor=_together(each.get("floor", ()) for each in whole),
        ceiling=_together(each.get("ceiling", ()) for each in whole),
        worst=max(shares, key=lambda row: (row[2], row[0].people), default=None),
        uncovered=[{**row, "competency": names[row["competency"]]} for row in body["uncovered"] if row["competency"] in names],
    )


def _needs(body: Mapping[str, Any], unit: Unit, part: str) -> dict[str, list[int] | None]:
    """Of the one unit at the top, which is never summed, what stands for itself: it is asked for where nothing lies below."""
    found: dict[str, dict[str, list[int] | None]] = body["needs"].get(str(unit.id), {})
    return found.get(part) or found.get("itself", {})


def _hours(body: Mapping[str, Any], unit: Unit, part: str) -> dict[str, Any]:
    found: dict[str, Any] = body["hours"].get(str(unit.id), {}).get(part, {})
    return found


def _cell(told: Mapping[str, list[int] | None], competency: str) -> Cell:
    if competency not in told:
        return Cell(Count(0))
    number = told[competency]
    return Cell(Count(*number) if number else None)


def _line(unit: Unit, part: str, cells: list[Cell], hours: Mapping[str, Any]) -> Line:
    people, jp = hours.get("people", 0), hours.get("jp")
    return Line(
        unit=unit,
        itself=part == "itself",
        people=people,
        cells=cells,
        floor=_together([hours.get("floor", ())]),
        ceiling=_together([hours.get("ceiling", ())]),
        jp_each=jp / people if people and jp is not None else None,
    )


def _together(told: Iterable[Sequence[int] | None]) -> Count | None:
    """The sum of counts; None where one of them may not be told."""
    every = list(told)
    return None if None in every else sum((Count(*each) for each in every if each), Count(0))
