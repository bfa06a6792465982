"""What counts as unread follows what was seen, and only moves forward."""

from __future__ import annotations

import threading

import sqlalchemy as sa

from mentorlink.community import actions, queries
from mentorlink.community.inputs import SeenInput
from mentorlink.community.models import Message, TopicMark
from mentorlink.community.queries.rooms import PAGE
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.notifications.models import Notice
from tests.cast import Cast
from tests.community.talk import Talk
from tests.queries import count_queries


def unread(talk: Talk, person: object) -> dict[int, int]:
    return queries.unread_by_topic(talk.actor(person), talk.room_id)  # type: ignore[arg-type]


def test_ones_own_words_and_deleted_ones_are_never_unread(talk: Talk, cast: Cast) -> None:
    talk.say(cast.mentee, "Mine")
    gone = talk.say(cast.mentor, "Taken back")
    talk.say(cast.mentor, "Stays")
    assert unread(talk, cast.mentee) == {talk.topic.id: 2}
    actions.delete_message(cast.actor(cast.mentor), queries.message_for(cast.actor(cast.mentor), gone.id))
    assert unread(talk, cast.mentee) == {talk.topic.id: 1}


def test_a_mark_never_moves_back_and_never_beyond_what_was_said(talk: Talk, cast: Cast) -> None:
    posts = [talk.say(cast.mentor, f"{number}") for number in range(4)]
    who = cast.actor(cast.mentee)
    for seq, left in ((posts[2].seq, 1), (posts[0].seq, 1), (10**9, 0)):
        actions.mark_seen(who, talk.room, SeenInput(topic_id=talk.topic.id, seq=seq))
        assert unread(talk, cast.mentee).get(talk.topic.id, 0) == left
    talk.say(cast.mentor, "After that")
    assert unread(talk, cast.mentee) == {talk.topic.id: 1}


def test_tabs_at_once_leave_the_highest_mark(talk: Talk, cast: Cast) -> None:
    posts = [talk.say(cast.mentor, f"{number}") for number in range(8)]
    who, topic_id = cast.actor(cast.mentee), talk.topic.id
    db.session.rollback()
    start = threading.Barrier(len(posts))

    def see(seq: int) -> None:
        with cast.app.app_context():
            room = queries.room_for(who, talk.room_id)
            start.wait()
            actions.mark_seen(who, room, SeenInput(topic_id=topic_id, seq=seq))

    threads = [threading.Thread(target=see, args=(post.seq,)) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db.session.get_one(TopicMark, (cast.mentee.id, topic_id)).seen_seq == posts[-1].seq


def test_who_joins_late_has_nothing_unread_of_what_was_before(talk: Talk, cast: Cast) -> None:
    for number in range(3):
        talk.say(cast.mentor, f"{number}")
    actions.join_community(cast.actor(cast.stranger), talk.community)
    assert unread(talk, cast.stranger) == {}
    talk.say(cast.mentor, "For you too")
    assert unread(talk, cast.stranger) == {talk.topic.id: 1}


def test_unread_of_topics_rooms_and_communities_agree(talk: Talk, cast: Cast) -> None:
    talk.say(cast.mentor, "One")
    other = talk.begin(cast.mentor, "Dashboards")
    talk.say(cast.mentor, "Two", topic_id=other.topic_id)
    who = cast.actor(cast.mentee)
    assert unread(talk, cast.mentee) == {talk.topic.id: 1, other.topic_id: 2}
    assert queries.unread_by_room(who, talk.community_id) == {talk.room_id: 3}
    assert queries.unread_by_community(who) == {talk.community_id: 3}
    assert queries.communities_for(who).unread == 3
    actions.mark_room_read(who, talk.room)
    assert (unread(talk, cast.mentee), queries.communities_for(who).unread) == ({}, 0)


def test_a_room_opens_at_the_first_unread(talk: Talk, cast: Cast) -> None:
    posts = [talk.say(cast.mentor if number % 2 else cast.mentee, f"{number}") for number in range(22)]
    who = cast.actor(cast.mentee)
    actions.mark_seen(who, talk.room, SeenInput(topic_id=talk.topic.id, seq=posts[15].seq))
    window = queries.window_for(who, talk.topic)
    assert window.first_unread == posts[17].seq
    assert (window.older, window.newer) == (True, False)
    assert [message.seq for message in window.messages] == [post.seq for post in posts[7:]]


def test_a_long_topic_is_read_in_pages_that_join_without_gap_or_overlap(talk: Talk, cast: Cast) -> None:
    total, first = 2 * PAGE + 7, talk.room.last_seq + 1
    rows = [
        {"room_id": talk.room_id, "topic_id": talk.topic.id, "author_id": cast.mentor.id, "client_id": f"{number:036d}",
         "body": "", "seq": first + number, "html": "", "version": 1, "extras": {}, "created_at": clock.now()}
        for number in range(total)
    ]  # fmt: skip
    db.session.execute(sa.insert(Message), rows)
    db.session.commit()
    who = cast.actor(cast.mentee)
    window = queries.older_for(who, talk.topic, 2**53)
    pages = [window]
    while window.older:
        window = queries.older_for(who, talk.topic, window.messages[0].seq)
        pages.insert(0, window)
    backwards = [message.seq for page in pages for message in page.messages]
    window = queries.newer_for(who, talk.topic, 0)
    forwards = [message.seq for message in window.messages]
    while window.newer:
        window = queries.newer_for(who, talk.topic, forwards[-1])
        forwards += [message.seq for message in window.messages]
    assert backwards == forwards
    assert len(forwards) == total


def test_lists_ask_as_many_queries_for_many_as_for_few(talk: Talk, cast: Cast) -> None:
    who = cast.actor(cast.mentee)
    talk.say(cast.mentor, "Something unread")
    counts = []
    for round_ in range(2):
        db.session.expunge_all()
        community, room, topic = talk.community, talk.room, talk.topic
        with count_queries() as sent:
            queries.communities_for(who)
            queries.topics_for(who, room)
            queries.window_for(who, topic)
            queries.members_for(who, community)
        counts.append(len(sent))
        for number in range(3):
            talk.found(f"Circle {round_} {number}")
            talk.begin(cast.mentor, f"Topic {round_} {number}")
            talk.say(cast.mentor, f"{number}")
    assert counts[0] == counts[1] <= 12


def test_who_reads_the_talk_is_no_longer_told_of_what_was_said_to_them_there(talk: Talk, cast: Cast) -> None:
    named = f"@[{cast.mentee.name}]({cast.mentee.id}) what do you say?"
    read, elsewhere = talk.say(cast.mentor, named), talk.begin(cast.mentor, "Another", named)
    assert {notice.about_id for notice in unread_notices(cast)} == {read.id, elsewhere.id}
    actions.mark_seen(cast.actor(cast.mentee), talk.room, SeenInput(topic_id=talk.topic.id, seq=read.seq))
    assert [notice.about_id for notice in unread_notices(cast)] == [elsewhere.id]


def unread_notices(cast: Cast) -> list[Notice]:
    query = sa.select(Notice).where(Notice.person_id == cast.mentee.id, Notice.about == "message", Notice.read_at.is_(None))
    return list(db.session.scalars(query))
