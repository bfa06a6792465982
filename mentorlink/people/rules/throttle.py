"""How long one waits after failed sign-ins. The pause grows with each failure and ends by itself: nobody is locked out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

MEMORY = timedelta(minutes=15)
FIRST_PAUSE = 30
LONGEST_PAUSE = 900


@dataclass(frozen=True)
class Count:
    """Failures that count against something, and until when it is paused."""

    failures: int
    last_at: datetime
    paused_until: datetime | None = None


def wait_seconds(count: Count | None, *, now: datetime) -> int:
    """Seconds until the next try is let through; 0 for now."""
    if count is None or count.paused_until is None or count.paused_until <= now:
        return 0
    return max(1, -int(-(count.paused_until - now).total_seconds() // 1))


def after_failure(count: Count | None, limit: int, *, now: datetime) -> Count:
    """The count with one more failure: from the ``limit``-th on each doubles the pause, up to a quarter of an hour."""
    quiet_since = max(count.last_at, count.paused_until or count.last_at) if count else None
    failures = 1 if count is None or quiet_since is None or now - quiet_since > MEMORY else count.failures + 1
    if failures < limit:
        return Count(failures, now)
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - limit, 10))
    return Count(failures, now, now + timedelta(seconds=pause))


def after_success(count: Count) -> Count:
    """The count without the try that turned out well; it was counted before the password was looked at."""
    return replace(count, failures=max(0, count.failures - 1), paused_until=None)
