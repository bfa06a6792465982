"""What the use cases of coaching take from outside."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field, ValidationInfo, field_validator

from mentorlink.kernel.inputs import Input, Line, Text

Number = Annotated[int, Field(ge=1, le=10)]
Said = Annotated[Text, Field(min_length=1, max_length=4000)]
Long = Annotated[Text, Field(max_length=4000)]
Words = Annotated[Line, Field(max_length=300)]
Moment = Literal["before", "midway", "after"]
Barrier = Literal["unable", "negative_thinking", "guilt", "anger", "introversion"]
Opportunity = Literal["competency", "enterprise"]
EndReason = Literal["goal_changed", "mismatch", "no_time", "distance", "other"]
LEFT = "left"
"""The house's own reason: one of the two has left the agency."""

SILENCE = "silence"
"""The house's own reason: nobody gave a sign."""

END_REASONS: tuple[str, ...] = get_args(EndReason)
MOST_OPTIONS = 12


class GoalDraft(Input):
    """The goal in the coachee's words; ``based_on`` is the version the writer began from (0: none yet)."""

    text: Annotated[Text, Field(min_length=1, max_length=1000)]
    why: Annotated[Text, Field(min_length=1, max_length=2000)]
    sign: Annotated[Text, Field(min_length=1, max_length=2000)]
    now: Number
    wanted: Number
    by_on: date
    based_on: Annotated[int, Field(ge=0)] = 0

    @field_validator("wanted")
    @classmethod
    def _upward(cls, wanted: int, info: ValidationInfo) -> int:
        if wanted <= info.data.get("now", 0):
            raise ValueError("wanted_not_above")
        return wanted


class ScaleSaid(Input):
    """A number for the goal."""

    moment: Moment
    value: Number


class QuestionText(Input):
    """What the coachee asks their superior, in one sentence that needs nothing else to be answered."""

    text: Annotated[Line, Field(min_length=10, max_length=300)]


class AnswerNumber(Input):
    """The superior's answer, for the moment that the page showed."""

    moment: Moment
    value: Number


class SheetText(Input):
    """A session by GROW; an option a line. ``version`` is the one the writer began from (0: none yet)."""

    goal: Annotated[Text, Field(min_length=1, max_length=1000)]
    reality: Long = ""
    options: Annotated[Text, Field(max_length=4000)] = ""
    barriers: tuple[Barrier, ...] = ()
    barrier_words: Words = ""
    opportunities: tuple[Opportunity, ...] = ()
    opportunity_words: Words = ""
    version: Annotated[int, Field(ge=0)] = 0

    @field_validator("options")
    @classmethod
    def _few(cls, options: str) -> str:
        if len(lines_of(options)) > MOST_OPTIONS:
            raise ValueError("too_many_options")
        return options


class CommitmentText(Input):
    """What the coachee will do, and until when."""

    text: Annotated[Line, Field(min_length=1, max_length=400)]
    due_on: date


class CheckInSaid(Input):
    """How a commitment stands."""

    answer: Literal["done", "partly", "not_yet"]
    line: Words = ""


class ReviewText(Input):
    """What one side takes from it; ``onward`` is where the coachee goes from here."""

    gained: Said
    helped: Long = ""
    onward: Long = ""


class EndText(Input):
    """Why it ends: for the writer's own record alone."""

    code: EndReason
    text: Annotated[Text, Field(max_length=2000)] = ""


def lines_of(text: str) -> list[str]:
    """The lines that say something, each once, without list marks."""
    lines = (line.strip(" -•*\t") for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


class Shares(Input):
    """The items that the superior may see from now on; what is not named is taken back."""

    items: list[Literal["coached", "goal", "numbers", "sessions", "commitments", "review"]] = []


class Rest(Input):
    """Until when the two rest, and whether what is planned until then is called off."""

    returns_on: date
    call_off: bool = False


class CredentialInput(Input):
    """A credential of a coach."""

    title: Annotated[Line, Field(min_length=2, max_length=160)]
    issuer: Annotated[Line, Field(min_length=2, max_length=160)]
    valid_until: date | None = None
