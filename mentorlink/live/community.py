"""Rooms over the socket: hear a room, catch up, type; and what commits mean for those who listen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from flask import current_app
from pydantic import Field

from mentorlink.community import actions, shapes
from mentorlink.community.events import (
    ChoiceMade,
    LeftCommunity,
    MemberRemoved,
    PresenceChosen,
    RoomMoved,
    TopicSeen,
)
from mentorlink.community.inputs import MessageInput
from mentorlink.community.models import Room
from mentorlink.community.queries import newest_of, news_for, room_for, topic_for, unread_of_topic
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.inputs import Input, read
from mentorlink.live import push, wires
from mentorlink.live.connections import ROOMS, Connection, connections
from mentorlink.live.events import on
from mentorlink.live.pump import close_room, cut, pump, renderer, room_channel, who_is_in
from mentorlink.live.relay import relay
from mentorlink.live.server import socketio
from mentorlink.people.events import Blocked, PersonLeft, SignedOut, Unblocked
from mentorlink.people.queries import blocked_with

Id = Annotated[int, Field(ge=1, le=2**53, strict=True)]


class CursorInput(Input):
    """Where a client stands in a room's log."""

    room: Id
    after: Annotated[int, Field(ge=0, le=2**53, strict=True)] = 0
    stamp: Annotated[str, Field(max_length=8)] = ""


class RoomOnly(Input):
    """A room."""

    room: Id


class TypingInput(Input):
    """Where somebody is typing."""

    room: Id
    topic: Id


@on("room:join")
def join_room(actor: Actor, connection: Connection, payload: dict[str, Any]) -> dict[str, Any]:
    """Hear a room from now on, and get what came since the cursor: subscribed first, so nothing falls between."""
    cursor = read(CursorInput, payload)
    room = room_for(actor, cursor.room)
    if room.id not in connection.rooms and len(connection.rooms) >= ROOMS:
        return {"error": "too_many"}
    connection.rooms[room.id] = room.community_id
    socketio.server.enter_room(connection.sid, room_channel(room.id))
    db.session.rollback()
    try:
        pump.follow(cursor.room, newest_of([cursor.room]).get(cursor.room, 0))
        news = _news(actor, room_for(actor, cursor.room), cursor)
    except NotFound:  # removed between the first look and the subscription
        leave_room(actor, connection, {"room": cursor.room})
        raise
    pump.stir(cursor.room)
    apart = blocked_with(connection.person_id)
    return news | {"here": [person for person in who_is_in(cursor.room) if person["id"] not in apart]}


@on("room:sync")
def sync_room(actor: Actor, _connection: Connection, payload: dict[str, Any]) -> dict[str, Any]:
    """What came since the cursor."""
    cursor = read(CursorInput, payload)
    return _news(actor, room_for(actor, cursor.room), cursor)


@on("room:leave")
def leave_room(_actor: Actor, connection: Connection, payload: dict[str, Any]) -> dict[str, Any]:
    """Hear a room no more."""
    room_id = read(RoomOnly, payload).room
    if connection.rooms.pop(room_id, None) is not None:
        socketio.server.leave_room(connection.sid, room_channel(room_id))
        pump.unfollow(room_id)
        pump.stir(room_id)
    return {}


@on("message:post")
def post_message(actor: Actor, _connection: Connection, payload: dict[str, Any]) -> dict[str, Any]:
    """Say something without the weight of a request; the answer is the receipt, and the room hears it from its log."""
    said = dict(payload)
    room_id = read(RoomOnly, {"room": said.pop("room", None)}).room
    posted = actions.speak_in(actor, room_id, read(MessageInput, said))
    return {"seq": posted.seq, "id": posted.id, "duplicate": posted.duplicate}


