"""What a step of a community has yielded so far: facts in, verdicts out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What there is of a community in its present cycle."""

    problem: bool = False
    belongs: bool = False
    why: bool = False
    members: int = 0
    experts: int = 0
    measures: int = 0
    results: int = 0
    promises: int = 0
    settled: int = 0
    held: int = 0
    with_minutes: int = 0
    decided: int = 0
    undecided: int = 0
    follow_ups: int = 0
    open_follow_ups: int = 0
    pages: int = 0
    changed: bool = False
    keep: bool = False


@dataclass(frozen=True)
class Verdict:
    """Whether something is there, and how much of how much; ``of`` is None where there is nothing to count against."""

    done: bool
    have: int = 0
    of: int | None = None


_VERDICTS: dict[str, Callable[[Facts], Verdict]] = {
    "problem": lambda f: Verdict(f.problem),
    "belongs": lambda f: Verdict(f.belongs),
    "why": lambda f: Verdict(f.why),
    "measures": lambda f: Verdict(f.measures > 0, f.measures),
    "promises": lambda f: Verdict(f.members > 0 and 2 * f.promises >= f.members, f.promises, f.members),
    "expert": lambda f: Verdict(f.experts > 0, f.experts),
    "gatherings": lambda f: Verdict(f.held > 0, f.held),
    "minutes": lambda f: Verdict(0 < f.held <= f.with_minutes, f.with_minutes, f.held),
    "decisions": lambda f: Verdict(f.decided > 0 and f.undecided == 0, f.decided, f.decided + f.undecided),
    "follow_ups": lambda f: Verdict(f.follow_ups > 0 and f.open_follow_ups == 0, f.follow_ups - f.open_follow_ups, f.follow_ups),
    "knowledge": lambda f: Verdict(f.pages > 0, f.pages),
    "results": lambda f: Verdict(0 < f.measures <= f.results, f.results, f.measures),
    "changed": lambda f: Verdict(f.changed),
    "keep": lambda f: Verdict(f.keep),
    "settled": lambda f: Verdict(0 < f.promises <= f.settled, f.settled, f.promises),
}


def verdict(code: str, facts: Facts) -> Verdict:
    """What stands of the yield ``code``. Commitments are there when at least half of the members have made one."""
    return _VERDICTS[code](facts)


def share_reached(start: float, aim: float, result: float) -> float | None:
    """Which part of the way from start to aim was gone: 1 is all of it, less than 0 is backward; None where aim is the start."""
    return None if aim == start else (result - start) / (aim - start)
