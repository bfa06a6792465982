"""The life of an engagement, as a table: states, steps, who may take them, and what each needs.

Nothing else in the house decides where an engagement may go: actions look a step up here and take it by an UPDATE that names
the state they came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where an engagement stands."""

    CONVERSATION = "conversation"
    """A first talk; neither is committed."""
    ENGAGED = "engaged"
    DECLINED = "declined"
    """One said no after, or instead of, the first talk. Nobody failed."""
    CLOSED = "closed"
    ENDED_EARLY = "ended_early"


class Check(StrEnum):
    """Something that has to be there before a step."""

    TALK_HELD = "talk_held"
    BOTH_SAID_YES = "both_said_yes"
    GOAL_SET = "goal_set"
    AFTER_SAID = "after_said"
    REVIEWED = "reviewed"


STATES: tuple[State, ...] = tuple(State)
OPEN_STATES = (State.CONVERSATION, State.ENGAGED)

SIDES = ("coach", "coachee")
SUPERIOR = "superior"
"""Not a side: somebody who answers one question, and only where the coachee asks."""

MOMENTS = ("before", "midway", "after")
"""When the goal is scaled, in order."""

OPTIONS_NEEDED = 2
"""So many options are named before there is a will: with one, nothing is chosen."""

SHARED = ("coached", "goal", "numbers", "sessions", "commitments", "review")
"""What a coachee may let their superior see, item by item: that they are coached at all comes first."""

ANSWERS = ("done", "partly", "not_yet")
"""How a commitment stands at a check-in."""


@dataclass(frozen=True)
class Step:
    """One allowed move. ``by`` are the sides that may take it; ``needs`` what has to be there."""

    code: str
    source: State
    target: State
    by: tuple[str, ...] = SIDES
    needs: tuple[Check, ...] = ()
    by_house: bool = False
    """The house may take it too: one of the two has left, or nobody gave a sign."""


STEPS: tuple[Step, ...] = (
    Step("engage", State.CONVERSATION, State.ENGAGED, needs=(Check.TALK_HELD, Check.BOTH_SAID_YES)),
    Step("decline", State.CONVERSATION, State.DECLINED, by_house=True),
    Step("close", State.ENGAGED, State.CLOSED, needs=(Check.GOAL_SET, Check.AFTER_SAID, Check.REVIEWED)),
    Step("end_early", State.ENGAGED, State.ENDED_EARLY, by_house=True),
)
"""Every move there is."""


def step(code: str, state: str) -> Step | None:
    """The step ``code`` from ``state``, or None when the table has none."""
    return next((s for s in STEPS if s.code == code and s.source == state), None)


ACTS: dict[str, tuple[State, ...]] = {
    "sign": OPEN_STATES,
    "say_yes": (State.CONVERSATION,),
    "write_goal": OPEN_STATES,
    "scale_goal": (State.ENGAGED,),
    "ask_superior": (State.ENGAGED,),
    "answer_question": (State.ENGAGED,),
    "write_sheet": (State.ENGAGED,),
    "commit": (State.ENGAGED,),
    "check_in": (State.ENGAGED,),
    "review": (State.ENGAGED,),
}
"""What people do in which states."""


def allows(act: str, state: str) -> bool:
    """True when ``act`` belongs to this state."""
    return state in ACTS[act]


def open_moments(said: frozenset[str] | set[str]) -> tuple[str, ...]:
    """The moments that somebody who said ``said`` may still scale: those after the last one said."""
    latest = max((MOMENTS.index(moment) for moment in said), default=-1)
    return MOMENTS[latest + 1 :]