@on("room:typing")
def type_in_room(actor: Actor, connection: Connection, payload: dict[str, Any]) -> dict[str, Any]:
    """Tell the others that somebody who chose to be seen is typing. It passes, and is written nowhere."""
    typing = read(TypingInput, payload)
    topic = topic_for(actor, typing.topic)
    if connection.shown and topic.room_id == typing.room and typing.room in connection.rooms:
        who = {"room": typing.room, "topic": typing.topic, "by": connection.person_id, "name": connection.name}
        apart = sorted(blocked_with(connection.person_id))
        _show_typing(who, apart)
        relay.tell("typing", who | {"apart": apart})
    return {}


def _show_typing(who: dict[str, Any], apart: Iterable[int]) -> None:
    away = {connection.sid for person_id in apart for connection in connections.of_person(person_id)}
    wires.broadcast(socketio.server, room_channel(who["room"]), "room:typing", who, but=away)


@relay.hears("typing")
def hear_typing(hint: dict[str, Any]) -> None:
    """Somebody on another worker is typing."""
    _show_typing({name: hint[name] for name in ("room", "topic", "by", "name")}, hint["apart"])


def _news(actor: Actor, room: Room, cursor: CursorInput) -> dict[str, Any]:
    found = news_for(actor, room, after=cursor.after, stamp=cursor.stamp)
    return shapes.news(found, renderer(current_app._get_current_object()))  # type: ignore[attr-defined]


# Effects after the commit


def send_room(event: RoomMoved) -> None:
    """The pump reads on, on every worker."""
    pump.hint(event.room_id)


def send_choice(event: ChoiceMade) -> None:
    """All tabs of the person count anew what they have not seen."""
    push.to_person(event.person_id, "room:choice", {"room": event.room_id})


def close_rooms(event: MemberRemoved | LeftCommunity) -> None:
    """Who belongs no more hears the community's rooms no more, on any worker."""
    close_room(event.person_id, community_id=event.community_id)
    relay.tell("close", {"person": event.person_id, "community": event.community_id})


@relay.hears("close")
def hear_close(hint: dict[str, Any]) -> None:
    """Another worker saw somebody leave a community."""
    close_room(hint["person"], community_id=hint["community"])


def close_device(event: SignedOut) -> None:
    """The connections of a sign-in that ended are cut, on any worker."""
    _cut(event.person_id, event.sign_in_id)
    relay.tell("cut", {"person": event.person_id, "sign_in": event.sign_in_id})


def close_person(event: PersonLeft) -> None:
    """The connections of who left the agency are cut, on any worker."""
    _cut(event.person_id, None)
    relay.tell("cut", {"person": event.person_id, "sign_in": None})


@relay.hears("cut")
def hear_cut(hint: dict[str, Any]) -> None:
    """Another worker saw a sign-in end."""
    _cut(hint["person"], hint["sign_in"])


def _cut(person_id: int, sign_in_id: int | None) -> None:
    for connection in connections.of_person(person_id):
        if sign_in_id is None or connection.sign_in_id == sign_in_id:
            cut(connection)


def send_mark(event: TopicSeen) -> None:
    """All tabs of the person agree on what was seen."""
    if relay.others or connections.of_person(event.person_id):
        unread = unread_of_topic(event.person_id, event.topic_id)
        payload = {"room": event.room_id, "topic": event.topic_id, "seq": event.seq, "unread": unread}
        push.to_person(event.person_id, "room:seen", payload)


def show_presence(event: PresenceChosen) -> None:
    """The person's rooms show them, or no more."""
    _show(event.person_id, event.shown)
    relay.tell("presence", {"person": event.person_id, "shown": event.shown})


@relay.hears("presence")
def hear_presence(hint: dict[str, Any]) -> None:
    """Somebody chose on another worker."""
    _show(hint["person"], hint["shown"])


def show_apart(event: Blocked | Unblocked) -> None:
    """Neither sees the other there, or does again."""
    for connection in connections.of_person(event.person_id):
        for room_id in list(connection.rooms):
            pump.stir(room_id)


def _show(person_id: int, shown: bool) -> None:
    for connection in connections.of_person(person_id):
        connection.shown = shown
        for room_id in list(connection.rooms):
            pump.stir(room_id)
