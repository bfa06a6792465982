"""Times proposed to choose from: chosen once, by who was asked, and only while they are free."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.notifications.models import Notice
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import MeetingPlan, NoTime, Reason
from mentorlink.sessions.meetings.models import Meeting, TimeProposal
from mentorlink.sessions.meetings.queries import meeting_for, meetings_for, open_times_for, taken_times, times_for
from tests.meetings.threads import at_once
from tests.mentoring.pair import Pair


def moments(*days: int) -> list[datetime]:
    return [(clock.now() + timedelta(days=day)).replace(minute=0, second=0, microsecond=0) for day in days]


def propose(pair: Pair, *days: int, actor: Actor | None = None, moving: Meeting | None = None) -> TimeProposal:
    who = actor or pair.mentee
    plan = MeetingPlan(slots=moments(*days), minutes=45, agenda="First\nSecond")
    return actions.propose_times(who, pair.row(who).series, plan, moving=moving)


def told(person_id: int) -> list[str]:
    db.session.rollback()
    query = sa.select(Notice.kind).where(Notice.person_id == person_id, Notice.kind.like("times%")).order_by(Notice.id)
    return list(db.session.scalars(query))


def test_the_time_that_is_chosen_is_booked(pair: Pair) -> None:
    proposal = propose(pair, 3, 4, 5)
    assert told(pair.mentor_id) == ["times_proposed"]
    assert [each.id for each in open_times_for(pair.mentor)] == [proposal.id]
    meeting = actions.take_time(pair.mentor, times_for(pair.mentor, proposal.id), moments(4)[0])
    assert (meeting.starts_at, meeting.minutes, meeting.planned_by_id) == (moments(4)[0], 45, pair.mentor_id)
    assert [item.text for item in meeting.agenda] == ["First", "Second"]
    assert (proposal.state, proposal.meeting_id) == ("taken", meeting.id)
    assert open_times_for(pair.mentor) == []


def test_only_who_was_asked_chooses_and_only_what_was_proposed(pair: Pair) -> None:
    proposal = propose(pair, 3)
    with pytest.raises(Denied, match="may_answer_times"):
        actions.take_time(pair.mentee, proposal, moments(3)[0])
    with pytest.raises(NotFound):
        actions.take_time(pair.mentor, times_for(pair.mentor, proposal.id), moments(4)[0])
    with pytest.raises(NotFound):
        times_for(pair.cast.actor(pair.cast.stranger), proposal.id)
    with pytest.raises(Denied, match="may_withdraw_times"):
        actions.withdraw_times(pair.mentor, times_for(pair.mentor, proposal.id))


def test_a_time_that_is_gone_is_not_booked_and_the_others_still_stand(pair: Pair) -> None:
    proposal = propose(pair, 3, 4)
    actions.plan_meeting(pair.mentor, pair.row().series, MeetingPlan(slots=[moments(3)[0] + timedelta(minutes=30)]))
    assert taken_times(times_for(pair.mentor, proposal.id)) == {0}
    with pytest.raises(Conflict, match="person_busy"):
        actions.take_time(pair.mentor, times_for(pair.mentor, proposal.id), moments(3)[0])
    db.session.rollback()
    assert times_for(pair.mentor, proposal.id).state == "open"
    actions.take_time(pair.mentor, times_for(pair.mentor, proposal.id), moments(4)[0])
    late, last = propose(pair, 6), moments(6)[0]
    with clock.at(last + timedelta(hours=1)):
        assert open_times_for(pair.mentor) == [], "what has passed waits for nobody"
        with pytest.raises(Invalid) as refused:
            actions.take_time(pair.mentor, times_for(pair.mentor, late.id), last)
    assert [fault.code for fault in refused.value.faults] == ["in_the_past"]


def test_other_times_take_the_place_of_those_before(pair: Pair) -> None:
    first = propose(pair, 3)
    second = propose(pair, 4, actor=pair.mentor)
    assert [row.state for row in (times_for(pair.mentor, first.id), second)] == ["replaced", "open"]
    with pytest.raises(Conflict, match="times_settled"):
        actions.take_time(pair.mentor, times_for(pair.mentor, first.id), moments(3)[0])


def test_none_suits_and_taken_back_are_told(pair: Pair) -> None:
    first = propose(pair, 3)
    actions.decline_times(pair.mentor, times_for(pair.mentor, first.id), NoTime(words="Travelling"))
    assert told(pair.mentee_id) == ["times_declined"]
    second = propose(pair, 5)
    actions.withdraw_times(pair.mentee, second)
    assert told(pair.mentor_id) == ["times_proposed", "times_proposed", "times_withdrawn"]
    with pytest.raises(Conflict, match="times_settled"):
        actions.withdraw_times(pair.mentee, times_for(pair.mentee, second.id))


def test_a_meeting_moves_when_another_time_is_chosen_for_it(pair: Pair) -> None:
    meeting = actions.plan_meeting(pair.mentee, pair.row(pair.mentee).series, MeetingPlan(slots=moments(2)))
    proposal = propose(pair, 3, 4, moving=meeting)
    moved = actions.take_time(pair.mentor, times_for(pair.mentor, proposal.id), moments(4)[0])
    assert (moved.id, moved.starts_at, moved.revision) == (meeting.id, moments(4)[0], 1)
    again = propose(pair, 5, moving=moved)
    actions.cancel_meeting(pair.mentor, meeting_for(pair.mentor, meeting.id), Reason(reason="Ill"))
    assert times_for(pair.mentor, again.id).state == "withdrawn", "there is nothing to move any more"
    with pytest.raises(Conflict, match="meeting_settled"):
        propose(pair, 6, moving=meeting_for(pair.mentee, meeting.id))


def test_of_two_answers_at_one_instant_one_counts(pair: Pair) -> None:
    for day in range(3, 9):
        proposal = propose(pair, day, day + 20)
        results = at_once(
            pair.cast.app,
            lambda day=day, id=proposal.id: actions.take_time(pair.mentor, times_for(pair.mentor, id), moments(day)[0]).id,
            lambda day=day, id=proposal.id: actions.take_time(pair.mentor, times_for(pair.mentor, id), moments(day + 20)[0]).id,
            lambda id=proposal.id: actions.withdraw_times(pair.mentee, times_for(pair.mentee, id)).id,
            lambda day=day: propose(pair, day + 10).id,
        )
        assert len([result for result in results if isinstance(result, int)]) in (1, 2), "one answer, and the new proposal"
        db.session.rollback()
        waiting = db.session.scalars(sa.select(TimeProposal).where(TimeProposal.state == "open")).all()
        assert len(waiting) <= 1
    taken = db.session.scalar(sa.select(sa.func.count()).select_from(TimeProposal).where(TimeProposal.state == "taken"))
    assert len(meetings_for(pair.mentor, pair.row().series)) == taken
