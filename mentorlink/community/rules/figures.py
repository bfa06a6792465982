"""The philosophy of a learning community in figures: shares and times, never a ranking of persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

FEWEST = 8
"""Under so many members there is not enough to say, and too much would be told of each."""

PERIOD_DAYS = 90

EVEN, SKEWED = 0.5, 0.8
"""Shares of talk below the one are even for a community, above the other lie with a few; measured communities lie between."""


@dataclass(frozen=True)
class Counts:
    """What was counted in a community over the period."""

    members: int
    said: tuple[int, ...] = ()
    """Messages of each member, those who said nothing included."""
    newcomers: int = 0
    newcomers_answered: int = 0
    first_answer_hours: float | None = None
    unanswered: int = 0
    replies: int = 0
    replies_across: int = 0
    pages: int = 0
    pages_together: int = 0
    pages_open: int = 0
    reviewed: int = 0
    accepted: int = 0
    grown: int = 0
    assessed: int = 0
    decisions: int = 0
    stance_share: float | None = None
    gatherings: int = 0
    hosts: int = 0
    pages_due: int = 0


@dataclass(frozen=True)
class Finding:
    """One sentence about a community: a code, its facts, how it stands, and where to go on from it."""

    code: str
    tone: str
    facts: dict[str, Any] = field(default_factory=dict)
    action: str | None = None


def gini(values: Sequence[float]) -> float | None:
    """0: all have the same; near 1: one has everything. Who has nothing counts. None where there is nothing to share out.

    Source: Gini's mean difference over twice the mean, in the form sorted values give.
    """
    total = sum(values)
    if not values or total <= 0:
        return None
    ordered = sorted(values)
    n = len(ordered)
    return sum((2 * place - n - 1) * value for place, value in enumerate(ordered, 1)) / (n * total)


def share(part: float, whole: float) -> float | None:
    """A part of the whole; None of nothing."""
    return part / whole if whole else None


def findings(counts: Counts) -> list[Finding]:
    """What a facilitator is told, the most pressing first; nothing at all where there are too few members."""
    if counts.members < FEWEST:
        return []
    found = [*_openness(counts), *_democratisation(counts), *_collaboration(counts), *_excellence(counts)]
    order = {"warn": 0, "info": 1, "good": 2}
    return sorted(found, key=lambda finding: order[finding.tone])


def _openness(counts: Counts) -> list[Finding]:
    found = []
    waiting = counts.newcomers - counts.newcomers_answered
    if counts.unanswered:
        found.append(Finding("unanswered", "warn", {"num": counts.unanswered}, "questions"))
    if counts.newcomers and waiting:
        found.append(Finding("newcomers_waiting", "warn", {"num": waiting}, "rooms"))
    elif counts.newcomers:
        found.append(Finding("newcomers_answered", "good", {"num": counts.newcomers}))
    return found


def _democratisation(counts: Counts) -> list[Finding]:
    found = []
    silent = sum(1 for said in counts.said if not said)
    if silent:
        found.append(Finding("silent", "warn" if 2 * silent > counts.members else "info", {"num": silent}, "round"))
    else:
        found.append(Finding("all_spoke", "good"))
    skew = gini(counts.said)
    if skew is not None and skew > SKEWED:
        found.append(Finding("few_speak", "warn", {}, "round"))
    if counts.gatherings >= 3 and counts.hosts == 1:
        found.append(Finding("one_host", "warn", {"num": counts.gatherings}, "host"))
    if counts.stance_share is not None and counts.stance_share < 0.5:
        found.append(Finding("few_decide", "info", {"percent": round(100 * counts.stance_share)}, "decisions"))
    return found


def _collaboration(counts: Counts) -> list[Finding]:
    across = share(counts.replies_across, counts.replies)
    if across is None:
        return []
    facts = {"percent": round(100 * across)}
    return [Finding("across", "good", facts) if across >= 0.3 else Finding("within", "info", facts, "invite")]


def _excellence(counts: Counts) -> list[Finding]:
    found = []
    if counts.pages_due:
        found.append(Finding("pages_due", "warn", {"num": counts.pages_due}, "pages"))
    if counts.accepted and not counts.pages:
        found.append(Finding("no_pages", "info", {"num": counts.accepted}, "questions"))
    if counts.grown:
        found.append(Finding("grown", "good", {"num": counts.grown}))
    return found
