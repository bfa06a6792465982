"""Mentoring and coaching driven over HTTP by both people in random order, with repeats, stale forms and a clock that jumps.

Whatever is sent: no answer of 500, no state outside the tables, no stage left but by a step of the table, no gate passed that is
not open, neither of the mentoring nor of the coaching.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.learning.actions import load_hours_rule
from mentorlink.sessions.coaching.models import Commitment, Engagement
from mentorlink.sessions.coaching.queries import facts_of as coaching_facts
from mentorlink.sessions.coaching.rules import conditions
from mentorlink.sessions.coaching.stages import STEPS as COACHING
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.stages import STEPS as MEETING
from mentorlink.sessions.mentoring.models import Agreement, GoalsRevision, Mentorship, StagePeriod, Target
from mentorlink.sessions.mentoring.queries import facts_of
from mentorlink.sessions.mentoring.rules import gate
from mentorlink.sessions.mentoring.stages import STEPS
from tests.cast import Cast
from tests.coaching.two import GOAL, Two
from tests.mentoring.pair import AGREEMENT, Pair

FINE = {200, 303, 403, 409, 422}
"""Whatever is asked for is the two people's own, so nothing is not found."""
STAGES = ("prescriptive", "persuasive", "collaborative", "confirmative")
REFUSED_BRIEFLY = {"Accept": "application/json"}
"""A refusal comes as a code instead of a page: here nobody reads it."""
WHO, STAGE, NUMBER = st.sampled_from(("mentor", "mentee")), st.sampled_from(STAGES), st.integers(0, 4)


