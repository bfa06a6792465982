"""What the use cases of the learning record take from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from mentorlink.kernel.inputs import Input, Line, Text
from mentorlink.learning.rules import SHARES, check_link

ClientId = Annotated[Line, StringConstraints(min_length=8, max_length=64)]
Code = Annotated[Line, StringConstraints(min_length=1, max_length=30)]
Activity = Annotated[Line, StringConstraints(min_length=3, max_length=200)]
Note = Annotated[Text, StringConstraints(max_length=600)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 12, 31))]
Number = Annotated[int, Field(ge=1, le=60)]
Jp = Annotated[int, Field(ge=1, le=400)]
Year = Annotated[int, Field(ge=2000, le=2200)]


@dataclass(frozen=True)
class Upload:
    """A file as it came: what it was called, and its bytes."""

    name: str
    content: bytes


class ClaimInput(Input):
    """Something learned, with where it can be seen; the file travels beside it."""

    client_id: ClientId
    path: Code
    activity: Activity
    provider: Annotated[Line, StringConstraints(max_length=160)] = ""
    certificate_no: Annotated[Line, StringConstraints(max_length=80)] = ""
    starts_on: Day
    ends_on: Day
    minutes: Annotated[int, Field(ge=1, le=60_000)] | None = None
    units: Number | None = None
    stated_jp: Jp | None = None
    abroad: bool = False
    link: Annotated[Line, StringConstraints(max_length=500), AfterValidator(check_link)] | None = None
    plan_line_id: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_day(cls, data: Any) -> Any:
        """Who gives no last day means the first."""
        if isinstance(data, dict) and not data.get("ends_on") and data.get("starts_on"):
            return {**data, "ends_on": data["starts_on"]}
        return data


class Decision(Input):
    """What a superior decides over a claim, and over which sending of it."""

    decision: Literal["approve", "return", "refuse"]
    revision: int
    note: Note = ""


class Reason(Input):
    """Why something that stood does not stand any more."""

    note: Annotated[Text, StringConstraints(min_length=3, max_length=600)]


class SessionOut(Input):
    """Why a session that was noted as held does not count."""

    reason: Literal["not_held", "twice", "wrong"]


class LineInput(Input):
    """One line of a development plan."""

    client_id: ClientId
    competency_id: int
    path: Code
    activity: Activity
    jp: Jp
    month_from: Annotated[int, Field(ge=1, le=12)]
    month_to: Annotated[int, Field(ge=1, le=12)]
    provider: Annotated[Line, StringConstraints(max_length=160)] = ""
    budget: Annotated[int, Field(ge=0, le=100_000_000_000)] = 0
    priority: Annotated[int, Field(ge=1, le=3)] = 2

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.month_to < self.month_from:
            raise ValueError("months_out_of_order")
        return self


class PlanDecision(Input):
    """What is decided over a plan, and over which revision of it."""

    step: Literal["send", "take_back", "approve", "return", "reopen"]
    revision: int
    note: Note = ""


PathName = Annotated[Line, StringConstraints(min_length=3, max_length=80)]


def _one_of_three(share: int) -> int:
    if share not in SHARES:
        raise ValueError("literal_error")
    return share


class PathInput(Input):
    """What one path is called and how it counts, in a new version of the rule."""

    name_id: PathName
    name_en: PathName | None = None
    record_id: Annotated[int, Field(ge=1, le=9999)] | None = None
    classical: bool = False
    share: Annotated[int, AfterValidator(_one_of_three)]
    rule: Literal["as_stated", "per_session", "per_day", "per_activity", "per_minutes"]
    jp: Annotated[int, Field(ge=1, le=200)] | None = None
    minutes: Annotated[int, Field(ge=1, le=600)] | None = None
    cap: Annotated[int, Field(ge=1, le=400)] | None = None
    cap_unit: Literal["session", "jp"] | None = None
    cap_period: Literal["day", "month", "year"] | None = None
    abroad_percent: Annotated[int, Field(ge=0, le=100)] = 0
    claimable: bool = False
    mentor_earns: bool = False
    retired: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.rule != "as_stated" and self.jp is None:
            raise ValueError("rule_needs_jp")
        if self.rule == "per_minutes" and self.minutes is None:
            raise ValueError("rule_needs_minutes")
        if len({self.cap is None, self.cap_unit is None, self.cap_period is None}) > 1:
            raise ValueError("cap_incomplete")
        if self.cap_unit == "session" and self.rule != "per_session":
            raise ValueError("cap_of_sessions")
        return self


class NewPathInput(PathInput):
    """A path that the table does not have yet."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,29}$")]


