"""The order of a room: settling, moving, merging; following and muting."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from mentorlink.community import actions, queries, rules, shapes
from mentorlink.community.inputs import (
    ChoiceInput,
    MergeInput,
    MessageInput,
    MoveInput,
    RoomInput,
    RoomMoveInput,
    SearchInput,
    SeenInput,
    SettleInput,
)
from mentorlink.community.models import Message, Topic
from mentorlink.community.queries.knowledge import thread_for
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Denied, Invalid
from tests.cast import Cast
from tests.community.talk import Talk


def topic(talk: Talk, topic_id: int) -> Topic:
    return db.session.get_one(Topic, topic_id, populate_existing=True)


def row(message_id: int) -> Message:
    return db.session.get_one(Message, message_id, populate_existing=True)


def test_who_started_a_topic_or_keeps_the_community_settles_it(talk: Talk, cast: Cast) -> None:
    begun = talk.begin(cast.mentee, "How to count").topic_id
    actions.join_community(cast.actor(cast.stranger), talk.community)
    with pytest.raises(Denied):
        actions.settle_topic(cast.actor(cast.stranger), topic(talk, begun), SettleInput(resolved=True))
    with pytest.raises(Denied):
        actions.settle_topic(cast.actor(cast.mentor), talk.topic, SettleInput(resolved=True))
    actions.settle_topic(cast.actor(cast.mentee), topic(talk, begun), SettleInput(resolved=True))
    assert topic(talk, begun).resolved_at
    assert talk.say(cast.mentor, "One more thing", topic_id=begun)
    actions.settle_topic(cast.actor(cast.mentor), topic(talk, begun), SettleInput(resolved=False))
    assert topic(talk, begun).resolved_at is None


def test_a_message_moves_with_what_follows_and_nothing_unseen_counts_as_seen(talk: Talk, cast: Cast) -> None:
    mentee = cast.actor(cast.mentee)
    posted = [talk.say(cast.mentor, f"number {number}") for number in range(4)]
    target = talk.begin(cast.mentor, "There").topic_id
    actions.mark_seen(mentee, talk.room, SeenInput(topic_id=talk.topic.id, seq=posted[1].seq))
    actions.mark_seen(mentee, talk.room, SeenInput(topic_id=target, seq=10**6))
    assert queries.unread_by_topic(mentee, talk.room_id) == {talk.topic.id: 2}
    with pytest.raises(Denied):
        actions.move_message(mentee, row(posted[1].id), MoveInput(topic_id=target, rest=True))
    actions.move_message(cast.actor(cast.mentor), row(posted[1].id), MoveInput(topic_id=target, rest=True))
    assert queries.unread_by_topic(mentee, talk.room_id)[target] >= 2
    window = queries.older_for(mentee, topic(talk, target), 10**9)
    assert [one.seq for one in window.messages] == sorted(one.seq for one in window.messages)
    assert [one.id for one in window.messages][:3] == [each.id for each in posted[1:]]


def test_what_was_seen_stays_seen_in_a_new_topic(talk: Talk, cast: Cast) -> None:
    mentee = cast.actor(cast.mentee)
    posted = [talk.say(cast.mentor, f"number {number}") for number in range(3)]
    actions.mark_seen(mentee, talk.room, SeenInput(topic_id=talk.topic.id, seq=posted[1].seq))
    there = actions.move_message(cast.actor(cast.mentor), row(posted[1].id), MoveInput(title="Apart", rest=True))
    assert queries.unread_by_topic(mentee, talk.room_id) == {there.id: 1}


def test_a_merged_topic_leads_to_the_other_and_what_is_on_its_way_arrives(talk: Talk, cast: Cast) -> None:
    one, two = talk.begin(cast.mentee, "One"), talk.begin(cast.mentor, "Two")
    with pytest.raises(Denied):
        actions.merge_topic(cast.actor(cast.mentee), topic(talk, one.topic_id), MergeInput(topic_id=two.topic_id))
    with pytest.raises(Invalid):
        actions.merge_topic(cast.actor(cast.mentor), topic(talk, one.topic_id), MergeInput(topic_id=one.topic_id))
    actions.merge_topic(cast.actor(cast.mentor), topic(talk, one.topic_id), MergeInput(topic_id=two.topic_id))
    who = cast.actor(cast.mentee)
    assert queries.topic_for(who, one.topic_id).id == two.topic_id
    assert one.topic_id not in [line.topic.id for line in queries.topics_for(who, talk.room)]
    late = talk.say(cast.mentee, "Written before, sent after", topic_id=one.topic_id)
    assert late.topic_id == two.topic_id
    again = talk.begin(cast.mentee, "One")
    assert again.topic_id != one.topic_id
    counts = db.session.execute(sa.select(Message.topic_id, sa.func.count()).group_by(Message.topic_id)).all()
    assert dict(map(tuple, counts))[two.topic_id] == 3


def test_a_topic_moves_to_another_room_and_what_was_seen_stays_seen(talk: Talk, cast: Cast) -> None:
    mentor, mentee = cast.actor(cast.mentor), cast.actor(cast.mentee)
    began = talk.begin(cast.mentor, "How to count")
    posted = [began, *(talk.say(cast.mentor, f"number {number}", topic_id=began.topic_id) for number in range(3))]
    actions.mark_seen(mentee, talk.room, SeenInput(topic_id=began.topic_id, seq=posted[1].seq))
    other = actions.create_room(mentor, talk.community, RoomInput(name="Elsewhere"))
    there = queries.topics_for(mentor, other)[0].topic.id
    words = MessageInput(topic_id=there, body="Said there before", client_id=rules.new_client_id())
    actions.post_message(mentor, other, words)
    old = talk.room.last_seq
    late = MessageInput(topic_id=began.topic_id, body="On its way", client_id=rules.new_client_id())

    actions.move_topic(mentor, topic(talk, began.topic_id), RoomMoveInput(room_id=other.id))
    other = queries.room_for(mentor, other.id)
    moved = queries.topic_for(mentee, began.topic_id)
    assert moved.room_id == other.id
    shown = queries.older_for(mentee, moved, 10**9).messages
    assert [one.id for one in shown] == [each.id for each in posted]
    assert [one.seq for one in shown] == list(range(other.last_seq - 3, other.last_seq + 1))
    assert queries.unread_by_topic(mentee, other.id) == {began.topic_id: 2, there: 1}
    assert [line.topic.id for line in queries.topics_for(mentor, talk.room)] == [talk.topic.id]
    assert queries.search_for(mentee, SearchInput(q="number", room=other.id)).hits
    assert queries.search_for(mentee, SearchInput(q="number", room=talk.room_id)).hits == ()

    left = shapes.entries(queries.entries_after(talk.room_id, old), None)
    assert [(one["kind"], one["from"], one["room"]) for one in left] == [("moved", began.topic_id, other.id)]
    seqs = [item.entry.seq for item in queries.entries_after(other.id, 0)]
    assert seqs == list(range(1, other.last_seq + 1))
    receipts = [actions.speak_in(mentee, talk.room_id, late) for _try in range(2)]
    assert [one.duplicate for one in receipts] == [False, True]
    assert row(receipts[0].id).room_id == other.id


def test_muted_talk_does_not_count_and_followed_talk_counts_in_a_muted_room(talk: Talk, cast: Cast) -> None:
    mentee = cast.actor(cast.mentee)
    begun = talk.begin(cast.mentor, "Noise").topic_id
    talk.say(cast.mentor, "Hello")
    assert set(queries.unread_by_topic(mentee, talk.room_id)) == {begun, talk.topic.id}
    actions.choose_topic(mentee, topic(talk, begun), ChoiceInput(choice="mute"))
    assert set(queries.unread_by_topic(mentee, talk.room_id)) == {talk.topic.id}
    actions.choose_room(mentee, talk.room, ChoiceInput(choice="mute"))
    assert queries.unread_by_community(mentee) == {}
    actions.choose_topic(mentee, topic(talk, begun), ChoiceInput(choice="follow"))
    assert set(queries.unread_by_topic(mentee, talk.room_id)) == {begun}
    assert list(queries.followers_of(begun, talk.room_id)) == [cast.mentee.id]
    actions.choose_room(mentee, talk.room, ChoiceInput(choice="normal"))
    actions.choose_topic(mentee, topic(talk, begun), ChoiceInput(choice="normal"))
    assert set(queries.unread_by_topic(mentee, talk.room_id)) == {begun, talk.topic.id}


def test_the_page_of_a_thread_goes_on_where_the_last_one_ended(talk: Talk, cast: Cast) -> None:
    said = [talk.say(cast.mentor, f"number {number}").seq for number in range(5)]
    mentee = talk.actor(cast.mentee)
    found, after = [], 0
    while True:
        thread = thread_for(mentee, talk.topic, after=after, limit=2)
        found += [message.seq for message in thread.messages]
        if not thread.more:
            break
        after = found[-1]
    assert found == said
