"""Decisions about questions and pages: who is asked, what a thread becomes, how versions differ."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

UNANSWERED_AFTER = timedelta(hours=24)
"""A question waits so long for an answer of its own accord."""

ASKED_ONCE_IN = timedelta(days=7)
"""Nobody is asked twice within this."""

ASKED_AT_ONCE = 2
"""So many are asked for one question; the next ones a day later, if there is still no answer."""

MOST_ASKED = 6
"""So many are asked for one question in all."""

QUIET_FOR = timedelta(days=1)
"""Words to which the asker has not come back for so long are taken for an answer."""

GIVES_UP_AFTER = timedelta(days=14)
"""So long one goes on looking for an answer."""

SILENT_FOR = timedelta(days=3)
"""Where the asker says nothing to an answer for so long, facilitators and experts may say that it helped."""

AUTHOR_WORDS = 8
"""Who brought at least so many words into a page is one of its authors."""

ANSWER_MINUTES = 30
"""Who has so much time in one piece until this time tomorrow has room to answer."""

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


def acceptable(author_id: int, said_at: datetime, *, by_id: int, asker_id: int, now: datetime) -> bool:
    """True where ``by_id`` may say that an answer helped: nobody of their own, who asked at once, others after some days."""
    if author_id in (by_id, asker_id):
        return False
    return by_id == asker_id or now >= said_at + SILENT_FOR


@dataclass(frozen=True)
class Said:
    """When somebody last spoke in the talk of a question: the asker, and anybody else."""

    asker_at: datetime | None = None
    other_at: datetime | None = None


def is_answered(said: Said, now: datetime) -> bool | None:
    """True where others' words were left standing, False where one has to look for an answer; None: wait and see."""
    if said.other_at is None or (said.asker_at is not None and said.asker_at > said.other_at):
        return False
    return True if now >= said.other_at + QUIET_FOR else None


@dataclass(frozen=True)
class Line:
    """One message of a thread."""

    message_id: int
    body: str
    author_id: int = 0


def authors_of(thread: Sequence[Line], accepted_id: int | None) -> set[int]:
    """Who wrote a page that a thread becomes: who began it, whose answer helped, and who brought more than a remark."""
    words: Counter[int] = Counter()
    for line in thread:
        words[line.author_id] += len(line.body.split())
    named = {line.author_id for line in thread if line.message_id == accepted_id}
    return named | {thread[0].author_id} | {one for one, count in words.items() if count >= AUTHOR_WORDS}


def brought(old: str, new: str) -> list[str]:
    """The words of an edit that were not there before."""
    before, after = old.split(), new.split()
    codes = difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()
    return [word for tag, _i, _j, k, m in codes if tag in ("insert", "replace") for word in after[k:m]]


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
