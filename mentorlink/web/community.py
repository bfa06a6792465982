"""Pages of communities and their rooms."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mentorlink.community import actions, policy, queries, shapes
from mentorlink.community.inputs import (
    AnswerInput,
    AskInput,
    CommunityInput,
    EditInput,
    InvitationInput,
    MessageInput,
    PresenceInput,
    RoleInput,
    RoomInput,
    SeenInput,
    TitleInput,
    TopicInput,
)
from mentorlink.community.models import Community, Room, Topic
from mentorlink.community.queries import Window
from mentorlink.community.rules import new_client_id, unlink_names
from mentorlink.kernel.actions import ensure
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.people.queries import search_people
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.locale import in_language

pages = Blueprint("community", __name__)
pages.app_template_filter("quoted")(shapes.quoted)


# Communities


@pages.get("/communities")
@signed_in
def index() -> str:
    """My communities with what is unread, and those to join."""
    return render_template("community/index.html", communities=queries.communities_for(actor()))


@pages.get("/communities/new")
@signed_in
def new() -> str:
    """Propose a community."""
    return render_template("community/form.html", community=None, form=None)


@pages.post("/communities")
@signed_in
def create() -> ResponseReturnValue:
    """Create it."""
    try:
        community = actions.create_community(actor(), read_form(CommunityInput, request.form))
    except Invalid as error:
        return render_template("community/form.html", community=None, form=sent(error)), 422
    flash(_("The community is there. Invite the first members."), "good")
    return redirect(url_for("community.members", community_id=community.id), 303)


@pages.get("/communities/<int:community_id>")
@signed_in
def show(community_id: int) -> str:
    """A community: what for, who, which rooms."""
    who = actor()
    community = queries.community_for(who, community_id)
    role = policy.role_in(who, community_id)
    return render_template(
        "community/show.html",
        community=community,
        role=role,
        entry=None if role else queries.entry_of(who, community),
        rooms=queries.rooms_of(who, community),
        members=queries.members_for(who, community, limit=24),
        total=queries.member_count(community_id),
        waiting=sum(entry.kind == "asked" for entry in queries.entries_for(who, community)),
        form=None,
    )


@pages.get("/communities/<int:community_id>/edit")
@signed_in
def edit(community_id: int) -> str:
    """Change its name, purpose, why, and how one joins."""
    community = _facilitated(community_id)
    return render_template("community/form.html", community=community, form=Form(_columns(community)))


@pages.post("/communities/<int:community_id>")
@signed_in
def change(community_id: int) -> ResponseReturnValue:
    """Change it."""
    community = queries.community_for(actor(), community_id)
    try:
        actions.change_community(actor(), community, read_form(CommunityInput, request.form))
    except Invalid as error:
        return render_template("community/form.html", community=community, form=sent(error)), 422
    flash(_("Saved."), "good")
    return redirect(url_for("community.show", community_id=community_id), 303)


# Coming and going


@pages.post("/communities/<int:community_id>/join")
@signed_in
def join(community_id: int) -> ResponseReturnValue:
    """Join at once, or take an invitation."""
    community = queries.community_for(actor(), community_id)
    actions.join_community(actor(), community)
    flash(_("Welcome to %(name)s.", name=community.name), "good")
    return redirect(url_for("community.show", community_id=community_id), 303)


@pages.post("/communities/<int:community_id>/ask")
@signed_in
def ask(community_id: int) -> ResponseReturnValue:
    """Ask to join."""
    actions.ask_to_join(actor(), queries.community_for(actor(), community_id), read_form(AskInput, request.form))
    flash(_("Your request is with the facilitators."), "good")
    return redirect(url_for("community.show", community_id=community_id), 303)


@pages.post("/communities/<int:community_id>/withdraw")
@signed_in
def withdraw(community_id: int) -> ResponseReturnValue:
    """Take the request to join back."""
    actions.withdraw_asking(actor(), queries.community_for(actor(), community_id))
    return redirect(url_for("community.show", community_id=community_id), 303)


@pages.post("/communities/<int:community_id>/decline")
@signed_in
def decline(community_id: int) -> ResponseReturnValue:
    """Decline an invitation."""
    actions.decline_invitation(actor(), queries.community_for(actor(), community_id))
    flash(_("You declined the invitation."), "info")
    return redirect(url_for("community.index"), 303)


@pages.post("/communities/<int:community_id>/leave")
@signed_in
def leave(community_id: int) -> ResponseReturnValue:
    """Leave."""
    actions.leave_community(actor(), queries.community_for(actor(), community_id))
    flash(_("You left the community."), "info")
    return redirect(url_for("community.index"), 303)


@pages.get("/communities/<int:community_id>/members")
@signed_in
def members(community_id: int) -> str:
    """Everyone who belongs; for facilitators also who wishes to, and whom to invite."""
    return _members_page(queries.community_for(actor(), community_id))


@pages.post("/communities/<int:community_id>/invitations")
@signed_in
def invite(community_id: int) -> ResponseReturnValue:
    """Invite a colleague."""
    community = queries.community_for(actor(), community_id)
    try:
        actions.invite_person(actor(), community, read_form(InvitationInput, request.form))
    except Invalid as error:
        return _members_page(community, form=sent(error)), 422
    flash(_("The invitation is on its way."), "good")
    return redirect(url_for("community.members", community_id=community_id), 303)


@pages.post("/communities/<int:community_id>/entries/<int:entry_id>")
@signed_in
def answer(community_id: int, entry_id: int) -> ResponseReturnValue:
    """Let somebody in or not; take an invitation back."""
    community = queries.community_for(actor(), community_id)
    actions.answer_entry(actor(), community, entry_id, read_form(AnswerInput, request.form))
    return redirect(url_for("community.members", community_id=community_id), 303)


@pages.post("/communities/<int:community_id>/members/<int:person_id>/role")
@signed_in
def change_role(community_id: int, person_id: int) -> ResponseReturnValue:
    """Make a member a facilitator, an expert or a member."""
    community = queries.community_for(actor(), community_id)
    actions.change_role(actor(), community, person_id, read_form(RoleInput, request.form))
    return redirect(url_for("community.members", community_id=community_id), 303)


@pages.post("/communities/<int:community_id>/members/<int:person_id>/remove")
@signed_in
def remove(community_id: int, person_id: int) -> ResponseReturnValue:
    """Remove a member."""
    actions.remove_member(actor(), queries.community_for(actor(), community_id), person_id)
    flash(_("The member was removed."), "info")
    return redirect(url_for("community.members", community_id=community_id), 303)


@pages.get("/communities/<int:community_id>/names")
@signed_in
def names(community_id: int) -> ResponseReturnValue:
    """Members whose name begins so, for naming them in a message."""
    found = queries.members_for(
        actor(), queries.community_for(actor(), community_id), text=request.args.get("q", "")[:80], limit=8
    )
    return jsonify(people=[{"id": one.id, "name": one.name, "unit": in_language(one.unit)} for one in found])


# Rooms and topics


@pages.get("/communities/<int:community_id>/rooms/new")
@signed_in
def new_room(community_id: int) -> str:
    """Another room."""
    return render_template("community/room_form.html", community=_facilitated(community_id), room=None, form=None)


@pages.post("/communities/<int:community_id>/rooms")
@signed_in
def create_room(community_id: int) -> ResponseReturnValue:
    """Create it."""
    community = queries.community_for(actor(), community_id)
    try:
        made = actions.create_room(actor(), community, read_form(RoomInput, request.form))
    except Invalid as error:
        return render_template("community/room_form.html", community=community, room=None, form=sent(error)), 422
    return redirect(url_for("community.room", room_id=made.id), 303)


@pages.get("/rooms/<int:room_id>/edit")
@signed_in
def edit_room(room_id: int) -> str:
    """Change a room's name and purpose."""
    found = queries.room_for(actor(), room_id)
    _facilitated(found.community_id)
    form = Form({"name": found.name, "purpose": found.purpose})
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
    return redirect(url_for("community.room", room_id=room_id), 303)


