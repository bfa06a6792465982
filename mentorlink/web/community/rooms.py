"""Pages of rooms and topics."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mentorlink.community import actions, queries, shapes
from mentorlink.community.inputs import (
    PresenceInput,
    RoomInput,
    SeenInput,
    TitleInput,
    TopicInput,
)
from mentorlink.community.models import Room
from mentorlink.community.rules import new_client_id
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.web.community.frame import facilitated, pages, render, room_name, wants_json
from mentorlink.web.community.roompage import room_page
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in, unasked
from mentorlink.web.words import error_sentence


@pages.get("/communities/<int:community_id>/rooms/new")
@signed_in
def new_room(community_id: int) -> str:
    """Another room."""
    return render_template("community/room_form.html", community=facilitated(community_id), room=None, form=None)


@pages.post("/communities/<int:community_id>/rooms")
@signed_in
def create_room(community_id: int) -> ResponseReturnValue:
    """Create it."""
    community = queries.community_for(actor(), community_id)
    try:
        made = actions.create_room(actor(), community, read_form(RoomInput, request.form))
    except Invalid as error:
        return render_template("community/room_form.html", community=community, room=None, form=sent(error)), 422
    except Conflict as error:
        form = _taken(error, "name")
        return render_template("community/room_form.html", community=facilitated(community_id), room=None, form=form), 409
    return redirect(url_for("community.room", room_id=made.id), 303)


@pages.get("/rooms/<int:room_id>/edit")
@signed_in
def edit_room(room_id: int) -> str:
    """Change a room's name and purpose."""
    found = queries.room_for(actor(), room_id)
    facilitated(found.community_id)
    form = Form({"name": room_name(found.name), "purpose": found.purpose})
    return render_template("community/room_form.html", community=found.community, room=found, form=form)


@pages.post("/rooms/<int:room_id>")
@signed_in
def change_room(room_id: int) -> ResponseReturnValue:
    """Change it."""
    found = queries.room_for(actor(), room_id)
    try:
        actions.change_room(actor(), found, read_form(RoomInput, request.form))
    except Invalid as error:
        return render_template("community/room_form.html", community=found.community, room=found, form=sent(error)), 422
    except Conflict as error:
        form, found = _taken(error, "name"), queries.room_for(actor(), room_id)
        return render_template("community/room_form.html", community=found.community, room=found, form=form), 409
    return redirect(url_for("community.room", room_id=room_id), 303)


@pages.get("/rooms/<int:room_id>")
@signed_in
def room(room_id: int) -> ResponseReturnValue:
    """A room, opened in one topic at what is new."""
    return room_page(queries.room_for(actor(), room_id))


@pages.get("/rooms/<int:room_id>/topics/new")
@signed_in
def new_topic(room_id: int) -> str:
    """A new topic and its first message."""
    found = queries.room_for(actor(), room_id)
    return _topic_form(found, None)


@pages.post("/rooms/<int:room_id>/topics")
@signed_in
def create_topic(room_id: int) -> ResponseReturnValue:
    """Start it."""
    found = queries.room_for(actor(), room_id)
    try:
        posted = actions.start_topic(actor(), found, read_form(TopicInput, request.form))
    except Invalid as error:
        return _topic_form(found, sent(error)), 422
    except Conflict as error:
        return _topic_form(queries.room_for(actor(), room_id), _taken(error, "title")), 409
    return redirect(url_for("community.room", room_id=room_id, topic=posted.topic_id), 303)


@pages.post("/topics/<int:topic_id>")
@signed_in
def rename_topic(topic_id: int) -> ResponseReturnValue:
    """Give a topic another title."""
    topic = queries.topic_for(actor(), topic_id)
    room_id = topic.room_id
    try:
        actions.rename_topic(actor(), topic, read_form(TitleInput, request.form))
    except Conflict as error:
        if error.code != "topic_title_taken":
            raise
        flash(error_sentence(error), "bad")
    return redirect(url_for("community.room", room_id=room_id, topic=topic_id), 303)


def _taken(error: Conflict, field: str) -> Form:
    """The form as it was sent, with the refusal beside the name that is taken; another refusal goes on."""
    if error.code not in ("topic_title_taken", "room_name_taken"):
        raise error
    form = sent()
    form.errors[field] = [error_sentence(error)]
    return form


def _topic_form(room: Room, form: Form | None) -> str:
    client_id = request.form.get("client_id") or new_client_id()
    return render_template("community/topic_form.html", room=room, form=form, client_id=client_id)


@pages.get("/topics/<int:topic_id>/messages")
@signed_in
def topic_messages(topic_id: int) -> ResponseReturnValue:
    """More of a topic, before or after a number, as the page's own pieces."""
    topic = queries.topic_for(actor(), topic_id)
    before, after = request.args.get("before", type=int), request.args.get("after", type=int)
    window = queries.newer_for(actor(), topic, after) if after is not None else queries.older_for(actor(), topic, before or 2**53)
    html = render_template("community/_messages.html", messages=window.messages)
    return jsonify(html=html, older=window.older, newer=window.newer)


@pages.get("/rooms/<int:room_id>/events")
@signed_in
@unasked
def room_events(room_id: int) -> ResponseReturnValue:
    """What came since a cursor, for clients without a socket."""
    found = queries.room_for(actor(), room_id)
    after, stamp = request.args.get("after", 0, type=int), request.args.get("stamp", "")[:8]
    return jsonify(shapes.news(queries.news_for(actor(), found, after=after, stamp=stamp), render()))


@pages.get("/rooms/<int:room_id>/unread")
@signed_in
@unasked
def room_unread(room_id: int) -> ResponseReturnValue:
    """Unseen messages by topic, and the topics in their order."""
    lines = queries.topics_for(actor(), queries.room_for(actor(), room_id))
    return jsonify(topics={line.topic.id: line.unread for line in lines if line.unread}, order=[line.topic.id for line in lines])


@pages.post("/rooms/<int:room_id>/seen")
@signed_in
def seen(room_id: int) -> ResponseReturnValue:
    """Note how far a topic was on the screen."""
    actions.mark_seen(actor(), queries.room_for(actor(), room_id), read_form(SeenInput, request.form))
    return "", 204


@pages.post("/rooms/<int:room_id>/read")
@signed_in
def read_room(room_id: int) -> ResponseReturnValue:
    """Mark everything in the room as seen."""
    actions.mark_room_read(actor(), queries.room_for(actor(), room_id))
    return redirect(url_for("community.room", room_id=room_id), 303)


@pages.post("/presence")
@signed_in
def presence() -> ResponseReturnValue:
    """Choose whether members of my rooms see when I am there."""
    actions.choose_presence(actor(), read_form(PresenceInput, request.form))
    if wants_json():
        return "", 204
    return redirect(request.referrer or url_for("community.index"), 303)
