"""Figures by group, so that nobody can be singled out: small groups are held back, also where subtraction would give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

FEWEST = 5
"""Of a group of fewer people no figure is told."""

K = TypeVar("K")


def hidden_groups(sizes: Mapping[K, int], *, least: int = FEWEST) -> set[K]:
    """Groups of which nothing is told beside a known total: those under ``least`` people, and as many others as it takes.

    A single hidden group would follow from the total, and so would hidden groups of fewer than ``least`` people together; so the
    next smallest go with them. If all are hidden and still too few, the total itself must not be told.
    """
    hidden = {name for name, size in sizes.items() if size < least}
    others = sorted((name for name in sizes if name not in hidden), key=lambda name: (sizes[name], str(name)))
    while hidden and others and (len(hidden) == 1 or sum(sizes[name] for name in hidden) < least):
        hidden.add(others.pop(0))
    return hidden


def enough(number: int, *, least: int = FEWEST) -> int | None:
    """A number of people that may be told: 0 and from ``least`` on; None for one in between."""
    return None if 0 < number < least else number
