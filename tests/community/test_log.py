"""A room's log: dense, in order, and enough for a client that lost some of what it was sent."""

from __future__ import annotations

import random
import re
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from flask import current_app
from markupsafe import escape

from mentorlink.community import actions, queries, rules, shapes
from mentorlink.community.inputs import EditInput, MessageInput, TitleInput
from mentorlink.community.models import Message, Room, RoomEvent
from mentorlink.community.queries.log import TOO_OLD
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, NotFound
from mentorlink.live.pump import renderer
from tests.cast import Cast
from tests.community.talk import Talk
from tests.conftest import examples


@dataclass
class Client:
    """What a device does with entries: the next is applied, an older one dropped, a gap asks."""

    cursor: int = 0
    stamp: str = ""
    messages: dict[int, tuple[int, str]] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)

    def take(self, entries: list[dict[str, Any]]) -> bool:
        for entry in entries:
            if entry["seq"] <= self.cursor:
                continue
            if entry["seq"] > self.cursor + 1:
                return False
            self.cursor, self.stamp = entry["seq"], entry["stamp"]
            if entry["kind"] == "posted":
                self.messages[entry["id"]] = (entry["seq"], entry["html"])
            elif entry["kind"] in ("edited", "deleted"):
                if entry["id"] in self.messages:
                    self.messages[entry["id"]] = (self.messages[entry["id"]][0], entry["html"])
                self.quote(entry)
            elif entry["kind"] in ("topic", "renamed"):
                self.titles[entry["topic"]] = entry["title"]
        return True

    def quote(self, entry: dict[str, Any]) -> None:
        """Quotations of the message say what it says now."""
        words = re.compile(rf'(data-quote="{entry["id"]}">.*?<span class="truncate">)[^<]*')
        for key, (seq, html) in self.messages.items():
            self.messages[key] = (seq, words.sub(lambda match: match[1] + str(escape(entry["quote"])), html))

    def ask(self, talk: Talk, who: Any) -> None:
        more = True
        while more:
            answer = shapes.news(queries.news_for(who, talk.room, after=self.cursor, stamp=self.stamp), render())
            assert "reload" not in answer
            self.take(answer["events"])
            more = answer["more"]


def render() -> shapes.Render:
    return renderer(current_app._get_current_object())  # type: ignore[attr-defined]


def reloaded(talk: Talk) -> dict[int, tuple[int, str]]:
    """What a page shown afresh holds."""
    draw = render()
    rows = [row for line in queries.topics_for(talk.actor(talk.cast.mentee), talk.room)
            for row in queries.older_for(talk.actor(talk.cast.mentee), line.topic, 2**53).messages]  # fmt: skip
    return {row.id: (row.seq, draw(row)) for row in rows}


