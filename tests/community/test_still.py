"""Where talk stands still, nothing of it changes: a closed community, a locked room, a locked topic, a slow room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mentorlink.community import actions, queries, rules
from mentorlink.community.actions import safety
from mentorlink.community.inputs import (
    EditInput,
    MergeInput,
    MessageInput,
    MoveInput,
    PinInput,
    PollInput,
    ReactionInput,
    RoomInput,
    RoomMoveInput,
    SettleInput,
    TitleInput,
    TopicInput,
    VoteInput,
)
from mentorlink.community.inputs.safety import RoomRuleInput
from mentorlink.community.models import Message, Topic
from mentorlink.community.models.lives import Life
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, DomainError, TooMany
from tests.cast import Cast
from tests.community.talk import Talk

Deed = Callable[[], Any]


class Still:
    """A room with everything that could be changed: a topic of the mentee's, their message and poll in it."""

    def __init__(self, talk: Talk) -> None:
        self.talk, cast = talk, talk.cast
        self.began = talk.begin(cast.mentee, "How to count").topic_id
        self.beside = talk.begin(cast.mentor, "Beside it").topic_id
        self.said = talk.say(cast.mentee, "As it was", topic_id=self.began).id
        asked = PollInput(topic_id=self.began, body="Which?", client_id=rules.new_client_id(), options="A\nB")
        self.poll = actions.ask_poll(talk.actor(cast.mentee), talk.room, asked).id
        self.other_room = actions.create_room(talk.actor(cast.mentor), talk.community, RoomInput(name="Elsewhere")).id

    def deeds(self, person: Any) -> dict[str, Deed]:
        """Every deed in the room by its name."""
        talk, who = self.talk, self.talk.actor(person)
        message, poll = db.session.get_one(Message, self.said), db.session.get_one(Message, self.poll)
        topic = db.session.get_one(Topic, self.began)
        new = rules.new_client_id
        again = PollInput(topic_id=self.began, body="Again?", client_id=new(), options="A\nB")
        words = MessageInput(topic_id=self.began, body="More", client_id=new())
        return {
            "post": lambda: actions.post_message(who, talk.room, words),
            "topic": lambda: actions.start_topic(who, talk.room, TopicInput(title="Another", body="B", client_id=new())),
            "poll": lambda: actions.ask_poll(who, talk.room, again),
            "edit": lambda: actions.edit_message(who, message, EditInput(body="Other words")),
            "react": lambda: actions.react(who, message, ReactionInput(code="like")),
            "vote": lambda: actions.vote(who, poll, VoteInput(options=(0,))),
            "pin": lambda: actions.pin_message(who, message, PinInput(pinned=True)),
            "close poll": lambda: actions.close_poll(who, poll),
            "settle": lambda: actions.settle_topic(who, topic, SettleInput(resolved=True)),
            "rename": lambda: actions.rename_topic(who, topic, TitleInput(title="New title")),
            "move": lambda: actions.move_message(who, message, MoveInput(topic_id=self.beside)),
            "merge": lambda: actions.merge_topic(who, topic, MergeInput(topic_id=self.beside)),
            "move topic": lambda: actions.move_topic(who, topic, RoomMoveInput(room_id=self.other_room)),
            "room": lambda: actions.change_room(who, talk.room, RoomInput(name="Renamed")),
        }

    def refused(self, person: Any) -> set[str]:
        """Deeds that are refused; nothing of the others stands either."""
        found = set()
        for name, deed in self.deeds(person).items():
            try:
                deed()
            except DomainError:
                found.add(name)
        return found


def test_in_a_closed_community_nobody_changes_anything_but_takes_back_their_own(talk: Talk, cast: Cast) -> None:
    still = Still(talk)
    db.session.merge(Life(community_id=talk.community_id, step="closed", entered_at=clock.now()))
    db.session.commit()
    for person in (cast.mentor, cast.mentee):
        deeds = set(still.deeds(person))
        assert still.refused(person) == deeds
    actions.delete_message(cast.actor(cast.mentee), db.session.get_one(Message, still.said))
    assert db.session.get_one(Message, still.said, populate_existing=True).deleted_by_id == cast.mentee.id


def test_in_a_locked_topic_only_facilitators_change_what_stands_there(talk: Talk, cast: Cast) -> None:
    still = Still(talk)
    safety.lock_topic(cast.actor(cast.mentor), db.session.get_one(Topic, still.began), locked=True)
    for name in ("post", "poll", "edit", "react", "vote", "pin"):
        with pytest.raises(Conflict) as refused:
            still.deeds(cast.mentee)[name]()
        assert refused.value.code == "talk_locked", name
    still.deeds(cast.mentor)["react"]()


def test_in_a_locked_room_members_answer_without_words_alone(talk: Talk, cast: Cast) -> None:
    still = Still(talk)
    safety.set_room_rule(cast.actor(cast.mentor), talk.room, RoomRuleInput(locked=True))
    deeds = still.deeds(cast.mentee)
    for name in ("post", "topic", "poll", "edit"):
        with pytest.raises(Conflict):
            deeds[name]()
    deeds["react"]()
    deeds["vote"]()


def test_a_slow_room_is_as_slow_for_new_words_in_old_messages(talk: Talk, cast: Cast) -> None:
    talk.moment = clock.now() - timedelta(seconds=20)
    old, newest = (talk.say(cast.mentee, words).id for words in ("Old", "Newest"))
    safety.set_room_rule(cast.actor(cast.mentor), talk.room, RoomRuleInput(slow_seconds=60))
    with pytest.raises(TooMany) as refused:
        actions.edit_message(cast.actor(cast.mentee), db.session.get_one(Message, old), EditInput(body="Something new"))
    assert 0 < refused.value.facts["retry_after"] <= 60
    actions.edit_message(cast.actor(cast.mentee), db.session.get_one(Message, newest), EditInput(body="Put right"))
    with clock.at(clock.now() + timedelta(seconds=61)):
        actions.edit_message(cast.actor(cast.mentee), db.session.get_one(Message, old), EditInput(body="Later"))


def test_deeds_without_words_are_counted_as_words_are(talk: Talk, cast: Cast) -> None:
    said, moment = talk.say(cast.mentor, "Answer me").id, clock.now()
    with clock.at(moment):
        for number in range(rules.DEEDS):
            one = ReactionInput(code="like", on=number % 2 == 0)
            actions.react(cast.actor(cast.mentee), db.session.get_one(Message, said), one)
        with pytest.raises(TooMany):
            actions.react(cast.actor(cast.mentee), db.session.get_one(Message, said), ReactionInput(code="like"))
        actions.react(cast.actor(cast.mentor), db.session.get_one(Message, said), ReactionInput(code="idea"))
    with clock.at(moment + rules.POSTS_WITHIN + timedelta(seconds=1)):
        actions.react(cast.actor(cast.mentee), db.session.get_one(Message, said), ReactionInput(code="like"))


def test_nobody_else_moves_a_topic_to_another_room_and_none_leaves_its_community(talk: Talk, cast: Cast) -> None:
    still = Still(talk)
    with pytest.raises(Denied):
        still.deeds(cast.mentee)["move topic"]()
    apart = queries.rooms_of(cast.actor(cast.mentor), talk.found("Another circle"))[0][0].id
    for room_id in (apart, talk.room_id, 987_654):
        topic, move = db.session.get_one(Topic, still.began), RoomMoveInput(room_id=room_id)
        with pytest.raises(DomainError) as refused:
            actions.move_topic(cast.actor(cast.mentor), topic, move)
        assert refused.value.code == "invalid"
