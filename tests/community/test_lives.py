"""The life of a community: steps that yield something, promises, measures, and who takes over."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.community import actions as community_actions
from mentorlink.community import policy as community_policy
from mentorlink.community import queries as community_queries
from mentorlink.community import stages
from mentorlink.community.actions import lives
from mentorlink.community.inputs.lives import AssignInput, CharterInput, KeeperInput, PromiseInput, ReviewInput, SuccessorInput
from mentorlink.community.models import Room, RoomEvent
from mentorlink.community.queries import members_among
from mentorlink.community.queries.lives import count_to_assign, measures_for, promises_for, reviews_for
from mentorlink.community.queries.unread import unread_by_community
from mentorlink.community.rules.lives import Facts, share_reached, verdict
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.notifications.models import Notice
from mentorlink.programmes.actions import make_default_programme
from tests.cast import Cast
from tests.community.living import Living
from tests.queries import count_queries


@pytest.fixture
def living(cast: Cast) -> Living:
    return Living(cast)


@pytest.mark.one_database
def test_every_move_leads_from_a_step_to_a_step_and_forward_ones_are_gated() -> None:
    for move in stages.MOVES:
        assert {move.before, move.after} <= set(stages.STEPS)
        forward = stages.STEPS.index(move.after) > stages.STEPS.index(move.before)
        assert move.gated == (forward or move.outcome is not None)


@pytest.mark.one_database
@given(st.integers(0, 60), st.integers(1, 60))
def test_promises_are_there_when_half_of_the_members_have_made_one(promises: int, members: int) -> None:
    assert verdict("promises", Facts(promises=promises, members=members)).done == (promises >= members / 2)


@pytest.mark.one_database
@given(st.sampled_from(stages.YIELDS_ALL))
def test_of_nothing_nothing_is_there(code: str) -> None:
    assert not verdict(code, Facts()).done


@pytest.mark.one_database
def test_the_way_from_start_to_aim_is_told_in_parts() -> None:
    assert share_reached(9, 3, 6) == 0.5
    assert share_reached(9, 3, 12) == -0.5
    assert share_reached(4, 4, 9) is None


def test_a_community_walks_its_whole_life_and_begins_anew_where_it_ended(living: Living) -> None:
    assert living.standing.life.step == "preparation"
    with pytest.raises(Conflict) as refused:
        living.go("begin", "preparation")
    assert refused.value.code == "step_yields_missing"
    living.prepare()
    living.go("begin", "preparation")
    living.work()
    living.go("evaluate", "implementation")
    living.look_back()
    living.go("go_on", "evaluation")
    life = living.standing.life
    assert (life.step, life.cycle) == ("implementation", 2)
    measures = measures_for(living.actor(living.cast.mentor), living.community)
    assert [(row.start, row.aim, row.result) for row in measures] == [(Decimal(4), Decimal(3), None)]
    assert [row.outcome for row in reviews_for(living.actor(living.cast.mentor), living.community)] == ["go_on"]


def test_a_step_taken_twice_is_taken_once(living: Living) -> None:
    living.prepare()
    living.go("begin", "preparation")
    with pytest.raises(Conflict) as refused:
        living.go("begin", "preparation")
    assert refused.value.code == "step_elsewhere"


def test_a_closed_community_is_read_and_no_longer_written(living: Living) -> None:
    living.prepare()
    living.go("begin", "preparation")
    living.work()
    living.go("evaluate", "implementation")
    living.look_back()
    living.go("close", "evaluation")
    mentee = living.actor(living.cast.mentee)
    assert len(promises_for(mentee, living.community)) == 2
    with pytest.raises(Denied):
        lives.make_promise(mentee, living.community, PromiseInput(text="Once more"))
    with pytest.raises(Denied):
        living.say(living.cast.mentee, "Is anybody there?")
    assert ends_of_logs(living) == {"ruled"}
    living.go("reopen", "closed")
    assert living.standing.life.step == "evaluation"


def ends_of_logs(living: Living) -> set[str]:
    """What stands last in the log of each room: whoever has the page open learns of it so."""
    last = sa.select(RoomEvent.kind).join(Room, Room.id == RoomEvent.room_id).where(RoomEvent.seq == Room.last_seq)
    return set(db.session.scalars(last.where(Room.community_id == living.community.id)))


def test_handing_over_makes_another_the_facilitator_and_the_actor_a_member(living: Living) -> None:
    living.prepare()
    living.go("begin", "preparation")
    living.work()
    living.go("evaluate", "implementation")
    living.look_back()
    living.go("hand_over", "evaluation", person_id=living.cast.mentee.id)
    roles = {row.id: row.role for row in community_queries.members_for(living.actor(living.cast.mentee), living.community)}
    assert roles == {living.cast.mentee.id: "facilitator", living.cast.mentor.id: "member"}


def test_the_last_facilitator_names_a_successor_and_leaves(living: Living) -> None:
    with pytest.raises(Conflict):
        living.steer(community_actions.leave_community, living.community)
    living.steer(lives.hand_over, living.community, SuccessorInput(person_id=living.cast.mentee.id))
    mentee = living.actor(living.cast.mentee)
    community = community_queries.community_for(mentee, living.community_id)
    assert community_policy.role_in(mentee, community.id) == "facilitator"
    assert community_queries.member_count(community.id) == 1


def test_nobody_hands_over_to_who_does_not_belong(living: Living) -> None:
    with pytest.raises(Invalid):
        living.steer(lives.hand_over, living.community, SuccessorInput(person_id=living.cast.stranger.id))


def test_a_promise_said_again_replaces_the_first(living: Living) -> None:
    mentee = living.actor(living.cast.mentee)
    for text in ("I bring a case", "I bring two cases"):
        lives.make_promise(mentee, living.community, PromiseInput(text=text))
    assert [row.text for row in promises_for(mentee, living.community)] == ["I bring two cases"]


def test_a_member_takes_what_nobody_has_and_facilitators_give_it_to_anybody(living: Living) -> None:
    mentee = living.actor(living.cast.mentee)
    lives.name_keeper(mentee, living.community, "measures", KeeperInput(person_id=living.cast.mentee.id))
    living.steer(lives.name_keeper, living.community, "why", KeeperInput(person_id=living.cast.mentor.id))
    with pytest.raises(Denied):
        lives.name_keeper(mentee, living.community, "why", KeeperInput(person_id=living.cast.mentee.id))
    keepers = {duty.code: duty.keeper.id for duty in living.standing.duties["preparation"] if duty.keeper}
    assert keepers == {"measures": living.cast.mentee.id, "why": living.cast.mentor.id}


def test_a_stale_review_is_refused(living: Living) -> None:
    living.prepare()
    living.go("begin", "preparation")
    living.work()
    living.go("evaluate", "implementation")
    living.look_back()
    with pytest.raises(Conflict) as refused:
        living.steer(lives.write_review, living.community, ReviewInput(changed="Other words", version=0))
    assert refused.value.code == "review_changed"


def test_a_programme_assigns_members_only_where_the_community_is_part_of_it(living: Living, cast: Cast) -> None:
    hr = cast.actor(cast.coordinator)
    assert cast.stranger.id
    with pytest.raises(Denied):
        lives.assign_members(hr, living.community, AssignInput(unit_id=cast.statistics.id))
    programme = make_default_programme(Actor.system())
    living.steer(lives.write_charter, living.community, CharterInput(purpose="Reports are late", programme_id=programme.id))
    assert lives.assign_members(hr, living.community, AssignInput(unit_id=cast.statistics.id)) == 1
    assert lives.assign_members(hr, living.community, AssignInput(unit_id=cast.statistics.id)) == 0
    told = db.session.scalar(sa.select(Notice.kind).where(Notice.person_id == cast.stranger.id))
    assert told == "member_assigned"


def test_to_strangers_the_life_of_a_community_is_closed(living: Living) -> None:
    with pytest.raises(NotFound):
        promises_for(living.actor(living.cast.stranger), living.community)
    with pytest.raises(Denied):
        lives.make_promise(living.actor(living.cast.stranger), living.community, PromiseInput(text="I bring a case"))


def test_a_whole_unit_comes_in_as_many_statements_as_one_person_and_finds_nothing_new(living: Living, cast: Cast) -> None:
    hr = cast.actor(cast.coordinator)
    programme = make_default_programme(Actor.system())
    living.steer(lives.write_charter, living.community, CharterInput(purpose="Reports are late", programme_id=programme.id))
    living.say(cast.mentor, "Said before anybody came")
    sent: list[int] = []
    counts = []
    for size in (1, 12):
        unit = cast.unit(f"sent-{size}", cast.agency)
        people = [cast.person(f"sent-{size}-{number}", unit) for number in range(size)]
        sent += [person.id for person in people]
        with count_queries() as statements:
            assert lives.assign_members(hr, living.community, AssignInput(unit_id=unit.id)) == size
        # SQLite returns the ids of several rows in no order, so that rows whose ids are wanted in order go in one by one
        counts.append(len([one for one in statements if "INSERT INTO notice" not in one]))
        assert not any(unread_by_community(cast.actor(person)) for person in people)
    assert counts[0] == counts[1]
    entered = sa.select(RoomEvent.person_id, RoomEvent.seq).where(RoomEvent.kind == "joined").order_by(RoomEvent.seq)
    came = [row for row in db.session.execute(entered) if row.person_id in sent]
    assert [row.person_id for row in came] == sent
    assert [row.seq for row in came] == list(range(came[0].seq, came[0].seq + len(sent)))


def test_a_unit_sends_nobody_who_was_removed_and_nobody_twice(living: Living, cast: Cast) -> None:
    hr = cast.actor(cast.coordinator)
    programme = make_default_programme(Actor.system())
    living.steer(lives.write_charter, living.community, CharterInput(purpose="Reports are late", programme_id=programme.id))
    assert cast.stranger.id
    living.steer(community_actions.remove_member, living.community, cast.mentee.id)
    agency = AssignInput(unit_id=cast.agency.id)
    coming = count_to_assign(living.community_id, cast.agency)
    assert lives.assign_members(hr, living.community, agency) == coming
    assert (count_to_assign(living.community_id, cast.agency), lives.assign_members(hr, living.community, agency)) == (0, 0)
    assert members_among(living.community_id, [cast.mentee.id, cast.stranger.id]) == {cast.stranger.id}
