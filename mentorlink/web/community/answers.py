"""Answering without words, polls, pins, and what one may do with a message."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mentorlink.community import actions, policy, queries
from mentorlink.community.inputs import PinInput, PollInput, ReactionInput, VoteInput
from mentorlink.community.models import REACTIONS, Message
from mentorlink.community.policy.safety import may_moderate
from mentorlink.community.queries.safety import is_locked
from mentorlink.community.rules import new_client_id
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.web.community.frame import pages, wants_json
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in


@pages.get("/messages/<int:message_id>/acts")
@signed_in
def acts(message_id: int) -> str:
    """A message with everything one may do with it, and who answered it."""
    return _acts_page(queries.message_for(actor(), message_id))


@pages.post("/messages/<int:message_id>/react")
@signed_in
def react(message_id: int) -> ResponseReturnValue:
    """Answer without words, or take that back."""
    found = queries.message_for(actor(), message_id)
    actions.react(actor(), found, read_form(ReactionInput, request.form))
    return _done(found)


@pages.post("/messages/<int:message_id>/pin")
@signed_in
def pin(message_id: int) -> ResponseReturnValue:
    """Pin a message to its topic, or take the pin out."""
    found = queries.message_for(actor(), message_id)
    actions.pin_message(actor(), found, read_form(PinInput, request.form))
    return _done(found)


@pages.post("/messages/<int:message_id>/vote")
@signed_in
def vote(message_id: int) -> ResponseReturnValue:
    """Choose in a poll."""
    found = queries.message_for(actor(), message_id)
    actions.vote(actor(), found, read_form(VoteInput, request.form))
    return _done(found)


@pages.post("/messages/<int:message_id>/close-poll")
@signed_in
def close_poll(message_id: int) -> ResponseReturnValue:
    """End a poll."""
    found = queries.message_for(actor(), message_id)
    actions.close_poll(actor(), found)
    return _done(found)


@pages.get("/rooms/<int:room_id>/polls/new")
@signed_in
def new_poll(room_id: int) -> str:
    """A question with options."""
    found = queries.room_for(actor(), room_id)
    form = Form({"topic_id": request.args.get("topic", type=int), "client_id": new_client_id()})
    return render_template("community/room_poll_form.html", room=found, topics=queries.topics_for(actor(), found), form=form)


@pages.post("/rooms/<int:room_id>/polls")
@signed_in
def ask_poll(room_id: int) -> ResponseReturnValue:
    """Ask it."""
    found = queries.room_for(actor(), room_id)
    try:
        posted = actions.ask_poll(actor(), found, read_form(PollInput, request.form))
    except Invalid as error:
        topics = queries.topics_for(actor(), found)
        return render_template("community/room_poll_form.html", room=found, topics=topics, form=sent(error)), 422
    return redirect(url_for("community.room", room_id=room_id, topic=posted.topic_id, _anchor=f"m-{posted.id}"), 303)


def _done(found: Message) -> ResponseReturnValue:
    if wants_json():
        return "", 204
    flash(_("Saved."), "good")
    return redirect(url_for("community.acts", message_id=found.id), 303)


def _acts_page(found: Message) -> str:
    who = actor()
    return render_template(
        "community/room_message.html",
        message=found,
        names=queries.people_of(who, found),
        codes=REACTIONS,
        mine=found.author_id == who.person_id,
        may_pin=policy.may_pin_message(who, found),
        may_delete=policy.may_delete_message(who, found),
        may_move=policy.may_move_message(who, found),
        may_close=policy.may_close_poll(who, found),
        topics=queries.topics_for(who, found.room) if policy.may_move_message(who, found) else [],
        may_moderate=may_moderate(who, found.room.community),
        locked=is_locked(found.topic_id),
    )
