"""What use cases of safety take from outside."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mentorlink.kernel.inputs import Input, Line, Text

Why = Literal["rude", "private", "off_topic", "advertising", "dangerous", "other"]


class ReportInput(Input):
    """What is wrong with a message or with how somebody behaves."""

    reason: Why
    note: Annotated[Text, Field(max_length=2000)] = ""


class SettleReportInput(Input):
    """What a moderator makes of a report."""

    state: Literal["upheld", "dismissed"]
    hide: bool = False


class ReasonInput(Input):
    """Why a moderator does something."""

    reason: Why = "other"


class RoomRuleInput(Input):
    """What holds in a room."""

    locked: bool = False
    slow_seconds: Annotated[int, Field(ge=0, le=86_400)] = 0
    retention_days: Annotated[int, Field(ge=30, le=3650)] | None = None


class CommunityRuleInput(Input):
    """What is held until a moderator has seen it: words one on each line."""

    newcomer_days: Annotated[int, Field(ge=0, le=90)] = 0
    held_words: Annotated[Text, Field(max_length=2000)] = ""


class ModeratorInput(Input):
    """Who looks after reports beside the facilitators."""

    person_id: Annotated[int, Field(ge=1)]
    named: bool = False


class AppealInput(Input):
    """Why it was wrong."""

    text: Annotated[Text, Field(min_length=10, max_length=2000)]


class AppealAnswerInput(Input):
    """What another moderator says to it."""

    answer: Literal["kept", "reversed"]


class GlassInput(Input):
    """Why somebody has to read what is closed to them."""

    reason: Annotated[Line, Field(min_length=20, max_length=400)]
