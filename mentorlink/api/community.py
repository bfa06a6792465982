"""JSON of communities: my communities, a room's topics and messages, what came since a cursor, saying something."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from mentorlink.api.guard import actor, number, read_json, signed_in
from mentorlink.community import actions, queries, shapes
from mentorlink.community.inputs import EditInput, MessageInput, PinInput, ReactionInput, SeenInput, VoteInput
from mentorlink.community.inputs.safety import ReasonInput

api = APIBlueprint("api_community", __name__)


@api.get("/communities")
@signed_in
def communities() -> dict[str, Any]:
    """The communities I belong to, with what I have not seen, and those I could join."""
    found = queries.communities_for(actor())
    return {
        "mine": [shapes.community(line.community) | {"role": line.role, "unread": line.unread} for line in found.mine],
        "invited": [shapes.community(line.community) for line in found.invited],
        "others": [shapes.community(line.community) for line in found.others],
    }


@api.get("/communities/<int:community_id>/rooms")
@signed_in
def rooms(community_id: int) -> dict[str, Any]:
    """The rooms of a community, with what I have not seen."""
    who = actor()
    community = queries.community_for(who, community_id)
    return {"rooms": [shapes.room(room, unread) for room, unread in queries.rooms_of(who, community)]}


@api.get("/rooms/<int:room_id>")
@signed_in
def room(room_id: int) -> dict[str, Any]:
    """A room with its topics."""
    found = queries.room_for(actor(), room_id)
    return shapes.room(found) | {"topics": [shapes.topic(line) for line in queries.topics_for(actor(), found)]}


@api.get("/topics/<int:topic_id>/messages")
@signed_in
def messages(topic_id: int) -> dict[str, Any]:
    """Messages of a topic: before or after a number, else the newest."""
    who = actor()
    topic = queries.topic_for(who, topic_id)
    if "after" in request.args:
        window = queries.newer_for(who, topic, number("after", 1, most=2**53))
    else:
        window = queries.older_for(who, topic, number("before", 2**53, most=2**53))
    return {"messages": [shapes.message(row) for row in window.messages], "older": window.older, "newer": window.newer}


@api.get("/rooms/<int:room_id>/events")
@signed_in
def events(room_id: int) -> dict[str, Any]:
    """What came since a cursor: entries of the room's log in order. ``reload``: begin afresh."""
    found = queries.room_for(actor(), room_id)
    after = number("after", 0, most=2**53) if request.args.get("after", "0") != "0" else 0
    return shapes.news(queries.news_for(actor(), found, after=after, stamp=request.args.get("stamp", "")[:8]), None)


@api.post("/rooms/<int:room_id>/messages")
@signed_in
def post(room_id: int) -> tuple[dict[str, Any], int]:
    """Say something. The same ``client_id`` again gives the same receipt, marked as a duplicate."""
    posted = actions.post_message(actor(), queries.room_for(actor(), room_id), read_json(MessageInput))
    return shapes.receipt(posted)


@api.get("/messages/<int:message_id>")
@signed_in
def message(message_id: int) -> dict[str, Any]:
    """A message as it is now."""
    return shapes.message(queries.message_for(actor(), message_id))


@api.post("/messages/<int:message_id>")
@signed_in
def edit(message_id: int) -> tuple[str, int]:
    """Put other words to a message of mine; with ``version``, refused where somebody edited it in the meantime."""
    actions.edit_message(actor(), queries.message_for(actor(), message_id), read_json(EditInput))
    return "", 204


@api.post("/messages/<int:message_id>/delete")
@signed_in
def delete(message_id: int) -> tuple[str, int]:
    """Take my words away; a facilitator those of others, with a ``reason``."""
    actions.delete_message(actor(), queries.message_for(actor(), message_id), read_json(ReasonInput))
    return "", 204


@api.post("/messages/<int:message_id>/react")
@signed_in
def react(message_id: int) -> tuple[str, int]:
    """Answer without words, or take that back."""
    actions.react(actor(), queries.message_for(actor(), message_id), read_json(ReactionInput))
    return "", 204


@api.post("/messages/<int:message_id>/vote")
@signed_in
def vote(message_id: int) -> tuple[str, int]:
    """Choose in a poll by the places of its options; none takes the vote back."""
    actions.vote(actor(), queries.message_for(actor(), message_id), read_json(VoteInput))
    return "", 204


@api.post("/messages/<int:message_id>/pin")
@signed_in
def pin(message_id: int) -> tuple[str, int]:
    """Pin a message to its topic, or unpin it."""
    actions.pin_message(actor(), queries.message_for(actor(), message_id), read_json(PinInput))
    return "", 204


@api.post("/rooms/<int:room_id>/seen")
@signed_in
def seen(room_id: int) -> tuple[str, int]:
    """Note how far a topic was seen."""
    actions.mark_seen(actor(), queries.room_for(actor(), room_id), read_json(SeenInput))
    return "", 204
