"""Decisions about gatherings: when the code opens, who speaks next."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

OPENS_BEFORE = timedelta(minutes=30)
"""The code works so long before the beginning …"""

CLOSES_AFTER = timedelta(hours=24)
"""… and so long after the end."""


CODE_TRIES = 5
"""So many wrong codes in a row …"""

CODE_WAIT = timedelta(minutes=15)
"""… and one waits so long."""


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(1_000_000):06}"


def code_is_open(now: datetime, starts_at: datetime, minutes: int) -> bool:
    """True while who is there may type the code."""
    return starts_at - OPENS_BEFORE <= now <= starts_at + timedelta(minutes=minutes) + CLOSES_AFTER


def code_wait(tries: int, last_at: datetime, now: datetime) -> int:
    """Seconds until who typed so many wrong codes may try again."""
    if tries < CODE_TRIES:
        return 0
    return max(0, -int(-(last_at + CODE_WAIT - now).total_seconds() // 1))


def next_speaker(hands: Iterable[tuple[int, datetime]], spoken: Mapping[int, float]) -> int | None:
    """Of raised hands (person, since when): who has spoken the shortest so far; of those, who waits longest."""
    waiting = sorted(hands, key=lambda hand: (spoken.get(hand[0], 0.0), hand[1], hand[0]))
    return waiting[0][0] if waiting else None
