"""Two learning communities and what was said in them, in the order in which it was said."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.cli.demo.agency import People, content
from mentorlink.community.actions import (
    ask_poll,
    change_role,
    choose_topic,
    create_community,
    create_room,
    join_community,
    mark_room_read,
    pin_message,
    post_message,
    react,
    settle_topic,
    start_topic,
    vote,
)
from mentorlink.community.inputs import (
    ChoiceInput,
    CommunityInput,
    MessageInput,
    PinInput,
    PollInput,
    ReactionInput,
    RoleInput,
    RoomInput,
    SettleInput,
    TopicInput,
    VoteInput,
)
from mentorlink.community.models import REACTIONS, Community, Message, Room, Topic
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.models import Job, Person, Tier, Unit

SEAT = ZoneInfo("Asia/Makassar")
LISTENERS = 18
"""Members who have not spoken yet."""


def make(people: People) -> None:
    """Both communities, with their members, rooms, topics and messages."""
    taken: set[int] = set(people.cast.values())
    for number, plan in enumerate(content("communities")["communities"]):
        dice = random.Random(number)  # noqa: S311  the same talk each time, nothing secret
        _community(people, plan, taken, dice)


def _community(people: People, plan: dict[str, Any], taken: set[int], dice: random.Random) -> None:
    speakers = {speaker["key"]: _person(people, speaker, taken) for speaker in plan["speakers"]}
    began = clock.today("Asia/Makassar") - timedelta(days=plan["days"] + 1)
    host = next(speakers[speaker["key"]] for speaker in plan["speakers"] if speaker["role"] == "facilitator")
    with clock.at(datetime.combine(began - timedelta(days=3), time(9), SEAT)):
        community = create_community(
            people.actor(host),
            CommunityInput(name=plan["name"]["id"], purpose=plan["purpose"]["id"], why=plan["why"]["id"], joining="open"),
        )
        rooms = _rooms(people.actor(host), community, plan)
    listeners = dice.sample(sorted(set(people.everyone) - taken), LISTENERS)
    for person_id in (*speakers.values(), *listeners):
        if person_id != host:
            with clock.at(datetime.combine(began - timedelta(days=2), time(10, dice.randint(0, 59)), SEAT)):
                join_community(people.actor(person_id), db.session.get_one(Community, community.id))
    for speaker in plan["speakers"]:
        if speaker["role"] != "member" and speakers[speaker["key"]] != host:
            change_role(people.actor(host), community, speakers[speaker["key"]], RoleInput(role=speaker["role"]))
    _say_all(people, plan, speakers, rooms, began, dice)
    _answer_all(people, host, [*speakers.values(), *listeners[:6]], rooms, dice)
    for person_id in listeners[: LISTENERS // 2]:
        for room_id in rooms.values():
            mark_room_read(people.actor(person_id), db.session.get_one(Room, room_id))


def _rooms(host: Actor, community: Community, plan: dict[str, Any]) -> dict[str, int]:
    """Room key → id; every community begins with a common room, the plan's rooms come beside it."""
    return {
        room["key"]: create_room(
            host,
            db.session.get_one(Community, community.id),
            RoomInput(name=room["name"]["id"], purpose=room["about"]["id"][:300]),
        ).id
        for room in plan["rooms"]
    }


def _person(people: People, speaker: dict[str, Any], taken: set[int]) -> int:
    """The cast member a speaker is, or somebody of the same field, tier and unit, as near as there is."""
    if speaker["cast"]:
        return people.cast[speaker["cast"]]
    unit, tier = sa.orm.aliased(Unit), sa.orm.aliased(Tier)
    rows = db.session.execute(
        sa.select(Person.id, unit.code, tier.code)
        .join(unit, Person.unit_id == unit.id)
        .join(Job, Person.job_id == Job.id)
        .join(tier, Job.tier_id == tier.id)
        .where(Person.id.in_(people.by_field.get(speaker["field"], people.everyone)))
        .order_by(Person.id)
    ).all()
    free = [row for row in rows if row[0] not in taken]
    best = max(free, key=lambda row: ((row[1] == speaker["unit"]) + (row[2] == speaker["tier"]), -row[0]))
    taken.add(best[0])
    return int(best[0])


def _say_all(
    people: People, plan: dict[str, Any], speakers: dict[str, int], rooms: dict[str, int], began: Any, dice: random.Random
) -> None:
    names = {key: db.session.get_one(Person, person_id).name for key, person_id in speakers.items()}
    lines = []
    for room in plan["rooms"]:
        for topic in room["topics"]:
            for message in topic["messages"]:
                moment = datetime.combine(began + timedelta(days=message["day"]), time(message["hour"], message["minute"]), SEAT)
                lines.append((moment, len(lines), room["key"], topic, message))
    topics: dict[str, int] = {}
    said: dict[str, int] = {}
    for moment, _order, room_key, topic, message in sorted(lines, key=lambda line: line[:2]):
        actor = people.actor(speakers[message["by"]])
        body = message["text"]
        for key in sorted(names, key=len, reverse=True):
            body = body.replace(f"@{key}", f"@{names[key]}")
        client_id = str(uuid.UUID(int=dice.getrandbits(128), version=4))
        room = db.session.get_one(Room, rooms[room_key])
        with clock.at(moment):
            if topic["key"] not in topics:
                posted = start_topic(actor, room, TopicInput(title=topic["title"], body=body, client_id=client_id))
                topics[topic["key"]] = posted.topic_id
            else:
                data = MessageInput(
                    topic_id=topics[topic["key"]], body=body, client_id=client_id, reply_to_id=said.get(message["reply_to"] or "")
                )
                posted = post_message(actor, room, data)
        said[message["key"]] = posted.id


def _answer_all(people: People, host: int, members: list[int], rooms: dict[str, int], dice: random.Random) -> None:
    """Reactions, a pinned message, a settled topic, a poll with its votes, a topic that somebody follows."""
    for room_id in rooms.values():
        said = db.session.scalars(sa.select(Message.id).where(Message.room_id == room_id).order_by(Message.seq)).all()
        for message_id in said[::3]:
            for person_id in dice.sample(members, 2):
                react(people.actor(person_id), db.session.get_one(Message, message_id),
                      ReactionInput(code=dice.choice(REACTIONS[:4])))  # fmt: skip
        topics = db.session.scalars(sa.select(Topic).where(Topic.room_id == room_id, Topic.title != "").order_by(Topic.id)).all()
        if not said or not topics:
            continue
        pin_message(people.actor(host), db.session.get_one(Message, said[0]), PinInput(pinned=True))
        settle_topic(people.actor(host), topics[0], SettleInput(resolved=len(topics) > 1))
        choose_topic(people.actor(members[-1]), topics[-1], ChoiceInput(choice="follow"))
        _poll(people, host, members, db.session.get_one(Room, room_id), topics[-1], dice)


def _poll(people: People, host: int, members: list[int], room: Room, topic: Topic, dice: random.Random) -> None:
    asked = ask_poll(
        people.actor(host),
        room,
        PollInput(
            topic_id=topic.id,
            body="Kapan sebaiknya pertemuan berikutnya?",
            options="Selasa pagi\nRabu siang\nKamis sore",
            client_id=str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        ),
    )
    for person_id in members[:7]:
        vote(people.actor(person_id), db.session.get_one(Message, asked.id), VoteInput(options=(dice.randrange(3),)))
