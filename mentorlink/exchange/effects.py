"""What exchange does by itself."""

from __future__ import annotations

from typing import Any

from mentorlink.exchange.actions import tidy_imports
from mentorlink.kernel.actor import Actor


def tidy(_payload: dict[str, Any]) -> None:
    """Let go of files that wait too long."""
    tidy_imports(Actor.system())