@pytest.mark.parametrize("seed", range(examples(4)))
def test_whatever_is_lost_doubled_or_late_the_client_ends_with_what_a_reload_shows(talk: Talk, cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    clients = [Client() for _ in range(3)]
    reader = cast.actor(cast.mentee)
    for client in clients:
        client.ask(talk, reader)
    sent, said = 0, []
    for _step in range(40):
        _do_something(talk, cast, chance, said)
        if chance.random() < 0.5:
            batch = shapes.entries(queries.entries_after(talk.room_id, sent), render())
            sent = batch[-1]["seq"] if batch else sent
            for client in clients:
                fate = chance.random()
                if fate < 0.35:
                    continue  # the push was lost
                part = batch[chance.randrange(len(batch)) :] if batch and fate < 0.5 else batch
                if not client.take(part) or fate > 0.9:
                    client.ask(talk, reader)
                if fate > 0.8:
                    client.take(batch)  # and came again
    shown = reloaded(talk)
    titles = {line.topic.id: line.topic.title for line in queries.topics_for(reader, talk.room) if line.topic.title}
    assert len(shown) > 10
    for client in clients:
        client.ask(talk, reader)
        assert client.messages == shown
        assert client.titles == titles


def _do_something(talk: Talk, cast: Cast, chance: random.Random, said: list[int]) -> None:
    person = chance.choice([cast.mentor, cast.mentee])
    what = chance.choice(["say", "say", "say", "reply", "edit", "delete", "topic", "rename", "come and go"])
    mine = db.session.scalars(sa.select(Message).where(Message.id.in_(said), Message.author_id == person.id))
    live = [row for row in mine if row.deleted_at is None]
    if what == "say" or not said:
        said.append(talk.say(person, f"words {chance.random()}").id)
    elif what == "reply":
        target = db.session.get_one(Message, chance.choice(said))
        said.append(talk.say(person, "a reply", topic_id=target.topic_id, reply_to_id=target.id).id)
    elif what == "edit" and live:
        actions.edit_message(cast.actor(person), chance.choice(live), EditInput(body=f"other words {chance.random()}"))
    elif what == "delete" and live and len(said) > 8:
        actions.delete_message(cast.actor(person), chance.choice(live))
    elif what == "topic":
        said.append(talk.begin(person, f"Topic {chance.random()}").id)
    elif what == "rename":
        titled = [line.topic for line in queries.topics_for(cast.actor(cast.mentor), talk.room) if line.topic.title]
        if titled:
            actions.rename_topic(cast.actor(cast.mentor), chance.choice(titled), TitleInput(title=f"Title {chance.random()}"))
    elif what == "come and go":
        stranger = cast.actor(cast.stranger)
        if queries.communities_for(stranger).mine:
            actions.leave_community(stranger, talk.community)
        else:
            actions.join_community(stranger, talk.community)


def test_many_writers_with_retries_leave_a_dense_log_without_doubles(talk: Talk, cast: Cast) -> None:
    people = [cast.person(f"writer_{number}") for number in range(12)]
    actors = [cast.actor(person) for person in people]
    for actor in actors:
        actions.join_community(actor, talk.community)
    room_id, topic_id, before = talk.room_id, talk.topic.id, talk.room.last_seq
    db.session.rollback()
    receipts: list[tuple[str, int, int]] = []
    failures: list[BaseException] = []
    start = threading.Barrier(len(actors))

    def write(actor: Any) -> None:
        try:
            with cast.app.app_context():
                start.wait()
                for number in range(4):
                    data = MessageInput(topic_id=topic_id, body=f"{number}", client_id=rules.new_client_id())
                    for _retry in range(2):
                        posted = actions.post_message(actor, queries.room_for(actor, room_id), data)
                        receipts.append((data.client_id, posted.seq, posted.id))
                    db.session.rollback()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(set(receipts)) == 48
    seqs = db.session.scalars(sa.select(RoomEvent.seq).where(RoomEvent.room_id == room_id).order_by(RoomEvent.seq)).all()
    assert list(seqs) == list(range(1, before + 49))
    assert db.session.get_one(Room, room_id, populate_existing=True).last_seq == before + 48
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 48


def test_the_same_message_sent_by_many_tabs_at_once_stands_once(talk: Talk, cast: Cast) -> None:
    actor, room_id = cast.actor(cast.mentee), talk.room_id
    data = MessageInput(topic_id=talk.topic.id, body="Once", client_id=rules.new_client_id())
    db.session.rollback()
    receipts: list[actions.Posted] = []
    start = threading.Barrier(8)

    def write() -> None:
        with cast.app.app_context():
            room = queries.room_for(actor, room_id)
            start.wait()
            receipts.append(actions.post_message(actor, room, data))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(receipt.seq, receipt.id) for receipt in receipts}) == 1
    assert sorted(receipt.duplicate for receipt in receipts) == [False] + [True] * 7


def test_a_refused_deed_takes_no_number(talk: Talk, cast: Cast) -> None:
    talk.begin(cast.mentor, "Dashboards")
    before = talk.room.last_seq
    with pytest.raises(Conflict):
        talk.begin(cast.mentor, "Dashboards")
    assert talk.room.last_seq == before


def test_a_cursor_from_another_past_or_from_long_ago_reloads(talk: Talk, cast: Cast) -> None:
    talk.say(cast.mentor, "One")
    last, stamp = queries.newest_entry(talk.room)
    who = cast.actor(cast.mentee)
    assert queries.news_for(who, talk.room, after=last, stamp=stamp).reload is False
    assert queries.news_for(who, talk.room, after=last, stamp="00000000").reload is True
    assert queries.news_for(who, talk.room, after=last + 1, stamp=stamp).reload is True
    db.session.execute(sa.update(Room).values(last_seq=last + TOO_OLD + 1))
    assert queries.news_for(who, talk.room, after=last, stamp=stamp).reload is True


def test_who_came_and_went_stands_in_the_log_of_every_room(talk: Talk, cast: Cast) -> None:
    actions.join_community(cast.actor(cast.stranger), talk.community)
    actions.leave_community(cast.actor(cast.stranger), talk.community)
    kinds = [(item.entry.kind, item.entry.person_id) for item in queries.entries_after(talk.room_id, 0)]
    assert kinds[-2:] == [("joined", cast.stranger.id), ("left", cast.stranger.id)]


def test_nobody_reads_the_log_who_may_not_read_the_room(talk: Talk, cast: Cast) -> None:
    assert queries.news_for(cast.actor(cast.mentee), talk.room, after=0).last > 0
    for person in (cast.stranger, cast.administrator):
        with pytest.raises(NotFound):
            queries.news_for(cast.actor(person), talk.room, after=0)


def test_what_is_pushed_has_no_word_that_depends_on_the_reader(talk: Talk, cast: Cast) -> None:
    posted = talk.say(cast.mentee, "Words")
    actions.edit_message(cast.actor(cast.mentee), db.session.get_one(Message, posted.id), EditInput(body="Other words"))
    gone = talk.say(cast.mentee, "Gone")
    actions.delete_message(cast.actor(cast.mentee), db.session.get_one(Message, gone.id))
    for html in (html for _seq, html in reloaded(talk).values()):
        for word in ("edited<", "removed.", "mine", "Reply", "noscript"):
            assert word not in html
