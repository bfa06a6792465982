"""What happened to questions, pages and material."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class HelpSought(Event):
    """Somebody strong in a competency is asked to answer a question that nobody has answered."""

    question_id: int
    person_id: int


@dataclass(frozen=True)
class AnswerAccepted(Event):
    """An answer helped. ``author_id`` gave it."""

    question_id: int
    message_id: int
    author_id: int
    asker_id: int
    by_id: int | None


@dataclass(frozen=True)
class AnswerDropped(Event):
    """Another answer helped more, or none did."""

    question_id: int
    message_id: int
    author_id: int
    by_id: int | None


@dataclass(frozen=True)
class PageSent(Event):
    """A page waits for an expert."""

    page_id: int
    community_id: int
    by_id: int | None


@dataclass(frozen=True)
class PageReviewed(Event):
    """An expert stands by a page."""

    page_id: int
    version: int
    author_ids: tuple[int, ...]
    by_id: int


@dataclass(frozen=True)
class PageReturned(Event):
    """An expert sent a page back."""

    page_id: int
    author_ids: tuple[int, ...]
    by_id: int


@dataclass(frozen=True)
class PageDue(Event):
    """The day has come to look at a page again."""

    page_id: int
    community_id: int
