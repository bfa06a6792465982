"""The gates and what follows from them: values in, values out."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from mentorlink.sessions.mentoring.stages import GATES, OPTIONAL, Check, Stage

MENTOR, MENTEE = "mentor", "mentee"
BOTH = frozenset({MENTOR, MENTEE})
Sides = frozenset[str]
NOBODY: Sides = frozenset()


@cache
def shipped_stages() -> dict[str, Any]:
    """``data/stages.json``: what each stage asks (``gates``) and what is said of it (``words``)."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "stages.json").read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Ask:
    """What a version asks of one stage beyond what every version asks."""

    meetings: int
    """Sessions held in the stage before it can be left forward."""
    checks: frozenset[str]
    """Conditions that are the agency's to ask."""


def asks_of(gates: Mapping[str, Any]) -> dict[Stage, Ask]:
    """``gates`` of a version, by stage."""
    return {Stage(stage): Ask(row["meetings"], frozenset(row["checks"])) for stage, row in gates.items()}


@cache
def shipped_asks() -> dict[Stage, Ask]:
    """What is asked where the agency has set nothing."""
    return asks_of(shipped_stages()["gates"])


def checks_of(stage: Stage, ask: Ask) -> tuple[Check, ...]:
    """The conditions of a gate, in order. What both sides have to do is among them whatever a version says."""
    return tuple(
        check
        for check in GATES[stage]
        if (ask.meetings if check is Check.MEETING_HELD else check not in OPTIONAL or check in ask.checks)
    )


@dataclass(frozen=True)
class TargetFacts:
    """What a gate needs to know of one target."""

    target_id: int
    baseline: int | None
    proposed_by: str | None
    complete: bool
    """It has a level to reach and an indicator."""
    after: Mapping[str, int] = field(default_factory=dict)
    """Side → level it says the mentee has reached."""


@dataclass(frozen=True)
class GateFacts:
    """What the gates of one mentorship look at."""

    agreement: int = 0
    signed: Sides = NOBODY
    targets: tuple[TargetFacts, ...] = ()
    goals: int = 0
    accepted: Sides = NOBODY
    meetings: Mapping[str, int] = field(default_factory=dict)
    """Stage → meetings held in it, over every time it was entered."""
    roadmap: int = 0
    roadmap_open: int = 0
    reflected: Sides = NOBODY
    direction: bool = False
    evaluated: Sides = NOBODY
    superior: bool | None = None
    """Whether the mentee's superior has agreed; none where the programme does not ask them."""
    asks: Mapping[Stage, Ask] = field(default_factory=shipped_asks)
    """What the version of the stages asks that the mentorship began with."""


@dataclass(frozen=True)
class Condition:
    """A condition of a gate as it stands: done or not, and whose turn it is if not."""

    code: Check
    done: bool
    turn: Sides = NOBODY
    facts: Mapping[str, int] = field(default_factory=dict)


def gate(stage: str, facts: GateFacts) -> tuple[Condition, ...]:
    """Every condition of leaving ``stage`` forward, as it stands."""
    checks = checks_of(Stage(stage), facts.asks[Stage(stage)])
    if stage == Stage.PRESCRIPTIVE and facts.superior is not None:
        checks = (*checks, Check.SUPERIOR_AGREED)
    return tuple(_CONDITIONS[check](Stage(stage), facts) for check in checks)


def is_open(conditions: tuple[Condition, ...]) -> bool:
    """True when nothing is missing any more."""
    return all(condition.done for condition in conditions)


def turn(conditions: tuple[Condition, ...]) -> Sides:
    """Whose turn it is: who could do the first thing missing; either of the two when nothing is."""
    return next((condition.turn for condition in conditions if not condition.done), BOTH)


def _agreement_signed(_stage: Stage, facts: GateFacts) -> Condition:
    if not facts.agreement:
        return Condition(Check.AGREEMENT_SIGNED, False, frozenset({MENTOR}), {"version": 0, "signed": 0})
    missing = BOTH - facts.signed
    return Condition(Check.AGREEMENT_SIGNED, not missing, missing, {"version": facts.agreement, "signed": len(facts.signed)})


def _baseline_recorded(_stage: Stage, facts: GateFacts) -> Condition:
    missing = [target for target in facts.targets if target.baseline is None]
    numbers = {"recorded": len(facts.targets) - len(missing), "total": len(facts.targets)}
    if not facts.targets:
        return Condition(Check.BASELINE_RECORDED, False, BOTH, numbers)
    waiting = [BOTH - {target.proposed_by} if target.proposed_by else BOTH for target in missing]
    return Condition(Check.BASELINE_RECORDED, not missing, frozenset().union(*waiting), numbers)


def _meeting_held(stage: Stage, facts: GateFacts) -> Condition:
    held, needed = facts.meetings.get(stage, 0), facts.asks[stage].meetings
    done = held >= needed
    numbers = {"held": held, "needed": needed, "elsewhere": sum(facts.meetings.values()) - held}
    return Condition(Check.MEETING_HELD, done, NOBODY if done else BOTH, numbers)


