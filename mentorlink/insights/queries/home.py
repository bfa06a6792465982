"""What somebody's home page shows, and which one step comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mentorlink.community.queries.communities import CommunityLine, communities_for
from mentorlink.competencies.models import PeerReview
from mentorlink.competencies.queries import MapRow, asked_of, map_for
from mentorlink.competencies.rules import JobMatch
from mentorlink.insights.policy import may_see_programme_figures
from mentorlink.insights.queries.beginning import Beginning, beginning_for
from mentorlink.insights.queries.programme import quiet_count_for, waiting_count_for
from mentorlink.insights.rules import NextStep, Situation, next_step, step_of_coaching, step_of_pair
from mentorlink.kernel import clock, settings
from mentorlink.kernel.actor import Actor, Role
from mentorlink.learning.queries import jp_of, target_in, waiting_counts_for
from mentorlink.learning.queries.rights import open_data_requests_for
from mentorlink.learning.rules import YearTarget
from mentorlink.pairing.models import Offer, Request
from mentorlink.pairing.queries import best_for, desk_of, open_requests_for, own_offers
from mentorlink.pairing.queries.suggestions import Suggestion
from mentorlink.people.models import Person
from mentorlink.rounds.queries import Call, calls_for
from mentorlink.sessions.coaching.queries import Engaging, engagements_for
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.queries import upcoming_for
from mentorlink.sessions.mentoring.queries import standings_for
from mentorlink.sessions.mentoring.queries.standings import Standing

MAY_HELP = 3
"""Holding one competency at this level is enough to be asked whether one would like to help others."""


@dataclass(frozen=True, slots=True)
class Duties:
    """How much waits for somebody because of their part in the agency."""

    claims: int = 0
    plans: int = 0
    quiet: int = 0
    """Pairs without a session held or planned."""
    unanswered: int = 0
    """Requests that have waited too long."""
    data: int = 0
    """Requests about personal data that HR has to answer."""
    data_due_at: datetime | None = None
    """Until when the first of them."""

    @property
    def learning(self) -> int:
        """Claims and plans together."""
        return self.claims + self.plans

    @property
    def pairs(self) -> int:
        """What stands still between people."""
        return self.quiet + self.unanswered


@dataclass(frozen=True)
class Home:
    """Everything on the home page of one person."""

    step: NextStep
    gaps: list[MapRow]
    asked: list[PeerReview]
    """Colleagues about whose work the reader is asked."""
    unassessed: int
    match: JobMatch
    standings: list[Standing]
    pair: Standing | None
    """The pair that the step is about."""
    engaging: Engaging | None
    """The coaching that the step is about."""
    coaching: list[Engaging]
    meetings: list[Meeting]
    waiting: list[Request]
    """Requests that wait for the reader."""
    sent: list[Request]
    """The reader's own open requests."""
    place_id: int | None
    """A place that is kept for the reader now."""
    looks_for_mentor: bool
    """Has gaps and no mentor yet."""
    suggestions: list[Suggestion]
    unranked: bool
    """Objects to automated ranking, so that nobody is suggested before anybody else."""
    offer: Offer | None
    communities: list[CommunityLine]
    jp: int
    target: YearTarget
    calls: list[Call]
    """Rounds that await the reader's ranking, or had nobody for them."""
    duties: Duties
    """What waits for the reader as a superior or as HR."""
    beginning: Beginning | None
    """What an agency still needs before it can begin, for whoever brings it."""


def home_for(actor: Actor, person: Person) -> Home:
    """The home page of ``person``, who is the actor. The number of queries does not grow with what there is."""
    chart = map_for(actor, person)
    standings = standings_for(actor, open_only=True)
    coaching = engagements_for(actor, open_only=True)
    meetings = upcoming_for(actor, limit=3)
    under_way = open_requests_for(actor)
    received = [request for request in under_way if actor.is_person(request.mentor_id) and request.state == "sent"]
    sent = [request for request in under_way if actor.is_person(request.person_id)]
    offers = own_offers(actor)
    desk = desk_of(person.id)
    communities = communities_for(actor)
    today = clock.today(person.timezone)
    has_mentor = any(standing.side == "mentee" for standing in standings)
    looks = bool(chart.gaps) and not has_mentor
    asked = {request.mentor_id for request in sent}
    suggestions = best_for(actor, k=3, without=asked, covering=True) if looks and not desk.unranked else []
    soon = clock.now() + timedelta(days=1)
    beginning, duties = beginning_for(actor), _duties_of(actor)
    calls = [call for call in calls_for(actor) if call.kind == "rank" or not has_mentor]
    pairs = [(_of_pair(standing), standing) for standing in standings]
    talks = [(step_of_coaching(engaging.next_act), engaging) for engaging in coaching]
    step = next_step(
        Situation(
            requests_waiting_for_me=len(received) + sum(request.state == "asked_back" for request in sent),
            own_requests_open=len(sent),
            meeting_within_a_day=any(meeting.starts_at < soon for meeting in meetings),
            together=frozenset(step for step, _ in pairs) | frozenset(step for step, _ in talks),
            meetings_planned=len(meetings),
            gaps=len(chart.gaps),
            unassessed=len(chart.unassessed),
            has_mentor=has_mentor,
            may_help=(settings.current().open_offers or actor.has(Role.MENTOR))
            and any((row.actual or 0) >= MAY_HELP for row in (*chart.rows, *chart.extra)),
            has_offer="mentor" in offers,
            unread=communities.unread,
            communities=len(communities.mine),
            to_set_up=beginning is not None,
            data_requests=duties.data,
            named_mentor=actor.has(Role.MENTOR),
            learning_to_decide=duties.learning,
            pairs_that_stand_still=duties.pairs,
            place_kept=desk.place_id is not None,
            invitations=desk.invitations,
            rounds_to_rank=sum(call.kind == "rank" for call in calls),
        )
    )
    return Home(
        step=step,
        gaps=chart.gaps,
        asked=asked_of(actor),
        unassessed=len(chart.unassessed),
        match=chart.match,
        standings=standings,
        pair=next((standing for of, standing in pairs if of == step), None),
        engaging=next((engaging for of, engaging in talks if of == step), None),
        coaching=coaching,
        meetings=meetings,
        waiting=received,
        sent=sent,
        place_id=desk.place_id,
        looks_for_mentor=looks,
        suggestions=suggestions,
        unranked=looks and desk.unranked,
        offer=offers.get("mentor"),
        communities=list(communities.mine),
        jp=jp_of([person.id], today.year).get(person.id, 0),
        target=target_in(person, today),
        calls=calls,
        duties=duties,
        beginning=beginning,
    )


def _of_pair(standing: Standing) -> NextStep:
    if standing.meetings.unsettled is not None:
        return NextStep.WRITE_DOWN_MEETING
    planned = standing.meetings.next is not None or standing.meetings.times is not None
    return step_of_pair(standing.next_act.code, meets=standing.meets, planned=planned)


def _duties_of(actor: Actor) -> Duties:
    claims, plans = waiting_counts_for(actor)
    if not may_see_programme_figures(actor):
        return Duties(claims, plans)
    return Duties(claims, plans, quiet_count_for(actor), waiting_count_for(actor), *open_data_requests_for(actor))
