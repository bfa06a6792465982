"""Pages of safety: reporting, what waits for moderators, what they did, appeals, the broken glass, one's own words."""

from __future__ import annotations

import json

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mentorlink.community import queries
from mentorlink.community.actions import safety as actions
from mentorlink.community.inputs.safety import (
    AppealAnswerInput,
    AppealInput,
    CommunityRuleInput,
    GlassInput,
    ModeratorInput,
    ReasonInput,
    ReportInput,
    RoomRuleInput,
    SettleReportInput,
)
from mentorlink.community.models import Community
from mentorlink.community.policy import role_in
from mentorlink.community.policy import safety as policy
from mentorlink.community.queries import safety as reads
from mentorlink.community.queries.gatherings import members_by_id
from mentorlink.kernel.actions import ensure
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Invalid, NotFound
from mentorlink.kernel.inputs import read_form
from mentorlink.people.models import Person
from mentorlink.web.community.frame import pages
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, requires, signed_in


@pages.get("/messages/<int:message_id>/report")
@signed_in
def report_form(message_id: int) -> str:
    """Tell the moderators of a message."""
    found = queries.message_for(actor(), message_id)
    ensure(policy.may_report_message, actor(), found)
    return render_template("community/report.html", message=found, person=found.author, community=found.room.community, form=None)


@pages.get("/communities/<int:community_id>/members/<int:person_id>/report")
@signed_in
def report_member(community_id: int, person_id: int) -> str:
    """Tell the moderators of how a member behaves."""
    community = queries.community_for(actor(), community_id)
    ensure(policy.may_report_person, actor(), community, person_id)
    return _member_report(community, person_id)


@pages.post("/messages/<int:message_id>/report")
@signed_in
def report_message(message_id: int) -> ResponseReturnValue:
    """Do it."""
    found = queries.message_for(actor(), message_id)
    room_id, topic_id = found.room_id, found.topic_id
    actions.report_message(actor(), found, read_form(ReportInput, request.form))
    flash(_("Thank you. The moderators look at it; nobody learns who told them."), "good")
    return redirect(url_for("community.room", room_id=room_id, topic=topic_id), 303)


@pages.post("/communities/<int:community_id>/members/<int:person_id>/report")
@signed_in
def report_person(community_id: int, person_id: int) -> ResponseReturnValue:
    """Do it."""
    community = queries.community_for(actor(), community_id)
    try:
        actions.report_person(actor(), community, person_id, read_form(ReportInput, request.form))
    except Invalid as error:
        return _member_report(community, person_id, sent(error)), 422
    flash(_("Thank you. The moderators look at it; nobody learns who told them."), "good")
    return redirect(url_for("community.members", community_id=community_id), 303)


@pages.get("/communities/<int:community_id>/moderation")
@signed_in
def moderation(community_id: int) -> str:
    """What moderators did, for every member in kind; for moderators what waits for them."""
    return _page(queries.community_for(actor(), community_id))


@pages.post("/reports/<int:report_id>")
@signed_in
def settle_report(report_id: int) -> ResponseReturnValue:
    """Say what is in a report."""
    report = reads.report_for(actor(), report_id)
    community_id = report.community_id
    actions.settle_report(actor(), report, read_form(SettleReportInput, request.form))
    return _back(community_id)


@pages.post("/messages/<int:message_id>/hide")
@signed_in
def hide_message(message_id: int) -> ResponseReturnValue:
    """Hide what was said."""
    found = queries.message_for(actor(), message_id)
    room_id, topic_id = found.room_id, found.topic_id
    actions.hide_message(actor(), found, read_form(ReasonInput, request.form))
    return redirect(url_for("community.room", room_id=room_id, topic=topic_id), 303)


@pages.post("/messages/<int:message_id>/release")
@signed_in
def release_message(message_id: int) -> ResponseReturnValue:
    """Let everybody read it."""
    row = reads.withheld_for(actor(), message_id)
    community_id = row.community_id
    actions.release_message(actor(), row)
    return _back(community_id)


