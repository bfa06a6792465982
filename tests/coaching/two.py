"""A coach and a coachee whom tests drive act by act, each act by the one whose it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.people.models import Person
from mentorlink.sessions.coaching import actions, inputs
from mentorlink.sessions.coaching.models import Commitment, Engagement
from mentorlink.sessions.coaching.queries import Engaging, engagement_for, engaging_for
from mentorlink.sessions.meetings.actions import log_meeting, plan_meeting
from mentorlink.sessions.meetings.inputs import MeetingLog, MeetingPlan
from mentorlink.sessions.meetings.models import Meeting
from tests.cast import Cast
from tests.mentoring.pair import Pair

GOAL = {"text": "Lead the weekly meeting", "why": "My team waits for it", "sign": "We end on time", "now": 3, "wanted": 8}
SHEET = {
    "goal": "An opening for Monday",
    "reality": "I read from a paper",
    "options": "Begin with a question\nBegin with a number",
}


class Two:
    """The mentor of the cast as coach, the mentee as coachee."""

    def __init__(self, cast: Cast, *, coach: Person | None = None, begun: int | None = None) -> None:
        """They begin; or they have, and ``begun`` is the id of it."""
        self.cast = cast
        self._coach_id, self._coachee_id = (coach or cast.mentor).id, cast.mentee.id
        self.id = begun or actions.begin_engagement(self.coach, coach_id=self._coach_id, coachee_id=self._coachee_id).id

    @property
    def coach(self) -> Actor:
        """The coach as actor."""
        return self._actor(self._coach_id)

    @property
    def coachee(self) -> Actor:
        """The coachee as actor."""
        return self._actor(self._coachee_id)

    @property
    def both(self) -> tuple[Actor, Actor]:
        """Coach, coachee."""
        return self.coach, self.coachee

    def _actor(self, person_id: int) -> Actor:
        from mentorlink.kernel.db import db

        return self.cast.actor(db.session.get_one(Person, person_id))

    def row(self, actor: Actor | None = None) -> Engagement:
        """The engagement as ``actor`` (the coach) finds it."""
        return engagement_for(actor or self.coach, self.id)

    def standing(self, actor: Actor) -> Engaging:
        """How it stands for ``actor``."""
        return engaging_for(actor, self.row(actor))

    # Acts

    def talk(self, *, hours_ago: float = 0) -> Meeting:
        """A talk, written down by the coachee; one that begins now begins after the talks that people had before."""
        moment = (clock.now() - timedelta(hours=hours_ago)).astimezone(ZoneInfo("Asia/Jakarta"))
        if not hours_ago:
            moment = max(moment, Pair.met_until.get(self.cast, moment))
            Pair.met_until[self.cast] = moment + timedelta(minutes=30)
        data = MeetingLog(day=moment.date(), at=moment.time(), summary="We talked")
        with clock.at(max(clock.now(), moment + timedelta(minutes=data.minutes))):
            return log_meeting(self.coachee, self.row().series, data)

    def plan(self, *, days: int = 3) -> Meeting:
        """A session to come."""
        moment = (clock.now() + timedelta(days=days)).astimezone(ZoneInfo("Asia/Jakarta"))
        return plan_meeting(self.coach, self.row().series, MeetingPlan(day=moment.date(), at=moment.time()))

    def engage(self) -> Two:
        """They talk, and both say yes."""
        self.talk()
        for actor in self.both:
            actions.say_yes(actor, self.row())
        return self

    def set_goal(self, **changes: Any) -> Two:
        """The coachee writes the goal."""
        data = GOAL | {"by_on": clock.today() + timedelta(days=60), "based_on": self.row().goal_number} | changes
        actions.write_goal(self.coachee, self.row(), inputs.GoalDraft(**data))
        return self

    def scale(self, actor: Actor, moment: str, value: int = 5) -> None:
        """One side says a number."""
        actions.scale_goal(actor, self.row(), inputs.ScaleSaid(moment=moment, value=value))  # type: ignore[arg-type]

    def sheet(self, meeting: Meeting, actor: Actor | None = None, **changes: Any) -> None:
        """One side writes the sheet of a session."""
        actions.save_sheet(actor or self.coachee, self.row(), meeting, inputs.SheetText(**(SHEET | changes)))

    def commit(self, meeting: Meeting, *, days: int = 7, text: str = "Try it on Monday") -> Commitment:
        """The coachee takes something on."""
        data = inputs.CommitmentText(text=text, due_on=clock.today() + timedelta(days=days))
        return actions.commit(self.coachee, self.row(), meeting, data)

    def check_in(self, commitment: Commitment, answer: str, line: str = "") -> None:
        """The coachee says how it stands."""
        actions.check_in(self.coachee, commitment, inputs.CheckInSaid(answer=answer, line=line))  # type: ignore[arg-type]

    def review(self, actor: Actor, **changes: Any) -> None:
        """One side writes its review."""
        data = {"gained": "I speak freely", "onward": "A bigger room"} | changes
        actions.write_review(actor, self.row(), inputs.ReviewText(**data))

    def finish(self) -> None:
        """Last numbers and reviews of both."""
        for actor in self.both:
            self.scale(actor, "after", 8)
            self.review(actor)
