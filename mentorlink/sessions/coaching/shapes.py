"""Coaching as plain values, for JSON: what a superior was let see, and no more."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mentorlink.sessions.coaching.queries import Shared


def shared_shape(shared: Shared) -> dict[str, Any]:
    """One coaching as far as it is shared; what is not shared is no key of it."""
    always = ("coachee_id", "name", "state")
    of_item = {
        "goal": ("goal", "goal_by"),
        "numbers": ("numbers",),
        "sessions": ("sessions", "minutes"),
        "commitments": ("commitments",),
        "review": ("review",),
    }
    wanted = [*always, *(name for item, names in of_item.items() if item in shared.items for name in names)]
    return {name: value for name, value in asdict(shared).items() if name in wanted} | {"items": sorted(shared.items)}
