"""What the use cases of rounds take from outside."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from mentorlink.kernel.inputs import Input, Line
from mentorlink.programmes.rules import Enrolment, Term

Importance = Literal["mandatory", "high", "medium", "low", "off"]
PersonId = Annotated[int, Field(ge=1)]
Revision = Annotated[int, Field(ge=1)]
MOST_WISHES = 5


class RoundInput(Input):
    """A new round."""

    name: Annotated[Line, StringConstraints(min_length=3, max_length=120)]


class EnrolInput(Input):
    """By which rules people take part."""

    enrolment: Enrolment = Enrolment()
    revision: Revision


class MemberInput(Input):
    """Somebody on a side, by hand."""

    person_id: PersonId
    side: Literal["mentee", "mentor"]
    revision: Revision


class PlacesInput(Input):
    """How many people a mentor takes in this round."""

    person_id: PersonId
    places: Annotated[int, Field(ge=0, le=50)]
    revision: Revision


class OpenInput(Input):
    """Until when participants enrol and rank."""

    open_until: date
    revision: Revision


class RevisionInput(Input):
    """An act upon the round as somebody saw it."""

    revision: Revision


class WeightsInput(Input):
    """What counts how much, how the round is solved, and the bonus of those who missed out."""

    importances: dict[Term, Importance] = {}
    own_points: bool = False
    mode: Literal["sum", "floor", "stable"] = "sum"
    bonus: Annotated[int, Field(ge=0, le=50)] = 5
    revision: Revision

    @model_validator(mode="after")
    def _something_weighs(self) -> Self:
        if not self.own_points and self.importances and set(self.importances.values()) == {"off"}:
            raise ValueError("nothing_weighs")
        return self


class TieInput(Input):
    """Two people whom HR pins to each other, or keeps apart."""

    mentee_id: PersonId
    mentor_id: PersonId
    kind: Literal["pin", "ban"]
    revision: Revision


class QuotaInput(Input):
    """How many pairs of a group there must or may be; ``group`` is its kind and its key, such as ``unit:12``."""

    side: Literal["mentee", "mentor"]
    group: Annotated[str, StringConstraints(pattern=r"^(unit|tier|place):.{1,120}$", max_length=130)]
    at_least: Annotated[int, Field(ge=0, le=100_000)] | None = None
    at_most: Annotated[int, Field(ge=0, le=100_000)] | None = None
    revision: Revision

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("quota_says_nothing")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("quota_crossed")
        return self


class MoveInput(Input):
    """A mentee goes to another mentor; ``instead_of`` gives up the place where none is free."""

    mentor_id: PersonId
    instead_of: PersonId | None = None
    revision: Revision


class LockInput(Input):
    """Whether the next run keeps a pair."""

    locked: bool = False
    revision: Revision


class StopInput(Input):
    """Which stop of the newest run becomes the draft."""

    run_id: PersonId
    position: Annotated[int, Field(ge=0, le=20)]
    revision: Revision


class PublishInput(Input):
    """Publish; ``without_changed`` leaves out pairs that a rule forbids by now."""

    without_changed: bool = False
    revision: Revision


class WishesInput(Input):
    """Whom somebody would like, the most wanted first."""

    wished: tuple[PersonId, ...] = ()

    @model_validator(mode="after")
    def _ranked(self) -> Self:
        if len(set(self.wished)) != len(self.wished):
            raise ValueError("wished_twice")
        if len(self.wished) > MOST_WISHES:
            raise ValueError("too_many_wishes")
        return self


class SeekInput(Input):
    """Whom HR asks to offer help in a competency."""

    competency_id: PersonId
    person_ids: Annotated[tuple[PersonId, ...], Field(min_length=1, max_length=50)]
