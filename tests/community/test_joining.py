"""Who comes into a community, who goes, and what strangers know of it."""

from __future__ import annotations

import threading

import pytest

from mentorlink.community import actions, queries
from mentorlink.community.actions.lives import assign_members, write_charter
from mentorlink.community.effects import let_person_go
from mentorlink.community.inputs import AnswerInput, AskInput, CommunityInput, InvitationInput, RoleInput
from mentorlink.community.inputs.lives import AssignInput, CharterInput
from mentorlink.community.models import Community
from mentorlink.community.queries.safety import acts_for
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.people.events import PersonLeft
from mentorlink.programmes.actions import make_default_programme
from tests.cast import Cast
from tests.community.talk import Talk


def roles(talk: Talk) -> dict[str, str]:
    return {line.name: line.role for line in queries.members_for(Actor.system(), talk.community)}


def test_who_proposes_a_community_facilitates_it_and_it_has_a_room_with_a_general_talk(cast: Cast) -> None:
    talk = Talk(cast)
    assert roles(talk)["Mentor"] == "facilitator"
    assert [line.topic.title for line in queries.topics_for(cast.actor(cast.mentor), talk.room)] == [""]


def test_two_communities_do_not_share_a_name_however_it_is_written(talk: Talk) -> None:
    with pytest.raises(Conflict) as refused:
        talk.found("DATA  Círcle")
    assert refused.value.code == "community_name_taken"


def test_anyone_joins_an_open_community_and_joining_twice_is_joining_once(talk: Talk, cast: Cast) -> None:
    stranger = cast.actor(cast.stranger)
    assert "Stranger" not in roles(talk)
    actions.join_community(stranger, talk.community)
    actions.join_community(stranger, talk.community)
    assert roles(talk)["Stranger"] == "member"


def test_by_request_one_waits_until_a_facilitator_lets_one_in(cast: Cast) -> None:
    talk = Talk(cast, joining="request")
    stranger = cast.actor(cast.stranger)
    with pytest.raises(Denied):
        actions.join_community(stranger, talk.community)
    entry = actions.ask_to_join(stranger, talk.community, AskInput(message="I count too"))
    with pytest.raises(Conflict) as refused:
        actions.ask_to_join(stranger, talk.community, AskInput())
    assert refused.value.code == "entry_open_already"
    with pytest.raises(Denied):
        actions.answer_entry(stranger, talk.community, entry.id, AnswerInput(answer="accept"))
    actions.answer_entry(cast.actor(cast.mentor), talk.community, entry.id, AnswerInput(answer="accept"))
    assert "Stranger" in roles(talk)
    with pytest.raises(Conflict) as answered:
        actions.answer_entry(cast.actor(cast.mentor), talk.community, entry.id, AnswerInput(answer="decline"))
    assert answered.value.code == "entry_answered"


def test_a_declined_request_may_be_made_again(cast: Cast) -> None:
    talk = Talk(cast, joining="request")
    stranger, mentor = cast.actor(cast.stranger), cast.actor(cast.mentor)
    entry = actions.ask_to_join(stranger, talk.community, AskInput())
    actions.answer_entry(mentor, talk.community, entry.id, AnswerInput(answer="decline"))
    again = actions.ask_to_join(stranger, talk.community, AskInput())
    actions.withdraw_asking(stranger, talk.community)
    with pytest.raises(Conflict):
        actions.answer_entry(mentor, talk.community, again.id, AnswerInput(answer="accept"))
    assert "Stranger" not in roles(talk)


def test_a_community_by_invitation_does_not_exist_for_strangers_hr_and_administrators(cast: Cast) -> None:
    talk = Talk(cast, joining="invitation")
    assert queries.community_for(cast.actor(cast.mentor), talk.community_id)
    for person in (cast.stranger, cast.coordinator, cast.administrator):
        with pytest.raises(NotFound):
            queries.community_for(cast.actor(person), talk.community_id)
        found = queries.communities_for(cast.actor(person))
        assert found.mine + found.invited + found.others == ()


def test_an_invitation_opens_the_community_and_declining_closes_it_again(cast: Cast) -> None:
    talk = Talk(cast, joining="invitation")
    stranger, mentor = cast.actor(cast.stranger), cast.actor(cast.mentor)
    actions.invite_person(mentor, talk.community, InvitationInput(person_id=cast.stranger.id))
    assert [line.community.id for line in queries.communities_for(stranger).invited] == [talk.community_id]
    with pytest.raises(NotFound):
        queries.room_for(stranger, talk.room_id)
    actions.decline_invitation(stranger, queries.community_for(stranger, talk.community_id))
    with pytest.raises(NotFound):
        queries.community_for(stranger, talk.community_id)
    actions.invite_person(mentor, talk.community, InvitationInput(person_id=cast.stranger.id))
    actions.join_community(stranger, queries.community_for(stranger, talk.community_id))
    assert queries.room_for(stranger, talk.room_id)


def test_inviting_who_had_asked_lets_them_in(cast: Cast) -> None:
    talk = Talk(cast, joining="request")
    actions.ask_to_join(cast.actor(cast.stranger), talk.community, AskInput())
    invited = actions.invite_person(cast.actor(cast.mentor), talk.community, InvitationInput(person_id=cast.stranger.id))
    assert invited is None
    assert "Stranger" in roles(talk)


