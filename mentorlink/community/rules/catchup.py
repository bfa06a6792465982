"""What mattered while somebody was away: which topics first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Weight:
    """What makes a topic matter to one reader."""

    unread: int
    mentions: int = 0
    replies: int = 0
    mine: bool = False
    decided: bool = False
    """A question in it was answered."""


def order(weight: Weight) -> tuple[int, int, int, int, int]:
    """The smaller, the earlier: who is named comes first, then who was answered, then what one began, then what is busy."""
    return (-weight.mentions, -weight.replies, -int(weight.mine), -int(weight.decided), -weight.unread)
