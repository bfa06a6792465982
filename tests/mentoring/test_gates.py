"""What each gate looks at, whose turn it is, and that no order of acts skips a stage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.sessions.mentoring import rules
from mentorlink.sessions.mentoring.rules import BOTH, Ask, GateFacts, TargetFacts, checks_of, gate, is_open, turn
from mentorlink.sessions.mentoring.stages import (
    ACTS,
    GATES,
    MOST_MEETINGS,
    OPEN_STATES,
    STAGES,
    STEPS,
    Check,
    Stage,
    State,
    allows,
    step,
)

SIDES = st.frozensets(st.sampled_from(sorted(BOTH)))
LEVEL = st.integers(0, 5)
TARGETS = st.lists(
    st.builds(
        TargetFacts,
        target_id=st.integers(1, 99),
        baseline=st.none() | LEVEL,
        proposed_by=st.none() | st.sampled_from(sorted(BOTH)),
        complete=st.booleans(),
        after=st.dictionaries(st.sampled_from(sorted(BOTH)), LEVEL),
    ),
    max_size=3,
).map(tuple)
ASKS = st.fixed_dictionaries(
    {
        stage: st.builds(
            Ask, st.integers(0, MOST_MEETINGS), st.frozensets(st.sampled_from([str(check) for check in GATES[stage]]))
        )
        for stage in STAGES
    }
)
"""Every version of the stages that an agency could make, and some that it could not."""
FACTS = st.builds(
    GateFacts,
    agreement=st.integers(0, 3),
    signed=SIDES,
    targets=TARGETS,
    goals=st.integers(0, 3),
    accepted=SIDES,
    meetings=st.dictionaries(st.sampled_from([str(stage) for stage in STAGES]), st.integers(0, 4)),
    roadmap=st.integers(0, 3),
    roadmap_open=st.integers(0, 3),
    reflected=SIDES,
    direction=st.booleans(),
    evaluated=SIDES,
    asks=ASKS,
)


@given(FACTS, st.sampled_from(STAGES))
def test_what_is_missing_is_always_somebodys_turn(facts: GateFacts, stage: Stage) -> None:
    conditions = gate(stage, facts)
    assert tuple(condition.code for condition in conditions) == checks_of(stage, facts.asks[stage])
    for condition in conditions:
        assert condition.turn <= BOTH
        assert bool(condition.turn) != condition.done
    assert turn(conditions)
    assert is_open(conditions) == all(condition.done for condition in conditions)


@given(FACTS, st.sampled_from(sorted(BOTH)))
def test_one_side_alone_passes_no_gate_whatever_version_holds(facts: GateFacts, side: str) -> None:
    alone = frozenset({side})
    one = GateFacts(**(facts.__dict__ | {"signed": alone, "accepted": alone, "reflected": alone, "evaluated": alone}))
    assert not any(is_open(gate(stage, one)) for stage in STAGES)


@given(st.dictionaries(st.sampled_from(sorted(BOTH)), LEVEL))
def test_a_level_is_confirmed_when_both_say_the_same(after: dict[str, int]) -> None:
    assert rules.is_confirmed(after) == (len(after) == 2 and after["mentor"] == after["mentee"])


def test_meetings_of_another_stage_do_not_count() -> None:
    held_before = GateFacts(meetings={"prescriptive": 5})
    condition = next(c for c in gate("persuasive", held_before) if c.code is Check.MEETING_HELD)
    assert not condition.done
    here = next(c for c in gate("persuasive", GateFacts(meetings={"persuasive": 1})) if c.code is Check.MEETING_HELD)
    assert here.done


@pytest.mark.parametrize(("held", "done"), [(0, False), (1, False), (2, True), (3, True)])
def test_the_collaborative_stage_takes_two_meetings(held: int, done: bool) -> None:
    condition = next(
        c for c in gate("collaborative", GateFacts(meetings={"collaborative": held})) if c.code is Check.MEETING_HELD
    )
    assert condition.done is done


@pytest.mark.parametrize(("total", "open_", "done"), [(0, 0, False), (2, 1, False), (2, 0, True)])
def test_a_roadmap_is_finished_when_it_has_steps_and_none_is_open(total: int, open_: int, done: bool) -> None:
    conditions = gate("collaborative", GateFacts(roadmap=total, roadmap_open=open_))
    assert next(c for c in conditions if c.code is Check.ROADMAP_FINISHED).done is done


# The table


def test_forward_steps_go_one_stage_and_are_gated() -> None:
    for each in STEPS:
        distance = STAGES.index(each.to_stage) - STAGES.index(each.stage)
        assert distance in (-1, 0, 1)
        assert each.gated == (distance == 1 or each.code == "close")
        assert each.reason == (distance == -1 or each.code == "end_early")


def test_the_table_is_a_function_and_over_is_over() -> None:
    assert len({(s.code, s.stage, s.state) for s in STEPS}) == len(STEPS)
    for stage in STAGES:
        leaving = {state: [s for s in STEPS if (s.stage, s.state) == (stage, state)] for state in State}
        assert leaving[State.CLOSED] == leaving[State.ENDED_EARLY] == []
        for state in OPEN_STATES:
            assert any(s.to_state not in OPEN_STATES for s in leaving[state]), "one can always part"
    assert step("close", "collaborative", "active") is None
    assert step("advance", "confirmative", "active") is None
    assert step("back", "prescriptive", "active") is None


def test_nothing_is_written_in_a_pause_or_after_the_end() -> None:
    for act, stages in ACTS.items():
        for stage in STAGES:
            assert allows(act, stage, "active") == (stage in stages)
            assert not any(allows(act, stage, state) for state in ("paused", "closed", "ended_early"))


def test_word_changes_put_back_together_are_the_two_texts() -> None:
    before, after = "we meet every month in person", "we meet every two weeks by video in Kupang"
    pieces = rules.word_changes(before, after)
    assert " ".join(words for kind, words in pieces if kind != "new") == before
    assert " ".join(words for kind, words in pieces if kind != "gone") == after
    assert {"gone", "new"} <= {kind for kind, _ in pieces}
