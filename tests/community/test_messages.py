"""Saying something, saying it better, taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from mentorlink.community import actions, queries, rules
from mentorlink.community.events import MessageEdited, MessagePosted
from mentorlink.community.inputs import EditInput, MessageInput, MoveInput, PollInput, RoomInput, TitleInput, TopicInput
from mentorlink.community.models import Message, MessageVersion
from mentorlink.community.models.safety import ModerationAct
from mentorlink.kernel import clock, events
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound, TooMany
from mentorlink.people.models import Block
from tests.cast import Cast
from tests.community.talk import Talk


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was told of messages, without its effects."""
    heard: list[object] = []
    monkeypatch.setattr(events, "within", {MessagePosted: (heard.append,), MessageEdited: (heard.append,)})
    return heard


def message(posted: actions.Posted) -> Message:
    return db.session.get_one(Message, posted.id)


def test_a_message_is_rendered_when_written_and_harmless(talk: Talk, cast: Cast) -> None:
    posted = talk.say(cast.mentee, "**bold** <script>alert(1)</script> [x](javascript:alert(1)) ![i](http://a/b.png)")
    html = message(posted).html
    assert "<strong>bold</strong>" in html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_said_twice_it_stands_once_and_the_receipt_is_the_same(talk: Talk, cast: Cast) -> None:
    client_id = rules.new_client_id()
    first = talk.say(cast.mentee, "Once", client_id=client_id)
    before = talk.room.last_seq
    second = talk.say(cast.mentee, "Once", client_id=client_id.upper())
    assert (second.seq, second.id, second.duplicate) == (first.seq, first.id, True)
    assert talk.room.last_seq == before
    other = talk.say(cast.mentor, "The same id from somebody else is another message", client_id=client_id)
    assert other.id != first.id


def test_a_message_of_one_room_is_not_said_in_another(talk: Talk, cast: Cast) -> None:
    client_id = rules.new_client_id()
    talk.say(cast.mentor, "Here", client_id=client_id)
    other = actions.create_room(cast.actor(cast.mentor), talk.community, RoomInput(name="Other"))
    topic = queries.topics_for(cast.actor(cast.mentor), other)[0].topic
    with pytest.raises(Conflict) as refused:
        actions.post_message(cast.actor(cast.mentor), other, MessageInput(topic_id=topic.id, body="Here", client_id=client_id))
    assert refused.value.code == "message_said_elsewhere"
    with pytest.raises(NotFound):
        talk.say(cast.mentor, "Wrong topic", topic_id=topic.id)


def test_strangers_find_nothing_and_say_nothing(talk: Talk, cast: Cast) -> None:
    posted = talk.say(cast.mentor, "For members")
    topic_id, room = talk.topic.id, talk.room
    for person in (cast.stranger, cast.coordinator, cast.administrator):
        who = cast.actor(person)
        for look in (
            lambda who=who: queries.room_for(who, talk.room_id),
            lambda who=who: queries.topic_for(who, topic_id),
            lambda who=who: queries.message_for(who, posted.id),
        ):
            with pytest.raises(NotFound):
                look()
        with pytest.raises(Denied):
            actions.post_message(who, room, MessageInput(topic_id=topic_id, body="Let me in", client_id=rules.new_client_id()))
    assert queries.message_for(cast.actor(cast.mentee), posted.id).id == posted.id


def test_a_mention_by_id_or_by_name_is_kept_by_id(talk: Talk, cast: Cast) -> None:
    by_id = talk.say(cast.mentor, f"Ask @[whoever]({cast.mentee.id}) about it")
    by_name = talk.say(cast.mentor, "Ask @mentee, please")
    for posted in (by_id, by_name):
        assert f'<span class="mention" data-person="{cast.mentee.id}">@Mentee</span>' in message(posted).html
    assert f"@[mentee]({cast.mentee.id})," in message(by_name).body


def test_a_mention_tells_members_and_nobody_else(talk: Talk, cast: Cast, told: list[MessagePosted]) -> None:
    body = f"@[A]({cast.mentee.id}) @[B]({cast.stranger.id}) @[C]({cast.mentor.id}) @[D](99999)"
    posted = talk.say(cast.mentor, body)
    assert told[-1].mentioned == (cast.mentee.id,)
    assert f'data-person="{cast.stranger.id}"' not in message(posted).html
    assert "@B" in message(posted).html


