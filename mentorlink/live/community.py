"""Rooms over the socket: hear a room, catch up, type; and what commits mean for those who listen."""

from __future__ import annotations

from typing import Annotated, Any

from flask import current_app
from pydantic import Field

from mentorlink.community import shapes
from mentorlink.community.events import (
    LeftCommunity,
    MemberRemoved,
    PresenceChosen,
    RoomMoved,
    TopicSeen,
)
from mentorlink.community.models import Room
from mentorlink.community.queries import newest_of, news_for, room_for, topic_for, unread_of_topic
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.inputs import Input, read
from mentorlink.live import push
from mentorlink.live.connections import ROOMS, Connection, connections
from mentorlink.live.events import on
from mentorlink.live.pump import close_room, cut, pump, renderer, room_channel
from mentorlink.live.server import socketio
from mentorlink.people.events import PersonLeft, SignedOut

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
    return news | {"here": connections.shown_in(cursor.room)}


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


@on("room:typing")
def type_in_room(actor: Actor, connection: Connection, payload: dict[str, Any]) -> dict[str, Any]:
    """Tell the others that somebody who chose to be seen is typing. It passes, and is written nowhere."""
    typing = read(TypingInput, payload)
    topic = topic_for(actor, typing.topic)
    if connection.shown and topic.room_id == typing.room and typing.room in connection.rooms:
        socketio.emit(
            "room:typing",
            {"room": typing.room, "topic": typing.topic, "by": connection.person_id, "name": connection.name},
            to=room_channel(typing.room),
            skip_sid=connection.sid,
        )
    return {}


def _news(actor: Actor, room: Room, cursor: CursorInput) -> dict[str, Any]:
    found = news_for(actor, room, after=cursor.after, stamp=cursor.stamp)
    return shapes.news(found, renderer(current_app._get_current_object()))  # type: ignore[attr-defined]


# Effects after the commit


def send_room(event: RoomMoved) -> None:
    """The pump reads on."""
    pump.hint(event.room_id)


def close_rooms(event: MemberRemoved | LeftCommunity) -> None:
    """Who belongs no more hears the community's rooms no more."""
    close_room(event.person_id, community_id=event.community_id)


def close_device(event: SignedOut) -> None:
    """The connections of a sign-in that ended are cut."""
    for connection in connections.of_person(event.person_id):
        if connection.sign_in_id == event.sign_in_id:
            cut(connection)


def close_person(event: PersonLeft) -> None:
    """The connections of who left the agency are cut."""
    for connection in connections.of_person(event.person_id):
        cut(connection)


def send_mark(event: TopicSeen) -> None:
    """All tabs of the person agree on what was seen."""
    if connections.of_person(event.person_id):
        unread = unread_of_topic(event.person_id, event.topic_id)
        payload = {"room": event.room_id, "topic": event.topic_id, "seq": event.seq, "unread": unread}
        push.to_person(event.person_id, "room:seen", payload)


def show_presence(event: PresenceChosen) -> None:
    """The person's rooms show them, or no more."""
    for connection in connections.of_person(event.person_id):
        connection.shown = event.shown
        for room_id in connection.rooms:
            pump.stir(room_id)
