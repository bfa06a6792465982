"""The order of a room: topics settled, moved, merged, followed, muted."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mentorlink.community import actions, policy, queries
from mentorlink.community.inputs import ChoiceInput, MergeInput, MoveInput, RoomMoveInput, SettleInput
from mentorlink.community.models import Topic
from mentorlink.kernel.actions import ensure
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.web.community.frame import pages, wants_json
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in


@pages.post("/topics/<int:topic_id>/settle")
@signed_in
def settle_topic(topic_id: int) -> ResponseReturnValue:
    """Mark a topic as settled, or open it again."""
    topic = queries.topic_for(actor(), topic_id)
    actions.settle_topic(actor(), topic, read_form(SettleInput, request.form))
    return redirect(url_for("community.room", room_id=topic.room_id, topic=topic.id), 303)


@pages.get("/topics/<int:topic_id>/merge")
@signed_in
def merge_form(topic_id: int) -> str:
    """Which topic shall take this one in?"""
    topic = queries.topic_for(actor(), topic_id)
    ensure(policy.may_merge_topic, actor(), topic)
    lines = queries.topics_for(actor(), topic.room)
    return render_template("community/room_topic_merge.html", topic=topic, topics=lines, form=None)


@pages.post("/topics/<int:topic_id>/merge")
@signed_in
def merge_topic(topic_id: int) -> ResponseReturnValue:
    """Let another topic take this one in."""
    topic = queries.topic_for(actor(), topic_id)
    try:
        target = actions.merge_topic(actor(), topic, read_form(MergeInput, request.form))
    except Invalid as error:
        lines = queries.topics_for(actor(), topic.room)
        return render_template("community/room_topic_merge.html", topic=topic, topics=lines, form=sent(error)), 422
    flash(_("The two topics are one now."), "good")
    return redirect(url_for("community.room", room_id=target.room_id, topic=target.id), 303)


@pages.get("/topics/<int:topic_id>/room")
@signed_in
def room_form(topic_id: int) -> str:
    """To which room shall the topic go?"""
    topic = queries.topic_for(actor(), topic_id)
    ensure(policy.may_move_topic, actor(), topic)
    return _room_form(topic)


@pages.post("/topics/<int:topic_id>/room")
@signed_in
def move_topic(topic_id: int) -> ResponseReturnValue:
    """Let it stand there."""
    topic = queries.topic_for(actor(), topic_id)
    try:
        target = actions.move_topic(actor(), topic, read_form(RoomMoveInput, request.form))
    except Invalid as error:
        return _room_form(topic, sent(error)), 422
    flash(_("The topic stands in “%(room)s” now.", room=target.name), "good")
    return redirect(url_for("community.room", room_id=target.id, topic=topic_id), 303)


def _room_form(topic: Topic, form: Form | None = None) -> str:
    rooms = [room for room, _unread in queries.rooms_of(actor(), topic.room.community) if room.id != topic.room_id]
    return render_template("community/room_topic_move.html", topic=topic, rooms=rooms, form=form)


@pages.post("/messages/<int:message_id>/move")
@signed_in
def move_message(message_id: int) -> ResponseReturnValue:
    """Move a message, or it and all that follow, to another topic."""
    found = queries.message_for(actor(), message_id)
    target = actions.move_message(actor(), found, read_form(MoveInput, request.form))
    flash(_("Moved."), "good")
    return redirect(url_for("community.room", room_id=target.room_id, topic=target.id, m=message_id), 303)


@pages.post("/topics/<int:topic_id>/choice")
@signed_in
def choose_topic(topic_id: int) -> ResponseReturnValue:
    """Follow a topic, mute it, or neither."""
    topic = queries.topic_for(actor(), topic_id)
    actions.choose_topic(actor(), topic, read_form(ChoiceInput, request.form))
    if wants_json():
        return "", 204
    return redirect(url_for("community.room", room_id=topic.room_id, topic=topic.id), 303)


@pages.post("/rooms/<int:room_id>/choice")
@signed_in
def choose_room(room_id: int) -> ResponseReturnValue:
    """Mute a room, or hear it again."""
    actions.choose_room(actor(), queries.room_for(actor(), room_id), read_form(ChoiceInput, request.form))
    return redirect(url_for("community.room", room_id=room_id), 303)


@pages.get("/topics/<int:topic_id>/pins")
@signed_in
def pins(topic_id: int) -> str:
    """What is pinned in a topic, as the room's page shows it."""
    pinned = queries.pinned_for(actor(), queries.topic_for(actor(), topic_id))
    return render_template("community/_pins.html", pinned=pinned)
