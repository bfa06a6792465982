"""A closed community is read and no longer written: the lock of every use case, before it is closed and after."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mentorlink.community import actions as community_actions
from mentorlink.community import queries as community_queries
from mentorlink.community.actions import knowledge
from mentorlink.community.actions.gatherings import agree_follow_up
from mentorlink.community.inputs import InvitationInput, PollInput, RoleInput
from mentorlink.community.inputs.gatherings import FollowUpInput
from mentorlink.community.inputs.knowledge import MaterialInput, PageInput, QuestionInput
from mentorlink.community.models.lives import Life
from mentorlink.community.policy import communities, decisions, gatherings, rooms
from mentorlink.community.policy import knowledge as knowing
from mentorlink.community.policy import lives as living_policy
from mentorlink.community.queries.lives import promises_for
from mentorlink.community.rules import new_client_id
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.programmes.actions import make_default_programme
from tests.cast import Cast
from tests.community.living import Living

GOES_ON = {
    "may_leave_community", "may_name_successor", "may_remove_member", "may_let_go", "may_withdraw_asking",
    "may_answer_invitation", "may_create_community", "may_begin_life", "may_take_step", "may_mark_room", "may_choose_room",
    "may_choose_topic", "may_choose_presence", "may_clear_files", "may_drop_file", "may_see_material", "may_let_uses_go",
    "may_change_meeting", "may_pause_help", "may_answer_help", "may_seek_help", "may_tend_pages", "may_delete_message",
    "may_moderate", "may_report_message", "may_report_person", "may_settle_report", "may_set_rules", "may_tend_rooms",
    "may_appeal", "may_answer_appeal", "may_keep_own_words", "may_ask_for_glass", "may_break_glass",
    "may_remind_of_gathering", "may_take_archive",
}  # fmt: skip
"""Locks that a closing leaves open: going, handing over and opening again; one's own marks, choices and words; what keeps
people safe; what the house itself does; what happens elsewhere or in another community; and the archive, which opens then."""


def locks() -> set[str]:
    """The predicates that use cases of communities begin with."""
    found = set()
    for path in Path(community_actions.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "ensure":
                found.add(ast.unparse(node.args[0]).split(".")[-1])
    return found


@pytest.fixture
def living(cast: Cast) -> Living:
    """A community with something of every kind; the mentee has begun it, the second mentor is its expert."""
    found = Living(cast)
    community_actions.join_community(cast.actor(cast.second_mentor), found.community)
    found.steer(community_actions.change_role, found.community, cast.second_mentor.id, RoleInput(role="expert"))
    found.steer(community_actions.invite_person, found.community, InvitationInput(person_id=cast.stranger.id))
    found.prepare()
    db.session.get_one(Life, found.community_id).programme_id = make_default_programme(Actor.system()).id
    db.session.commit()
    return found


def cases(living: Living, cast: Cast) -> dict[str, tuple[Callable[..., bool], Any, tuple[Any, ...]]]:
    """Lock → the predicate, somebody for whom it opens, and what it is asked about."""
    mentor, mentee, expert, stranger, hr = (
        cast.actor(one) for one in (cast.mentor, cast.mentee, cast.second_mentor, cast.stranger, cast.coordinator)
    )
    posted = living.begin(cast.mentee, "Sampling", "How large?")
    poll = PollInput(topic_id=living.topic.id, body="Which?", options="A\nB", client_id=new_client_id())
    asked = community_actions.ask_poll(mentee, living.room, poll)
    message, polled = (community_queries.message_for(mentee, one.id) for one in (posted, asked))
    topic = community_queries.topic_for(mentee, posted.topic_id)
    question = knowledge.ask_question(mentee, topic, QuestionInput())
    page = knowledge.write_page(mentee, living.community, PageInput(title="Samples", body="How large a sample has to be"))
    link = MaterialInput(kind="link", title="A guide", link="https://guide.example")
    material = knowledge.add_material(mentee, living.community, link)
    gathering, decision = living.plan(), living.ask()
    task = FollowUpInput(text="Write it down", owner_id=cast.mentee.id)
    follow_up = living.steer(agree_follow_up, gathering, task)
    promise = next(row for row in promises_for(mentee, living.community) if row.person_id == cast.mentee.id)
    room, community = living.room, living.community
    found = [
        (communities.may_change_community, mentor, (community,)),
        (communities.may_manage_members, mentor, (community,)),
        (communities.may_create_room, mentor, (community,)),
        (communities.may_join_community, stranger, (community,)),
        (rooms.may_change_room, mentor, (room,)),
        (rooms.may_post_in, mentee, (room.id,)),
        (rooms.may_post_message, mentee, (room,)),
        (rooms.may_start_topic, mentee, (room,)),
        (rooms.may_attach_file, mentee, (room,)),
        (rooms.may_rename_topic, mentee, (topic,)),
        (rooms.may_settle_topic, mentee, (topic,)),
        (rooms.may_merge_topic, mentor, (topic,)),
        (rooms.may_move_topic, mentor, (topic,)),
        (rooms.may_edit_message, mentee, (message,)),
        (rooms.may_react, mentor, (message,)),
        (rooms.may_pin_message, mentor, (message,)),
        (rooms.may_move_message, mentor, (message,)),
        (rooms.may_vote, mentor, (polled,)),
        (rooms.may_close_poll, mentee, (polled,)),
        (knowing.may_ask_question, mentee, (topic,)),
        (knowing.may_accept_answer, mentee, (question,)),
        (knowing.may_make_page, mentee, (community,)),
        (knowing.may_edit_page, mentee, (page,)),
        (knowing.may_review_page, expert, (page,)),
        (knowing.may_withdraw_page, expert, (page,)),
        (knowing.may_add_material, mentee, (community,)),
        (knowing.may_drop_material, mentee, (material,)),
        (gatherings.may_plan_gathering, mentor, (community,)),
        (gatherings.may_run_gathering, mentor, (gathering,)),
        (gatherings.may_answer_gathering, mentee, (gathering,)),
        (gatherings.may_check_in, mentee, (gathering,)),
        (gatherings.may_add_point, mentee, (gathering,)),
        (gatherings.may_settle_follow_up, mentee, (follow_up, gathering)),
        (decisions.may_open_decision, mentee, (community,)),
        (decisions.may_take_stance, mentee, (decision,)),
        (decisions.may_conclude_decision, mentor, (decision,)),
        (living_policy.may_steer, mentor, (community,)),
        (living_policy.may_take_part, mentee, (community,)),
        (living_policy.may_settle_promise, mentee, (promise,)),
        (living_policy.may_name_keeper, mentor, (community, None, cast.mentee.id)),
        (living_policy.may_assign_members, hr, (community,)),
    ]
    return {predicate.__name__: (predicate, who, things) for predicate, who, things in found}


@pytest.mark.one_database
def test_closing_shuts_the_lock_of_every_use_case_that_writes(living: Living, cast: Cast) -> None:
    found = cases(living, cast)
    assert locks() - set(found) - GOES_ON == {"may_ask_to_join"}
    assert set(found) <= locks()
    assert [name for name, (may, who, things) in found.items() if not may(who, *things)] == []
    db.session.get_one(Life, living.community_id).step = "closed"
    db.session.flush()
    assert [name for name, (may, who, things) in found.items() if may(who, *things)] == []
    living.community.joining = "request"
    assert not communities.may_ask_to_join(cast.actor(cast.stranger), living.community)