def test_who_is_blocked_is_not_told_of_a_mention_or_a_reply(talk: Talk, cast: Cast, told: list[MessagePosted]) -> None:
    first = talk.say(cast.mentee, "A question")
    talk.say(cast.mentor, "@mentee an answer", reply_to_id=first.id)
    assert (told[-1].mentioned, told[-1].answered_id) == ((cast.mentee.id,), cast.mentee.id)
    db.session.add(Block(person_id=cast.mentee.id, blocked_id=cast.mentor.id, created_at=clock.now()))
    db.session.commit()
    talk.say(cast.mentor, "@mentee again", reply_to_id=first.id)
    assert (told[-1].mentioned, told[-1].answered_id) == ((), None)


def test_an_edit_tells_only_who_is_newly_named(talk: Talk, cast: Cast, told: list[object]) -> None:
    actions.join_community(cast.actor(cast.second_mentor), talk.community)
    posted = talk.say(cast.mentor, "@mentee look")
    actions.edit_message(cast.actor(cast.mentor), message(posted), EditInput(body="@mentee and @Second Mentor look"))
    assert told[-1].mentioned == (cast.second_mentor.id,)  # type: ignore[attr-defined]


def test_a_name_inside_code_or_an_address_is_no_mention(talk: Talk, cast: Cast, told: list[MessagePosted]) -> None:
    talk.say(cast.mentor, f"mail a@mentee.example and `@[x]({cast.mentee.id})`")
    html = message(talk.say(cast.mentor, f"`@[x]({cast.mentee.id})`")).html
    assert 'class="mention"' not in html


def test_an_edit_keeps_what_was_said_before(talk: Talk, cast: Cast) -> None:
    posted = talk.say(cast.mentee, "First")
    who = cast.actor(cast.mentee)
    actions.edit_message(who, message(posted), EditInput(body="Second", version=1))
    actions.edit_message(who, message(posted), EditInput(body="Third", version=2))
    assert [version.html for version in queries.versions_for(who, message(posted))] == ["<p>First</p>", "<p>Second</p>"]
    assert message(posted).version == 3


def test_an_edit_of_an_older_version_is_refused(talk: Talk, cast: Cast) -> None:
    posted = talk.say(cast.mentee, "First")
    who = cast.actor(cast.mentee)
    actions.edit_message(who, message(posted), EditInput(body="Second", version=1))
    with pytest.raises(Conflict) as refused:
        actions.edit_message(who, message(posted), EditInput(body="Other", version=1))
    assert refused.value.code == "message_changed"


def test_only_the_author_edits_and_only_author_or_facilitator_deletes(talk: Talk, cast: Cast) -> None:
    actions.join_community(cast.actor(cast.stranger), talk.community)
    posted = talk.say(cast.mentee, "Mine")
    for person in (cast.mentor, cast.stranger):
        with pytest.raises(Denied):
            actions.edit_message(cast.actor(person), message(posted), EditInput(body="Yours"))
    with pytest.raises(Denied):
        actions.delete_message(cast.actor(cast.stranger), message(posted))
    actions.delete_message(cast.actor(cast.mentor), message(posted))
    assert message(posted).deleted_at
    act = db.session.scalars(sa.select(ModerationAct)).one()
    assert (act.kind, act.person_id, act.by_id, act.message_id) == ("hidden", cast.mentee.id, cast.mentor.id, posted.id)
    own = talk.say(cast.mentor, "My own")
    actions.delete_message(cast.actor(cast.mentor), message(own))
    assert message(own).deleted_by_id == cast.mentor.id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ModerationAct)) == 1


def test_a_deleted_message_keeps_its_place_and_none_of_its_words(talk: Talk, cast: Cast) -> None:
    posted = talk.say(cast.mentee, "Secret one")
    who = cast.actor(cast.mentee)
    actions.edit_message(who, message(posted), EditInput(body="Secret two"))
    actions.delete_message(who, message(posted))
    found = message(posted)
    assert (found.body, found.html, found.deleted_by_id) == ("", "", cast.mentee.id)
    assert db.session.scalars(sa.select(MessageVersion)).all() == []
    assert [row.id for row in queries.window_for(who, talk.topic).messages] == [posted.id]
    with pytest.raises(Conflict):
        actions.edit_message(who, found, EditInput(body="Back again"))


