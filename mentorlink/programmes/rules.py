"""By which rules people meet in a programme, and how much each part of the score may weigh."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from mentorlink.kernel.inputs import Input, Text

STAGES = ("prescriptive", "persuasive", "collaborative", "confirmative")
CLAUSES = ("period", "frequency", "mode", "topics_in", "topics_out", "confidentiality", "ending")
TERMS = ("cover", "text", "experience", "place", "field", "language", "grade")
IMPORTANCES = ("mandatory", "high", "medium", "low", "off")

USUAL_WEIGHTS: Mapping[str, float] = {
    "cover": 0.55, "text": 0.15, "experience": 0.10, "place": 0.08, "field": 0.07, "language": 0.05, "grade": 0.0,
}  # fmt: skip
"""What each part of the score adds at most where nobody has said otherwise."""

USUAL_IMPORTANCE: Mapping[str, str] = {
    "cover": "mandatory", "text": "high", "experience": "medium", "place": "medium", "field": "low", "language": "low",
    "grade": "off",
}  # fmt: skip

POINTS: Mapping[str, float] = {"mandatory": 11, "high": 3, "medium": 2, "low": 1, "off": 0}
"""How the importances stand to each other; a part at its usual importance keeps its usual weight."""

GRADE_AT_MEDIUM = 0.10
"""What the distance of grades adds at most at medium; by itself it does not count."""

Days = Annotated[int, Field(ge=1, le=365)]
GradeStep = Annotated[int, Field(ge=-12, le=12)]
Decimal = BeforeValidator(lambda value: value.replace(",", ".") if isinstance(value, str) else value)
"""Both ways of writing a half: 0,5 and 0.5."""
Share = Annotated[float, Decimal, Field(ge=0, le=1)]
Points = Annotated[float, Decimal, Field(ge=0, le=100)]
Term = Literal["cover", "text", "experience", "place", "field", "language", "grade"]
ClauseText = Annotated[Text, StringConstraints(min_length=1, max_length=1200)]


class Clause(Input):
    """One clause of the agreement's template, in both languages."""

    id: ClauseText
    en: ClauseText


class UsualDays(Input):
    """How long each stage usually takes."""

    prescriptive: Days = 14
    persuasive: Days = 30
    collaborative: Days = 120
    confirmative: Days = 21


class Enrolment(Input):
    """Who takes part in a matching round by rule, beside those whom HR or they themselves enrol.

    Mentees are active people of the programme's part of the agency; mentors those with an open offer and room.
    """

    units: Annotated[tuple[int, ...], Field(max_length=200)] = ()
    """These units and all below them; none: all of the programme's."""
    tiers: Annotated[tuple[Annotated[str, StringConstraints(max_length=40)], ...], Field(max_length=200)] = ()
    """Tiers of the mentees' jobs; none: all."""
    with_gaps: bool = True
    """Only who has a gap."""
    without_mentor: bool = True
    """Only who has no mentorship going on."""
    asked: bool = False
    """Only who asked somebody in this programme before."""
    invited: bool = False
    """Also who was invited and has not signed in yet."""
    self_enrol: bool = False
    """Anybody of the programme may enrol themself."""
    ranks: bool = True
    """Participants may rank whom they would like."""


class ProgrammeRules(Input):
    """The rules of a programme.

    Not to be switched off, so not here: oneself, blocked, paused, a pair that failed before; for mentoring the line of
    command too.
    """

    same_field: bool = False
    other_unit: bool = False
    grade_min: GradeStep | None = None
    grade_max: GradeStep | None = None
    request_days: Annotated[int, Field(ge=1, le=60)] = 7
    open_requests: Annotated[int, Field(ge=1, le=20)] = 3
    usual_days: UsualDays = UsualDays()
    superior_agrees: bool = False
    """The mentee's direct superior agrees before the first stage is left."""
    grade_points: dict[GradeStep, Share] = {1: 0.75, 2: 1.0}
    """Mentor's tier − mentee's, in steps → share of what the distance of grades adds at most."""
    points: dict[Term, Points] = {}
    """Own points: part of the score → at most. None: by importance."""
    clauses: dict[Literal["period", "frequency", "mode", "topics_in", "topics_out", "confidentiality", "ending"], Clause] = {}

    @model_validator(mode="after")
    def _grades_in_order(self) -> Self:
        if self.grade_min is not None and self.grade_max is not None and self.grade_min > self.grade_max:
            raise ValueError("grades_crossed")
        return self

    @property
    def agreement(self) -> dict[str, dict[str, str]]:
        """The agreement's template: clause → text in both languages, the usual text where the programme has none."""
        own = {name: clause.model_dump() for name, clause in self.clauses.items()}
        return {name: own.get(name) or default_content()["clauses"][name] for name in CLAUSES}  # type: ignore[call-overload]  # keys are literals


@cache
def default_content() -> Any:
    """Names and clauses of a programme nobody has edited."""
    return json.loads((Path(__file__).parent / "data" / "default.json").read_text(encoding="utf-8"))


def weights(importances: Mapping[str, str], points: Mapping[str, float] | None = None) -> dict[str, float]:
    """What each part of the score adds at most, by own ``points`` if there are any; scaled to a sum of 1 by whoever ranks."""
    if points and any(points.values()):
        return {term: float(points.get(term, 0)) for term in TERMS}
    return {term: _point_value(term) * POINTS[importances.get(term, USUAL_IMPORTANCE[term])] for term in TERMS}


def _point_value(term: str) -> float:
    if term == "grade":
        return GRADE_AT_MEDIUM / POINTS["medium"]
    return USUAL_WEIGHTS[term] / POINTS[USUAL_IMPORTANCE[term]]
