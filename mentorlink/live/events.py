"""How an event from a socket reaches a handler: counted, with the actor as they are now, refusals as codes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from flask import Flask, current_app, request
from flask_socketio import ConnectionRefusedError
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from mentorlink.community.queries import shows_presence
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import Denied, DomainError, NotFound
from mentorlink.live.connections import PER_PERSON, Connection, connections
from mentorlink.live.elsewhere import elsewhere
from mentorlink.live.gate import SIGN_IN
from mentorlink.live.pump import cut, pump
from mentorlink.live.push import EVERYONE, catch_up, person_channel
from mentorlink.live.relay import relay
from mentorlink.live.server import socketio
from mentorlink.people.queries import actor_of_sign_in, person_of_sign_in

Handler = Callable[[Actor, Connection, dict[str, Any]], Any]

hearers: dict[str, Handler] = {}
"""Event → what answers it."""

log = structlog.get_logger(__name__)


def on(name: str) -> Callable[[Handler], Handler]:
    """Make a function the handler of event ``name``; what it returns is the acknowledgement."""

    def decorate(handler: Handler) -> Handler:
        hearers[name] = handler
        return handler

    return decorate


def hear_all(app: Flask) -> None:
    """Let the server know the handlers. They need no request, only the application: one made for each event would cost more
    than most of them do."""
    for name, handler in hearers.items():
        socketio.server.on(name, partial(_hear, app, handler))


def _hear(app: Flask, handler: Handler, sid: str, payload: Any = None, *_more: Any) -> Any:
    connection = connections.get(sid)
    if connection is None:
        return {"error": "not_connected"}
    if not connection.may_speak():
        return {"error": "too_many"}
    with app.app_context():
        try:
            actor = actor_of_sign_in(connection.sign_in_id, door="socket")
            if actor is None:
                cut(connection)
                return {"error": "not_signed_in"}
            return _answer(handler, actor, connection, payload)
        except Exception as error:  # the line stays when a handler fails
            return failed(error)


def _answer(handler: Handler, actor: Actor, connection: Connection, payload: Any) -> Any:
    try:
        return handler(actor, connection, payload if isinstance(payload, dict) else {})
    except (NotFound, Denied):
        return {"error": "not_found"}
    except DomainError as error:
        return {"error": error.code}


@socketio.on("connect")
def connect(auth: Any = None) -> None:
    """Take in who the gate let pass, if the page is ours and the person has not too many lines open."""
    if current_app.config.get("WTF_CSRF_ENABLED", True):
        try:
            validate_csrf(auth.get("csrf") if isinstance(auth, dict) else None)
        except ValidationError:
            raise ConnectionRefusedError("csrf") from None
    person = person_of_sign_in(request.environ.get(SIGN_IN, 0))
    if person is None:
        raise ConnectionRefusedError("not_signed_in")
    sid = request.sid  # type: ignore[attr-defined]  # set by Flask-SocketIO
    connection = Connection(
        sid=sid, person_id=person.id, sign_in_id=request.environ[SIGN_IN], name=person.name, shown=shows_presence(person.id)
    )
    if elsewhere.lines(person.id) + len(connections.of_person(person.id)) >= PER_PERSON or not connections.add(connection):
        raise ConnectionRefusedError("too_many")
    pump.start(current_app._get_current_object())  # type: ignore[attr-defined]  # the pump outlives this context
    _tell_lines(person.id)
    for channel in (person_channel(person.id), EVERYONE):
        socketio.server.enter_room(sid, channel)
    catch_up(sid, person.id, auth.get("age") if isinstance(auth, dict) else None)


@socketio.on("disconnect")
def disconnect(*_reason: Any) -> None:
    """Forget who went."""
    connection = connections.remove(request.sid)  # type: ignore[attr-defined]  # set by Flask-SocketIO
    if connection is not None:
        _tell_lines(connection.person_id)
        for room_id in list(connection.rooms):
            pump.unfollow(room_id)
            pump.stir(room_id)


def _tell_lines(person_id: int) -> None:
    """The other workers count this person's lines here with theirs."""
    relay.tell("lines", {"people": [(person_id, len(connections.of_person(person_id)))]})


@socketio.on_error_default
def failed(error: Exception) -> dict[str, str]:
    """Keep the line when a handler fails."""
    log.exception("socket event failed", error=repr(error))
    return {"error": "failed"}
