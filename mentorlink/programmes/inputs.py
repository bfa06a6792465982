"""What the use cases of programmes take from outside."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from mentorlink.kernel.inputs import Input, Line
from mentorlink.programmes.rules import TERMS, ProgrammeRules, Term

Importance = Literal["mandatory", "high", "medium", "low", "off"]


class ProgrammeName(Input):
    """The name in both languages."""

    id: Annotated[Line, StringConstraints(min_length=3, max_length=120)]
    en: Annotated[Line, StringConstraints(min_length=3, max_length=120)]


class ProgrammeInput(Input):
    """A programme as HR writes it."""

    name: ProgrammeName
    kind: Literal["mentoring", "coaching"] = "mentoring"
    state: Literal["draft", "active", "closed"] = "draft"
    starts_on: date
    ends_on: date
    unit_id: int | None = None
    rules: ProgrammeRules = ProgrammeRules()
    weights: dict[Term, Importance] = {}
    revision: Annotated[int, Field(ge=1)] = 1

    @field_validator("ends_on")
    @classmethod
    def _ends_after_start(cls, value: date, info: ValidationInfo) -> date:
        if value < info.data.get("starts_on", value):
            raise ValueError("ends_before_start")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(TERMS) - {"grade"} <= set(self.weights) and set(self.weights.values()) == {"off"} and not self.rules.points:
            raise ValueError("nothing_weighs")
        return self
