"""Where a round stands on the guided page, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.rounds.stages import STEPS


@dataclass(frozen=True)
class Step:
    """A step of the page."""

    code: str
    state: str
    """done, current or todo."""


@dataclass(frozen=True)
class Standing:
    """What the choice of the next step rests on."""

    state: str
    mentees: int
    mentors: int
    places: int
    runs: int
    draft: bool
    """There is a draft to review."""
    stale: bool = False
    """The draft does not know what came since."""


def next_step(now: Standing) -> str:
    """The one thing to do next."""
    if now.state == "published":
        return "publish"
    if not now.mentees or not now.mentors:
        return "people"
    if not now.runs:
        return "cover"
    return "draft" if now.draft and not now.stale else "run"


def steps_of(now: Standing) -> list[Step]:
    """Every step with its state, in order."""
    here = next_step(now)
    if now.state == "published":
        return [Step(code, "done") for code in STEPS]
    at = STEPS.index(here)
    return [Step(code, "done" if place < at else "current" if place == at else "todo") for place, code in enumerate(STEPS)]
