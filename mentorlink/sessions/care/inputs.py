"""What the use cases of care take from outside."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mentorlink.kernel.inputs import Input, Text


class ThanksText(Input):
    """Thanks, and whether the receiver may show it to their superior."""

    to_id: int
    text: Annotated[Text, Field(min_length=1, max_length=1000)]
    may_pass_on: bool = False


class ConcernText(Input):
    """What weighs, and to whom it is told."""

    to_id: int
    text: Annotated[Text, Field(min_length=1, max_length=4000)]


class AnswerText(Input):
    """What the safe person says to it."""

    text: Annotated[Text, Field(min_length=1, max_length=4000)]


class OpeningReason(Input):
    """Why a pair's content has to be read by somebody else."""

    reason: Annotated[Text, Field(min_length=20, max_length=1000)]


class SafePersonChoice(Input):
    """Who becomes, or no longer is, a safe person."""

    person_id: int
