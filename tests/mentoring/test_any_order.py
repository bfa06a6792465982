"""Whatever the two do in whatever order, the pair stands in the table, and no stage is skipped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mentorlink.competencies.models import Assessment
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.sessions.mentoring import actions, inputs
from mentorlink.sessions.mentoring.models import Mentorship, Pause, StagePeriod
from mentorlink.sessions.mentoring.queries import standing_for, targets_for
from mentorlink.sessions.mentoring.rules import checks_of, shipped_asks
from mentorlink.sessions.mentoring.stages import STAGES, STEPS, Stage
from tests.cast import Cast
from tests.conftest import POSTGRES
from tests.mentoring.pair import Pair

BY = st.booleans()
SHOWN = st.none() | st.sampled_from(STAGES)
"""The stage that the page showed: none is the one that stands, any other is a stale page."""


class TwoPeople(RuleBasedStateMachine):
    """Random acts of both sides, each through its action. ``cast`` is set by the test."""

    cast: Cast
    seen: set[tuple[str, str]] = set()

    @initialize(begun=st.sampled_from(STAGES), to_the_end=BY)
    def begin(self, begun: str, to_the_end: bool) -> None:
        """In any stage, or over: so that any search reaches late stages and the end."""
        self.now = clock.now()
        for old in db.session.scalars(sa.select(Mentorship).where(Mentorship.state.in_(("active", "paused")))).all():
            pair = Pair(self.cast, start=False)
            pair.id = old.id
            actions.end_early(pair.mentor, pair.row(), inputs.EarlyEndInput(code="other"))
        self.pair = Pair(self.cast).go_to(begun)
        self.place = (str(begun), "active")
        if to_the_end and begun == STAGES[-1]:
            self.fill_and_go_on(by=True)
        self.expected: tuple[str, str] | None = None

    def act(self, deed: Callable[[], object]) -> bool:
        """Do it a little later than the last deed; a refusal leaves everything as it was."""
        self.now += timedelta(minutes=1)
        with clock.at(self.now):
            try:
                deed()
            except (Conflict, Invalid):
                db.session.rollback()
                return False
        return True

    def who(self, mentor: bool) -> Actor:
        return self.pair.mentor if mentor else self.pair.mentee

    @rule(by=BY)
    def propose(self, by: bool) -> None:
        self.act(lambda: self.pair.agree(signers=(self.who(by),)))

    @rule(by=BY)
    def sign(self, by: bool) -> None:
        who, row = self.who(by), self.pair.row()
        if row.agreement_number:
            self.act(lambda: actions.sign_agreement(who, row, inputs.SignedVersion(number=row.agreement_number)))

    @rule()
    def meet(self) -> None:
        self.act(self.pair.meet)

    @rule(by=BY)
    def set_goals(self, by: bool) -> None:
        self.act(lambda: self.pair.set_goals(accepters=(self.who(by),)))

    @rule(by=BY)
    def accept(self, by: bool) -> None:
        who, row = self.who(by), self.pair.row()
        if row.goals_revision:
            self.act(lambda: actions.accept_goals(who, row, inputs.SignedVersion(number=row.goals_revision)))

    @rule()
    def drop_a_competency(self) -> None:
        targets = targets_for(self.pair.mentor, self.pair.row())
        if len(targets) > 1:
            self.act(lambda: actions.drop_competency(self.pair.mentor, targets[0]))

    @rule()
    def finish_a_step(self) -> None:
        self.act(self.pair.plan_and_finish_roadmap)

    @rule(by=BY)
    def reflect(self, by: bool) -> None:
        words = inputs.ReflectionText(changed="a", helped="b")
        self.act(lambda: actions.write_reflection(self.who(by), self.pair.row(), words))

    @rule(by=BY, level=st.integers(2, 3))
    def say_levels(self, by: bool, level: int) -> None:
        self.act(lambda: self.pair.say_levels(self.who(by), level))

    @rule()
    def direct(self) -> None:
        self.act(self.pair.direct)

    @rule(by=BY)
    def evaluate(self, by: bool) -> None:
        self.act(lambda: self.pair.evaluate(self.who(by)))

    @rule()
    def fill_the_gate(self) -> None:
        """All of the stage's work at once, so that late stages are reached."""
        self.act(lambda: self.pair.fill(self.pair.row().stage))

    @rule(by=BY, shown=SHOWN)
    def advance(self, by: bool, shown: str | None) -> None:
        words = inputs.StepInput(stage=shown or self.place[0])
        self.step("advance", words.stage, lambda who: actions.advance_stage(who, self.pair.row(who), words), by)

    @rule(by=BY, shown=SHOWN)
    def close(self, by: bool, shown: str | None) -> None:
        words = inputs.StepInput(stage=shown or self.place[0])
        self.step("close", words.stage, lambda who: actions.close_mentorship(who, self.pair.row(who), words), by)

    @rule(by=BY, shown=SHOWN)
    def back(self, by: bool, shown: str | None) -> None:
        words = inputs.StepBack(stage=shown or self.place[0], reason="Because")
        self.step("back", words.stage, lambda who: actions.step_back(who, self.pair.row(who), words), by)

    @rule(by=BY)
    def fill_and_go_on(self, by: bool) -> None:
        """Two acts in one, so that late stages and the end are reached often."""
        self.fill_the_gate()
        if self.place[0] == STAGES[-1]:
            self.close(by, None)
        else:
            self.advance(by, None)

    @rule(by=BY)
    def pause(self, by: bool) -> None:
        def rest(who: Actor) -> object:
            day = clock.today() + timedelta(days=30)
            return actions.pause_mentorship(who, self.pair.row(who), inputs.PauseInput(returns_on=day))

        self.step("pause", self.place[0], rest, by)

    @rule(by=BY)
    def resume(self, by: bool) -> None:
        self.step("resume", self.place[0], lambda who: actions.resume_mentorship(who, self.pair.row(who)), by)

    def gate_was_open(self) -> bool:
        return all(condition.done for condition in standing_for(self.pair.mentor, self.pair.row()).conditions)

    def step(self, code: str, stage: str, deed: Callable[[Actor], object], by: bool) -> None:
        """A step happens exactly when the table has it from here and its gate is open."""
        ready = self.gate_was_open()
        found = next((s for s in STEPS if (s.code, s.stage, s.state) == (code, *self.place) and s.stage == stage), None)
        done = self.act(lambda: deed(self.who(by)))
        assert done == (found is not None and (ready or not found.gated))
        if done and found is not None:
            self.place = (str(found.to_stage), str(found.to_state))

    @invariant()
    def stands_where_the_table_says(self) -> None:
        if not hasattr(self, "pair"):
            return
        db.session.expire_all()
        row = self.pair.row()
        assert (row.stage, row.state) == self.place
        self.seen.add(self.place)
        periods = db.session.scalars(
            sa.select(StagePeriod).where(StagePeriod.mentorship_id == row.id).order_by(StagePeriod.entered_at, StagePeriod.id)
        ).all()
        path = [STAGES.index(period.stage) for period in periods]
        assert path[0] == 0
        assert all(abs(after - before) == 1 for before, after in pairwise(path))
        assert [p.left_at is None for p in periods].count(True) == (1 if row.is_open else 0)
        pauses = sa.select(sa.func.count()).where(Pause.mentorship_id == row.id, Pause.resumed_at.is_(None))
        assert db.session.scalar(pauses) == (1 if row.state == "paused" else 0)
        confirmed = sa.select(sa.func.count()).where(Assessment.origin == f"mentorship:{row.id}")
        assert bool(db.session.scalar(confirmed)) == (row.state == "closed")
        conditions = standing_for(self.pair.mentor, row).conditions
        asked = checks_of(Stage(row.stage), shipped_asks()[Stage(row.stage)])
        assert tuple(condition.code for condition in conditions) == asked


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_order_of_acts_leaves_the_table(app: Flask, pair: Pair) -> None:
    TwoPeople.cast = pair.cast
    TwoPeople.seen.clear()
    run_state_machine_as_test(
        TwoPeople,
        settings=settings(
            max_examples=5 if POSTGRES else 10,  # five go all the way
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {stage for stage, _ in TwoPeople.seen} == {str(stage) for stage in STAGES}, "the search went all the way"
    assert {state for _, state in TwoPeople.seen} >= {"active", "paused", "closed"}
