"""What comes out: codes and numbers, never words for a page. Everything picklable; not to be changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

Choice = int | str


class CompetencyTerm(NamedTuple):
    """One gap of the mentee as this mentor meets it. Levels 0–5; ``gap == covered + remaining``."""

    code: str
    actual: int
    required: int
    held: int
    """Level the mentor holds."""
    gap: int
    covered: int
    remaining: int
    term: float
    """What it adds to the score."""


class WordTerm(NamedTuple):
    """A word, or two in a row, that both texts share, as the mentee wrote it."""

    word: str
    similarity: float
    """What it adds to the cosine, before rounding."""


class Explanation(NamedTuple):
    """Why a mentor has this score. ``sum(terms.values()) == score`` to 1e-6.

    Attributes
    ----------
    score : float
        0–1, in steps of 1e-6.
    terms : mapping of str to float
        ``cover``, ``text``, ``experience``, ``place``, ``field``, ``language`` → what each adds.
    weights : mapping of str to float
        The most each could have added.
    competencies : tuple of CompetencyTerm
        Every gap of the mentee, the largest contribution first, then by code. Their `term` sum to ``terms["cover"]``.
    field_shared : bool or None
        None: unknown on a side.
    field : str or None
        The mentor's job family.
    years : int or None
        The mentor's whole years of experience.
    years_lead : int or None
        Mentor's minus mentee's whole years.
    words : tuple of WordTerm
        At most five, the strongest first.
    text_similarity : float
        Cosine, 0–1 in steps of 0.001.
    languages_shared : tuple of str
        Sorted.
    time_zone_distance : float or None
        Hours between the clocks. None: unknown on a side.
    place_shared : bool or None
        None: unknown on a side.
    """

    score: float
    terms: Mapping[str, float]
    weights: Mapping[str, float]
    competencies: tuple[CompetencyTerm, ...]
    field_shared: bool | None
    field: str | None
    years: int | None
    years_lead: int | None
    words: tuple[WordTerm, ...]
    text_similarity: float
    languages_shared: tuple[str, ...]
    time_zone_distance: float | None
    place_shared: bool | None

    @property
    def gap(self) -> int:
        """Levels missing in all."""
        return sum(each.gap for each in self.competencies)

    @property
    def covered(self) -> int:
        """Levels of them that the mentor covers."""
        return sum(each.covered for each in self.competencies)


class Match(NamedTuple):
    """One line of the ranked list.

    Attributes
    ----------
    mentor_id : int
    place : int
        1 is best. Equal scores have equal places and the next place is left out (1, 2, 2, 4).
    tied : int
        How many people have this very score, this one included: 1 means no tie.
    score : float
        0–1.
    explanation : Explanation or None
        None when `explain=False`.
    """

    mentor_id: int
    place: int
    tied: int
    score: float
    explanation: Explanation | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """A page of the ranked list and what the page should say about the rest. Iterates over its matches.

    Attributes
    ----------
    matches : tuple of Match
    offset : int
        How many lines of the list stand before the first of these.
    total : int
        How many pass all rules and filters.
    pool : int
        How many mentors the engine holds.
    masked : mapping of str to int
        Rule code → how many break it (one person may break several). Only rules that somebody breaks.
    masked_only : mapping of str to int
        Rule code → how many break this rule, no other rule and no filter: what the rule alone costs.
    filtered : mapping of str to int
        Filter name → how many pass all rules and fail this filter.
    filtered_only : mapping of str to int
        Filter name → how many would be added if this filter were dropped.
    choices : mapping of str to mapping
        Filter name → choice → how many would be listed if it were the choice of that filter, all else unchanged. Sorted by count,
        then choice. For ``covers``: if the competency were asked for in addition. For ``min_years``: 5, 10, 15, 20, 25. Empty
        unless asked for.
    attainable : float
        The most anybody could score for this mentee: less than 1 where the mentee has no gaps, no text, …
    """

    matches: tuple[Match, ...]
    offset: int
    total: int
    pool: int
    masked: Mapping[str, int]
    masked_only: Mapping[str, int]
    filtered: Mapping[str, int]
    filtered_only: Mapping[str, int]
    choices: Mapping[str, Mapping[Choice, int]]
    attainable: float

    def __iter__(self) -> Iterator[Match]:
        return iter(self.matches)

    def __len__(self) -> int:
        return len(self.matches)
