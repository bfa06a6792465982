"""A community on its way: prepared, at work, or being looked at."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from mentorlink.community.actions import decisions, gatherings, lives
from mentorlink.community.inputs.decisions import DecisionInput, StanceInput
from mentorlink.community.inputs.gatherings import FollowUpInput, FollowUpStateInput, GatheringInput, MinutesInput, PresentInput
from mentorlink.community.inputs.lives import (
    CharterInput,
    MeasureInput,
    MoveInput,
    PromiseInput,
    ResultInput,
    ReviewInput,
)
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.queries.decisions import decision_for
from mentorlink.community.queries.gatherings import gathering_for
from mentorlink.community.queries.lives import measures_for, standing_for
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.learning.actions import load_hours_rule
from mentorlink.people.models import Person
from tests.cast import Cast
from tests.community.talk import Talk


class Living(Talk):
    """The talk's community, walked through its life by the mentor who facilitates it."""

    def __init__(self, cast: Cast, **more: Any) -> None:
        load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
        super().__init__(cast, **more)

    def steer(self, use_case: Any, *args: Any, **more: Any) -> Any:
        return use_case(self.actor(self.cast.mentor), *args, **more)

    @property
    def standing(self) -> Any:
        return standing_for(self.actor(self.cast.mentor), self.community)

    def prepare(self) -> None:
        """Everything that the preparation must yield."""
        charter = CharterInput(purpose="Reports come late every month", belongs="Who writes reports", why="Less work at night")
        self.steer(lives.write_charter, self.community, charter)
        start = MeasureInput(name="Days late", unit="days", start=Decimal(9), aim=Decimal(3), start_on=clock.today())
        self.steer(lives.add_measure, self.community, start)
        for person in (self.cast.mentor, self.cast.mentee):
            lives.make_promise(self.actor(person), self.community, PromiseInput(text="I bring a case"))

    def go(self, code: str, step: str, **more: Any) -> None:
        self.steer(lives.take_step, self.community, MoveInput(code=code, step=step, **more))  # type: ignore[arg-type]

    def plan(self, *, hours: float = 24, **more: Any) -> Gathering:
        """A gathering that begins in so many hours."""
        at = (clock.now() + timedelta(hours=hours)).astimezone(ZoneInfo("Asia/Jakarta"))
        data = {"title": "First gathering", "day": at.date(), "at": at.time().replace(second=0, microsecond=0), "minutes": 90}
        return self.steer(gatherings.plan_gathering, self.community, GatheringInput(**data | more))

    def gathering(self, gathering_id: int) -> Gathering:
        return gathering_for(self.actor(self.cast.mentor), gathering_id)

    def hold(self, *there: Person) -> Gathering:
        """A gathering that took place, with minutes and a task that is done."""
        row_id = self.plan(hours=-2).id
        for person in there:
            self.steer(gatherings.note_presence, self.gathering(row_id), PresentInput(person_id=person.id, present=True))
        self.steer(gatherings.hold_gathering, self.gathering(row_id))
        self.steer(gatherings.write_minutes, self.gathering(row_id), MinutesInput(body="We shared cases", version=0))
        task = FollowUpInput(text="Write the case down", owner_id=self.cast.mentor.id)
        task = self.steer(gatherings.agree_follow_up, self.gathering(row_id), task)
        self.steer(gatherings.settle_follow_up, task, FollowUpStateInput(state="done"))
        return self.gathering(row_id)

    def ask(self, method: str = "consent", **more: Any) -> Decision:
        """A question to the community."""
        data = {"question": "Which template?", "closes_on": clock.today() + timedelta(days=5), "way1": "A", "way2": "B"}
        made = self.steer(decisions.open_decision, self.community, DecisionInput(method=method, **data | more))  # type: ignore[arg-type]
        return decision_for(self.actor(self.cast.mentor), made.id)

    def say_where(self, person: Person, decision: Decision, stance: str = "agree", **more: Any) -> None:
        decisions.take_stance(self.actor(person), decision, StanceInput(stance=stance, **more))  # type: ignore[arg-type]

    def work(self) -> None:
        """Everything that the implementation must yield."""
        self.hold(self.cast.mentor, self.cast.mentee)
        decision = self.ask()
        self.say_where(self.cast.mentee, decision)
        self.steer(decisions.conclude_decision, decision)

    def look_back(self) -> None:
        """Everything that the evaluation must yield."""
        for measure in measures_for(self.actor(self.cast.mentor), self.community):
            self.steer(lives.note_result, measure, ResultInput(result=Decimal(4), result_on=clock.today()))
        self.steer(lives.write_review, self.community, ReviewInput(changed="Five days less", keep="The template"))
