"""Whether a claim can be true, and what it would count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from mentorlink.kernel.errors import Fault
from mentorlink.learning.rules.credit import PathRule, full_jp

MINUTES_A_DAY = 960
"""Nobody learns for more than sixteen hours on one day."""

MOST_OPEN = 30
"""So many claims of one person may wait or be returned at a time."""

DAYS_OF_DAILY = 31
"""A path that counts by the day is claimed for at most so many days at once."""


class Claimed(Protocol):
    """What the rules need to know of a claim."""

    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...
    @property
    def minutes(self) -> int | None: ...
    @property
    def units(self) -> int | None: ...
    @property
    def stated_jp(self) -> int | None: ...
    @property
    def abroad(self) -> bool: ...


def days_of(claim: Claimed) -> int:
    """Calendar days from the first to the last."""
    return (claim.ends_on - claim.starts_on).days + 1


def units_of(path: PathRule, claim: Claimed) -> int:
    """Sessions, days or activities of a claim; a day path without a number counts every day."""
    if path.rule == "per_day":
        return claim.units or days_of(claim)
    return (claim.units or 1) if path.rule == "per_session" else 1


def claimed_jp(path: PathRule, claim: Claimed) -> int:
    """JP of a claim before any cap."""
    return full_jp(path, units=units_of(path, claim), minutes=claim.minutes or 0, stated=claim.stated_jp, abroad=claim.abroad)


def faults_of(path: PathRule, claim: Claimed, today: date) -> list[Fault]:
    """Everything that keeps a claim from being true, each beside its field."""
    found = list(_days(path, claim, today))
    return found or list(_amounts(path, claim))


def _days(path: PathRule, claim: Claimed, today: date) -> Iterator[Fault]:
    if not path.claimable or path.retired:
        yield Fault("path", "path_not_claimable")
    if claim.ends_on < claim.starts_on:
        yield Fault("ends_on", "claim_ends_before")
    elif claim.ends_on > today:
        yield Fault("ends_on", "claim_in_future")
    elif claim.starts_on.year < today.year - 1:
        yield Fault("starts_on", "claim_too_old", {"year": today.year - 1})
    elif claim.starts_on.year != claim.ends_on.year:
        yield Fault("ends_on", "claim_over_years")
    elif path.cap_period == "month" and claim.starts_on.month != claim.ends_on.month:
        yield Fault("ends_on", "claim_over_months")
    elif path.cap_period == "day" and days_of(claim) > DAYS_OF_DAILY:
        yield Fault("ends_on", "claim_too_long", {"days": DAYS_OF_DAILY})


def _amounts(path: PathRule, claim: Claimed) -> Iterator[Fault]:
    if path.rule == "as_stated" and claim.stated_jp is None:
        yield Fault("stated_jp", "stated_jp_needed")
    elif path.rule == "per_minutes" and claim.minutes is None and claim.stated_jp is None:
        yield Fault("minutes", "minutes_needed")
    elif (claim.minutes or 0) > days_of(claim) * MINUTES_A_DAY:
        yield Fault("minutes", "minutes_beyond", {"hours": MINUTES_A_DAY // 60})
    elif path.rule == "per_day" and (claim.units or 0) > days_of(claim):
        yield Fault("units", "units_beyond_days", {"days": days_of(claim)})
    elif claimed_jp(path, claim) == 0:
        yield Fault("minutes", "claim_too_little", {"minutes": path.minutes or 0})
