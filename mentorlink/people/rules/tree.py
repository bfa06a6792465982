"""The tree of units: no circles, and paths that say what lies below what."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def has_cycle(parents: Mapping[K, K | None]) -> K | None:
    """A unit that would lie below itself, or None. ``parents``: unit → its parent."""
    sound: set[K] = set()
    for start in parents:
        walked: list[K] = []
        seen: set[K] = set()
        here: K | None = start
        while here is not None and here not in sound:
            if here in seen:
                return here
            seen.add(here)
            walked.append(here)
            here = parents.get(here)
        sound.update(walked)
    return None


def paths_of(parents: Mapping[int, int | None]) -> dict[int, str]:
    """Each unit's path, ``/1/4/``, from the units' parents (without a circle)."""
    paths: dict[int, str] = {}
    for start in parents:
        above: list[int] = []
        here: int | None = start
        while here is not None and here not in paths:
            above.append(here)
            here = parents.get(here)
        path = paths[here] if here is not None else "/"
        for unit in reversed(above):
            path = paths[unit] = f"{path}{unit}/"
    return paths
