"""A pair that tests drive through its stages, act by act, each act by the one who says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.sessions.meetings.actions import log_meeting
from mentorlink.sessions.meetings.inputs import MeetingLog
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring import actions, inputs
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.queries import mentorship_for, targets_for
from tests.cast import Cast

AGREEMENT = {
    "frequency": "monthly",
    "minutes": 60,
    "mode": "mixed",
    "topics_in": "Budget analysis and writing for the public",
    "topics_out": "Appraisal of colleagues",
    "confidentiality": "What we say stays between us",
    "ending": "Either may end it after one talk about it",
}


def draft(**changes: Any) -> inputs.AgreementDraft:
    """The clauses of an agreement for half a year."""
    today = clock.today()
    return inputs.AgreementDraft(**(AGREEMENT | {"starts_on": today, "ends_on": today + timedelta(days=180)} | changes))


class Pair:
    """The mentor and the mentee of the cast."""

    met_until: ClassVar[WeakKeyDictionary[Cast, datetime]] = WeakKeyDictionary()
    """When the last talk of the two ends, also of an earlier mentorship of theirs: nobody is in two talks at once."""

    def __init__(self, cast: Cast, *, competencies: int = 2, start: bool = True) -> None:
        self.cast = cast
        self.mentor_id, self.mentee_id = cast.mentor.id, cast.mentee.id
        self.competency_ids = [competency.id for competency in cast.competencies[:competencies]]
        if start:
            self.id = actions.start_mentorship(
                self.mentor, mentor_id=self.mentor_id, mentee_id=self.mentee_id, competency_ids=self.competency_ids
            ).id

    @property
    def mentor(self) -> Actor:
        """The mentor as actor."""
        return self.cast.actor(self.cast.mentor)

    @property
    def mentee(self) -> Actor:
        """The mentee as actor."""
        return self.cast.actor(self.cast.mentee)

    @property
    def both(self) -> tuple[Actor, Actor]:
        """Mentor, mentee."""
        return self.mentor, self.mentee

    def row(self, actor: Actor | None = None) -> Mentorship:
        """The mentorship as ``actor`` (the mentor) finds it."""
        return mentorship_for(actor or self.mentor, self.id)

    # Acts

    def agree(self, *, signers: tuple[Actor, ...] | None = None, **changes: Any) -> None:
        """The mentor proposes a version, and ``signers`` (both) sign it."""
        version = actions.propose_agreement(
            self.mentor, self.row(), draft(based_on=self.row().agreement_number, **changes)
        ).number
        for actor in self.both if signers is None else signers:
            actions.sign_agreement(actor, self.row(actor), inputs.SignedVersion(number=version))

    def meet(self, *, hours_ago: float = 0, minutes: int = 30, summary: str = "We talked") -> Meeting:
        """A talk that began ``hours_ago``, written down by the mentee; those that begin now follow each other."""
        moment = (clock.now() - timedelta(hours=hours_ago)).astimezone(self.zone)
        if hours_ago:
            moment = moment.replace(second=0, microsecond=0)
        else:
            moment = max(moment, self.met_until.get(self.cast, moment))
        data = MeetingLog(day=moment.date(), at=moment.time(), minutes=minutes, mode="phone", summary=summary)
        with clock.at(max(clock.now(), moment + timedelta(minutes=minutes))):
            meeting = log_meeting(self.mentee, self.row(self.mentee).series, data)
        if not hours_ago:
            self.met_until[self.cast] = moment + timedelta(minutes=minutes)
        return meeting

    def set_goals(self, *, accepters: tuple[Actor, ...] | None = None, **changes: Any) -> None:
        """The mentee writes goals for every competency, and ``accepters`` (both) accept them."""
        targets = tuple(
            {"competency_id": target.competency_id, "target": min(5, (target.baseline or 0) + 1), "indicator": "Seen in a draft"}
            for target in targets_for(self.mentee, self.row(self.mentee))
        )
        data = {"purpose": "Grow into the next job", "targets": targets, "based_on": self.row().goals_revision} | changes
        revision = actions.change_goals(self.mentee, self.row(self.mentee), inputs.GoalsDraft(**data)).number
        for actor in self.both if accepters is None else accepters:
            actions.accept_goals(actor, self.row(actor), inputs.SignedVersion(number=revision))

    def accept_again(self) -> None:
        """Both say yes to the goals as they stand."""
        for actor in self.both:
            actions.accept_goals(actor, self.row(actor), inputs.SignedVersion(number=self.row().goals_revision))

    def plan_and_finish_roadmap(self) -> None:
        """One step, done."""
        step = inputs.RoadmapStep(text="Write the paper together", due_on=clock.today() + timedelta(days=14))
        item = actions.add_roadmap_item(self.mentee, self.row(self.mentee), step)
        actions.set_roadmap_state(self.mentor, item, inputs.RoadmapState(state="done"))

    def reflect(self) -> None:
        """Both write what they take from it."""
        for actor in self.both:
            actions.write_reflection(actor, self.row(actor), inputs.ReflectionText(changed="I ask first", helped="Examples"))

    def say_levels(self, actor: Actor, level: int = 3) -> bool:
        """One side says ``level`` of every competency."""
        levels = {target.id: level for target in targets_for(actor, self.row(actor))}
        return actions.say_after_levels(actor, self.row(actor), inputs.AfterLevels(levels=levels))

    def direct(self, text: str = "Lead the next budget round") -> None:
        """The mentor names the next direction."""
        actions.name_direction(self.mentor, self.row(), inputs.DirectionText(text=text))

    def evaluate(self, actor: Actor, comment: str = "Good") -> None:
        """One side evaluates."""
        actions.give_evaluation(actor, self.row(actor), inputs.EvaluationAnswers(useful=5, trust=4, time=3, comment=comment))

    def advance(self, actor: Actor | None = None) -> Mentorship:
        """One side goes on from the stage that stands."""
        actor = actor or self.mentee
        return actions.advance_stage(actor, self.row(actor), inputs.StepInput(stage=self.row(actor).stage))

    def close(self, actor: Actor | None = None) -> Mentorship:
        """One side closes."""
        actor = actor or self.mentee
        return actions.close_mentorship(actor, self.row(actor), inputs.StepInput(stage=self.row(actor).stage))

    # Whole stages

    def fill(self, stage: str) -> None:
        """All that the gate of ``stage`` asks for."""
        work: dict[str, Callable[[], None]] = {
            "prescriptive": self.agree,
            "persuasive": self._persuade,
            "collaborative": self._collaborate,
            "confirmative": self._confirm,
        }
        work[stage]()

    def go_to(self, stage: str) -> Pair:
        """Through the gates to ``stage``."""
        while self.row().stage != stage:
            self.fill(self.row().stage)
            self.advance()
        return self

    def _persuade(self) -> None:
        self.meet()
        self.set_goals()

    def _collaborate(self) -> None:
        self.meet()
        self.meet()
        self.plan_and_finish_roadmap()
        self.accept_again()

    def _confirm(self) -> None:
        self.reflect()
        self.say_levels(self.mentor)
        self.say_levels(self.mentee)
        self.direct()
        for actor in self.both:
            self.evaluate(actor)

    @property
    def zone(self) -> Any:
        """The two people's time zone."""
        from zoneinfo import ZoneInfo

        return ZoneInfo("Asia/Jakarta")
