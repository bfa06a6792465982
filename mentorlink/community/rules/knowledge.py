"""Decisions about questions and pages: who is asked, what a thread becomes, how versions differ."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

UNANSWERED_AFTER = timedelta(hours=24)
"""A question waits so long for an answer of its own accord."""

ASKED_ONCE_IN = timedelta(days=7)
"""Nobody is asked twice within this."""

ASKED_AT_ONCE = 2
"""So many are asked for one question; the next ones a day later, if there is still no answer."""

MOST_ASKED = 6
"""So many are asked for one question in all."""

LEAST_LEVEL = 3
"""From this level on somebody can help."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who might answer."""

    person_id: int
    level: int
    member: bool
    same_unit: bool = False


def choose(candidates: Iterable[Candidate], room: Collection[int], count: int) -> list[int]:
    """Of those with room: the strongest first, of equals members before others, and other units before the asker's own."""
    free = [one for one in candidates if one.person_id in room and one.level >= LEAST_LEVEL]
    free.sort(key=lambda one: (-one.level, not one.member, one.same_unit, one.person_id))
    return [one.person_id for one in free[:count]]


@dataclass(frozen=True)
class Line:
    """One message of a thread."""

    message_id: int
    body: str


def page_of(thread: Sequence[Line], accepted_id: int | None) -> str:
    """What a thread becomes: its first words as a quotation, the accepted answer, then everything else in order."""
    first, *rest = thread
    parts = ["\n".join(f"> {line}" for line in first.body.splitlines())]
    answer = next((line for line in rest if line.message_id == accepted_id), None)
    if answer is not None:
        parts.append(answer.body)
    others = [line.body for line in rest if line is not answer and line.body]
    if others:
        parts += [*(["---"] if answer is not None else []), *others]
    return "\n\n".join(parts)


def review_day(today: date, months: int) -> date:
    """The day so many months from today, or the last of that month."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    for day in range(today.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(today.day, 28))


@dataclass(frozen=True)
class Change:
    """A piece of a text between two versions: kept, added or gone."""

    kind: str
    text: str


def differences(old: str, new: str) -> list[Change]:
    """What an edit changed, line by line."""
    before, after = old.splitlines(), new.splitlines()
    changes: list[Change] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            changes += [Change("kept", line) for line in before[i:j]]
        else:
            changes += [Change("gone", line) for line in before[i:j]] + [Change("added", line) for line in after[k:m]]
    return changes
