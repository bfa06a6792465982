"""What use cases of questions, pages and material take from outside."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from mentorlink.kernel.inputs import Input, Line, Text

Id = Annotated[int, Field(ge=1)]
Ids = Annotated[list[Id], Field(max_length=8)]

TITLE_LEAST, PAGE_LEAST, PAGE_MOST = 3, 20, 60_000
"""Characters of a title, and of what stands in a page."""


class QuestionInput(Input):
    """What a question is about."""

    competency_id: Id | None = None


class AcceptInput(Input):
    """Which answer helped; none: none did."""

    message_id: Id | None = None


class DeclineInput(Input):
    """Not now: only this one, or nothing for so many weeks."""

    weeks: Annotated[int, Field(ge=0, le=26)] = 0


class PageInput(Input):
    """A page as it should stand; ``version`` is the one the writer began from."""

    title: Annotated[Line, Field(min_length=TITLE_LEAST, max_length=160)]
    body: Annotated[Text, Field(min_length=PAGE_LEAST, max_length=PAGE_MOST)]
    competency_ids: Ids = []
    open_to: Literal["members", "agency"] = "members"
    version: Annotated[int, Field(ge=0)] = 0


class PageVerdict(Input):
    """What the expert says of the version they read, and when it is to be looked at again."""

    verdict: Literal["approve", "return"]
    version: Id
    note: Annotated[Text, Field(max_length=2000)] = ""
    months: Annotated[int, Field(ge=1, le=36)] = 12


class MaterialInput(Input):
    """Something for the library; a document travels beside it."""

    kind: Literal["link", "page", "document"]
    title: Annotated[Line, Field(min_length=3, max_length=160)]
    about: Annotated[Line, Field(max_length=400)] = ""
    link: Annotated[Line, Field(max_length=500)] | None = None
    page_id: Id | None = None
    competency_ids: Ids = []
    open_to: Literal["members", "agency"] = "members"

    @model_validator(mode="after")
    def _what_it_is(self) -> Self:
        if self.kind == "link":
            parts = urlsplit(self.link or "")
            if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
                raise ValueError("link_not_web")
        if self.kind == "page" and self.page_id is None:
            raise ValueError("page_missing")
        return self


class PointInput(Input):
    """What points to the material."""

    material_id: Id
