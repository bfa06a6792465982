"""What the use cases of a meeting's room take from outside."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from mentorlink.kernel.inputs import Input, Text
from mentorlink.sessions.meetings.notes.rules import Part

LONGEST = 40_000
"""Characters that shared notes hold; a form sends them twice, as they stand and as they stood."""

NoteText = Annotated[Text, Field(max_length=LONGEST)]
Who = Literal["me", "other", "both"]


class _Verbatim(Input):
    """Blanks at the ends are the writer's."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False, frozen=True)


class NotesText(_Verbatim):
    """The shared notes as they should stand, and as they stood when the writer began."""

    body: NoteText = ""
    base: Annotated[Text, Field(max_length=LONGEST)] = ""


class NotesChange(_Verbatim):
    """One change of the notes, made on state ``base``."""

    id: Annotated[str, Field(min_length=8, max_length=40, pattern=r"^[A-Za-z0-9-]+$")]
    base: Annotated[int, Field(ge=0)]
    change: Annotated[list[Annotated[int, Field(ge=-LONGEST, le=LONGEST)] | NoteText], Field(max_length=400)]

    def parts(self) -> list[Part]:
        """The change as the rules take it."""
        return list(self.change)


class Afterwards(Input):
    """One tap: who set the agenda, who proposed, who decided, or how useful it was."""

    agenda: Who | None = None
    proposed: Who | None = None
    decided: Who | None = None
    useful: Annotated[int, Field(ge=1, le=5)] | None = None


QUESTIONS = tuple(Afterwards.model_fields)
