"""Pages of questions, of what a community knows, and of its library."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import pairwise

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mentorlink.community import queries
from mentorlink.community.actions import knowledge as actions
from mentorlink.community.inputs.knowledge import (
    AcceptInput,
    DeclineInput,
    MaterialInput,
    PageInput,
    PageVerdict,
    PointInput,
    QuestionInput,
)
from mentorlink.community.models import Community, Message, Topic
from mentorlink.community.models.knowledge import KnowledgePage, TopicQuestion
from mentorlink.community.policy import knowledge as policy
from mentorlink.community.policy import role_in
from mentorlink.community.queries import knowledge as reads
from mentorlink.community.queries.gatherings import gathering_for
from mentorlink.community.queries.lives import competencies_by_framework
from mentorlink.community.rules.files import Checked, check
from mentorlink.community.rules.knowledge import acceptable, differences
from mentorlink.kernel import clock, settings
from mentorlink.kernel.actions import ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import Fault, Invalid, NotFound
from mentorlink.kernel.inputs import read_form
from mentorlink.kernel.text import markdown
from mentorlink.web.community.frame import pages
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in


@pages.get("/topics/<int:topic_id>/knowledge")
@signed_in
def thread(topic_id: int) -> str:
    """A topic as a question: what it asks, who was asked, which answer helped, which page it became."""
    return _thread_page(queries.topic_for(actor(), topic_id))


@pages.post("/topics/<int:topic_id>/question")
@signed_in
def ask_question(topic_id: int) -> ResponseReturnValue:
    """Say that a topic asks something, and about what."""
    topic = queries.topic_for(actor(), topic_id)
    actions.ask_question(actor(), topic, read_form(QuestionInput, request.form))
    flash(_("If nobody answers within a day, colleagues who know it well are asked."), "good")
    return redirect(url_for("community.thread", topic_id=topic_id), 303)


@pages.post("/topics/<int:topic_id>/accept")
@signed_in
def accept_answer(topic_id: int) -> ResponseReturnValue:
    """Say which answer helped."""
    question = reads.question_of(queries.topic_for(actor(), topic_id).id)
    if question is None:
        raise NotFound()
    actions.accept_answer(actor(), question, read_form(AcceptInput, request.form))
    return redirect(url_for("community.thread", topic_id=topic_id), 303)


@pages.post("/topics/<int:topic_id>/page")
@signed_in
def make_page(topic_id: int) -> ResponseReturnValue:
    """Make a page of a thread."""
    made = actions.make_page(actor(), queries.topic_for(actor(), topic_id))
    flash(_("The thread is a page. Put it in order, then send it to an expert."), "good")
    return redirect(url_for("community.knowledge_page", page_id=made.id), 303)


@pages.get("/questions/<int:asked_id>/help")
@signed_in
def help_page(asked_id: int) -> str:
    """A question that waits for the actor: answer, or say in one tap that not now."""
    asked = reads.help_for(actor(), asked_id)
    return render_template(
        "community/help.html",
        asked=asked,
        question=asked.question,
        community=asked.question.community,
        role=role_in(actor(), asked.question.community_id),
    )


@pages.post("/questions/<int:asked_id>/help")
@signed_in
def take_help(asked_id: int) -> ResponseReturnValue:
    """Go and answer."""
    asked = reads.help_for(actor(), asked_id)
    room_id, topic_id = asked.question.topic.room_id, asked.question.topic_id
    actions.take_help(actor(), asked)
    return redirect(url_for("community.room", room_id=room_id, topic=topic_id), 303)


@pages.post("/questions/<int:asked_id>/decline")
@signed_in
def decline_help(asked_id: int) -> ResponseReturnValue:
    """Not now."""
    said = read_form(DeclineInput, request.form)
    actions.decline_help(actor(), reads.help_for(actor(), asked_id), said)
    flash(_("All right. Somebody else is asked."), "info")
    return redirect(url_for("notifications.settings", _anchor="questions") if said.weeks else url_for("community.index"), 303)


@pages.post("/questions/pause")
@signed_in
def pause_help() -> ResponseReturnValue:
    """Be asked nothing for some weeks, or again from now on."""
    actions.pause_help(actor(), read_form(DeclineInput, request.form))
    flash(_("Saved. You are asked as you wish."), "good")
    return redirect(url_for("notifications.settings", _anchor="questions"), 303)


@pages.get("/communities/<int:community_id>/knowledge")
@signed_in
def knowledge(community_id: int) -> str:
    """What a community asks, knows and keeps."""
    who = actor()
    community = queries.community_for(who, community_id)
    return render_template(
        "community/knowledge.html",
        community=community,
        role=role_in(who, community_id),
        questions=reads.questions_for(who, community),
        pages=reads.pages_for(who, community),
        material=reads.library_for(who, community=community)[1],
        writes=policy.may_make_page(who, community),
        may_drop=partial(policy.may_drop_material, who),
    )


@pages.get("/library")
@signed_in
def library() -> str:
    """Reviewed pages and material of all communities that one may read, for a competency or a word."""
    code, text = request.args.get("competency", "")[:40], request.args.get("q", "")[:80]
    competency = reads.competency_by_code(code) if code else None
    found = reads.library_for(actor(), competency_id=competency.id if competency else None, text=text)
    return render_template("community/library.html", competency=competency, text=text, pages=found[0], material=found[1])


@pages.get("/communities/<int:community_id>/pages/new")
@signed_in
def new_page(community_id: int) -> str:
    """Write a page."""
    community = queries.community_for(actor(), community_id)
    ensure(policy.may_make_page, actor(), community)
    return _page_form(community, Form({"open_to": "members"}))


@pages.post("/communities/<int:community_id>/pages")
@signed_in
def write_page(community_id: int) -> ResponseReturnValue:
    """Keep it."""
    community = queries.community_for(actor(), community_id)
    try:
        made = actions.write_page(actor(), community, read_form(PageInput, request.form))
    except Invalid as error:
        return _page_form(community, sent(error)), 422
    return _to(made)


@pages.get("/pages/<int:page_id>")
@signed_in
def knowledge_page(page_id: int) -> str:
    """A page of knowledge."""
    return _page(reads.page_for(actor(), page_id))


@pages.get("/pages/<int:page_id>/edit")
@signed_in
def edit_page(page_id: int) -> str:
    """Change a page."""
    row = reads.page_for(actor(), page_id)
    ensure(policy.may_edit_page, actor(), row)
    values = {
        "title": row.title, "body": row.body, "open_to": row.open_to, "version": row.version,
        "competency_ids": [str(one.id) for one in row.competencies],
    }  # fmt: skip
    return _page_form(row.community, Form(values), row)


@pages.post("/pages/<int:page_id>")
@signed_in
def change_page(page_id: int) -> ResponseReturnValue:
    """Keep the change as a new version."""
    row = reads.page_for(actor(), page_id)
    try:
        actions.edit_page(actor(), row, read_form(PageInput, request.form))
    except Invalid as error:
        return _page_form(row.community, sent(error), row), 422
    flash(_("Saved."), "good")
    return _to(row)


@pages.post("/pages/<int:page_id>/send")
@signed_in
def send_page(page_id: int) -> ResponseReturnValue:
    """Send a page to an expert."""
    row = reads.page_for(actor(), page_id)
    actions.send_page(actor(), row)
    flash(_("The experts are told."), "good")
    return _to(row)


@pages.post("/pages/<int:page_id>/review")
@signed_in
def review_page(page_id: int) -> ResponseReturnValue:
    """Stand by a page, or send it back."""
    row = reads.page_for(actor(), page_id)
    try:
        actions.review_page(actor(), row, read_form(PageVerdict, request.form))
    except Invalid as error:
        return _page(reads.page_for(actor(), page_id), sent(error)), 422
    flash(_("Done. The authors are told."), "good")
    return _to(row)


@pages.post("/pages/<int:page_id>/withdraw")
@signed_in
def withdraw_page(page_id: int) -> ResponseReturnValue:
    """Withdraw a page."""
    row = reads.page_for(actor(), page_id)
    actions.withdraw_page(actor(), row)
    return _to(row)


@pages.get("/pages/<int:page_id>/versions")
@signed_in
def page_versions(page_id: int) -> str:
    """How a page came about, each version with what it changed."""
    row = reads.page_for(actor(), page_id)
    versions = reads.versions_for(actor(), row)
    before = {new.number: old.body for new, old in pairwise(versions)}
    changes = {one.number: differences(before.get(one.number, ""), one.body) for one in versions[:20]}
    return render_template("community/page_versions.html", page=row, community=row.community, versions=versions, changes=changes)


@pages.get("/communities/<int:community_id>/material/new")
@signed_in
def new_material(community_id: int) -> str:
    """Bring something into the library."""
    community = queries.community_for(actor(), community_id)
    ensure(policy.may_add_material, actor(), community)
    return _material_form(community, Form({"kind": "link", "open_to": "members"}))


@pages.post("/communities/<int:community_id>/material")
@signed_in
def add_material(community_id: int) -> ResponseReturnValue:
    """Keep it."""
    community = queries.community_for(actor(), community_id)
    try:
        actions.add_material(actor(), community, read_form(MaterialInput, request.form), file=_file())
    except Invalid as error:
        return _material_form(community, sent(error)), 422
    flash(_("It is in the library."), "good")
    return redirect(url_for("community.knowledge", community_id=community_id, _anchor="library"), 303)


@pages.get("/material/<int:material_id>")
@signed_in
def material(material_id: int) -> ResponseReturnValue:
    """Take a document away, or go where the material is."""
    row = reads.material_for(actor(), material_id)
    if row.page_id is not None:
        return redirect(url_for("community.knowledge_page", page_id=row.page_id), 303)
    if row.link is not None:
        return render_template("community/material.html", material=row, community=row.community)
    name = f"material-{row.id}.{(row.name or '').rsplit('.', 1)[-1]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(row.content, mimetype=row.media_type, headers=headers)


@pages.post("/material/<int:material_id>/drop")
@signed_in
def drop_material(material_id: int) -> ResponseReturnValue:
    """Take it out of the library."""
    row = reads.material_for(actor(), material_id)
    community_id = row.community_id
    actions.drop_material(actor(), row)
    return redirect(url_for("community.knowledge", community_id=community_id, _anchor="library"), 303)


@pages.post("/gatherings/<int:gathering_id>/material")
@signed_in
def point_gathering(gathering_id: int) -> ResponseReturnValue:
    """Let a gathering point to material."""
    row = gathering_for(actor(), gathering_id)
    chosen = reads.material_for(actor(), read_form(PointInput, request.form).material_id)
    actions.point_gathering(actor(), row, chosen)
    return redirect(url_for("community.gathering", gathering_id=gathering_id, _anchor="material"), 303)


def _to(row: KnowledgePage) -> ResponseReturnValue:
    return redirect(url_for("community.knowledge_page", page_id=row.id), 303)


def _file() -> Checked | None:
    file = request.files.get("file")
    if file is None or not file.filename:
        return None
    content = file.stream.read(settings.current().max_upload_mb * 2**20 + 1)
    try:
        return check(file.filename, content)
    except Invalid as error:
        raise Invalid(*(Fault("file", fault.code, fault.facts) for fault in error.faults)) from None


def _thread_page(topic: Topic) -> str:
    who = actor()
    after = min(request.args.get("after", 0, type=int), 2**53)
    question, thread = reads.question_of(topic.id), reads.thread_for(who, topic, after=after)
    accepts = question is not None and policy.may_accept_answer(who, question)
    return render_template(
        "community/thread.html",
        topic=topic,
        community=topic.room.community,
        question=question,
        thread=thread,
        after=after,
        asks=policy.may_ask_question(who, topic),
        accepts=_acceptable(who, question, thread.messages) if question is not None and accepts else set(),
        may_accept=accepts,
        chooses=question is not None and (who.is_person(question.asker_id) or question.accepted_by_id != question.asker_id),
        writes=policy.may_make_page(who, topic.room.community),
        frameworks=competencies_by_framework(),
    )


def _acceptable(who: Actor, question: TopicQuestion, messages: Iterable[Message]) -> set[int]:
    """Ids of the messages of which the reader may say that they helped."""
    by = {"by_id": int(who.person_id or 0), "asker_id": question.asker_id, "now": clock.now()}
    return {one.id for one in messages if acceptable(one.author_id, one.created_at, **by)}


def _page(row: KnowledgePage, form: Form | None = None) -> str:
    who = actor()
    older = reads.shown_version(who, row)
    return render_template(
        "community/page.html",
        page=row,
        community=row.community,
        role=role_in(who, row.community_id),
        older=older,
        older_html=markdown(older.body) if older else "",
        edits=policy.may_edit_page(who, row),
        reviews=policy.may_review_page(who, row),
        withdraws=policy.may_withdraw_page(who, row),
        experts=len(reads.expert_ids(row.community_id)),
        form=form,
    )


def _page_form(community: Community, form: Form, row: KnowledgePage | None = None) -> str:
    return render_template(
        "community/page_form.html",
        community=community,
        page=row,
        form=form,
        chosen=_chosen(form),
        frameworks=competencies_by_framework(),
    )


def _material_form(community: Community, form: Form) -> str:
    return render_template(
        "community/material_form.html",
        community=community,
        form=form,
        chosen=_chosen(form),
        pages=[row for row in reads.pages_for(actor(), community) if row.state != "withdrawn"],
        frameworks=competencies_by_framework(),
    )


def _chosen(form: Form) -> list[str]:
    chosen = form.data.get("competency_ids", [])
    return [chosen] if isinstance(chosen, str) else list(chosen)
