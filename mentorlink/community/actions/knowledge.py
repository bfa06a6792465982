"""From talk to knowledge: questions and answers, pages that experts stand by, a library."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from mentorlink.community.actions import index
from mentorlink.community.actions.joining import join_community
from mentorlink.community.actions.safety import refuse_held
from mentorlink.community.events.knowledge import (
    AnswerAccepted,
    AnswerDropped,
    HelpSought,
    PageDue,
    PageReturned,
    PageReviewed,
    PageSent,
)
from mentorlink.community.inputs.knowledge import (
    PAGE_LEAST,
    PAGE_MOST,
    TITLE_LEAST,
    AcceptInput,
    DeclineInput,
    MaterialInput,
    PageInput,
    PageVerdict,
    QuestionInput,
)
from mentorlink.community.models.communities import Community
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.models.knowledge import (
    HelpAsked,
    Helper,
    KnowledgePage,
    Material,
    MaterialCompetency,
    MaterialUse,
    PageAuthor,
    PageCompetency,
    PageVersion,
    TopicQuestion,
)
from mentorlink.community.models.lives import Life
from mentorlink.community.models.messages import Message
from mentorlink.community.models.rooms import Topic
from mentorlink.community.policy import knowledge as policy
from mentorlink.community.policy.communities import lives, may_join_community
from mentorlink.community.policy.gatherings import may_add_point
from mentorlink.community.queries import knowledge as queries
from mentorlink.community.queries.lives import competencies_by_id, focus_of
from mentorlink.community.rules import knowledge as rules
from mentorlink.community.rules.files import Checked
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.text import fold, markdown
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.policy import may_change_meeting

THREAD_LINES = 2_000
"""A longer talk is more than one page."""


@action
def ask_question(actor: Actor, topic: Topic, data: QuestionInput) -> TopicQuestion:
    """The topic asks something; if nobody answers for a day, people strong in the competency are asked."""
    ensure(policy.may_ask_question, actor, topic)
    question = queries.question_of(topic.id)
    if question is None:
        asker_id = topic.created_by_id or int(actor.person_id or 0)
        question = TopicQuestion(
            topic_id=topic.id, community_id=topic.room.community_id, asker_id=asker_id, asked_at=topic.created_at,
            competency_id=data.competency_id,
        )  # fmt: skip
        with or_refuse(Conflict("try_again")):
            db.session.add(question)
        db.session.flush()
    elif question.competency_id == data.competency_id:
        return question
    question.competency_id = data.competency_id
    db.session.flush()
    index.put_topic(topic, topic.room)
    if data.competency_id is not None:
        due = max(clock.now(), question.asked_at + rules.UNANSWERED_AFTER)
        key = f"seek:{question.id}:{data.competency_id}:{clock.now().isoformat()}"
        jobs.enqueue("community.seek_help", {"question_id": question.id}, run_at=due, dedupe_key=key)
    return question


@action
def seek_help(actor: Actor, question: TopicQuestion) -> list[int]:
    """Who is strong in it and has room is asked; nobody twice in a week, whoever else asks at the same time."""
    ensure(policy.may_seek_help, actor)
    asked = db.session.scalar(sa.select(sa.func.count()).select_from(HelpAsked).where(HelpAsked.question_id == question.id)) or 0
    if question.competency_id is None or asked >= rules.MOST_ASKED or not lives(question.community_id):
        return []
    if question.accepted_id is not None:
        return []
    _look_again(question)
    if rules.is_answered(queries.last_said(question), clock.now()) is not False:
        return []
    candidates = queries.candidates_of(question)
    room = queries.with_room([one.person_id for one in candidates])
    claimed: list[int] = []
    for person_id in rules.choose(candidates, room, len(candidates)):
        if len(claimed) < rules.ASKED_AT_ONCE and _claim(person_id):
            claimed.append(person_id)
            db.session.add(HelpAsked(question_id=question.id, person_id=person_id, asked_at=clock.now()))
            record(HelpSought(question.id, person_id))
    return claimed


@action
def decline_help(actor: Actor, asked: HelpAsked, data: DeclineInput) -> None:
    """Not this one; with ``weeks``, nothing for so long."""
    ensure(policy.may_answer_help, actor, asked)
    lock(asked)
    asked.state = "declined"
    if data.weeks:
        _pause(int(actor.person_id or 0), data.weeks)


@action
def take_help(actor: Actor, asked: HelpAsked) -> None:
    """The actor answers: who does not belong yet and may join the community does so by that."""
    ensure(policy.may_answer_help, actor, asked)
    lock(asked)
    asked.state = "taken"
    community = db.session.get_one(Community, asked.question.community_id)
    if may_join_community(actor, community):
        join_community(actor, community)


@action
def pause_help(actor: Actor, data: DeclineInput) -> None:
    """The actor is asked nothing for so many weeks; 0: again from now on."""
    ensure(policy.may_pause_help, actor)
    _pause(int(actor.person_id or 0), data.weeks)


@action
def accept_answer(actor: Actor, question: TopicQuestion, data: AcceptInput) -> None:
    """This answer helped; another that was said to help before does so no more.

    Nobody says so of their own words; others than the asker only where the asker has been silent for some days.
    """
    ensure(policy.may_accept_answer, actor, question)
    lock(question)
    if question.accepted_id == data.message_id:
        return
    message = db.session.get(Message, data.message_id) if data.message_id else None
    if data.message_id and (message is None or message.topic_id != question.topic_id or message.deleted_at is not None):
        raise Invalid(Fault("message_id", "answer_elsewhere"))
    mine = actor.is_person(question.asker_id)
    if not mine and question.accepted_by_id == question.asker_id:
        raise Conflict("asker_chose")
    by = {"by_id": int(actor.person_id or 0), "asker_id": question.asker_id, "now": clock.now()}
    if message is not None and not rules.acceptable(message.author_id, message.created_at, **by):
        raise Conflict("answer_own" if message.author_id in (actor.person_id, question.asker_id) else "asker_first")
    if question.accepted_id is not None:
        before = db.session.get_one(Message, question.accepted_id)
        record(AnswerDropped(question.id, before.id, before.author_id, actor.person_id))
    question.accepted_id = message.id if message else None
    question.accepted_by_id, question.accepted_at = (actor.person_id, clock.now()) if message else (None, None)
    if message is not None:
        record(AnswerAccepted(question.id, message.id, message.author_id, question.asker_id, actor.person_id))


@action
def make_page(actor: Actor, topic: Topic) -> KnowledgePage:
    """The thread is a page now, credited to everybody who wrote more than a remark; made twice, it is there once."""
    ensure(policy.may_make_page, actor, db.session.get_one(Community, topic.room.community_id))
    there = db.session.scalar(sa.select(KnowledgePage).where(KnowledgePage.topic_id == topic.id))
    if there is not None:
        return there
    lines = queries.lines_of(topic.id, limit=THREAD_LINES + 1)
    if not lines:
        raise Conflict("thread_empty")
    question = queries.question_of(topic.id)
    accepted_id = question.accepted_id if question else None
    body, community_id = rules.page_of(lines, accepted_id), topic.room.community_id
    if len(body) < PAGE_LEAST:
        raise Conflict("thread_too_short")
    if len(body) > PAGE_MOST or len(lines) > THREAD_LINES:
        raise Conflict("thread_too_long")
    tags = [question.competency_id] if question and question.competency_id else [row.id for row in focus_of(community_id)]
    named = topic.title or " ".join(lines[0].body.split())[:80]
    title = queries.free_title(community_id, named if len(named) >= TITLE_LEAST else f"{topic.room.name}: {named}")
    data = PageInput(title=title, body=body, competency_ids=tags[:8])
    return _add_page(actor, community_id, data, topic_id=topic.id, author_ids=rules.authors_of(lines, accepted_id))


@action
def write_page(actor: Actor, community: Community, data: PageInput) -> KnowledgePage:
    """The community has a page of its own making."""
    ensure(policy.may_make_page, actor, community)
    refuse_held(actor, community.id, title=data.title, body=data.body)
    return _add_page(actor, community.id, data, author_ids={int(actor.person_id or 0)})


@action
def edit_page(actor: Actor, page: KnowledgePage, data: PageInput) -> None:
    """The page stands like this now, in a new version; what an expert has reviewed is still there."""
    ensure(policy.may_edit_page, actor, page)
    lock(page)
    if data.version != page.version:
        raise Conflict("page_changed")
    changed, words = (data.title, data.body) != (page.title, page.body), rules.brought(page.body, data.body)
    refuse_held(actor, page.community_id, title=data.title, body=" ".join(words))
    with or_refuse(_title_taken(data.title)):
        page.title, page.folded_title, page.open_to = data.title, fold(data.title), data.open_to
    _tag_page(page.id, data.competency_ids)
    if not changed:
        index.put_page(page)
        return
    page.body, page.html, page.version, page.changed_at = data.body, markdown(data.body), page.version + 1, clock.now()
    page.state = "draft"
    _note_version(page, actor)
    if len(words) >= rules.AUTHOR_WORDS:
        _credit_author(page.id, int(actor.person_id or 0))
    index.put_page(page)


@action
def send_page(actor: Actor, page: KnowledgePage) -> None:
    """The page waits for an expert."""
    ensure(policy.may_edit_page, actor, page)
    lock(page)
    if page.state != "draft":
        raise Conflict("page_state")
    page.state, page.returned_note = "in_review", ""
    record(PageSent(page.id, page.community_id, actor.person_id))


@action
def review_page(actor: Actor, page: KnowledgePage, data: PageVerdict) -> None:
    """An expert stands by the version they read, until the day of the next look; or sends it back and says why."""
    ensure(policy.may_review_page, actor, page)
    lock(page)
    if page.state not in ("in_review", "reviewed"):
        raise Conflict("page_state")
    if data.version != page.version:
        raise Conflict("page_changed")
    authors = tuple(sorted(author.id for author in page.authors))
    if data.verdict == "return":
        if not data.note:
            raise Invalid(Fault("note", "note_missing"))
        page.state, page.returned_note = "draft", data.note
        record(PageReturned(page.id, authors, int(actor.person_id or 0)))
        return
    page.state, page.reviewed_version, page.returned_note = "reviewed", page.version, ""
    page.reviewed_by_id, page.reviewed_at = actor.person_id, clock.now()
    page.review_on = rules.review_day(clock.today(actor.timezone), data.months)
    index.put_page(page)
    record(PageReviewed(page.id, page.version, authors, int(actor.person_id or 0)))


@action
def withdraw_page(actor: Actor, page: KnowledgePage) -> None:
    """The page holds no more; members still find how it came about."""
    ensure(policy.may_withdraw_page, actor, page)
    lock(page)
    page.state, page.review_on = "withdrawn", None
    index.drop("page", page.id)


@action
def remind_of_pages(actor: Actor) -> None:
    """Pages whose day has come are with the experts again, once per day of review."""
    ensure(policy.may_tend_pages, actor)
    closed = sa.select(Life.community_id).where(Life.step == "closed")
    due = sa.select(KnowledgePage).where(
        KnowledgePage.review_on <= clock.today(), KnowledgePage.state == "reviewed", KnowledgePage.community_id.not_in(closed)
    )
    for page in db.session.scalars(due.order_by(KnowledgePage.id).limit(500)):
        page.state = "in_review"
        record(PageDue(page.id, page.community_id))


@action
def add_material(actor: Actor, community: Community, data: MaterialInput, *, file: Checked | None = None) -> Material:
    """The library has this too."""
    ensure(policy.may_add_material, actor, community)
    if data.kind == "document" and file is None:
        raise Invalid(Fault("file", "file_missing"))
    if data.kind == "page" and queries.page_for(actor, data.page_id or 0).community_id != community.id:
        raise Invalid(Fault("page_id", "page_missing"))
    refuse_held(
        actor, community.id, title=data.title, about=data.about, link=data.link if data.kind == "link" and data.link else "",
        file=file.name if file is not None and data.kind == "document" else "",
    )  # fmt: skip
    row = Material(
        community_id=community.id, kind=data.kind, title=data.title, about=data.about, open_to=data.open_to,
        link=data.link if data.kind == "link" else None, page_id=data.page_id if data.kind == "page" else None,
        by_id=int(actor.person_id or 0), at=clock.now(),
    )  # fmt: skip
    if data.kind == "document" and file is not None:
        row.name, row.media_type, row.size, row.content = file.name, file.media_type, len(file.content), file.content
    db.session.add(row)
    db.session.flush()
    for competency in competencies_by_id(data.competency_ids):
        db.session.add(MaterialCompetency(material_id=row.id, competency_id=competency.id))
    index.put_material(row)
    return row


@action
def drop_material(actor: Actor, material: Material) -> None:
    """It is in the library no more, and nothing points to it."""
    ensure(policy.may_drop_material, actor, material)
    for table in (MaterialUse, MaterialCompetency):
        db.session.execute(sa.delete(table).where(table.material_id == material.id))
    index.drop("material", material.id)
    db.session.delete(material)


@action
def point_gathering(actor: Actor, gathering: Gathering, material: Material) -> None:
    """The gathering points to the material; once more, it does not."""
    ensure(may_add_point, actor, gathering)
    point_to(actor, material, "gathering", gathering.id)


@action
def point_meeting(actor: Actor, meeting: Meeting, material: Material) -> None:
    """The session of two or of a group points to the material; once more, it does not."""
    ensure(may_change_meeting, actor, meeting)
    point_to(actor, material, "meeting", meeting.id)


@action
def point_to(actor: Actor, material: Material, about: str, about_id: int) -> None:
    """Something points to the material, or no more; whoever calls has asked whether the actor may change that something."""
    ensure(policy.may_see_material, actor, material)
    key = (material.id, about, about_id)
    gone = sa.delete(MaterialUse).where(
        MaterialUse.material_id == key[0], MaterialUse.about == key[1], MaterialUse.about_id == key[2]
    )
    if db.session.execute(gone).rowcount:  # type: ignore[attr-defined]  # a DELETE answers with a cursor
        return
    put = insert_into(MaterialUse).values(
        material_id=material.id, about=about, about_id=about_id, by_id=int(actor.person_id or 0)
    )
    db.session.execute(put.on_conflict_do_nothing())


@action
def let_uses_go(actor: Actor, about: str, about_id: int) -> None:
    """What pointed to material is gone."""
    ensure(policy.may_let_uses_go, actor)
    db.session.execute(sa.delete(MaterialUse).where(MaterialUse.about == about, MaterialUse.about_id == about_id))


def _claim(person_id: int) -> bool:
    """Take the week of somebody; False if another question had it in the meantime."""
    instant = clock.now()
    db.session.execute(insert_into(Helper).values(person_id=person_id).on_conflict_do_nothing())
    free = sa.or_(Helper.asked_at.is_(None), Helper.asked_at <= instant - rules.ASKED_ONCE_IN)
    awake = sa.or_(Helper.paused_until.is_(None), Helper.paused_until < clock.today())
    taken = db.session.execute(sa.update(Helper).where(Helper.person_id == person_id, free, awake).values(asked_at=instant))
    return bool(taken.rowcount)  # type: ignore[attr-defined]  # an UPDATE answers with a cursor


def _pause(person_id: int, weeks: int) -> None:
    until = clock.today() + timedelta(weeks=weeks) if weeks else None
    put = insert_into(Helper).values(person_id=person_id, paused_until=until)
    db.session.execute(put.on_conflict_do_update(index_elements=["person_id"], set_={"paused_until": until}))


def _add_page(
    actor: Actor, community_id: int, data: PageInput, *, author_ids: set[int], topic_id: int | None = None
) -> KnowledgePage:
    instant = clock.now()
    page = KnowledgePage(
        community_id=community_id, topic_id=topic_id, title=data.title, folded_title=fold(data.title), body=data.body,
        html=markdown(data.body), open_to=data.open_to, created_by_id=int(actor.person_id or 0), created_at=instant,
        changed_at=instant, version=1, state="draft",
    )  # fmt: skip
    with or_refuse(_title_taken(data.title)):
        db.session.add(page)
    _note_version(page, actor)
    for person_id in sorted(author_ids):
        _credit_author(page.id, person_id)
    _tag_page(page.id, data.competency_ids)
    index.put_page(page)
    return page


def _title_taken(title: str) -> Invalid:
    return Invalid(Fault("title", "page_title_taken", {"title": title}))


def _look_again(question: TopicQuestion) -> None:
    """Tomorrow, as long as one goes on looking."""
    again = clock.now() + timedelta(days=1)
    if again < question.asked_at + rules.GIVES_UP_AFTER:
        key = f"seek:{question.id}:{again.date().isoformat()}"
        jobs.enqueue("community.seek_help", {"question_id": question.id}, run_at=again, dedupe_key=key)


def _note_version(page: KnowledgePage, actor: Actor) -> None:
    db.session.add(
        PageVersion(
            page_id=page.id,
            number=page.version,
            title=page.title,
            body=page.body,
            by_id=int(actor.person_id or 0),
            at=clock.now(),
        )
    )


def _credit_author(page_id: int, person_id: int) -> None:
    put = insert_into(PageAuthor).values(page_id=page_id, person_id=person_id)
    db.session.execute(put.on_conflict_do_nothing())


def _tag_page(page_id: int, competency_ids: list[int]) -> None:
    db.session.execute(sa.delete(PageCompetency).where(PageCompetency.page_id == page_id))
    db.session.add_all(PageCompetency(page_id=page_id, competency_id=row.id) for row in competencies_by_id(competency_ids))
    db.session.flush()