class GivingInput(Input):
    """What a deed in a community counts for; without a path it does not count."""

    path: Code | None = None
    minutes: Annotated[int, Field(ge=1, le=600)] | None = None


class RuleInput(Input):
    """A new version of the hours rule."""

    valid_from: Day
    floor: Annotated[int, Field(ge=0, le=400)]
    ceiling: Annotated[int, Field(ge=0, le=400)]
    note: Note = ""
    paths: dict[str, PathInput]
    new: NewPathInput | None = None
    giving: dict[str, GivingInput]
    based_on: int
    """Number of the version that was changed; a newer one made meanwhile is not overwritten unseen."""


class PeriodInput(Input):
    """A period that is to be closed, and who signs its certificates."""

    name: Annotated[Line, StringConstraints(min_length=3, max_length=120)]
    begins_on: Day
    ends_on: Day
    issuing_unit: Annotated[Line, StringConstraints(min_length=3, max_length=160)]
    signatory_name: Annotated[Line, StringConstraints(min_length=3, max_length=160)]
    signatory_title: Annotated[Line, StringConstraints(min_length=3, max_length=160)]
    place: Annotated[Line, StringConstraints(min_length=2, max_length=80)]


Days = Annotated[int, Field(ge=1, le=366)]
Share = Annotated[float, Field(ge=0, le=1)]
Target = Annotated[int, Field(ge=0, le=1000)]


