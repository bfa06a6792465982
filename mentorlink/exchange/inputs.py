"""What the use cases of exchange take from outside: mappings, and rows whose names are not yet ids."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from mentorlink.competencies.inputs import FoundLevel, FrameworkInput, Name
from mentorlink.kernel import clock
from mentorlink.kernel.inputs import Input, Line, Text
from mentorlink.pairing.rules import MOST_PLACES
from mentorlink.programmes.rules import ProgrammeRules

Heading = Annotated[str, StringConstraints(max_length=400)]
Kind = Literal["units", "jobs", "people", "standards", "assessments", "offers"]
Values = Annotated[
    dict[Annotated[str, StringConstraints(max_length=400)], Annotated[str, StringConstraints(max_length=400)]],
    Field(max_length=2000),
]


class Source(Input):
    """Where a value comes from: a heading of the file, a fixed value, or several of them joined."""

    column: Heading | None = None
    value: Annotated[str, StringConstraints(max_length=400, strip_whitespace=False)] | None = None
    parts: Annotated[tuple[Source, ...], Field(max_length=8)] = ()
    join: Annotated[str, StringConstraints(max_length=20, strip_whitespace=False)] = ""
    values: Values = {}
    """The file's word → ours; ``*`` for any other word."""
    otherwise: Source | None = None
    """Where to take it from when this is empty; ``{row}`` in its value is the number of the row."""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.column is not None) + (self.value is not None) + bool(self.parts) != 1:
            raise ValueError("mapping_source")
        return self


class Condition(Input):
    """A row counts only when the column holds one of these words, whatever their case."""

    column: Heading
    words: Annotated[tuple[Line, ...], Field(max_length=50)]


class Mapping(Input):
    """How a file's columns and words become ours."""

    columns: Annotated[dict[str, Source], Field(max_length=60)]
    only: Condition | None = None


class SeenInput(Input):
    """Which preview is carried out."""

    digest: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class MappingName(Input):
    """What a mapping is called."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=80)]


def _not_ahead(day: date) -> date:
    if day > clock.today("Asia/Jayapura"):
        raise ValueError("in_future")
    return day


class StandardFileRow(Input):
    """What a tier or a job asks, by codes."""

    tier: Line | None = None
    job: Line | None = None
    competency: Line
    required: FoundLevel

    @model_validator(mode="after")
    def _tier_or_job(self) -> Self:
        if (self.tier is None) == (self.job is None):
            raise ValueError("tier_or_job")
        return self


class AssessmentFileRow(Input):
    """One finding, by codes and e-mail or NIP."""

    person: Line
    competency: Line
    source: Literal["self", "peer", "superior", "assessment_centre", "mentorship"]
    level: FoundLevel
    assessed_on: Annotated[date, AfterValidator(_not_ahead)]
    assessor: Line | None = None
    method: Annotated[Line, StringConstraints(max_length=120)] = ""


class OfferFileRow(Input):
    """One offer, by codes and e-mail or NIP. What is None stays as it is (in a new offer: empty)."""

    person: Line
    kind: Literal["mentor", "coach"] = "mentor"
    capacity: Annotated[int, Field(ge=1, le=MOST_PLACES)]
    competencies: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    message: Annotated[Text, StringConstraints(max_length=600)] | None = None


class PackTier(Input):
    """A job tier that a pack brings along."""

    code: Annotated[Line, StringConstraints(min_length=1, max_length=40)]
    grade: int
    name: Name


class PackField(Input):
    """A field of work that a pack brings along."""

    code: Annotated[Line, StringConstraints(min_length=1, max_length=40)]
    name: Name


class Step(Input):
    """One reading of the same file: as this kind, by this mapping."""

    kind: Kind
    mapping: Mapping


class Side(Input):
    """How the file of one side is read, and whose rows ask for a mentor: all, those of ``asks``, or with False none."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=12)]
    asks: bool | Condition = False


class Pack(Input):
    """Mappings that belong together, with what they refer to: how somebody else's files of mentors and mentees are read."""

    name: Annotated[Line, StringConstraints(max_length=80)]
    about: Text = ""
    tiers: tuple[PackTier, ...] = ()
    fields: tuple[PackField, ...] = ()
    framework: FrameworkInput | None = None
    rules: ProgrammeRules | None = None
    round_rules: ProgrammeRules | None = None
    """Rules by which rounds pair the two files; None: `rules`."""
    sides: dict[Literal["mentors", "mentees"], Side]
