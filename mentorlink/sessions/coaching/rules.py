"""What a step needs and whose turn it is: values in, values out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mentorlink.sessions.coaching.stages import MOMENTS, SIDES, STEPS, Check, State

Sides = frozenset[str]
BOTH: Sides = frozenset(SIDES)
NOBODY: Sides = frozenset()


@dataclass(frozen=True)
class Facts:
    """What the steps of one engagement look at."""

    held: int = 0
    """Meetings held."""
    yes: Sides = NOBODY
    goal: int = 0
    """Number of the goal's newest version; 0 is none."""
    scaled: Mapping[str, Sides] = field(default_factory=dict)
    """Moment → sides that have said a number."""
    reviewed: Sides = NOBODY


@dataclass(frozen=True)
class Condition:
    """Something a step needs, as it stands: done or not, and whose turn it is if not."""

    code: Check
    done: bool
    turn: Sides = NOBODY


def conditions(state: str, facts: Facts) -> tuple[Condition, ...]:
    """Everything that going forward from ``state`` needs, as it stands; nothing when it is over."""
    needed = next((step.needs for step in STEPS if step.source == state and step.needs), ())
    return tuple(_LOOK[check](facts) for check in needed)


def turn(state: str, facts: Facts) -> Sides:
    """Whose turn it is: who could do the first thing missing. While engaged, the goal first; then the two just work."""
    if state == State.ENGAGED and not facts.goal:
        return frozenset({"coachee"})
    if state == State.ENGAGED and not is_closing(facts):
        return NOBODY
    return next((condition.turn for condition in conditions(state, facts) if not condition.done), NOBODY)


def is_closing(facts: Facts) -> bool:
    """True once one of the two has begun to close: said the last number or written a review."""
    return bool(facts.scaled.get(MOMENTS[-1]) or facts.reviewed)


def _missing(code: Check, there: Sides) -> Condition:
    missing = BOTH - there
    return Condition(code, not missing, missing)


def _talk_held(facts: Facts) -> Condition:
    return Condition(Check.TALK_HELD, facts.held > 0, NOBODY if facts.held else BOTH)


def _goal_set(facts: Facts) -> Condition:
    return Condition(Check.GOAL_SET, facts.goal > 0, NOBODY if facts.goal else frozenset({"coachee"}))


_LOOK: dict[Check, Callable[[Facts], Condition]] = {
    Check.TALK_HELD: _talk_held,
    Check.BOTH_SAID_YES: lambda facts: _missing(Check.BOTH_SAID_YES, facts.yes),
    Check.GOAL_SET: _goal_set,
    Check.AFTER_SAID: lambda facts: _missing(Check.AFTER_SAID, facts.scaled.get("after", NOBODY)),
    Check.REVIEWED: lambda facts: _missing(Check.REVIEWED, facts.reviewed),
}


def shown_moments(scaled: Mapping[str, Sides]) -> frozenset[str]:
    """The moments whose numbers the two may read of each other: those that both have said, so neither leans on the other."""
    return frozenset(moment for moment, sides in scaled.items() if sides >= BOTH)


def current_moment(scaled: Mapping[str, Sides]) -> str:
    """The moment an outsider answers for: the furthest that one of the two has come to."""
    return next((moment for moment in reversed(MOMENTS) if scaled.get(moment, NOBODY) & BOTH), MOMENTS[0])


Boxes = Mapping[str, str | tuple[str, ...]]
"""What stands in each box of a sheet: words, or the codes that are ticked."""


def together(base: Boxes, theirs: Boxes, mine: Boxes) -> tuple[dict[str, str | tuple[str, ...]], tuple[str, ...]]:
    """What two made of the same beginning, box by box, and the boxes into which both wrote different words (there mine stands).

    A box that only one changed is as they left it; ticks set and taken off by either are set and off.
    """
    made: dict[str, str | tuple[str, ...]] = {}
    clashes = []
    for name, own in mine.items():
        began, other = base[name], theirs[name]
        if isinstance(own, tuple):
            kept = [code for code in other if code in own or code not in began]
            made[name] = tuple(dict.fromkeys([*kept, *(code for code in own if code not in began)]))
        else:
            made[name] = other if own == began else own
            if began not in (own, other) and own != other:
                clashes.append(name)
    return made, tuple(clashes)
