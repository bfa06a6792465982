"""Decisions of pairing: values in, values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import NamedTuple

from mentorlink.matching import Filters, Ranking

OFFER_LEVEL = 3
"""Who names no competencies offers those they hold at this level or above."""

MOST_PLACES = 6
"""So many people one may take on at a time, unless a programme says otherwise."""

ENOUGH_REPLIES = 3
"""Below so many answered requests nothing is said about how long somebody takes."""

SHORT_LIST = 5
"""A list shorter than this is shown with what would make it longer."""

PLACE_KEPT = timedelta(days=3)
"""So long a place is kept for the first in line; then the next one is asked."""

MOST_WAITING = 5
"""So many lines one person may stand in at a time."""

MOST_SAVED = 60
"""So many people one may keep in mind."""

MOST_COMPARED = 3
"""More columns than this cannot be compared at a glance."""

INVITATION_OPEN = timedelta(days=14)
"""An invitation without an answer ends after so long."""

MOST_INVITED = 5
"""So many invitations of one offer may be open at a time."""

_ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
_MOST_YEARS = 80


class Change(NamedTuple):
    """One change of the filters and how many more people it would show. ``value`` None: the filter is dropped."""

    filter: str
    value: int | str | None
    gain: int


def offered(levels: Mapping[str, int], chosen: Collection[str]) -> dict[str, int]:
    """The levels that an offer brings: of the competencies chosen, or of all held well enough when none was."""
    if chosen:
        return {code: levels[code] for code in chosen if code in levels}
    return {code: level for code, level in levels.items() if level >= OFFER_LEVEL}


def zone_code(timezone: str) -> str | None:
    """The Indonesian time zone of an IANA name, or None for any other."""
    return _ZONES.get(timezone)


def years_in_field(since: int | None, today: date) -> int | None:
    """Whole years of experience on ``today``, at least 0."""
    return None if since is None else min(max(0, today.year - since), _MOST_YEARS)


def is_paused(until: date | None, today: date) -> bool:
    """True until the day on which an offer takes requests again."""
    return until is not None and until > today


def standing(*, free: int, paused_until: date | None, is_open: bool, today: date) -> str:
    """How an offer stands for who looks at it: ``room``, ``full``, ``paused`` or ``closed``."""
    if not is_open:
        return "closed"
    if is_paused(paused_until, today):
        return "paused"
    return "room" if free > 0 else "full"


def news(stood: str, stands: str) -> str | None:
    """What changed since: ``room_again``, ``back``, ``full_now``, ``paused_now``, ``closed_now``, or nothing."""
    if stood == stands:
        return None
    if stands == "room":
        return "room_again" if stood == "full" else "back"
    return f"{stands}_now"


def typical_reply(replies: Sequence[timedelta]) -> timedelta | None:
    """How long somebody usually takes: the median, or None when too few are known."""
    if len(replies) < ENOUGH_REPLIES:
        return None
    return timedelta(seconds=median(reply.total_seconds() for reply in replies))


def helpful_changes(ranking: Ranking, filters: Filters, *, most: int = 3) -> list[Change]:
    """What would lengthen a narrowed list, most first: one more value of a filter, else a filter dropped.

    Of each filter at most the one value that helps most is named, and dropping the filter only where that brings still more.
    """
    added: dict[str, Change] = {}
    for change in sorted(_added_values(ranking, filters), key=_by_gain):
        added.setdefault(change.filter, change)
    dropped = [Change(name, None, n) for name, n in ranking.filtered_only.items() if name not in added or n > added[name].gain]
    return sorted((change for change in (*added.values(), *dropped) if change.gain > 0), key=_by_gain)[:most]


def _by_gain(change: Change) -> tuple[int, bool, str, str]:
    return -change.gain, change.value is None, change.filter, str(change.value)


def _added_values(ranking: Ranking, filters: Filters) -> Iterable[Change]:
    for name in ("fields", "time_zones", "places", "languages"):
        chosen = getattr(filters, name)
        if chosen:
            yield from (Change(name, value, n) for value, n in ranking.choices.get(name, {}).items() if value not in chosen)
    if filters.min_years:
        for least, n in sorted(ranking.choices.get("min_years", {}).items()):
            if int(least) < filters.min_years:
                yield Change("min_years", least, n - ranking.total)


def points(terms: Mapping[str, float], score: float) -> dict[str, float]:
    """The parts of a score in hundredths of the whole, to one decimal, rounded so that they still sum to the rounded score."""
    tenths = {name: int(value * 1000 + 1e-6) for name, value in terms.items()}
    missing = round(score * 1000) - sum(tenths.values())
    by_rest = sorted(terms, key=lambda name: (tenths[name] - terms[name] * 1000, name))
    for name in by_rest[: max(0, missing)]:
        tenths[name] += 1
    return {name: value / 10 for name, value in tenths.items()}