def test_who_left_edits_nothing_any_more(talk: Talk, cast: Cast) -> None:
    posted = talk.say(cast.mentee, "Mine")
    actions.leave_community(cast.actor(cast.mentee), talk.community)
    with pytest.raises(Denied):
        actions.edit_message(cast.actor(cast.mentee), message(posted), EditInput(body="Still mine?"))


def test_a_reply_stays_within_its_room(talk: Talk, cast: Cast) -> None:
    first = talk.say(cast.mentee, "Here")
    other = actions.create_room(cast.actor(cast.mentor), talk.community, RoomInput(name="Elsewhere"))
    topic = queries.topics_for(cast.actor(cast.mentor), other)[0].topic
    across = MessageInput(topic_id=topic.id, body="Across", client_id=rules.new_client_id(), reply_to_id=first.id)
    with pytest.raises(Invalid):
        actions.post_message(cast.actor(cast.mentor), other, across)
    assert talk.say(cast.mentor, "Within", reply_to_id=first.id)


def test_a_reply_to_what_was_moved_meanwhile_is_not_lost(talk: Talk, cast: Cast) -> None:
    first = talk.say(cast.mentee, "Here")
    actions.move_message(cast.actor(cast.mentor), message(first), MoveInput(title="Elsewhere"))
    assert talk.say(cast.mentor, "An answer on its way", reply_to_id=first.id)


def test_a_topic_begins_with_a_message_and_once(talk: Talk, cast: Cast) -> None:
    data = TopicInput(title="Dashboards", body="Which?", client_id=rules.new_client_id())
    first = actions.start_topic(cast.actor(cast.mentee), talk.room, data)
    second = actions.start_topic(cast.actor(cast.mentee), talk.room, data)
    assert (second.id, second.topic_id, second.duplicate) == (first.id, first.topic_id, True)
    with pytest.raises(Conflict) as refused:
        talk.begin(cast.mentor, "dashboards")
    assert refused.value.code == "topic_title_taken"


def test_a_topic_is_renamed_by_who_started_it_or_a_facilitator_and_the_general_talk_by_nobody(talk: Talk, cast: Cast) -> None:
    actions.join_community(cast.actor(cast.stranger), talk.community)
    topic = queries.topic_for(cast.actor(cast.mentee), talk.begin(cast.mentee, "Dashboards").topic_id)
    with pytest.raises(Denied):
        actions.rename_topic(cast.actor(cast.stranger), topic, TitleInput(title="Mine"))
    actions.rename_topic(cast.actor(cast.mentee), topic, TitleInput(title="Charts"))
    actions.rename_topic(cast.actor(cast.mentor), topic, TitleInput(title="Pictures"))
    assert queries.topic_for(cast.actor(cast.mentor), topic.id).title == "Pictures"
    with pytest.raises(Denied):
        actions.rename_topic(cast.actor(cast.mentor), talk.topic, TitleInput(title="All"))


def test_a_flood_is_refused_and_the_next_moment_is_open_again(talk: Talk, cast: Cast) -> None:
    moment, talk.moment = clock.now(), None
    with clock.at(moment):
        for number in range(rules.POSTS):
            talk.say(cast.mentee, f"{number}")
        with pytest.raises(TooMany):
            talk.say(cast.mentee, "One more")
        talk.say(cast.mentor, "Others may")
    with clock.at(moment + rules.POSTS_WITHIN + timedelta(seconds=1)):
        talk.say(cast.mentee, "Now")


def test_topics_and_polls_count_into_a_flood_like_any_message(talk: Talk, cast: Cast) -> None:
    talk.moment = None
    poll = PollInput(topic_id=talk.topic.id, body="Which?", options="One\nTwo", client_id=rules.new_client_id())
    with clock.at(clock.now()):
        for number in range(rules.POSTS):
            talk.begin(cast.mentor, f"Topic {number}")
        with pytest.raises(TooMany):
            talk.begin(cast.mentor, "One more")
        with pytest.raises(TooMany):
            actions.ask_poll(cast.actor(cast.mentor), talk.room, poll)
        actions.ask_poll(cast.actor(cast.mentee), talk.room, poll)
