"""Which finding counts, what a gap is, and how well a person fits a job."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

SOURCES = ("assessment_centre", "mentorship", "superior", "peer", "self")
"""Where a finding may come from, heaviest first."""

CONFIRMED = 4
"""Evidence of this weight or more forms one class: in it the newest counts, so that a closed mentorship moves a level."""


class Limits(NamedTuple):
    """Job-person match in percent from which the mapping is optimal, and from which it is fair."""

    optimal: int
    fair: int


USUAL_LIMITS = Limits(90, 78)
"""Where the agency has set no others: as working public software of several agencies has them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of finding, as ``data/evidence.csv`` describes it."""

    code: str
    name: Mapping[str, str]
    note: Mapping[str, str]
    weight: int
    validity_months: int


class Finding(Protocol):
    """What the rule needs to know of an assessment."""

    @property
    def source(self) -> str: ...
    @property
    def level(self) -> int: ...
    @property
    def assessed_on(self) -> date: ...
    @property
    def created_at(self) -> datetime: ...


F = TypeVar("F", bound=Finding)


@dataclass(frozen=True, slots=True)
class Need:
    """What a job asks of somebody in one competency, and what was found."""

    competency_id: int
    code: str
    required: int
    actual: int | None
    name: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""

    @property
    def gap(self) -> int:
        """Levels still missing, never negative. What was never assessed is not a gap but an open question."""
        return gap(self.required, self.actual)

    @property
    def is_assessed(self) -> bool:
        """True when there is any finding."""
        return self.actual is not None


@dataclass(frozen=True, slots=True)
class JobMatch:
    """How well somebody fits a job: Σ actual / Σ required over what was assessed, at most 100."""

    percent: float | None
    mapping: str | None
    assessed: int
    asked: int


@dataclass(frozen=True, slots=True)
class LevelWord:
    """What a level is called and means, whatever the competency (``data/levels.csv``)."""

    number: int
    name: Mapping[str, str]
    meaning: Mapping[str, str]


def _read_levels() -> tuple[LevelWord, ...]:
    with (Path(__file__).parent / "data" / "levels.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            LevelWord(
                int(row["level"]),
                {"id": row["name_id"], "en": row["name_en"]},
                {"id": row["meaning_id"], "en": row["meaning_en"]},
            )
            for row in csv.DictReader(stream)
        )


LEVEL_WORDS = _read_levels()
"""The five levels, ascending."""


def _read_evidence() -> dict[str, Evidence]:
    with (Path(__file__).parent / "data" / "evidence.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["code"]: Evidence(
                row["code"],
                {"id": row["name_id"], "en": row["name_en"]},
                {"id": row["note_id"], "en": row["note_en"]},
                int(row["weight"]),
                int(row["validity_months"]),
            )
            for row in csv.DictReader(stream)
        }


EVIDENCE: Mapping[str, Evidence] = _read_evidence()
"""Kinds of evidence by code."""


def standing(source: str) -> int:
    """The class of a source; a higher class beats a lower one whatever their dates."""
    return min(EVIDENCE[source].weight, CONFIRMED)


def valid_since(today: date) -> dict[str, date]:
    """Source → the first day whose findings are still valid on ``today``."""
    return {source: _months_before(today, EVIDENCE[source].validity_months) for source in SOURCES}


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def current(findings: Iterable[F], today: date) -> F | None:
    """The finding that counts on ``today``: valid before too old, then the higher class, then the newest.

    Findings of one class and day are decided by when they were recorded, then by weight, then by level, so the order in
    which they arrive here never matters.
    """
    since = valid_since(today)
    return max(findings, key=lambda finding: _rank(finding, since), default=None)


def _rank(finding: Finding, since: Mapping[str, date]) -> tuple[bool, int, date, datetime, int, int]:
    return (
        finding.assessed_on >= since[finding.source],
        standing(finding.source),
        finding.assessed_on,
        finding.created_at,
        EVIDENCE[finding.source].weight,
        finding.level,
    )


def verdict(finding: Finding, counting: Finding, today: date) -> str:
    """Why a finding counts or not: counts, expired, outweighed (by heavier evidence), superseded (by newer)."""
    if finding is counting:
        return "counts"
    since = valid_since(today)
    if finding.assessed_on < since[finding.source] and counting.assessed_on >= since[counting.source]:
        return "expired"
    return "outweighed" if standing(finding.source) < standing(counting.source) else "superseded"


def shared_level(levels: Sequence[int]) -> int:
    """The highest level that more than half of several people see somebody hold, or more: no single word moves it far."""
    ascending = sorted(levels)
    return ascending[(len(ascending) - 1) // 2]


def gap(required: int, actual: int | None) -> int:
    """Levels missing to what is required; 0 where nothing was found yet."""
    return 0 if actual is None else max(0, required - actual)


def job_person_match(needs: Sequence[Need], limits: Limits) -> JobMatch:
    """The match over the competencies that a job asks and an assessment covers; ``limits`` say what it is called."""
    assessed = [need for need in needs if need.actual is not None]
    required = sum(need.required for need in assessed)
    if not required:
        return JobMatch(None, None, len(assessed), len(needs))
    percent = min(100.0, 100 * sum(need.actual or 0 for need in assessed) / required)
    return JobMatch(percent, mapping(percent, limits), len(assessed), len(needs))


def mapping(percent: float, limits: Limits) -> str:
    """optimal, fair or low."""
    return "optimal" if percent >= limits.optimal else "fair" if percent >= limits.fair else "low"
