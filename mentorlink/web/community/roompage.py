"""A room's page."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mentorlink.community import policy, queries
from mentorlink.community.models import Room, Topic
from mentorlink.community.queries import Window
from mentorlink.community.queries.safety import glass_lines, last_before
from mentorlink.community.rules import new_client_id
from mentorlink.web.forms import Form
from mentorlink.web.guard import actor


def room_page(found: Room, form: Form | None = None) -> ResponseReturnValue:
    """The page; a topic or message that stands in another room now is shown there."""
    who = actor()
    cursor = queries.newest_entry(found)  # first: what is said from here on comes twice rather than never
    by_room, by_topic = queries.unread_in(who, found.community_id)
    lines = queries.topics_for(who, found, unread=by_topic)
    topic, window = _opened(found, lines)
    if topic.room_id != found.id:
        return redirect(url_for("community.room", room_id=topic.room_id, topic=topic.id, m=request.args.get("m")), 303)
    standing = queries.standing_of(who, topic)
    told = glass_lines(found.id) if standing.glass else []
    return render_template(
        "community/room.html",
        room=found,
        topic=topic,
        topics=lines,
        window=window,
        cursor=cursor,
        role=policy.role_in(who, found.community_id),
        may_rename=policy.may_rename_topic(who, topic),
        may_settle=policy.may_settle_topic(who, topic),
        may_merge=policy.may_merge_topic(who, topic),
        may_move=policy.may_move_topic(who, topic),
        still=standing.still,
        choice=next((line.choice for line in lines if line.topic.id == topic.id), "normal"),
        room_choice=standing.choice,
        glass_lines=told,
        edge=last_before(topic, window.messages[0].seq) if told and window.older else 0,
        pinned=queries.pinned_for(who, topic),
        rooms=queries.rooms_of(who, found.community, unread=by_room),
        shown=standing.shown,
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
        return there.topic, queries.window_for(who, there.topic, around=there.seq)
    topic_id = request.args.get("topic", type=int) or request.form.get("topic_id", type=int)
    topic = queries.topic_for(who, topic_id) if topic_id else queries.opening_topic(lines)
    before, after = request.args.get("before", type=int), request.args.get("after", type=int)
    if before is not None:
        return topic, queries.older_for(who, topic, before)
    if after is not None:
        return topic, queries.newer_for(who, topic, after)
    return topic, queries.window_for(who, topic)
