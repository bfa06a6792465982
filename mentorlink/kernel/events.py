"""What happened. A feature declares frozen dataclasses below ``Event``: ids only, named in the past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something that a use case did."""


Effect = Callable[[Any], None]
Table = dict[type[Event], tuple[Effect, ...]]

within: Table = {}
"""Effects that share the fate of the deed: they run before its commit, and if one fails nothing happened."""

after: Table = {}
"""Effects after the commit: if one fails it is logged and the deed stands."""


def wire(*, within_effects: Table, after_effects: Table) -> None:
    """Replace the switchboard. ``mentorlink/wiring.py`` alone calls this."""
    within.clear()
    within.update(within_effects)
    after.clear()
    after.update(after_effects)
