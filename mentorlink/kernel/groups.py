"""Figures by group, so that nobody can be singled out: small groups are held back, also where subtraction would give them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import NamedTuple, TypeVar

FEWEST = 5
"""Of a group of fewer people no figure is told."""

K = TypeVar("K", bound=Hashable)


class Count(NamedTuple):
    """People of a group, and those of them of whom something is so. A figure that is no count of people has part 0."""

    people: int
    part: int = 0

    def __add__(self, other: tuple[int, ...]) -> Count:  # type: ignore[override]  # a tuple's own sum is a longer tuple
        return Count(self.people + other[0], self.part + other[1])

    def __sub__(self, other: Count) -> Count:
        return Count(self.people - other.people, self.part - other.part)


def harmless(count: Count, *, least: int = FEWEST) -> bool:
    """Whether a count tells of nobody: of nobody at all or of enough people, and neither few of them nor all but few."""
    return all(number == 0 or number >= least for number in (count.people, count.part, count.people - count.part))


def tellable(counts: Mapping[K, Count], above: Mapping[K, K | None], *, least: int = FEWEST) -> set[K]:
    """Groups within groups of which figures may be told, so that no sum or difference of them gives a harmful one.

    ``counts``: each group with all that lies in it; ``above``: the group it lies in. Groups that lie side by side share nobody.

    What told groups give away is exactly what remains of each when the told groups within it are taken out, and sums of such
    remainders. So a group is told only if it is harmless and leaves a harmless remainder in the next told group above it. Groups
    are tried from above, those with most people first; so the smallest go with a group that must be held back.
    """
    found: dict[K, Count] = {}
    for key in sorted(counts, key=lambda key: (_depth(key, above), -counts[key].people, str(key))):
        count, over = counts[key], above[key]
        while over is not None and over not in found:
            over = above[over]
        if harmless(count, least=least) and (over is None or harmless(found[over] - count, least=least)):
            found[key] = count
            if over is not None:
                found[over] -= count
    return set(found)


def _depth(key: K, above: Mapping[K, K | None]) -> int:
    depth, over = 0, above[key]
    while over is not None:
        depth, over = depth + 1, above[over]
    return depth


def hidden_parts(counts: Mapping[K, Count], *, least: int = FEWEST) -> set[K]:
    """Groups of which nothing is told beside a known total, in which they all lie: harmful ones, and as many others as it takes.

    If all are hidden, the total itself may be harmful and must then not be told.
    """
    rest, hidden = sum(counts.values(), Count(0)), set()
    for key in sorted(counts, key=lambda key: (-counts[key].people, str(key))):
        if harmless(counts[key], least=least) and harmless(rest - counts[key], least=least):
            rest -= counts[key]
        else:
            hidden.add(key)
    return hidden


def hidden_groups(sizes: Mapping[K, int], *, least: int = FEWEST) -> set[K]:
    """The same for groups of which a mean is told: only how many people stand behind it matters.

    A single hidden group would follow from the total, and so would hidden groups of fewer than ``least`` people together; so the
    next smallest go with them.
    """
    return hidden_parts({name: Count(size) for name, size in sizes.items()}, least=least)


def enough(number: int, *, least: int = FEWEST) -> int | None:
    """A number of people that may be told: 0 and from ``least`` on; None for one in between."""
    return None if 0 < number < least else number
