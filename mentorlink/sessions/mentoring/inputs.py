"""What the use cases of mentorships take from outside."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from mentorlink.kernel import clock
from mentorlink.kernel.inputs import Input, Line, Text
from mentorlink.sessions.mentoring.stages import MOST_MEETINGS, Check

Level = Annotated[int, Field(ge=0, le=5)]
Long = Annotated[Text, Field(max_length=4000)]
Said = Annotated[Text, Field(min_length=1, max_length=4000)]
Frequency = Literal["weekly", "fortnightly", "monthly", "as_needed"]
AgreementMode = Literal["in_person", "video", "phone", "mixed"]
EndReason = Literal["mismatch", "distance", "manipulation", "lack_of_expertise", "other"]
LEFT = "left"
"""The house's own reason for an early end: one of the two has left the agency."""
SILENCE = "silence"
"""The house's own reason: nobody gave a sign, also after the end was announced."""

END_REASONS: tuple[str, ...] = get_args(EndReason)
Score = Annotated[int, Field(ge=1, le=5)]


class AgreementDraft(Input):
    """The clauses of a version; ``based_on`` is the number of the version the writer began from (0: none yet)."""

    starts_on: date
    ends_on: date
    frequency: Frequency
    minutes: Annotated[int, Field(ge=15, le=240)] = 60
    mode: AgreementMode
    topics_in: Said
    topics_out: Long = ""
    confidentiality: Said
    ending: Said
    other: Long = ""
    based_on: Annotated[int, Field(ge=0)] = 0

    @field_validator("ends_on")
    @classmethod
    def _a_period(cls, ends_on: date, info: ValidationInfo) -> date:
        starts_on = info.data.get("starts_on")
        if starts_on is not None and ends_on <= starts_on:
            raise ValueError("ends_before_it_starts")
        if starts_on is not None and (ends_on - starts_on).days > 1100:
            raise ValueError("period_too_long")
        return ends_on

    def clauses(self) -> dict[str, Any]:
        """What is kept of it, in the order it is read."""
        return self.model_dump(mode="json", exclude={"based_on"})


class Extension(Input):
    """The day until which the two want to go on."""

    until: date


class SignedVersion(Input):
    """The number of the version (or revision) that was read before saying yes."""

    number: Annotated[int, Field(ge=1)]


class CompetencyChoice(Input):
    """A competency to work on."""

    competency_id: int


class BaselineSaid(Input):
    """The level the mentee starts from, where no assessment says it."""

    level: Level


class TargetDraft(Input):
    """Where to get with one competency, and how both will see it."""

    competency_id: int
    target: Annotated[int, Field(ge=1, le=5)]
    indicator: Annotated[Text, Field(min_length=1, max_length=1000)]


class GoalsDraft(Input):
    """Purpose and targets; ``based_on`` is the revision the writer began from (0: none yet)."""

    purpose: Annotated[Text, Field(min_length=1, max_length=2000)]
    targets: Annotated[tuple[TargetDraft, ...], Field(max_length=20)] = ()
    based_on: Annotated[int, Field(ge=0)] = 0


class IssueRaised(Input):
    """Something to talk about over several meetings."""

    kind: Literal["general", "specific"]
    text: Annotated[Text, Field(min_length=1, max_length=2000)]


class IssueSettled(Input):
    """What came of an issue."""

    outcome: Annotated[Text, Field(min_length=1, max_length=2000)]


class RoadmapStep(Input):
    """A step to take until a day."""

    text: Annotated[Text, Field(min_length=1, max_length=1000)]
    due_on: date
    issue_id: int | None = None


class RoadmapState(Input):
    """How a step stands; dropping it takes a reason."""

    state: Literal["planned", "under_way", "done", "dropped"]
    reason: Annotated[Text, Field(max_length=1000, validate_default=True)] = ""

    @field_validator("reason")
    @classmethod
    def _dropped_with_reason(cls, reason: str, info: ValidationInfo) -> str:
        if info.data.get("state") == "dropped" and not reason:
            raise ValueError("reason_needed")
        return reason


class ReflectionText(Input):
    """What one side takes from it."""

    changed: Said
    helped: Said
    next: Long = ""


class AfterLevels(Input):
    """Target → level the writer says the mentee has reached."""

    levels: Annotated[dict[int, Level], Field(min_length=1, max_length=20)]
    agreeing: bool = False
    """They are what the other says: nothing is said where the other says something else by now."""


class DirectionText(Input):
    """Where the mentee goes from here; ``version`` is the one the writer began from (0: none yet)."""

    text: Said
    version: Annotated[int, Field(ge=0)] = 0


class EvaluationAnswers(Input):
    """How one side found it, 1 (not at all) to 5 (very)."""

    useful: Score
    trust: Score
    time: Score
    comment: Long = ""


class StepInput(Input):
    """A step from the stage that the page showed, so that a stale page moves nothing."""

    stage: Literal["prescriptive", "persuasive", "collaborative", "confirmative"]


class StepBack(StepInput):
    """A step back, and why."""

    reason: Annotated[Text, Field(min_length=1, max_length=1000)]


class PauseInput(Input):
    """A rest until a day, and whether what is planned until then is called off."""

    returns_on: date
    call_off: bool = False
    reason: Annotated[Text, Field(max_length=1000)] = ""


class EarlyEndInput(Input):
    """Why it ends early: for the writer's own record alone."""

    code: EndReason
    text: Annotated[Text, Field(max_length=2000)] = ""


class InBoth(Input):
    """Words in Indonesian and in English; what one language does not have the other says."""

    id: Text | None = None
    en: Text | None = None

    @model_validator(mode="after")
    def _said(self) -> Self:
        if not (self.id or self.en):
            raise ValueError("missing")
        return self

    def both(self) -> dict[str, str]:
        """As a version keeps them."""
        return {"id": self.id or self.en or "", "en": self.en or self.id or ""}


class ShortWords(InBoth):
    """A few words on one line."""

    id: Annotated[Line, Field(max_length=40)] | None = None
    en: Annotated[Line, Field(max_length=40)] | None = None


class LongWords(InBoth):
    """A sentence or a few."""

    id: Annotated[Text, Field(max_length=600)] | None = None
    en: Annotated[Text, Field(max_length=600)] | None = None


class StageInput(Input):
    """What one stage asks, and what is said of it."""

    meetings: Annotated[int, Field(ge=0, le=MOST_MEETINGS)]
    checks: dict[Check, bool] = {}
    """The conditions that are the agency's to ask; what is not named is not asked."""
    short: ShortWords
    content: LongWords
    yields: LongWords
    mentor: LongWords
    """What the mentor does in it, a line each."""
    mentor_less: LongWords
    mentee: LongWords
    mentee_less: LongWords

    def words(self) -> dict[str, dict[str, str]]:
        """What is said of the stage."""
        return {name: getattr(self, name).both() for name in STAGE_WORDS}


STAGE_WORDS = ("short", "content", "yields", "mentor", "mentor_less", "mentee", "mentee_less")


class Stages(Input):
    """All four: none can be taken out."""

    prescriptive: StageInput
    persuasive: StageInput
    collaborative: StageInput
    confirmative: StageInput


def _not_past(day: date) -> date:
    if day < clock.today():
        raise ValueError("stages_in_past")
    return day


class StageRuleInput(Input):
    """A new version of the stages."""

    based_on: Annotated[int, Field(ge=0)]
    """Number of the version that was changed."""
    valid_from: Annotated[date, Field(le=date(2200, 12, 31)), AfterValidator(_not_past)]
    note: Annotated[Text, Field(max_length=600)] = ""
    stages: Stages