@pages.post("/messages/<int:message_id>/refuse")
@signed_in
def refuse_message(message_id: int) -> ResponseReturnValue:
    """Keep it hidden."""
    row = reads.withheld_for(actor(), message_id)
    community_id = row.community_id
    actions.refuse_message(actor(), row, read_form(ReasonInput, request.form))
    return _back(community_id)


@pages.post("/topics/<int:topic_id>/lock")
@signed_in
def lock_topic(topic_id: int) -> ResponseReturnValue:
    """Lock a topic, or open it."""
    topic = queries.topic_for(actor(), topic_id)
    actions.lock_topic(actor(), topic, locked=request.form.get("locked") == "1")
    return redirect(url_for("community.room", room_id=topic.room_id, topic=topic_id), 303)


@pages.post("/rooms/<int:room_id>/rule")
@signed_in
def set_room_rule(room_id: int) -> ResponseReturnValue:
    """Lock a room, slow it down, say how long it keeps words."""
    room = queries.room_for(actor(), room_id)
    community_id = room.community_id
    try:
        actions.set_room_rule(actor(), room, read_form(RoomRuleInput, request.form))
    except Invalid as error:
        return _page(queries.community_for(actor(), community_id), sent(error)), 422
    flash(_("Saved."), "good")
    return _back(community_id)


@pages.post("/communities/<int:community_id>/rule")
@signed_in
def set_community_rule(community_id: int) -> ResponseReturnValue:
    """Say what is held for newcomers."""
    community = queries.community_for(actor(), community_id)
    try:
        actions.set_community_rule(actor(), community, read_form(CommunityRuleInput, request.form))
    except Invalid as error:
        return _page(community, sent(error)), 422
    flash(_("Saved."), "good")
    return _back(community_id)


@pages.post("/communities/<int:community_id>/moderators")
@signed_in
def name_moderator(community_id: int) -> ResponseReturnValue:
    """Name who looks after reports."""
    community = queries.community_for(actor(), community_id)
    actions.name_moderator(actor(), community, read_form(ModeratorInput, request.form))
    return _back(community_id)


@pages.get("/moderation/<int:act_id>")
@signed_in
def moderation_act(act_id: int) -> str:
    """Something that concerns me, and the way to appeal."""
    return _act_page(act_id)


@pages.post("/moderation/<int:act_id>/appeal")
@signed_in
def appeal(act_id: int) -> ResponseReturnValue:
    """Say why it was wrong."""
    try:
        actions.appeal(actor(), reads.act_for(actor(), act_id), read_form(AppealInput, request.form))
    except Invalid as error:
        return _act_page(act_id, sent(error)), 422
    flash(_("Another moderator looks at it."), "good")
    return redirect(url_for("community.moderation_act", act_id=act_id), 303)


@pages.post("/moderation/<int:act_id>/answer")
@signed_in
def answer_appeal(act_id: int) -> ResponseReturnValue:
    """Let it stand, or undo it."""
    actions.answer_appeal(actor(), reads.act_for(actor(), act_id), read_form(AppealAnswerInput, request.form))
    return redirect(url_for("community.moderation_act", act_id=act_id), 303)


@pages.get("/break-glass")
@requires(Role.ADMINISTRATOR)
def glasses() -> str:
    """Ask to read what is closed to administrators, and agree with another."""
    who = actor()
    return render_template(
        "community/glasses.html", glasses=reads.glasses_for(who), communities=reads.closed_communities_for(who), form=None
    )


@pages.post("/break-glass")
@requires(Role.ADMINISTRATOR)
def ask_for_glass() -> ResponseReturnValue:
    """Ask for it."""
    who = actor()
    community = db.session.get(Community, request.form.get("community_id", 0, type=int))
    if community is None:
        raise NotFound()
    form = request.form.copy()
    form.pop("community_id")
    try:
        made = actions.ask_for_glass(who, community, read_form(GlassInput, form))
    except Invalid as error:
        listed = {"glasses": reads.glasses_for(who), "communities": reads.closed_communities_for(who)}
        return render_template("community/glasses.html", form=sent(error), **listed), 422
    flash(_("Another administrator has to agree. Then every member is told."), "info")
    return redirect(url_for("community.glass", glass_id=made.id), 303)


