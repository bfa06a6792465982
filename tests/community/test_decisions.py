"""Decisions: weighed by all, by consent or by vote, decided once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.community import actions as community_actions
from mentorlink.community.actions import decisions
from mentorlink.community.inputs.decisions import DecisionInput
from mentorlink.community.queries.decisions import alternatives_of, ballot_for, decision_for
from mentorlink.community.rules.decisions import Said, conclude, needed
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.kernel.inputs import read
from tests.cast import Cast
from tests.community.living import Living


@pytest.fixture
def living(cast: Cast) -> Living:
    return Living(cast)


STANCES = st.builds(Said, st.sampled_from(["agree", "aside", "object"]), st.sampled_from([None, 1, 2, 3]))


@pytest.mark.one_database
@given(st.lists(STANCES), st.integers(1, 40))
def test_one_objection_stops_a_consent_and_silence_is_none(said: list[Said], members: int) -> None:
    outcome = conclude("consent", [1, 2], said, members)
    if len(said) < needed(members):
        assert outcome.code == "too_few"
    else:
        assert (outcome.code == "objected") == any(one.stance == "object" for one in said)
        assert outcome.chosen_id in (None, 1)


@pytest.mark.one_database
@given(st.lists(STANCES, min_size=1), st.permutations([1, 2, 3]))
def test_a_vote_does_not_depend_on_the_order_of_the_ways(said: list[Said], ways: list[int]) -> None:
    assert conclude("vote", ways, said, len(said)) == conclude("vote", [1, 2, 3], said, len(said))


@pytest.mark.one_database
def test_a_vote_needs_two_ways_and_a_decision_a_day_to_come() -> None:
    with pytest.raises(Invalid):
        read(DecisionInput, {"question": "Which template?", "method": "vote", "closes_on": "2199-01-01", "way1": "A only"})


def test_by_vote_the_way_that_most_want_stands_and_how_one_votes_stays_ones_own(living: Living, cast: Cast) -> None:
    third = cast.person("third")
    community_actions.join_community(cast.actor(third), living.community)
    decision = living.ask("vote")
    first, second = (way.id for way in alternatives_of(decision.id))
    living.say_where(cast.mentor, decision, alternative_id=first)
    living.say_where(cast.mentee, decision, alternative_id=second)
    living.say_where(third, decision, alternative_id=second)
    living.say_where(cast.mentor, decision, alternative_id=first)
    ballot = ballot_for(cast.actor(cast.mentee), decision)
    assert (ballot.votes, ballot.objections) == ({first: 1, second: 2}, ())
    living.steer(decisions.conclude_decision, decision)
    row = decision_for(cast.actor(cast.mentee), decision.id)
    assert (row.outcome, row.stands.text, row.voters) == ("chosen", "B", 3)
    with pytest.raises(Conflict):
        living.say_where(cast.mentor, decision, alternative_id=second)


def test_an_objection_says_why_and_stops_a_consent(living: Living, cast: Cast) -> None:
    decision = living.ask()
    with pytest.raises(Invalid):
        living.say_where(cast.mentee, decision, "object")
    living.say_where(cast.mentee, decision, "object", reason="The islands have no line")
    living.steer(decisions.conclude_decision, decision)
    assert decision_for(cast.actor(cast.mentee), decision.id).outcome == "objected"


def test_who_left_does_not_decide(living: Living, cast: Cast) -> None:
    decision = living.ask()
    living.say_where(cast.mentee, decision, "object", reason="Not like that")
    community_actions.leave_community(cast.actor(cast.mentee), living.community)
    with pytest.raises(Conflict) as refused:
        living.steer(decisions.conclude_decision, decision)
    assert refused.value.code == "too_few_stances"


def test_on_its_day_a_decision_is_concluded_by_itself_once(living: Living, cast: Cast) -> None:
    decision = living.ask()
    living.say_where(cast.mentee, decision)
    with clock.at(decision.closes_at + timedelta(minutes=1)):
        jobs.run_due(only=False)
        jobs.run_due(only=False)
    assert decision_for(cast.actor(cast.mentee), decision.id).outcome == "chosen"


def test_only_who_asked_and_facilitators_conclude(living: Living, cast: Cast) -> None:
    decision = living.ask()
    living.say_where(cast.mentee, decision)
    with pytest.raises(Denied):
        decisions.conclude_decision(cast.actor(cast.mentee), decision)
    with pytest.raises(NotFound):
        decision_for(cast.actor(cast.stranger), decision.id)