@pages.get("/rooms/<int:room_id>")
@signed_in
def room(room_id: int) -> str:
    """A room, opened in one topic at what is new."""
    return _room_page(queries.room_for(actor(), room_id))


@pages.get("/rooms/<int:room_id>/topics/new")
@signed_in
def new_topic(room_id: int) -> str:
    """A new topic and its first message."""
    found = queries.room_for(actor(), room_id)
    return render_template("community/topic_form.html", room=found, form=None, client_id=new_client_id())


@pages.post("/rooms/<int:room_id>/topics")
@signed_in
def create_topic(room_id: int) -> ResponseReturnValue:
    """Start it."""
    found = queries.room_for(actor(), room_id)
    try:
        posted = actions.start_topic(actor(), found, read_form(TopicInput, request.form))
    except Invalid as error:
        client_id = request.form.get("client_id", "")
        return render_template("community/topic_form.html", room=found, form=sent(error), client_id=client_id), 422
    return redirect(url_for("community.room", room_id=room_id, topic=posted.topic_id), 303)


@pages.post("/topics/<int:topic_id>")
@signed_in
def rename_topic(topic_id: int) -> ResponseReturnValue:
    """Give a topic another title."""
    topic = queries.topic_for(actor(), topic_id)
    actions.rename_topic(actor(), topic, read_form(TitleInput, request.form))
    return redirect(url_for("community.room", room_id=topic.room_id, topic=topic_id), 303)


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
def room_events(room_id: int) -> ResponseReturnValue:
    """What came since a cursor, for clients without a socket."""
    found = queries.room_for(actor(), room_id)
    after, stamp = request.args.get("after", 0, type=int), request.args.get("stamp", "")[:8]
    return jsonify(shapes.news(queries.news_for(actor(), found, after=after, stamp=stamp), _render()))


