"""Reads about notices."""

from __future__ import annotations

from mentorlink.kernel.actor import Actor


def unread_count(actor: Actor) -> int:
    """How many notices of the actor are unread."""
    return 0
