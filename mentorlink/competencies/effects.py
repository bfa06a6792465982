"""What competencies do by themselves."""

from __future__ import annotations

from typing import Any

from mentorlink.competencies.actions import end_reviews
from mentorlink.competencies.actions import refresh_levels as refresh
from mentorlink.competencies.actions.colleagues import forget_views, let_leaver_go, part
from mentorlink.kernel.actor import Actor
from mentorlink.people.events import Blocked, ErasureGranted, PersonLeft


def refresh_levels(_payload: dict[str, Any]) -> None:
    """Every night: findings that grew too old give way to fresher ones."""
    refresh(Actor.system())


def hear_colleagues(_payload: dict[str, Any]) -> None:
    """Every hour: who has not answered is reminded, and what is over is brought together."""
    end_reviews(Actor.system())


def let_person_go(event: PersonLeft) -> None:
    """Nobody waits for who has left."""
    let_leaver_go(event.person_id)


def part_the_blocked(event: Blocked) -> None:
    """Who keeps somebody away is not asked about them."""
    part(event.person_id, event.blocked_id)


def erase_views(event: ErasureGranted) -> None:
    """What somebody said of colleagues, and is not brought together yet, is gone."""
    if "feedback" in event.parts:
        forget_views(event.person_id)
