"""What reads of competencies hand out, and the same as plain data for JSON and export. Texts keep both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mentorlink.competencies import rules
from mentorlink.competencies.models import Competency, Framework, Level, PeerReview, PeerVoice
from mentorlink.competencies.rules import JobMatch, Need
from mentorlink.people.models import Person


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of the ledger; ``verdict`` says why it counts or does not (``rules.verdict``)."""

    id: int
    source: str
    level: int
    assessed_on: date
    created_at: datetime
    method: str
    assessor_id: int | None
    assessor: str | None
    verdict: str = ""
    voices: int | None = None

    @property
    def evidence(self) -> rules.Evidence:
        """The kind of evidence, with its words."""
        return rules.EVIDENCE[self.source]


@dataclass(frozen=True, slots=True)
class MapRow:
    """One competency on the map. ``required`` is None where the job asks nothing of it."""

    competency_id: int
    code: str
    name: Mapping[str, str]
    kind: str
    required: int | None
    actual: int | None
    findings: tuple[Found, ...] = ()
    here: Level | None = None
    ahead: Level | None = None

    @property
    def gap(self) -> int:
        """Levels still missing."""
        return rules.gap(self.required or 0, self.actual)

    @property
    def surplus(self) -> int:
        """Levels held beyond what the job asks."""
        return max(0, (self.actual or 0) - self.required) if self.required is not None else 0

    @property
    def counting(self) -> Found | None:
        """The finding that the level rests on."""
        return next((found for found in self.findings if found.verdict == "counts"), None)


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A level became another one since the person last looked; ``before`` None = first found."""

    code: str
    name: Mapping[str, str]
    before: int | None
    after: int
    source: str


@dataclass(frozen=True, slots=True)
class CompetencyMap:
    """Everything the map page shows."""

    person: Person
    rows: tuple[MapRow, ...]
    extra: tuple[MapRow, ...]
    match: JobMatch
    changes: tuple[LevelChange, ...]

    @property
    def gaps(self) -> list[MapRow]:
        """Rows with a gap, the largest first."""
        return sorted((row for row in self.rows if row.gap), key=lambda row: -row.gap)

    @property
    def unassessed(self) -> list[MapRow]:
        """What the job asks and nobody has looked at yet."""
        return [row for row in self.rows if row.actual is None]

    @property
    def met(self) -> list[MapRow]:
        """What is held as asked, or beyond."""
        return [row for row in self.rows if row.actual is not None and not row.gap]

    @property
    def beyond(self) -> int:
        """Levels held beyond what the job asks; in the job-person match they make up for gaps elsewhere."""
        return sum(max(0, (row.actual or 0) - row.required) for row in self.rows)

    def of_kind(self, *kinds: str) -> list[MapRow]:
        """The asked rows of these kinds, in order."""
        return [row for row in self.rows if row.kind in kinds]


@dataclass(frozen=True, slots=True)
class StandardLine:
    """One competency for a job or tier: the tier's default, its own figure, and which of them holds."""

    competency_id: int
    code: str
    name: dict[str, str]
    kind: str
    default: int | None
    own: int | None

    @property
    def effective(self) -> int:
        """The level that is asked; 0 asks nothing."""
        return self.own if self.own is not None else self.default or 0


@dataclass(frozen=True, slots=True)
class Shelf:
    """A framework with what one sees of it in a list."""

    framework: Framework
    competencies: int
    edition: int | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asking:
    """A review as whoever may see the map sees it: how many have answered, never who. Names are for whoever asked."""

    review: PeerReview
    asked: int
    answered: int
    mine: bool

    @property
    def names(self) -> list[Person]:
        """Who was asked, for whoever chose them."""
        people = [voice.person for voice in self.review.voices] if self.mine else []
        return sorted(people, key=lambda person: person.folded_name)


