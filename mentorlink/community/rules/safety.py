"""Decisions about safety: what is held, how long to wait in a slow room."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from mentorlink.kernel.text import fold

OPEN_FOR = timedelta(hours=24)
"""A broken glass lets read for so long."""

_LINK = re.compile(r"https?://|www\.|\bmailto:|\b[\w-]+\.(?:com|net|org|info|xyz|top|click|site|online|shop)\b", re.IGNORECASE)


def why_held(body: str, *, joined_at: datetime, now: datetime, newcomer_days: int, words: Collection[str]) -> str | None:
    """``links`` or ``words`` where a newcomer's message waits for a moderator; None where it stands at once."""
    if now >= joined_at + timedelta(days=newcomer_days):
        return None
    if _LINK.search(body):
        return "links"
    said = f" {re.sub(r'[^0-9a-z]+', ' ', fold(body))} "
    return "words" if any(f" {word} " in said for word in words) else None


def words_of(text: str) -> list[str]:
    """Held words as they are compared: folded, one for each line, none twice."""
    found = (re.sub(r"[^0-9a-z]+", " ", fold(line)).strip() for line in text.splitlines())
    return sorted({word for word in found if word})


def wait(last: datetime | None, now: datetime, slow_seconds: int) -> int:
    """Seconds until somebody who wrote at ``last`` may write again."""
    if last is None or not slow_seconds:
        return 0
    left = slow_seconds - (now - last).total_seconds()
    return max(0, -int(-left // 1))
