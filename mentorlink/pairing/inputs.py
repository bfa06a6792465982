"""What the use cases of pairing take from outside."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from mentorlink.kernel.inputs import Input, Line, Text
from mentorlink.pairing.rules import MOST_COMPARED, MOST_PLACES

Code = Annotated[Line, Field(max_length=80)]
Codes = Annotated[tuple[Code, ...], Field(max_length=60)]
Kind = Literal["mentor", "coach"]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Reason = Literal["full", "field", "distance", "time", "conflict", "other"]


class OfferInput(Input):
    """What somebody offers."""

    capacity: int = Field(2, ge=1, le=MOST_PLACES)
    languages: Codes = ()
    competencies: Codes = ()
    """Codes; none: whatever the person holds at level 3 or above."""
    message: Text = Field("", max_length=600)
    paused_until: date | None = None


class PauseInput(Input):
    """Until when somebody takes no requests."""

    until: date


class AskInput(Input):
    """A request to somebody."""

    client_id: Line = Field(min_length=8, max_length=40)
    message: Text = Field(min_length=20, max_length=2000)
    competencies: Codes = ()


class QuestionInput(Input):
    """One question back."""

    body: Text = Field(min_length=3, max_length=1000)


class AnswerInput(Input):
    """The answer to it."""

    body: Text = Field(min_length=1, max_length=2000)


class DeclineInput(Input):
    """Why not."""

    reason: Reason
    words: Text = Field("", max_length=600)


class FindInput(Input):
    """How somebody narrows the list of who could help. Several values of one filter mean "any of these"."""

    kind: Kind = "mentor"
    competency: Codes = ()
    """Gaps of one's own that this person must help with, each of them."""
    field: Codes = ()
    zone: Codes = ()
    place: Codes = ()
    language: Codes = ()
    unit: int | None = Field(None, ge=1)
    years: int | None = Field(None, ge=1, le=60)
    full: bool = False
    """Also who has no free place."""
    q: Line = Field("", max_length=80)
    page: int = Field(1, ge=1, le=5000)
    pick: tuple[Number, ...] = Field((), max_length=MOST_COMPARED)
    """Offers to be compared; they stay chosen while one filters and turns pages."""


class ChoicesInput(Input):
    """How somebody wants to be ranked and found."""

    unranked: bool = False
    open_to_offers: bool = False


class WaitInput(Input):
    """What somebody waits for: a place with one mentor, help in one competency, or, with neither, anybody who fits."""

    kind: Kind = "mentor"
    competency: Code | None = None
    offer_id: Number | None = None


class InviteInput(Input):
    """What somebody who offers help writes to who may need it."""

    message: Text = Field(min_length=20, max_length=2000)


class TakeInvitationInput(Input):
    """A yes to an invitation: in what one wants to grow, and a few words."""

    competencies: Codes = ()
    reply: Text = Field("", max_length=1000)


class RefuseInvitationInput(Input):
    """A no, with a few words or none."""

    reply: Text = Field("", max_length=1000)


class NeedInput(Input):
    """A need that nobody covers."""

    kind: Kind = "mentor"
    competency: Code


class DecisionInput(Input):
    """Why a model is adopted, declined or taken back."""

    reason: Text = Field(min_length=10, max_length=600)