def map_shape(view: CompetencyMap) -> dict[str, Any]:
    """The competency map of one person."""
    return {
        "person_id": view.person.id,
        "match": match_shape(view.match),
        "competencies": [_row_shape(row) for row in view.rows],
        "also_held": [_row_shape(row) for row in view.extra],
        "changes": [
            {"code": change.code, "name": change.name, "before": change.before, "after": change.after, "source": change.source}
            for change in view.changes
        ],
    }


def match_shape(match: JobMatch) -> dict[str, Any]:
    """How well somebody fits their job."""
    return {
        "percent": None if match.percent is None else round(match.percent, 1),
        "mapping": match.mapping,
        "assessed": match.assessed,
        "asked": match.asked,
    }


def standard_shape(line: StandardLine) -> dict[str, Any]:
    """One competency that a job or a tier asks: the tier's default, the job's own figure, and which holds."""
    return {
        "code": line.code,
        "name": line.name,
        "kind": line.kind,
        "default": line.default,
        "own": line.own,
        "required": line.effective,
    }


def need_shape(need: Need) -> dict[str, Any]:
    """What a job asks of somebody in one competency and what was found; not assessed is no gap."""
    return {
        "code": need.code,
        "required": need.required,
        "actual": need.actual,
        "gap": need.gap if need.is_assessed else None,
    }


def framework_shape(shelf: Shelf) -> dict[str, Any]:
    """A dictionary in the list."""
    return {
        "code": shelf.framework.code,
        "kind": shelf.framework.kind,
        "name": shelf.framework.name,
        "competencies": shelf.competencies,
        "edition": shelf.edition,
        "published_at": shelf.published_at.isoformat() if shelf.published_at else None,
    }


def competency_shape(competency: Competency) -> dict[str, Any]:
    """A competency with its five levels."""
    return {
        "code": competency.code,
        "framework": competency.framework.code,
        "kind": competency.framework.kind,
        "field": competency.field.code if competency.field else None,
        "name": competency.name,
        "definition": competency.definition,
        "retired": competency.retired_at is not None,
        "levels": [
            {
                "level": level.number,
                "title": level.title,
                "description": level.description,
                "indicators": level.indicators,
            }
            for level in competency.levels
        ],
    }


def named_shape(person: Person) -> dict[str, Any]:
    """A colleague in a list to choose from."""
    return {"id": person.id, "full_name": person.full_name, "unit": dict(person.unit.name)}


def question_shape(review: PeerReview) -> dict[str, Any]:
    """What was asked about whom, until when; nothing of who was asked or what they said."""
    return {
        "id": review.id,
        "person": named_shape(review.person),
        "state": review.state,
        "asked_at": review.asked_at.isoformat(),
        "closes_at": review.closes_at.isoformat(),
        "ended_at": review.ended_at.isoformat() if review.ended_at else None,
    }


def asking_shape(asking: Asking) -> dict[str, Any]:
    """The same with how many have answered, and names for whoever chose them alone."""
    return question_shape(asking.review) | {
        "asked": asking.asked,
        "answered": asking.answered,
        "least": asking.review.least,
        "entered": asking.review.entered,
        "colleagues": [named_shape(person) for person in asking.names],
    }


def voice_shape(voice: PeerVoice, competencies: Iterable[Competency]) -> dict[str, Any]:
    """What one colleague is asked, and what they themselves said, until it is over."""
    return question_shape(voice.review) | {
        "mine": voice.state,
        "levels": dict(voice.levels or {}),
        "competencies": [competency_shape(competency) for competency in competencies],
    }


def _row_shape(row: MapRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "required": row.required,
        "actual": row.actual,
        "gap": row.gap if row.actual is not None else None,
        "evidence": [_found_shape(found) for found in row.findings],
    }


def _found_shape(found: Found) -> dict[str, Any]:
    return {
        "source": found.source,
        "level": found.level,
        "assessed_on": found.assessed_on.isoformat(),
        "assessor": found.assessor,
        "method": found.method,
        "voices": found.voices,
        "verdict": found.verdict,
    }