class OverHttp(RuleBasedStateMachine):
    """Posts by both; ``cast`` is set by the test."""

    cast: Cast
    seen: set[tuple[str, str]] = set()
    coached: set[str] = set()
    begun = 0
    """Each example has days of its own: the same two people met in those before."""
    answers: set[int] = set()

    @initialize(stage=STAGE, engaged=st.booleans())
    def begin(self, stage: str, engaged: bool) -> None:
        """The two stand in a stage to which they came honestly, and in their coaching before or after the first yes."""
        OverHttp.begun += 1
        self.now = clock.now() + timedelta(days=400 * OverHttp.begun)
        self.last: tuple[str, str, dict[str, Any]] | None = None
        with clock.at(self.now, everywhere=True):
            for old in db.session.scalars(sa.select(Mentorship.id).where(Mentorship.state.in_(("active", "paused")))).all():
                self.send("mentor", f"/mentoring/{old}/end", code="other")
            for old in db.session.scalars(sa.select(Engagement).where(Engagement.state.in_(("conversation", "engaged")))).all():
                self.send("mentor", f"/coaching/{old.id}/{'end' if old.state == 'engaged' else 'decline'}", code="other")
            db.session.rollback()
            self.pair = Pair(self.cast)
            self.pair.go_to(stage)
        self.now += timedelta(hours=6)
        with clock.at(self.now, everywhere=True):
            self.two = Two(self.cast)
            if engaged:
                self.two.engage()
        self.now += timedelta(hours=2)
        self.stood = self.stand()

    def send(self, who: str, path: str, **form: Any) -> int:
        """Post as one of the two, a minute after the last; the answer is one the house means."""
        self.now += timedelta(minutes=1)
        before = self.stand() if hasattr(self, "pair") else None
        missing = self.coaching_misses(who) if before is not None and path.startswith(self.e) else set()
        with clock.at(self.now, everywhere=True):
            answer = self.cast.client(getattr(self.cast, who)).post(path, data=form, headers=REFUSED_BRIEFLY)
        assert answer.status_code in FINE, (path, form, answer.status_code)
        self.answers.add(answer.status_code)
        self.last = (who, path, form)
        if before is not None and answer.status_code not in (200, 303):
            assert self.stand() == before, "a refusal leaves everything where it was"
        elif path.endswith(("/yes", "/close")) and path.startswith("/coaching/") and before is not None:
            assert self.stand() == before or not missing, "a coaching goes on by its conditions alone"
        return int(answer.status_code)

    def coaching_misses(self, who: str) -> set[str]:
        """What the coaching's next step would still lack once ``who`` had said yes."""
        row = db.session.get_one(Engagement, self.two.id)
        facts = coaching_facts([row])[row.id]
        said = replace(facts, yes=facts.yes | {"coach" if who == "mentor" else "coachee"})
        return {str(each.code) for each in conditions(row.state, said) if not each.done}

    def stand(self) -> tuple[str, str, str]:
        db.session.rollback()
        row = db.session.get_one(Mentorship, self.pair.id)
        return row.stage, row.state, db.session.get_one(Engagement, self.two.id).state

    @property
    def m(self) -> str:
        return f"/mentoring/{self.pair.id}"

    @property
    def e(self) -> str:
        return f"/coaching/{self.two.id}"

    def day(self, days: int) -> str:
        return (self.now + timedelta(days=days)).date().isoformat()

    # Mentoring

    @rule(who=WHO, stage=STAGE, act=st.sampled_from(("advance", "close", "back")))
    def step(self, who: str, stage: str, act: str) -> None:
        row = db.session.get_one(Mentorship, self.pair.id)
        ready = all(condition.done for condition in gate(row.stage, facts_of([row])[row.id]))
        before = self.stand()
        why = {"reason": "Because"} if act == "back" else {}
        code = self.send(who, f"{self.m}/{act}", stage=stage, **why)
        if code == 303 and act != "back" and self.stand() != before:
            assert ready, "a gate is passed by its conditions alone"

    @rule(who=WHO, fresh=st.booleans())
    def go_on(self, who: str, fresh: bool) -> None:
        """Too early, then the honest way: fill what the stage asks for, and take the step."""
        row = db.session.get_one(Mentorship, self.pair.id)
        self.step(who, row.stage, "close" if row.stage == "confirmative" else "advance")
        row = db.session.get_one(Mentorship, self.pair.id)
        with clock.at(self.now + timedelta(minutes=2), everywhere=True), suppress(Conflict, Invalid):
            if fresh and row.state == "active":
                self.pair.fill(row.stage)
        db.session.rollback()
        self.now += timedelta(hours=2)
        row = db.session.get_one(Mentorship, self.pair.id)
        self.step(who, row.stage, "close" if row.stage == "confirmative" else "advance")

    @rule(who=WHO, number=NUMBER)
    def agree(self, who: str, number: int) -> None:
        newest = db.session.scalar(sa.select(sa.func.max(Agreement.number)).where(Agreement.mentorship_id == self.pair.id)) or 0
        self.send(who, f"{self.m}/agreement", starts_on=self.day(0), ends_on=self.day(90), based_on=newest, **AGREEMENT)
        self.send(who, f"{self.m}/agreement/sign", number=number)
        self.send(who, f"{self.m}/agreement/extend", until=self.day(100 + number))

    @rule(who=WHO, number=NUMBER)
    def goals(self, who: str, number: int) -> None:
        row = db.session.scalar(sa.select(Target).where(Target.mentorship_id == self.pair.id))
        revisions = sa.select(sa.func.max(GoalsRevision.number)).where(GoalsRevision.mentorship_id == self.pair.id)
        newest = db.session.scalar(revisions)
        if row is not None:
            target = {"targets.0.competency_id": row.competency_id, "targets.0.target": number, "targets.0.indicator": "Seen"}
            self.send(who, f"{self.m}/goals", purpose="Grow", based_on=newest or 0, **target)
        self.send(who, f"{self.m}/goals/accept", number=number)

    @rule(who=WHO, level=NUMBER)
    def levels(self, who: str, level: int) -> None:
        """Where the mentee starts, and what was reached, as one side says it."""
        target = db.session.scalar(sa.select(sa.func.min(Target.id)).where(Target.mentorship_id == self.pair.id))
        if target is not None:
            self.send(who, f"/mentoring/targets/{target}/baseline", level=level)
            self.send(who, f"{self.m}/after-levels", **{f"levels.{target}": level})

    @rule(who=WHO, act=st.sampled_from(("evaluation", "reflection", "direction", "issues", "roadmap", "still-on")))
    def paper(self, who: str, act: str) -> None:
        form = {
            "evaluation": {"useful": 5, "trust": 4, "time": 3}, "reflection": {"changed": "a", "helped": "b"},
            "direction": {"text": "On", "version": 0}, "issues": {"kind": "general", "text": "x"},
            "roadmap": {"text": "x", "due_on": self.day(9)}, "still-on": {},
        }[act]  # fmt: skip
        self.send(who, f"{self.m}/{act}", **form)

    @rule(who=WHO, on=st.booleans(), days=st.integers(0, 40))
    def rest(self, who: str, on: bool, days: int) -> None:
        self.send(who, f"{self.m}/{'pause' if on else 'resume'}", returns_on=self.day(days))
        self.send(who, f"{self.e}/{'rest' if on else 'resume'}", returns_on=self.day(days))

    @rule(who=WHO, minutes=st.integers(1, 90))
    def log_a_talk(self, who: str, minutes: int) -> None:
        for series in (self.pair.row().series_id, db.session.get_one(Engagement, self.two.id).series_id):
            self.log(who, series, minutes)

    def log(self, who: str, series: int, minutes: int) -> None:
        here = self.now + timedelta(hours=7) - timedelta(minutes=minutes)
        self.send(who, f"/meetings/log/{series}", day=here.date(), at=f"{here:%H:%M}", minutes=30, mode="phone", summary="x")

    @rule(who=WHO, days=st.integers(0, 3), hour=st.integers(0, 23))
    def plan(self, who: str, days: int, hour: int) -> None:
        """A session in each series; what is planned then comes, is held, missed, called off or taken back by ``meet``."""
        for series in (self.pair.row().series_id, db.session.get_one(Engagement, self.two.id).series_id):
            self.send(
                who, f"/meetings/plan/{series}", day=self.day(days), at=f"{hour:02}:00", minutes=30, mode="phone", anyway="1"
            )

    @rule(who=WHO, act=st.sampled_from(("hold", "cancel", "miss", "undo", "afterwards", "notes")))
    def meet(self, who: str, act: str) -> None:
        mine = (self.pair.row().series_id, db.session.get_one(Engagement, self.two.id).series_id)
        meeting = db.session.scalar(sa.select(sa.func.max(Meeting.id)).where(Meeting.series_id.in_(mine)))
        if meeting:
            self.send(who, f"/meetings/{meeting}/{act}", reason="x", agenda="me", body="words")

    # Coaching

    @rule(who=WHO, act=st.sampled_from(("yes", "close", "decline", "sharing")))
    def coach(self, who: str, act: str) -> None:
        self.send(who, f"{self.e}/{act}", code="other", items="goal")

    @rule(who=WHO, number=NUMBER)
    def coaching_papers(self, who: str, number: int) -> None:
        self.send(who, f"{self.e}/goal", based_on=number, by_on=self.day(60), **GOAL)
        self.send(who, f"{self.e}/numbers", moment=("before", "midway", "after")[number % 3], value=number + 1)
        self.send(who, f"{self.e}/review", gained="a", helped="b", onward="c")

    @rule(who=WHO, number=NUMBER)
    def by_grow(self, who: str, number: int) -> None:
        """A sheet, what is taken on, and how it stands; of the newest session, whichever state it is in."""
        series = db.session.get_one(Engagement, self.two.id).series_id
        session = db.session.scalar(sa.select(sa.func.max(Meeting.id)).where(Meeting.series_id == series))
        if session is None:
            return
        sheet = {"goal": "g", "reality": "r", "options": "a\nb" if number else "a"}
        self.send(who, f"/coaching/sessions/{session}", version=number // 2, **sheet)
        self.send(who, f"/coaching/sessions/{session}/commitments", text="x", due_on=self.day(number))
        made = db.session.scalar(sa.select(sa.func.max(Commitment.id)).where(Commitment.engagement_id == self.two.id))
        if made is not None:
            self.send(who, f"/coaching/commitments/{made}", answer=("done", "partly", "not_yet")[number % 3])

    @rule(who=WHO)
    def coach_on(self, who: str) -> None:
        """Too early, then the honest way as far as it goes from here: talk, both say yes; goal, last numbers, reviews, end."""
        for early in ("yes", "close"):
            self.send(who, f"{self.e}/{early}")
        row = db.session.get_one(Engagement, self.two.id)
        if row.state == "conversation":
            self.log(who, row.series_id, 200)
            for side in ("mentor", "mentee"):
                self.send(side, f"{self.e}/yes")
            return
        goal = row.goal_number
        if row.state == "engaged" and not goal:
            self.send("mentee", f"{self.e}/goal", based_on=0, by_on=self.day(60), **GOAL)
            return
        for side in ("mentor", "mentee"):
            self.send(side, f"{self.e}/numbers", moment="after", value=7)
            self.send(side, f"{self.e}/review", gained="a", helped="b", onward="c")
        self.send(who, f"{self.e}/close")

    # The world

    @rule(times=st.integers(1, 3))
    def send_it_again(self, times: int) -> None:
        if self.last is not None:
            who, path, form = self.last
            for _ in range(times):
                self.send(who, path, **form)

    @rule(days=st.sampled_from((-2, -0.1, 0.1, 1, 3, 8, 40)))
    def let_time_pass(self, days: float) -> None:
        """On, or a clock that is set back."""
        self.now += timedelta(days=days)
        with clock.at(self.now, everywhere=True):
            jobs.run_due(limit=40, only=False)
            jobs.handlers["care.watch_silence"]({})

    @invariant()
    def only_steps_of_the_tables_were_taken(self) -> None:
        if not hasattr(self, "stood"):
            return
        now = self.stand()
        self.seen.add(now[:2])
        self.coached.add(now[2])
        pair_steps = {((s.stage, s.state), (s.to_stage, s.to_state)) for s in STEPS}
        reached = {self.stood[:2]}
        for _ in range(3):
            reached |= {after for before, after in pair_steps if before in reached}
        assert now[:2] in reached
        coaching = {self.stood[2]} | {s.target for s in COACHING if s.source == self.stood[2]}
        assert now[2] in coaching | {s.target for s in COACHING if s.source in coaching}
        self.stood = now
        periods = db.session.scalars(
            sa.select(StagePeriod.stage).where(StagePeriod.mentorship_id == self.pair.id).order_by(StagePeriod.id)
        ).all()
        places = [STAGES.index(stage) for stage in periods]
        assert places[0] == 0
        assert all(abs(b - a) == 1 for a, b in pairwise(places))
        assert set(db.session.scalars(sa.select(Meeting.state).distinct())) <= set(MEETING)


@pytest.mark.slow
@pytest.mark.one_database
@pytest.mark.timeout(300)
def test_no_order_of_posts_leaves_the_tables(app: Flask, cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    OverHttp.cast = cast
    OverHttp.seen.clear()
    OverHttp.coached.clear()
    run_state_machine_as_test(
        OverHttp,
        settings=settings(
            max_examples=4, stateful_step_count=16, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        ),
    )  # fmt: skip
    assert len({stage for stage, _state in OverHttp.seen}) >= 3
    assert {"conversation", "engaged", "closed"} <= OverHttp.coached
    assert {303, 409, 422} <= OverHttp.answers
