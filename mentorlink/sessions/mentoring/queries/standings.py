"""Where mentorships stand: stage, gate, whose turn, next meeting, silence."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import NotFound
from mentorlink.sessions.meetings.models import Meeting, TimeProposal
from mentorlink.sessions.meetings.queries import SeriesSummary, summaries_of
from mentorlink.sessions.mentoring.groups.models import Group
from mentorlink.sessions.mentoring.groups.queries import groups_of, next_in_groups
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.policy import may_see_mentorship
from mentorlink.sessions.mentoring.queries.gates import facts_of
from mentorlink.sessions.mentoring.queries.mentorships import mentorships_for
from mentorlink.sessions.mentoring.rules import BOTH, Condition, GateFacts, Sides, gate, is_open, turn
from mentorlink.sessions.mentoring.stages import Check


@dataclass(frozen=True)
class NextAct:
    """The next thing to do: a state, a check's code, or advance, close, settle_meeting, choose_time, plan_meeting,
    prepare_meeting, await_choice, wait."""

    code: str
    condition: Condition | None = None
    meeting: Meeting | None = None
    times: TimeProposal | None = None


@dataclass(frozen=True)
class Standing:
    """One mentorship as it stands, for one of its two."""

    mentorship: Mentorship
    side: str
    """The reader's side: mentor or mentee."""
    facts: GateFacts
    conditions: tuple[Condition, ...]
    meetings: SeriesSummary
    """Their own sessions and those of the group that the mentee was at; the next of either."""
    group: Group | None = None
    """The group that the mentee is in."""

    @property
    def ready(self) -> bool:
        """Nothing is missing: either of the two may take the next step."""
        return self.mentorship.state == "active" and is_open(self.conditions)

    @property
    def turn(self) -> Sides:
        """Whose turn it is; nobody's when the mentorship rests or is over. Who proposed times waits for the other's choice."""
        if self.mentorship.state != "active":
            return frozenset()
        whose, times = turn(self.conditions), self.meetings.times
        if times is None or self.ready:
            return whose
        asked = BOTH - {str(self.mentorship.side_of(times.proposed_by_id))}
        first = next(condition for condition in self.conditions if not condition.done)
        return asked if first.code is Check.MEETING_HELD and self.meetings.next is None else whose | asked

    @property
    def my_turn(self) -> bool:
        """The reader can do the next thing."""
        return self.side in self.turn

    @property
    def meets(self) -> bool:
        """The two have agreed how they work, so the next session is what keeps them going."""
        return self.mentorship.state == "active" and self.mentorship.stage != "prescriptive"

    @property
    def mine(self) -> tuple[Condition, ...]:
        """What the reader can do now, first things first."""
        return tuple(
            condition
            for condition in self.conditions
            if self.side in condition.turn and not (condition.code is Check.MEETING_HELD and self._awaits_choice)
        )

    @property
    def _reader_id(self) -> int:
        return self.mentorship.mentor_id if self.side == "mentor" else self.mentorship.mentee_id

    @property
    def _awaits_choice(self) -> bool:
        """The reader proposed times for a session to come, and none is planned."""
        times = self.meetings.times
        return times is not None and not self.meetings.asks(self._reader_id) and self.meetings.next is None

    @property
    def next_act(self) -> NextAct:
        """The one next thing, as the reader's page should put it first."""
        if self.mentorship.state != "active":
            return NextAct(self.mentorship.state)
        if self.meetings.unsettled is not None:
            return NextAct("settle_meeting", meeting=self.meetings.unsettled)
        if self.ready:
            return NextAct("close" if self.mentorship.stage == "confirmative" else "advance")
        if self.meetings.asks(self._reader_id):
            return NextAct("choose_time", times=self.meetings.times)
        for condition in self.mine:
            if condition.code is not Check.MEETING_HELD:
                return NextAct(str(condition.code), condition)
            if self.meetings.next is None:
                return NextAct("plan_meeting", condition)
        if self.meetings.next is not None and self.mine:
            return NextAct("prepare_meeting", meeting=self.meetings.next)
        missing = next(condition for condition in self.conditions if not condition.done)
        if missing.code is Check.MEETING_HELD and self._awaits_choice:
            return NextAct("await_choice", missing, times=self.meetings.times)
        return NextAct("wait", missing)

    @property
    def silent_days(self) -> int:
        """Whole days since they last met or did something here."""
        last = max(filter(None, (self.mentorship.touched_at, self.meetings.last_held_at)))
        return max(0, (clock.now() - last).days)


def standings_for(actor: Actor, *, open_only: bool = False) -> list[Standing]:
    """All of the actor's mentorships as they stand; the number of queries does not grow with them."""
    return _stand(actor, mentorships_for(actor, open_only=open_only))


def standing_for(actor: Actor, mentorship: Mentorship) -> Standing:
    """One mentorship as it stands."""
    if not may_see_mentorship(actor, mentorship):
        raise NotFound()
    return _stand(actor, [mentorship])[0]


def _stand(actor: Actor, mentorships: list[Mentorship]) -> list[Standing]:
    facts = facts_of(mentorships)
    summaries = summaries_of({mentorship.series_id for mentorship in mentorships}) if mentorships else {}
    groups = groups_of([mentorship.id for mentorship in mentorships if mentorship.is_open])
    nexts = next_in_groups(list(groups)) if groups else {}
    return [
        Standing(
            mentorship=mentorship,
            side=str(mentorship.side_of(actor.person_id)),
            facts=facts[mentorship.id],
            conditions=gate(mentorship.stage, facts[mentorship.id]),
            meetings=_with_group(summaries[mentorship.series_id], nexts.get(mentorship.id)),
            group=groups.get(mentorship.id),
        )
        for mentorship in mentorships
    ]


def _with_group(summary: SeriesSummary, ahead: Meeting | None) -> SeriesSummary:
    sooner = ahead is not None and (summary.next is None or ahead.starts_at < summary.next.starts_at)
    return replace(summary, next=ahead) if sooner else summary
