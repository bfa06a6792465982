"""What use cases of a community's life take from outside."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mentorlink.kernel.inputs import Input, Line, Text


def _with_point(value: Any) -> Any:
    """``3,5`` is how most people here write it."""
    return value.replace(",", ".") if isinstance(value, str) and value.count(",") == 1 and "." not in value else value


Figure = Annotated[
    Decimal, BeforeValidator(_with_point), Field(max_digits=12, decimal_places=2, ge=-1_000_000_000, le=1_000_000_000)
]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 12, 31))]
PersonId = Annotated[int, Field(ge=1)]


class CharterInput(Input):
    """What a community is for: the problem, who belongs, why it matters to them, which competencies it works on."""

    purpose: Annotated[Text, Field(min_length=10, max_length=2000)]
    belongs: Annotated[Text, Field(max_length=1000)] = ""
    why: Annotated[Text, Field(max_length=2000)] = ""
    competency_ids: Annotated[list[PersonId], Field(max_length=8)] = []
    programme_id: Annotated[int, Field(ge=1)] | None = None


class PromiseInput(Input):
    """What a member promises."""

    text: Annotated[Line, Field(min_length=5, max_length=400)]


class SettleInput(Input):
    """How a promise went."""

    state: Literal["open", "kept", "partly", "dropped"]


class MeasureInput(Input):
    """By what one will see that something changed."""

    name: Annotated[Line, Field(min_length=3, max_length=160)]
    unit: Annotated[Line, Field(max_length=30)] = ""
    start: Figure
    start_on: Day
    aim: Figure
    source: Annotated[Line, Field(max_length=200)] = ""


class ResultInput(Input):
    """Where a measure stands now."""

    result: Figure
    result_on: Day


class KeeperInput(Input):
    """Who sees to it that a step yields what it must; none: it is free again."""

    person_id: PersonId | None = None


class MoveInput(Input):
    """Which way to go, and to whom where it is handed over. ``step`` is where the writer saw it stand."""

    code: Literal["begin", "evaluate", "back", "go_on", "hand_over", "close", "reopen"]
    step: Literal["preparation", "implementation", "evaluation", "closed"]
    person_id: PersonId | None = None


class ReviewInput(Input):
    """What a cycle came to; ``version`` is the one the writer began from."""

    changed: Annotated[Text, Field(min_length=5, max_length=4000)]
    keep: Annotated[Text, Field(max_length=4000)] = ""
    lessons: Annotated[Text, Field(max_length=4000)] = ""
    version: Annotated[int, Field(ge=0)] = 0


class SuccessorInput(Input):
    """Who facilitates from now on, and whether the actor stays as a member."""

    person_id: PersonId
    stay: bool = False


class AssignInput(Input):
    """Whom a programme assigns: a person, or everybody of a unit and below."""

    person_id: PersonId | None = None
    unit_id: Annotated[int, Field(ge=1)] | None = None