@pages.get("/rooms/<int:room_id>/unread")
@signed_in
def room_unread(room_id: int) -> ResponseReturnValue:
    """Unseen messages by topic."""
    found = queries.room_for(actor(), room_id)
    return jsonify(topics=queries.unread_by_topic(actor(), found.id))


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
    if _wants_json():
        return "", 204
    return redirect(request.referrer or url_for("community.index"), 303)


# Messages


@pages.post("/rooms/<int:room_id>/messages")
@signed_in
def post(room_id: int) -> ResponseReturnValue:
    """Say something: a form, or a fetch that wants the receipt."""
    found = queries.room_for(actor(), room_id)
    try:
        posted = actions.post_message(actor(), found, read_form(MessageInput, request.form))
    except Invalid as error:
        if _wants_json():
            return jsonify(errors=sent(error).errors), 422
        return _room_page(found, form=sent(error)), 422
    if _wants_json():
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
    if _wants_json():
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
        if _wants_json():
            return jsonify(errors=sent(error).errors), 422
        return render_template("community/message_form.html", message=found, form=sent(error)), 422
    if _wants_json():
        return "", 204
    return redirect(url_for("community.message", message_id=message_id), 303)


@pages.get("/messages/<int:message_id>/delete")
@signed_in
def confirm_delete(message_id: int) -> str:
    """Ask before taking a message away."""
    return render_template("community/message_delete.html", message=queries.message_for(actor(), message_id))


@pages.post("/messages/<int:message_id>/delete")
@signed_in
def delete_message(message_id: int) -> ResponseReturnValue:
    """Take a message away."""
    found = queries.message_for(actor(), message_id)
    here = url_for("community.room", room_id=found.room_id, topic=found.topic_id, m=message_id, _anchor=f"m-{message_id}")
    actions.delete_message(actor(), found)
    return ("", 204) if _wants_json() else redirect(here, 303)


@pages.get("/messages/<int:message_id>/history")
@signed_in
def history(message_id: int) -> str:
    """What a message said before."""
    found = queries.message_for(actor(), message_id)
    return render_template("community/history.html", message=found, versions=queries.versions_for(actor(), found))


# What several pages share


def _room_page(found: Room, form: Form | None = None) -> str:
    who = actor()
    cursor = queries.newest_entry(found)  # first: what is said from here on comes twice rather than never
    lines = queries.topics_for(who, found)
    topic, window = _opened(found, lines)
    return render_template(
        "community/room.html",
        room=found,
        topic=topic,
        topics=lines,
        window=window,
        cursor=cursor,
        role=policy.role_in(who, found.community_id),
        may_rename=policy.may_rename_topic(who, topic),
        rooms=queries.rooms_of(who, found.community),
        shown=queries.shows_presence(int(who.person_id or 0)),
        reply_to=queries.message_for(who, reply) if (reply := request.args.get("reply", type=int)) else None,
        client_id=(form.data.get("client_id") if form else None) or new_client_id(),
        form=form,
    )


def _opened(found: Room, lines: list[Any]) -> tuple[Topic, Window]:
    """The topic that the address names, or the one with news; at the message it names, or at the first unread."""
    who = actor()
    named = request.args.get("m", type=int)
    if named is not None:
        there = queries.message_for(who, named)
        if there.room_id == found.id:
            return there.topic, queries.window_for(who, there.topic, around=there.seq)
    topic_id = request.args.get("topic", type=int) or request.form.get("topic_id", type=int)
    topic = queries.topic_for(who, topic_id) if topic_id else queries.opening_topic(lines)
    before, after = request.args.get("before", type=int), request.args.get("after", type=int)
    if before is not None:
        return topic, queries.older_for(who, topic, before)
    if after is not None:
        return topic, queries.newer_for(who, topic, after)
    return topic, queries.window_for(who, topic)


def _members_page(community: Community, form: Form | None = None) -> str:
    who = actor()
    manages = policy.may_manage_members(who, community)
    text, wanted = request.args.get("q", "")[:80], request.args.get("invite", "")[:80]
    return render_template(
        "community/members.html",
        community=community,
        manages=manages,
        text=text,
        wanted=wanted,
        found=search_people(who, wanted, limit=8) if manages and wanted else [],
        members=queries.members_for(who, community, text=text, limit=200),
        total=queries.member_count(community.id),
        entries=queries.entries_for(who, community),
        form=form,
    )


def _facilitated(community_id: int) -> Community:
    """The community, for those who may change it; its forms do not exist for others."""
    community = queries.community_for(actor(), community_id)
    ensure(policy.may_change_community, actor(), community)
    return community


def _columns(community: Community) -> dict[str, Any]:
    return {name: getattr(community, name) for name in CommunityInput.model_fields}


def _render() -> shapes.Render:
    piece = current_app.jinja_env.get_template("community/_message.html").module.message  # type: ignore[attr-defined]
    return lambda row: str(piece(row)).strip()


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"
