"""How long a pair may be quiet: values in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

ANNOUNCED = 4
"""The step at which closing is announced; the steps before it are reminders."""


@dataclass(frozen=True)
class Look:
    """What to do about a quiet pair, and when to look again."""

    deed: str
    """wait, remind, announce or close"""
    step: int
    due_at: datetime
    closes_at: datetime | None = None


def look(
    now: datetime, last_sign: datetime, since: datetime, step: int, closes_at: datetime | None, *, every: int, notice: int
) -> Look:
    """Every so many days of silence a reminder, after four times as many an announcement, and the end only ``notice`` days later.

    Whatever time has passed unwatched, one thing is done at a time: a pair is never closed that was not told before.
    """
    period = timedelta(days=every)
    if last_sign > since:
        step, closes_at = 0, None
    reached = min(max(0, (now - last_sign) // period), ANNOUNCED)
    if closes_at is not None:
        return Look("close" if now >= closes_at else "wait", step, closes_at, closes_at)
    if reached >= ANNOUNCED:
        ends = now + timedelta(days=notice)
        return Look("announce", ANNOUNCED, ends, ends)
    if reached > step:
        return Look("remind", reached, last_sign + period * (reached + 1))
    return Look("wait", step, last_sign + period * (step + 1))
