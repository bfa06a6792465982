"""What deeds count that share a cap, and what a claim would count beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from mentorlink.kernel.db import db
from mentorlink.learning.models import Claim, HoursEntry, HoursRule
from mentorlink.learning.queries.hours import rule_on
from mentorlink.learning.queries.periods import frozen_months
from mentorlink.learning.rules import Deed, PathRule, Share, allocate, paths_of, period_of, spread
from mentorlink.learning.rules.claims import claimed_jp, units_of


@dataclass
class Standing:
    """A deed that shares a cap: its first entry, and what it counts now."""

    first: HoursEntry
    jp: int
    counted: int
    turns: int
    withdrawn: bool


def deeds_of(claim: Claim) -> list[tuple[date, int, int, int, str]]:
    """Day, JP before any cap, units, minutes and origin of what a claim brings: one deed, or one a day where the cap is daily."""
    table = paths_of(rule_on(claim.ends_on).paths)[claim.path]
    jp, minutes = claimed_jp(table, claim), claim.minutes or 0
    if table.cap_period != "day":
        return [(claim.ends_on, jp, units_of(table, claim), minutes, f"claim:{claim.id}")]
    return [
        (day, part, 1, some, f"claim:{claim.id}:{day.isoformat()}")
        for day, part, some in spread(jp, minutes, claim.starts_on, claim.ends_on)
    ]


@dataclass(frozen=True)
class Foreseen:
    """What a claim would bring into the ledger if it were approved now."""

    jp: int
    elsewhere: int
    """JP that other deeds under the same cap would count less then."""


def foreseen(claim: Claim) -> Foreseen:
    """What the cap leaves of a claim, beside what stands. Whoever asks has read the claim."""
    jp = elsewhere = 0
    for day, full, units, _minutes, _origin in deeds_of(claim):
        rule = rule_on(day)
        table = paths_of(rule.paths)[claim.path]
        others = sharing(claim.person_id, claim.path, rule, table, day)
        *before, own = allocated(table, others, Deed(full, units))
        jp += own.jp
        elsewhere += sum(other.jp - share.jp for other, share in zip(others, before, strict=True))
    return Foreseen(jp, elsewhere)


def allocated(table: PathRule, others: Sequence[Standing], *own: Deed) -> list[Share]:
    """What counts of each; where a cap reaches into a frozen period, what stands there keeps its share and is served first."""
    fixed = set[date]()
    if others and table.cap is not None and table.cap_period == "year":
        days = [other.first.happened_on for other in others]
        fixed = frozen_months(min(days), max(days))
    return share_out(table, others, list(own), fixed)


def share_out(table: PathRule, others: Sequence[Standing], own: Sequence[Deed], fixed: Collection[date]) -> list[Share]:
    """What counts of those that stand and of those that come, in this order; months in ``fixed`` are not touched."""
    kept = [other.first.happened_on.replace(day=1) in fixed for other in others]
    cap = table.cap
    if cap is not None:
        cap -= sum(
            other.counted if table.cap_unit == "session" else other.jp for other, keep in zip(others, kept, strict=True) if keep
        )
    free = [Deed(other.first.full, other.first.units) for other, keep in zip(others, kept, strict=True) if not keep]
    shares = iter(allocate([*free, *own], None if cap is None else max(0, cap), table.cap_unit))
    standing = [Share(other.jp, other.counted) if keep else next(shares) for other, keep in zip(others, kept, strict=True)]
    return [*standing, *shares]


def sharing(person_id: int, path: str, rule: HoursRule, table: PathRule, day: date, *, of: str | None = None) -> list[Standing]:
    """The deeds that share a cap with one of ``day`` and still stand, in the order in which they came.

    Without a cap none does, but ``of`` (an origin) is found all the same.
    """
    query = sa.select(HoursEntry).where(HoursEntry.person_id == person_id, HoursEntry.path == path, HoursEntry.rule_id == rule.id)
    if table.cap is not None:
        first, after = period_of(table.cap_period, day)
        query = query.where(HoursEntry.happened_on >= first, HoursEntry.happened_on < after)
    elif of is not None:
        query = query.where(HoursEntry.origin == of)
    else:
        return []
    return standings_of(db.session.scalars(query.order_by(HoursEntry.turn, HoursEntry.id)))


def standings_of(entries: Iterable[HoursEntry]) -> list[Standing]:
    """Deeds that still stand, with what they count now; ``entries`` in the order of their turns."""
    found: dict[str, Standing] = {}
    for entry in entries:
        standing = found.setdefault(entry.origin, Standing(entry, 0, 0, 0, False))
        standing.jp += entry.jp
        standing.counted += entry.counted
        standing.turns = max(standing.turns, entry.turn)
        standing.withdrawn |= entry.reason == "withdrawn"
    return [standing for standing in found.values() if not standing.withdrawn]
