"""What use cases of decisions take from outside."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mentorlink.community.inputs.lives import Day
from mentorlink.kernel.inputs import Input, Line, Text

Way = Annotated[Line, Field(max_length=300)]
Weight = Annotated[Line, Field(max_length=600)]


class DecisionInput(Input):
    """A question, the ways there are (by consent, the first is what is proposed), and until when one says where one stands."""

    question: Annotated[Line, Field(min_length=5, max_length=200)]
    about: Annotated[Text, Field(max_length=2000)] = ""
    method: Literal["consent", "vote"]
    closes_on: Day
    gathering_id: Annotated[int, Field(ge=1)] | None = None
    way1: Annotated[Line, Field(min_length=1, max_length=300)]
    pros1: Weight = ""
    cons1: Weight = ""
    way2: Way = ""
    pros2: Weight = ""
    cons2: Weight = ""
    way3: Way = ""
    pros3: Weight = ""
    cons3: Weight = ""
    way4: Way = ""
    pros4: Weight = ""
    cons4: Weight = ""

    @model_validator(mode="after")
    def _two_to_choose_from(self) -> Self:
        if self.method == "vote" and len(self.ways) < 2:
            raise ValueError("two_ways")
        return self

    @property
    def ways(self) -> list[tuple[str, str, str]]:
        """The ways that were named, each with what speaks for and against it."""
        all_: list[tuple[Any, ...]] = [
            tuple(getattr(self, f"{name}{number}") for name in ("way", "pros", "cons")) for number in range(1, 5)
        ]
        return [one for one in all_ if one[0]]  # type: ignore[misc]


class StanceInput(Input):
    """Where a member stands."""

    stance: Literal["agree", "aside", "object"] = "agree"
    alternative_id: Annotated[int, Field(ge=1)] | None = None
    reason: Annotated[Line, Field(max_length=600)] = ""