class SettingsInput(Input):
    """Who signs certificates, and the figures of the evaluation."""

    based_on: int
    """Number of the version that was changed; 0: what is shipped."""
    issuing_unit: Annotated[Line, StringConstraints(max_length=160)] = ""
    signatory_name: Annotated[Line, StringConstraints(max_length=160)] = ""
    signatory_title: Annotated[Line, StringConstraints(max_length=160)] = ""
    place: Annotated[Line, StringConstraints(max_length=80)] = ""
    gain_low: Share
    gain_high: Share
    test_score: Target
    productivity: Target
    job_satisfaction: Target
    public_satisfaction: Target
    behaviour_after: Days
    behaviour_open: Days
    reaction_days: Days
    answer_hours: Annotated[int, Field(ge=1, le=720)]
    warn_hours: Annotated[int, Field(ge=1, le=720)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.gain_high < self.gain_low:
            raise ValueError("gain_out_of_order")
        signs = (self.issuing_unit, self.signatory_name, self.signatory_title, self.place)
        if any(signs) and not all(signs):
            raise ValueError("signatory_incomplete")
        if self.warn_hours >= self.answer_hours:
            raise ValueError("warned_too_early")
        return self


class PeriodStep(Input):
    """The next step of a period, over which revision of it."""

    step: Literal["build", "check", "return", "approve", "freeze"]
    revision: int
    note: Note = ""


class Revocation(Input):
    """Why a certificate does not hold any more."""

    reason: Literal["error", "duplicate", "evidence", "asked"]
    note: Annotated[Text, StringConstraints(min_length=3, max_length=600)]


Points = Annotated[float, Field(ge=0, le=100)]


CategoryName = Annotated[Line, StringConstraints(min_length=2, max_length=60)]


class IndexName(Input):
    """What a category is called, in both languages."""

    id: CategoryName | None = None
    en: CategoryName | None = None


class NewCategory(IndexName):
    """One more step of a table."""

    points: Points


class IndexRuleInput(Input):
    """A new version of the weights of the professionalism index."""

    valid_from: Day
    note: Note = ""
    based_on: int
    technical_jp: Annotated[int, Field(ge=1, le=400)]
    qualification: dict[str, Points]
    performance: dict[str, Points]
    discipline: dict[str, Points]
    competency: dict[str, dict[str, Points]]
    bands: dict[str, Points]
    """Band → points from which it begins."""
    buckets: dict[str, Literal["technical", "seminar", "none"]]
    """Path of the hours rule → which part of the index its hours enter."""
    posts: dict[str, Literal["structural", "functional", "executive"]] = {}
    """Tier → which kind of post it is; of tiers that are not named, the version before says it."""
    names: dict[Literal["qualification", "performance", "discipline"], dict[str, IndexName]] = {}
    """Table → category → what it is called here."""
    new: dict[Literal["qualification", "performance", "discipline"], NewCategory] = {}
    """A category that a table does not have yet."""
    drop: dict[Literal["qualification", "performance", "discipline"], dict[str, bool]] = {}
    """Categories that this version does not have any more."""


class IndexFactInput(Input):
    """What a paper says of somebody, for the index."""

    dimension: Literal["qualification", "performance", "discipline", "leadership", "functional"]
    value: Code
    source: Annotated[Line, StringConstraints(min_length=3, max_length=160)]
    as_of: Day


class ContractInput(Input):
    """From which day the contract years of somebody are counted."""

    begins_on: Day


class DataRequestInput(Input):
    """What somebody asks about their own data."""

    client_id: ClientId
    kind: Literal["correction", "deletion", "halt", "objection"]
    text: Annotated[Text, StringConstraints(min_length=5, max_length=2000)]


class DataAnswer(Input):
    """What was done about it, or why not."""

    state: Literal["done", "refused"]
    answer: Annotated[Text, StringConstraints(min_length=5, max_length=2000)]
    erase: list[
        Literal["profile", "feedback", "tests", "behaviour", "claims", "words", "private", "finding", "calendars", "traces"]
    ] = []
    """Parts that are erased with the answer."""

    @model_validator(mode="after")
    def _refused_keeps(self) -> Self:
        if self.erase and self.state == "refused":
            raise ValueError("refused_keeps")
        return self


class ConsentInput(Input):
    """Yes or no to one purpose."""

    purpose: Literal["public_check", "evaluation", "comparison"]
    given: bool


Scale = Annotated[int, Field(ge=1, le=5)]


class FeedbackInput(Input):
    """How somebody found a session or an event."""

    origin: Annotated[str, StringConstraints(pattern=r"^(meeting|gathering):[0-9]{1,18}(:[0-9]{1,9})?$")]
    useful: Scale
    usable: Scale


class ItemInput(Input):
    """A question of the item bank."""

    competency_id: int
    level: Scale
    stem: Annotated[Text, StringConstraints(min_length=10, max_length=2000)]
    options: Annotated[list[Annotated[Line, StringConstraints(min_length=1, max_length=300)]], Field(min_length=2, max_length=5)]
    correct: Annotated[int, Field(ge=0, le=4)]

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.correct >= len(self.options):
            raise ValueError("correct_not_there")
        return self


class FormInput(Input):
    """A test before and after, made from the bank."""

    title: Annotated[Line, StringConstraints(min_length=3, max_length=160)]
    competency_id: int
    questions: Annotated[int, Field(ge=1, le=40)]
    after_from: Day
    closes_on: Day
    programme_id: int | None = None
    """Whose learners sit it; without one everybody."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes_on < self.after_from:
            raise ValueError("closes_before")
        return self


class IndicatorInput(Input):
    """What the organisation means to move."""

    kind: Literal["test_score", "productivity", "job_satisfaction", "public_satisfaction", "other"]
    name: Annotated[Line, StringConstraints(min_length=3, max_length=160)]
    measure: Annotated[Line, StringConstraints(min_length=1, max_length=40)]
    baseline: Annotated[Decimal, Field(ge=-1_000_000, le=1_000_000, decimal_places=2)]
    target: Annotated[Decimal, Field(ge=-1_000_000, le=1_000_000, decimal_places=2)]
    source: Annotated[Line, StringConstraints(min_length=3, max_length=200)]
    begins_on: Day
    ends_on: Day
    unit_id: int | None = None
    """Whose result it is; without one the whole agency's."""

    @model_validator(mode="after")
    def _moves(self) -> Self:
        if self.target == self.baseline:
            raise ValueError("target_is_baseline")
        if self.ends_on <= self.begins_on:
            raise ValueError("period_ends_before")
        return self


class ValueInput(Input):
    """One measurement of an indicator."""

    measured_on: Day
    value: Annotated[Decimal, Field(ge=-1_000_000, le=1_000_000, decimal_places=2)]
    people: Annotated[int, Field(ge=1, le=10_000_000)] | None = None


class BehaviourInput(Input):
    """How often it shows at work."""

    score: Scale
