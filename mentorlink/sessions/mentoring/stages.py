"""The life of a mentorship, as a table: stages, states, steps, who may take them, and what each needs.

Nothing else in the house decides where a mentorship may go: actions look a step up here and take it by an UPDATE that
names the place they came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Stage(StrEnum):
    """The four stages, in order."""

    PRESCRIPTIVE = "prescriptive"
    PERSUASIVE = "persuasive"
    COLLABORATIVE = "collaborative"
    CONFIRMATIVE = "confirmative"


class State(StrEnum):
    """Whether a mentorship runs, rests or is over."""

    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"
    ENDED_EARLY = "ended_early"


class Check(StrEnum):
    """A condition of a gate."""

    AGREEMENT_SIGNED = "agreement_signed"
    BASELINE_RECORDED = "baseline_recorded"
    MEETING_HELD = "meeting_held"
    GOALS_ACCEPTED = "goals_accepted"
    ROADMAP_FINISHED = "roadmap_finished"
    REFLECTIONS_WRITTEN = "reflections_written"
    AFTER_LEVELS_CONFIRMED = "after_levels_confirmed"
    DIRECTION_NAMED = "direction_named"
    EVALUATIONS_GIVEN = "evaluations_given"
    SUPERIOR_AGREED = "superior_agreed"


STAGES: tuple[Stage, ...] = tuple(Stage)
OPEN_STATES = (State.ACTIVE, State.PAUSED)

GATES: dict[Stage, tuple[Check, ...]] = {
    Stage.PRESCRIPTIVE: (Check.MEETING_HELD, Check.AGREEMENT_SIGNED, Check.BASELINE_RECORDED),
    Stage.PERSUASIVE: (Check.MEETING_HELD, Check.GOALS_ACCEPTED),
    Stage.COLLABORATIVE: (Check.MEETING_HELD, Check.GOALS_ACCEPTED, Check.ROADMAP_FINISHED),
    Stage.CONFIRMATIVE: (
        Check.MEETING_HELD,
        Check.REFLECTIONS_WRITTEN,
        Check.AFTER_LEVELS_CONFIRMED,
        Check.DIRECTION_NAMED,
        Check.EVALUATIONS_GIVEN,
    ),
}
"""What a gate may ask for before the pair leaves a stage forward, in this order.

Of these the agency's version of the stages (``StageRule``) asks for sessions where it wants any, and for those of ``OPTIONAL``
that it names; the others are always asked. Where the programme wants it the mentee's superior agrees before the first stage is
left (``SUPERIOR_AGREED``). Goals may still be changed in the collaborative stage, so both accept them again in it before it ends:
what one of the two does alone (log a talk, tick off a step) opens no gate.
"""

OPTIONAL = frozenset({Check.BASELINE_RECORDED, Check.ROADMAP_FINISHED, Check.REFLECTIONS_WRITTEN, Check.DIRECTION_NAMED})
"""What an agency may leave out. The others need both sides: without them one alone could pass, and closing would say nothing."""

MOST_MEETINGS = 12
"""Sessions that a gate asks for at most."""


@dataclass(frozen=True)
class Step:
    """One allowed move. ``gated`` steps need the gate of ``stage``; ``reason`` steps ask why."""

    code: str
    stage: Stage
    state: State
    to_stage: Stage
    to_state: State
    gated: bool = False
    reason: bool = False


def _table() -> tuple[Step, ...]:
    steps: list[Step] = []
    for before, after in pairwise(STAGES):
        steps.append(Step("advance", before, State.ACTIVE, after, State.ACTIVE, gated=True))
        steps.append(Step("back", after, State.ACTIVE, before, State.ACTIVE, reason=True))
    for stage in STAGES:
        steps.append(Step("pause", stage, State.ACTIVE, stage, State.PAUSED))
        steps.append(Step("resume", stage, State.PAUSED, stage, State.ACTIVE))
        steps += [Step("end_early", stage, state, stage, State.ENDED_EARLY, reason=True) for state in OPEN_STATES]
    steps.append(Step("close", STAGES[-1], State.ACTIVE, STAGES[-1], State.CLOSED, gated=True))
    return tuple(steps)


STEPS: tuple[Step, ...] = _table()
"""Every move there is. Either of the two may take each of them; nobody else, the house excepted."""


def step(code: str, stage: str, state: str) -> Step | None:
    """The step ``code`` from (stage, state), or None when the table has none."""
    return next((s for s in STEPS if s.code == code and s.stage == stage and s.state == state), None)


def is_taken(code: str, shown: str, stage: str, state: str) -> bool:
    """True when ``code`` from the stage ``shown`` leads to where the mentorship stands: somebody took the step before."""
    return any(s.code == code and s.stage == shown and (s.to_stage, s.to_state) == (stage, state) for s in STEPS)


ACTS: dict[str, tuple[Stage, ...]] = {
    "propose_agreement": STAGES,
    "sign_agreement": STAGES,
    "sign": STAGES,
    "choose_competencies": (Stage.PRESCRIPTIVE, Stage.PERSUASIVE, Stage.COLLABORATIVE),
    "agree_baseline": (Stage.PRESCRIPTIVE, Stage.PERSUASIVE, Stage.COLLABORATIVE),
    "change_goals": (Stage.PERSUASIVE, Stage.COLLABORATIVE),
    "accept_goals": (Stage.PERSUASIVE, Stage.COLLABORATIVE),
    "raise_issue": (Stage.COLLABORATIVE,),
    "settle_issue": (Stage.COLLABORATIVE, Stage.CONFIRMATIVE),
    "keep_roadmap": (Stage.COLLABORATIVE,),
    "reflect": (Stage.CONFIRMATIVE,),
    "say_after_levels": (Stage.CONFIRMATIVE,),
    "name_direction": (Stage.CONFIRMATIVE,),
    "evaluate": (Stage.CONFIRMATIVE,),
}
"""What the two do in which stages, always while the mentorship is active; ``sign``: say that they are still on."""


def allows(act: str, stage: str, state: str) -> bool:
    """True when ``act`` belongs to this stage and the mentorship runs."""
    return state == State.ACTIVE and stage in ACTS[act]
