"""What the use cases around a meeting's papers take from outside."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from mentorlink.kernel.inputs import Input, Line, Text


class Presence(Input):
    """Who was there, where several meet; a meeting of two asks nothing of it."""

    counted: bool = False
    """True where somebody was asked; otherwise everybody was there who did not say that they cannot come."""
    present: Annotated[list[int], Field(max_length=20)] = []

    @property
    def chosen(self) -> list[int] | None:
        """The people who were chosen; none where nobody was asked."""
        return self.present if self.counted else None


class MeetingOutcome(Presence):
    """What a held meeting came to."""

    summary: Annotated[Text, Field(max_length=2000)] = ""


class SomebodyPresent(Input):
    """Who was there after all."""

    person_id: int


class Reason(Input):
    """Why, in the writer's words."""

    reason: Annotated[Text, Field(min_length=1, max_length=1000)]


class Cancelling(Reason):
    """Why a meeting is called off, and whether those after it in the same repetition are too."""

    later_too: bool = False


class Absence(Input):
    """Who did not come (none: neither), and what is known of it."""

    absent_id: int | None = None
    reason: Annotated[Text, Field(max_length=1000)] = ""


class AgendaText(Input):
    """One thing to talk about."""

    text: Annotated[Line, Field(min_length=1, max_length=300)]


class PrivateText(Input):
    """A note to oneself; ``version`` is the one the writer began from (0: none yet)."""

    body: Annotated[Text, Field(max_length=20_000)] = ""
    version: Annotated[int, Field(ge=0)] = 0


class Promise(Input):
    """Something to do, by whom and until when."""

    text: Annotated[Line, Field(min_length=1, max_length=400)]
    owner_id: int
    due_on: date | None = None