def _goals_accepted(_stage: Stage, facts: GateFacts) -> Condition:
    ready = sum(target.complete and target.baseline is not None for target in facts.targets)
    numbers = {"revision": facts.goals, "ready": ready, "total": len(facts.targets), "accepted": len(facts.accepted)}
    if not facts.goals or not facts.targets:
        return Condition(Check.GOALS_ACCEPTED, False, frozenset({MENTEE}), numbers)
    if ready < len(facts.targets):
        return Condition(Check.GOALS_ACCEPTED, False, BOTH, numbers)
    missing = BOTH - facts.accepted
    return Condition(Check.GOALS_ACCEPTED, not missing, missing, numbers)


def _roadmap_finished(_stage: Stage, facts: GateFacts) -> Condition:
    done = facts.roadmap > 0 and facts.roadmap_open == 0
    return Condition(Check.ROADMAP_FINISHED, done, NOBODY if done else BOTH, {"open": facts.roadmap_open, "total": facts.roadmap})


def _reflections_written(_stage: Stage, facts: GateFacts) -> Condition:
    missing = BOTH - facts.reflected
    return Condition(Check.REFLECTIONS_WRITTEN, not missing, missing, {"written": len(facts.reflected)})


def _after_levels_confirmed(_stage: Stage, facts: GateFacts) -> Condition:
    agreed = sum(is_confirmed(target.after) for target in facts.targets)
    numbers = {"agreed": agreed, "total": len(facts.targets)}
    if facts.targets and agreed == len(facts.targets):
        return Condition(Check.AFTER_LEVELS_CONFIRMED, True, NOBODY, numbers)
    silent = frozenset(side for side in BOTH if any(side not in target.after for target in facts.targets))
    return Condition(Check.AFTER_LEVELS_CONFIRMED, False, silent or BOTH, numbers)


def _direction_named(_stage: Stage, facts: GateFacts) -> Condition:
    return Condition(Check.DIRECTION_NAMED, facts.direction, NOBODY if facts.direction else frozenset({MENTOR}))


def _evaluations_given(_stage: Stage, facts: GateFacts) -> Condition:
    missing = BOTH - facts.evaluated
    return Condition(Check.EVALUATIONS_GIVEN, not missing, missing, {"given": len(facts.evaluated)})


def _superior_agreed(_stage: Stage, facts: GateFacts) -> Condition:
    return Condition(Check.SUPERIOR_AGREED, facts.superior is True)


_CONDITIONS: dict[Check, Callable[[Stage, GateFacts], Condition]] = {
    Check.AGREEMENT_SIGNED: _agreement_signed,
    Check.BASELINE_RECORDED: _baseline_recorded,
    Check.MEETING_HELD: _meeting_held,
    Check.GOALS_ACCEPTED: _goals_accepted,
    Check.ROADMAP_FINISHED: _roadmap_finished,
    Check.REFLECTIONS_WRITTEN: _reflections_written,
    Check.AFTER_LEVELS_CONFIRMED: _after_levels_confirmed,
    Check.DIRECTION_NAMED: _direction_named,
    Check.EVALUATIONS_GIVEN: _evaluations_given,
    Check.SUPERIOR_AGREED: _superior_agreed,
}


def is_confirmed(after: Mapping[str, int]) -> bool:
    """True when both sides said, and said the same."""
    return set(after) == BOTH and len(set(after.values())) == 1


@dataclass(frozen=True)
class ClauseChange:
    """A clause that differs between two versions."""

    code: str
    before: Any
    after: Any


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[ClauseChange, ...]:
    """The clauses that differ, in the order of the newer version."""
    codes = list(after) + [code for code in before if code not in after]
    return tuple(ClauseChange(code, before.get(code), after.get(code)) for code in codes if before.get(code) != after.get(code))


def word_changes(before: str, after: str) -> list[tuple[str, str]]:
    """(``same`` | ``gone`` | ``new``, words) in reading order, for showing what changed within a text."""
    old, new = before.split(), after.split()
    pieces: list[tuple[str, str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", " ".join(old[a:b])))
            continue
        pieces += [(tone, " ".join(words)) for tone, words in (("gone", old[a:b]), ("new", new[c:d])) if words]
    return pieces


LATE = frozenset({"collaborative", "confirmative"})
"""Stages in which the mentee should steer."""
STEERING = ("agenda", "proposed", "decided")
LATEST, ENOUGH, MOSTLY = 3, 2, 2 / 3


def steers(answer: str, by: str) -> str:
    """Who steered by one answer: mentor, mentee or both, said by side ``by`` of itself (me) or of the other."""
    if answer == "both":
        return answer
    return by if answer == "me" else next(iter(BOTH - {by}))


def still_steered(stage: str, meetings: Sequence[Mapping[str, Mapping[str, Any]]]) -> bool:
    """True when a late stage is still steered by the mentor.

    ``meetings``: the stage's meetings that both have spoken of, newest first, each side → its answers. Two at least are
    looked at and three at most; two answers in three have to name the mentor.
    """
    looked_at = meetings[:LATEST]
    if stage not in LATE or len(looked_at) < ENOUGH:
        return False
    said = [
        steers(answers[question], side) for meeting in looked_at for side, answers in meeting.items() for question in STEERING
    ]
    return said.count(MENTOR) >= MOSTLY * len(said)
