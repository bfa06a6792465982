"""What the use cases of competencies take from outside."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from mentorlink.kernel.inputs import Input, Line, Text

Code = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
LevelNumber = Annotated[int, Field(ge=1, le=5)]
FoundLevel = Annotated[int, Field(ge=0, le=5)]
Token = Annotated[str, StringConstraints(min_length=8, max_length=40, pattern=r"^[A-Za-z0-9-]+$")]
Source = Literal["self", "peer", "superior", "assessment_centre", "mentorship"]


class Name(Input):
    """A short text in both languages."""

    id: Annotated[Line, StringConstraints(min_length=1, max_length=200)]
    en: Annotated[Line, StringConstraints(min_length=1, max_length=200)]


class Prose(Input):
    """A longer text in both languages."""

    id: Annotated[Text, StringConstraints(min_length=1, max_length=2000)]
    en: Annotated[Text, StringConstraints(min_length=1, max_length=2000)]


class LevelInput(Input):
    """One level of a competency in a framework file."""

    level: LevelNumber
    title: Name
    description: Prose
    indicators: Annotated[list[Prose], Field(max_length=12)] = []


class CompetencyInput(Input):
    """A competency in a framework file: five levels, ascending."""

    code: Code
    field: Code | None = None
    name: Name
    definition: Prose
    levels: list[LevelInput]

    @model_validator(mode="after")
    def _five_levels(self) -> Self:
        if [level.level for level in self.levels] != [1, 2, 3, 4, 5]:
            raise ValueError("five_levels")
        return self


class FrameworkInput(Input):
    """A framework file: the whole dictionary as its newest edition shall read."""

    code: Code
    type: Literal["managerial", "socio_cultural", "technical", "digital"]
    version: Annotated[Line, StringConstraints(max_length=40)] = ""
    name: Name
    source: Annotated[Text, StringConstraints(max_length=1000)] = ""
    competencies: Annotated[list[CompetencyInput], Field(min_length=1, max_length=2000)]

    @model_validator(mode="after")
    def _codes_once(self) -> Self:
        codes = [competency.code for competency in self.competencies]
        if len(set(codes)) < len(codes):
            raise ValueError("code_twice")
        return self


class SheetInput(Input):
    """Several findings by one assessor on one day: competency code → level. Sent twice with one ``token`` it counts once."""

    token: Token
    levels: Annotated[dict[Code, FoundLevel], Field(min_length=1, max_length=400)]
    assessed_on: date | None = None
    method: Annotated[Line, StringConstraints(max_length=120)] = ""


class ColleaguesInput(Input):
    """Whom to ask how somebody works, and about what. Sent twice with one ``token`` it asks once."""

    token: Token
    colleagues: Annotated[list[int], Field(max_length=100)] = []
    competencies: Annotated[list[Code], Field(max_length=400)] = []


class VoiceInput(Input):
    """What one colleague says: competency code → level; what is left out was not to be judged."""

    levels: Annotated[dict[Code, FoundLevel], Field(min_length=1, max_length=400)]


class ScaleName(Input):
    """What a level is called."""

    id: Annotated[Line, StringConstraints(min_length=2, max_length=40)]
    en: Annotated[Line, StringConstraints(min_length=2, max_length=40)]


class ScaleMeaning(Input):
    """What a level means, whatever the competency."""

    id: Annotated[Text, StringConstraints(min_length=3, max_length=300)]
    en: Annotated[Text, StringConstraints(min_length=3, max_length=300)]


class ScaleLevel(Input):
    """One of the five levels."""

    name: ScaleName
    meaning: ScaleMeaning


class LevelScaleInput(Input):
    """What the five levels are called; ``based_on`` is the version that was changed (0: as shipped)."""

    based_on: Annotated[int, Field(ge=0)]
    level_1: ScaleLevel
    level_2: ScaleLevel
    level_3: ScaleLevel
    level_4: ScaleLevel
    level_5: ScaleLevel


class LimitsInput(Input):
    """From which job-person match on, in percent, the mapping is optimal and fair; ``seen`` is what the page showed."""

    optimal: Annotated[int, Field(ge=2, le=100)]
    fair: Annotated[int, Field(ge=1, le=99)]
    seen: Annotated[Line, StringConstraints(max_length=20)]


class StandardRow(Input):
    """What a tier or a job asks: exactly one of the two ids is given."""

    competency_id: int
    tier_id: int | None = None
    job_id: int | None = None
    required: FoundLevel

    @model_validator(mode="after")
    def _tier_or_job(self) -> Self:
        if (self.tier_id is None) == (self.job_id is None):
            raise ValueError("tier_or_job")
        return self


class AssessmentRow(Input):
    """One finding of a file."""

    person_id: int
    competency_id: int
    source: Source
    level: FoundLevel
    assessed_on: date
    assessor_id: int | None = None
    method: Annotated[Line, StringConstraints(max_length=120)] = ""
