"""What competencies do by themselves."""

from __future__ import annotations

from typing import Any

from mentorlink.competencies.actions import refresh_levels as refresh
from mentorlink.kernel.actor import Actor


def refresh_levels(_payload: dict[str, Any]) -> None:
    """Every night: findings that grew too old give way to fresher ones."""
    refresh(Actor.system())
