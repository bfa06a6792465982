"""Pages of messages."""

from __future__ import annotations

from flask import jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mentorlink.community import actions, policy, queries
from mentorlink.community.inputs import (
    EditInput,
    MessageInput,
)
from mentorlink.community.inputs.safety import ReasonInput
from mentorlink.community.rules import unlink_names
from mentorlink.kernel.actions import ensure
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.web.community.files import bring
from mentorlink.web.community.frame import pages, wants_json
from mentorlink.web.community.roompage import room_page
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in


@pages.post("/rooms/<int:room_id>/messages")
@signed_in
def post(room_id: int) -> ResponseReturnValue:
    """Say something: a form, or a fetch that wants the receipt."""
    found = queries.room_for(actor(), room_id)
    try:
        said = read_form(MessageInput, request.form)
        if request.files:
            said = said.model_copy(update={"files": (*said.files, *bring(found))})
        posted = actions.post_message(actor(), found, said)
    except Invalid as error:
        if wants_json():
            return jsonify(errors=sent(error).errors), 422
        return make_response(room_page(found, form=sent(error)), 422)
    if wants_json():
        return jsonify(seq=posted.seq, id=posted.id, duplicate=posted.duplicate)
    return redirect(url_for("community.room", room_id=room_id, topic=posted.topic_id, _anchor=f"m-{posted.id}"), 303)


@pages.get("/messages/<int:message_id>")
@signed_in
def message(message_id: int) -> ResponseReturnValue:
    """The permanent address of a message: its room, opened there."""
    found = queries.message_for(actor(), message_id)
    here = url_for("community.room", room_id=found.room_id, topic=found.topic_id, m=message_id, _anchor=f"m-{message_id}")
    return redirect(here, 303)


@pages.get("/messages/<int:message_id>/edit")
@signed_in
def edit_message(message_id: int) -> ResponseReturnValue:
    """Edit a message; for a fetch, its words as written."""
    found = queries.message_for(actor(), message_id)
    if not policy.may_edit_message(actor(), found) or found.deleted_at:
        return redirect(url_for("community.message", message_id=message_id), 303)
    if wants_json():
        return jsonify(body=found.body, version=found.version)
    form = Form({"body": unlink_names(found.body), "version": found.version})
    return render_template("community/message_form.html", message=found, form=form)


@pages.post("/messages/<int:message_id>")
@signed_in
def change_message(message_id: int) -> ResponseReturnValue:
    """Change it."""
    found = queries.message_for(actor(), message_id)
    try:
        actions.edit_message(actor(), found, read_form(EditInput, request.form))
    except Invalid as error:
        if wants_json():
            return jsonify(errors=sent(error).errors), 422
        return render_template("community/message_form.html", message=found, form=sent(error)), 422
    if wants_json():
        return "", 204
    return redirect(url_for("community.message", message_id=message_id), 303)


@pages.get("/messages/<int:message_id>/delete")
@signed_in
def confirm_delete(message_id: int) -> str:
    """Ask before taking a message away; of what somebody else said also why."""
    found = queries.message_for(actor(), message_id)
    ensure(policy.may_delete_message, actor(), found)
    return render_template("community/message_delete.html", message=found, mine=actor().is_person(found.author_id))


@pages.post("/messages/<int:message_id>/delete")
@signed_in
def delete_message(message_id: int) -> ResponseReturnValue:
    """Take a message away."""
    found = queries.message_for(actor(), message_id)
    here = url_for("community.room", room_id=found.room_id, topic=found.topic_id, m=message_id, _anchor=f"m-{message_id}")
    actions.delete_message(actor(), found, read_form(ReasonInput, request.form))
    return ("", 204) if wants_json() else redirect(here, 303)


@pages.get("/messages/<int:message_id>/history")
@signed_in
def history(message_id: int) -> str:
    """What a message said before."""
    found = queries.message_for(actor(), message_id)
    return render_template("community/history.html", message=found, versions=queries.versions_for(actor(), found))