def test_nobody_is_invited_who_is_unknown_or_belongs_already(talk: Talk, cast: Cast) -> None:
    mentor = cast.actor(cast.mentor)
    with pytest.raises(Invalid):
        actions.invite_person(mentor, talk.community, InvitationInput(person_id=99999))
    with pytest.raises(Conflict) as refused:
        actions.invite_person(mentor, talk.community, InvitationInput(person_id=cast.mentee.id))
    assert refused.value.code == "already_member"


def test_who_leaves_or_is_removed_reads_no_more(talk: Talk, cast: Cast) -> None:
    mentee = cast.actor(cast.mentee)
    assert queries.room_for(mentee, talk.room_id)
    actions.remove_member(cast.actor(cast.mentor), talk.community, cast.mentee.id)
    with pytest.raises(NotFound):
        queries.room_for(mentee, talk.room_id)
    stranger = cast.actor(cast.stranger)
    actions.join_community(stranger, talk.community)
    actions.leave_community(stranger, talk.community)
    with pytest.raises(NotFound):
        queries.room_for(stranger, talk.room_id)


def test_who_was_removed_comes_back_only_when_a_facilitator_lets_them_in_and_may_then_come_and_go(talk: Talk, cast: Cast) -> None:
    mentee, mentor = cast.actor(cast.mentee), cast.actor(cast.mentor)
    actions.remove_member(mentor, talk.community, cast.mentee.id)
    with pytest.raises(Denied):
        actions.join_community(mentee, talk.community)
    page = cast.client(cast.mentee).get(f"/communities/{talk.community_id}").text
    assert (f"/communities/{talk.community_id}/join" in page, f"/communities/{talk.community_id}/ask" in page) == (False, True)
    entry = actions.ask_to_join(mentee, talk.community, AskInput(message="I have learnt from it"))
    assert "Was removed before" in cast.client(cast.mentor).get(f"/communities/{talk.community_id}/members").text
    actions.answer_entry(mentor, talk.community, entry.id, AnswerInput(answer="accept"))
    actions.leave_community(mentee, talk.community)
    actions.join_community(mentee, talk.community)
    assert "Mentee" in roles(talk)
    assert [act.kind for act in acts_for(mentor, talk.community)] == ["readmitted", "removed"]


def test_who_was_removed_comes_back_by_an_invitation_and_by_nothing_else(talk: Talk, cast: Cast) -> None:
    mentee, mentor = cast.actor(cast.mentee), cast.actor(cast.mentor)
    actions.remove_member(mentor, talk.community, cast.mentee.id)
    programme = make_default_programme(Actor.system())
    write_charter(mentor, talk.community, CharterInput(purpose="To read numbers together", programme_id=programme.id))
    hr = cast.actor(cast.coordinator)
    assert assign_members(hr, talk.community, AssignInput(person_id=cast.mentee.id)) == 0
    actions.invite_person(mentor, talk.community, InvitationInput(person_id=cast.mentee.id))
    actions.join_community(mentee, talk.community)
    assert "Mentee" in roles(talk)
    assert queries.barred_of(talk.community_id) == set()


def test_only_facilitators_manage(talk: Talk, cast: Cast) -> None:
    mentee = cast.actor(cast.mentee)
    changed = CommunityInput(name="Mine now", purpose="To take it over", joining="open")
    for refused in (
        lambda: actions.change_community(mentee, talk.community, changed),
        lambda: actions.change_role(mentee, talk.community, cast.mentee.id, RoleInput(role="facilitator")),
        lambda: actions.remove_member(mentee, talk.community, cast.mentor.id),
        lambda: actions.invite_person(mentee, talk.community, InvitationInput(person_id=cast.stranger.id)),
    ):
        with pytest.raises(Denied):
            refused()
    actions.change_role(cast.actor(cast.mentor), talk.community, cast.mentee.id, RoleInput(role="facilitator"))
    actions.change_community(mentee, talk.community, changed)
    assert talk.community.name == "Mine now"


def test_a_community_keeps_a_facilitator(talk: Talk, cast: Cast) -> None:
    mentor = cast.actor(cast.mentor)
    for refused in (
        lambda: actions.leave_community(mentor, talk.community),
        lambda: actions.change_role(mentor, talk.community, cast.mentor.id, RoleInput(role="member")),
        lambda: actions.remove_member(mentor, talk.community, cast.mentor.id),
    ):
        with pytest.raises(Conflict) as error:
            refused()
        assert error.value.code == "last_facilitator"


def test_two_facilitators_leaving_at_once_leave_one(talk: Talk, cast: Cast) -> None:
    people = [cast.mentor.id, cast.mentee.id]
    actions.change_role(cast.actor(cast.mentor), talk.community, cast.mentee.id, RoleInput(role="facilitator"))
    actors = [cast.actor(cast.mentor), cast.actor(cast.mentee)]
    db.session.rollback()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def leave(actor: Actor) -> None:
        with cast.app.app_context():
            community = queries.community_for(actor, talk.community_id)
            start.wait()
            try:
                actions.leave_community(actor, community)
                outcomes.append("left")
            except Conflict as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=leave, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["last_facilitator", "left"]
    assert len(people) == 2


def test_when_the_only_facilitator_leaves_the_agency_an_expert_takes_over_before_older_members(talk: Talk, cast: Cast) -> None:
    actions.join_community(cast.actor(cast.second_mentor), talk.community)
    actions.change_role(cast.actor(cast.mentor), talk.community, cast.second_mentor.id, RoleInput(role="expert"))
    let_person_go(PersonLeft(cast.mentor.id))
    community = db.session.get_one(Community, talk.community_id)
    found = {line.name: line.role for line in queries.members_for(Actor.system(), community)}
    assert found == {"Mentee": "member", "Second Mentor": "facilitator"}
