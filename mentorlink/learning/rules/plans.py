"""What a plan adds up to, how far it is, and which sums are too small to show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from mentorlink.kernel.groups import FEWEST, hidden_groups
from mentorlink.learning.rules.credit import SHARES, PathRule

LEAST = FEWEST
"""A sum over fewer people than this could tell who they are."""


class Line(Protocol):
    """What the rules need to know of a plan's line."""

    @property
    def id(self) -> int: ...
    @property
    def path(self) -> str: ...
    @property
    def jp(self) -> int: ...


@dataclass(frozen=True)
class Balance:
    """One part of 10:20:70: what it should be in percent, its JP in the plan, and what it is in percent."""

    share: int
    jp: int
    percent: int


def balance_of(lines: Sequence[Line], paths: Mapping[str, PathRule]) -> list[Balance]:
    """The plan's own balance of training, learning with colleagues, and learning from work; its percents sum to 100."""
    sums = dict.fromkeys(SHARES, 0)
    for line in lines:
        if line.path in paths:
            sums[paths[line.path].share] += line.jp
    total = sum(sums.values())
    percents = {share: jp * 100 // total if total else 0 for share, jp in sums.items()}
    if total:
        by_rest = sorted(SHARES, key=lambda share: -(sums[share] * 100 % total))
        for share in by_rest[: 100 - sum(percents.values())]:
            percents[share] += 1
    return [Balance(share, sums[share], percents[share]) for share in SHARES]


def progress_of(lines: Sequence[Line], linked: Mapping[int, int], loose: Mapping[str, int]) -> dict[int, int]:
    """Line id → JP that the ledger has for it.

    ``linked``: JP claimed for a line by name, by line id; ``loose``: the other JP of the year by path, which fill the lines of
    their path in their order and never more than a line plans.
    """
    left = defaultdict(int, loose)
    found = {}
    for line in lines:
        done = linked.get(line.id, 0)
        taken = min(max(0, line.jp - done), left[line.path])
        left[line.path] -= taken
        found[line.id] = done + taken
    return found


def suppressed(people: Sequence[int], *, least: int = LEAST) -> list[bool]:
    """Which rows of a table with a total are hidden: those of 1 to ``least`` − 1 people, and as many others as it takes.

    A single hidden row would follow from the total by subtraction, and so would hidden rows of fewer than ``least`` people
    together; so the next smallest go with them.
    """
    hidden = hidden_groups({place: number for place, number in enumerate(people) if number}, least=least)
    return [place in hidden for place in range(len(people))]


MOST_LINES = 30
"""A plan of more lines is no plan."""


def plannable_years(today: date) -> tuple[int, ...]:
    """Years that a plan may be begun for: this one and the next."""
    return today.year, today.year + 1
