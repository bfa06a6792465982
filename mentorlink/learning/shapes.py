"""Hours, claims and plans in JSON: codes and facts, no words."""

from __future__ import annotations

from typing import Any

from mentorlink.learning.models import Claim, DevelopmentPlan, PlanLine
from mentorlink.learning.queries import Deed
from mentorlink.learning.queries.sums import CompetencySum, PlanSums, UnitSum
from mentorlink.learning.queries.year import YearOfLearning
from mentorlink.learning.rules import LEAST


def year_shape(year: int, found: YearOfLearning) -> dict[str, Any]:
    """Somebody's learning year: what counts, what caps kept out, what the year asks, where it is heading."""
    forecast, suggestion = found.forecast, found.suggestion
    return {
        "year": year,
        "jp": found.total,
        "kept_out": found.lost,
        "floor": found.target.floor,
        "ceiling": found.target.ceiling,
        "expected": None if forecast.over else forecast.expected,
        "missing": forecast.missing,
        "beyond": forecast.beyond,
        "until": forecast.last.isoformat(),
        "by_path": [{"path": path, "jp": jp, "kept_out": lost} for path, jp, lost in found.by_path],
        "by_month": found.by_month,
        "deeds": [deed_shape(deed) for deed in found.deeds],
        "suggestion": {"code": suggestion.code, "number": suggestion.number, "jp": suggestion.jp} if suggestion else None,
    }


def deed_shape(deed: Deed) -> dict[str, Any]:
    """One deed of the ledger with all its turns."""
    entry = deed.entry
    return {
        "id": entry.id,
        "day": entry.happened_on.isoformat(),
        "path": entry.path,
        "minutes": entry.minutes or None,
        "jp": deed.jp,
        "without_cap": deed.full,
        "taken_out": deed.withdrawn,
        "rule": entry.rule.number,
        "claim_id": entry.claim_id,
    }


def claim_shape(claim: Claim) -> dict[str, Any]:
    """A claim as it stands; what the superior says is for whoever may see it."""
    return {
        "id": claim.id,
        "person_id": claim.person_id,
        "state": claim.state,
        "revision": claim.revision,
        "path": claim.path,
        "activity": claim.activity,
        "provider": claim.provider,
        "starts_on": claim.starts_on.isoformat(),
        "ends_on": claim.ends_on.isoformat(),
        "minutes": claim.minutes,
        "units": claim.units,
        "stated_jp": claim.stated_jp,
        "abroad": claim.abroad,
        "link": claim.link,
        "has_file": claim.evidence is not None,
        "note": claim.decision_note,
    }


def plan_shape(plan: DevelopmentPlan, progress: dict[int, int]) -> dict[str, Any]:
    """A plan with its lines and what the ledger has for each."""
    return {
        "id": plan.id,
        "person_id": plan.person_id,
        "year": plan.year,
        "state": plan.state,
        "revision": plan.revision,
        "note": plan.decision_note,
        "lines": [line_shape(line) | {"done": progress.get(line.id, 0)} for line in plan.lines],
    }


def line_shape(line: PlanLine) -> dict[str, Any]:
    """One line of a plan."""
    return {
        "id": line.id,
        "competency_id": line.competency_id,
        "required": line.required,
        "actual": line.actual,
        "path": line.path,
        "activity": line.activity,
        "jp": line.jp,
        "month_from": line.month_from,
        "month_to": line.month_to,
        "budget": line.budget,
        "priority": line.priority,
    }


def sums_shape(year: int, found: PlanSums) -> dict[str, Any]:
    """What the plans of units add up to; null where it would tell of few people."""
    return {
        "year": year,
        "people": found.people,
        "plans": dict(found.plans) if found.shown else None,
        "jp": found.jp if found.shown else None,
        "budget": found.budget if found.shown else None,
        "units": [{"unit_id": row.unit.id, "code": row.unit.code, "people": row.people, **_planned(row)} for row in found.units],
        "competencies": [
            {
                "code": row.competency.code,
                "needing": None if 0 < row.needing < LEAST else row.needing,
                "without_plan": row.uncovered if row.told else None,
                **_planned(row),
            }
            for row in found.competencies
        ],
    }


def _planned(row: UnitSum | CompetencySum) -> dict[str, int | None]:
    return {name: None if row.hidden else getattr(row, name) for name in ("planned", "jp", "budget")}
