"""The life of a community, as a table: its steps, what each must yield and who has it, and the ways from one to the next.

Nothing else in the house decides where a community may go: actions look a move up here and take it by an UPDATE that names
the step they came from.
"""

from __future__ import annotations

from dataclasses import dataclass

STEPS = ("preparation", "implementation", "evaluation", "closed")
OUTCOMES = ("go_on", "hand_over", "close")


@dataclass(frozen=True)
class Yield:
    """Something a step must yield. ``by``: who has it until somebody takes it on: the facilitators, or every member.

    ``gate``: the step cannot be left forward without it.
    """

    code: str
    by: str
    gate: bool = True


YIELDS: dict[str, tuple[Yield, ...]] = {
    "preparation": (
        Yield("problem", "facilitator"),
        Yield("belongs", "facilitator"),
        Yield("why", "facilitator"),
        Yield("measures", "facilitator"),
        Yield("promises", "member"),
        Yield("expert", "facilitator", gate=False),
    ),
    "implementation": (
        Yield("gatherings", "facilitator"),
        Yield("minutes", "facilitator"),
        Yield("decisions", "member"),
        Yield("follow_ups", "member"),
        Yield("knowledge", "expert", gate=False),
    ),
    "evaluation": (
        Yield("results", "facilitator"),
        Yield("changed", "facilitator"),
        Yield("keep", "member"),
        Yield("settled", "member", gate=False),
    ),
    "closed": (),
}
"""What each step must yield, in the order of work."""

YIELDS_ALL = tuple(part.code for parts in YIELDS.values() for part in parts)


@dataclass(frozen=True)
class Move:
    """One allowed way. ``gated`` ones need what the step must yield; an ``outcome`` ends an evaluation with it."""

    code: str
    before: str
    after: str
    gated: bool = False
    outcome: str | None = None


MOVES = (
    Move("begin", "preparation", "implementation", gated=True),
    Move("evaluate", "implementation", "evaluation", gated=True),
    Move("back", "implementation", "preparation"),
    Move("back", "evaluation", "implementation"),
    Move("go_on", "evaluation", "implementation", gated=True, outcome="go_on"),
    Move("hand_over", "evaluation", "implementation", gated=True, outcome="hand_over"),
    Move("close", "evaluation", "closed", gated=True, outcome="close"),
    Move("reopen", "closed", "evaluation"),
)
"""Every move there is; facilitators take them."""


def move(code: str, step: str) -> Move | None:
    """The move ``code`` from ``step``, or None when the table has none."""
    return next((way for way in MOVES if (way.code, way.before) == (code, step)), None)


MODES = ("in_person", "video", "phone")
GATHERING_STATES = ("planned", "held", "cancelled")
ATTENDANCE_STATES = ("going", "waiting", "not_going")
DECISION_STATES = ("open", "decided", "withdrawn")
METHODS = ("consent", "vote")
STANCES = ("agree", "aside", "object")
