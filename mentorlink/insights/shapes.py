"""Figures in JSON: codes and numbers, no words; what may not be told is null. Every answer says of when it is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from mentorlink.insights.queries import Funnel
from mentorlink.insights.queries.agency import AgencyFigures, Line
from mentorlink.insights.queries.outcome import Access, Moved, ProgrammeOutcome
from mentorlink.kernel.groups import Count


def funnel_shape(year: int, at: datetime, found: Funnel) -> dict[str, Any]:
    """How far people came in a year, counted at ``at``."""
    return {"year": year, "as_of": at.isoformat(), **asdict(found), "ran": found.ran}


def outcome_shape(found: ProgrammeOutcome) -> dict[str, Any]:
    """What moved beside those without a mentor, and who had access."""
    return {
        "as_of": found.made_at.isoformat(),
        "people_as_of": found.as_of.isoformat(),
        "paired": _moved(found.paired),
        "alone": _moved(found.alone),
        "access": {kind: [_access(row) for row in rows] for kind, rows in found.access.items()},
    }


def _moved(found: Moved | None) -> dict[str, Any] | None:
    return {"before": asdict(found.before), "after": asdict(found.after), "change": asdict(found.change)} if found else None


def _access(row: Access) -> dict[str, Any]:
    told = {"looked": row.told.people, "paired": row.told.part} if row.told else None
    return {"group": row.group, "groups": row.groups, "people": row.people, "told": told}


def agency_shape(found: AgencyFigures) -> dict[str, Any]:
    """Gaps by unit and competency, hours against the law, needs that nobody can fill."""
    return {
        "as_of": found.made_at.isoformat(),
        "unit_id": found.unit.id if found.unit else None,
        "people": found.people,
        "competencies": [_competency(each) for each in found.competencies],
        "units": [_line(line) for line in found.lines],
        "at_the_floor": _count(found.floor),
        "above_the_ceiling": _count(found.ceiling),
        "needs_that_nobody_can_fill": [
            {"competency": _competency(row["competency"]), "level": row["level"], "people": row["people"], "exact": row["exact"]}
            for row in found.uncovered
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "unit_id": line.unit.id,
        "code": line.unit.code,
        "name": line.unit.name,
        "itself": line.itself,
        "people": line.people,
        "gaps": [_count(cell.told) for cell in line.cells],
        "at_the_floor": _count(line.floor),
        "above_the_ceiling": _count(line.ceiling),
        "jp_each": line.jp_each,
    }


def _competency(each: dict[str, Any]) -> dict[str, Any]:
    return {"code": each["code"], "name": each["name"]}


def _count(told: Count | None) -> dict[str, int] | None:
    return None if told is None else {"people": told.people, "of_them": told.part}