@pages.get("/break-glass/<int:glass_id>")
@requires(Role.ADMINISTRATOR)
def glass(glass_id: int) -> str:
    """One glass: whether it is broken, and what is behind it for who may read."""
    row = reads.glass_for(actor(), glass_id)
    reading = policy.may_read_through_glass(actor(), row)
    before = request.args.get("before", type=int)
    return render_template(
        "community/glass.html",
        glass=row,
        agrees=policy.may_break_glass(actor(), row) and row.opened_at is None,
        messages=reads.through_glass(actor(), row, before=before) if reading else None,
    )


@pages.post("/break-glass/<int:glass_id>")
@requires(Role.ADMINISTRATOR)
def break_glass(glass_id: int) -> ResponseReturnValue:
    """Agree."""
    actions.break_glass(actor(), reads.glass_for(actor(), glass_id))
    return redirect(url_for("community.glass", glass_id=glass_id), 303)


@pages.get("/my-words")
@signed_in
def my_words() -> str:
    """What I have said, to take with me or to take back."""
    return render_template("community/my_words.html", places=reads.own_words_by_community(actor()))


@pages.get("/my-words.json")
@signed_in
def my_words_file() -> Response:
    """Everything I have said, as a file."""
    content = json.dumps(reads.own_words(actor()), ensure_ascii=False, indent=1)
    return Response(content, mimetype="application/json", headers={"Content-Disposition": "attachment; filename=my-words.json"})


@pages.post("/my-words/delete")
@signed_in
def delete_my_words() -> ResponseReturnValue:
    """Take back what I have said, in one community or everywhere."""
    chosen = request.form.get("community_id", type=int)
    community = db.session.get(Community, chosen) if chosen else None
    if chosen and community is None:
        raise NotFound()
    gone = actions.delete_own_words(actor(), community)
    flash(ngettext("%(num)s message has lost its words.", "%(num)s messages have lost their words.", gone), "info")
    return redirect(url_for("community.my_words"), 303)


def _member_report(community: Community, person_id: int, form: Form | None = None) -> str:
    person = db.session.get(Person, person_id)
    if person is None or role_in(Actor(person_id), community.id) is None:
        raise NotFound()
    return render_template("community/report.html", message=None, person=person, community=community, form=form)


def _back(community_id: int) -> ResponseReturnValue:
    return redirect(url_for("community.moderation", community_id=community_id), 303)


def _act_page(act_id: int, form: Form | None = None) -> str:
    who = actor()
    act = reads.act_for(who, act_id)
    return render_template(
        "community/act.html",
        act=act,
        sealed=reads.sealed_for(who, act),
        mine=policy.may_appeal(who, act),
        answers=policy.may_answer_appeal(who, act),
        others=reads.others_answer(who, act),
        form=form,
    )


def _page(community: Community, form: Form | None = None) -> str:
    who = actor()
    sets = policy.may_set_rules(who, community)
    moderators = set(reads.moderator_ids(community.id))
    members = members_by_id(community.id)
    held = reads.held_for(who, community)
    return render_template(
        "community/moderation.html",
        community=community,
        role=role_in(who, community.id),
        acts=reads.acts_for(who, community),
        moderates=policy.may_moderate(who, community),
        sets=sets,
        reports=reads.reports_for(who, community),
        held=held,
        files=reads.files_of([row.message_id for row in held]),
        broken=reads.broken_for(who, community),
        moderators=[(one, name) for one, name in members if one in moderators],
        named=reads.named_moderators(community.id),
        members=members if sets else [],
        rule=reads.rule_of(community.id),
        rooms=queries.rooms_of(who, community) if sets else [],
        room_rules=reads.room_rules_of(community.id),
        form=form,
    )
