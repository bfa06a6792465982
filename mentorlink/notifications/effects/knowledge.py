"""Who is told of questions, answers and pages."""

from __future__ import annotations

from mentorlink.community.events.knowledge import AnswerAccepted, HelpSought, PageDue, PageReturned, PageReviewed, PageSent
from mentorlink.community.models.knowledge import KnowledgePage, TopicQuestion
from mentorlink.community.queries.knowledge import expert_ids
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.actions import Told, notify_many
from mentorlink.notifications.effects.telling import tell
from mentorlink.people.queries import blocked_with


def ask_for_help(event: HelpSought) -> None:
    """Who is strong in it learns that a question waits; one tap says not now."""
    question = db.session.get_one(TopicQuestion, event.question_id)
    tell(event.person_id, "help_sought", "help", event.question_id, title=question.topic.title)


def tell_of_accepted_answer(event: AnswerAccepted) -> None:
    """Who answered learns that it helped."""
    if event.author_id not in (event.by_id, event.asker_id) and event.author_id not in blocked_with(event.by_id or 0):
        tell(event.author_id, "answer_accepted", "message", event.message_id, who=event.by_id)


def tell_of_sent_page(event: PageSent) -> None:
    """The experts learn that a page waits for them."""
    _tell_experts(event, "page_sent", but=event.by_id)


def tell_of_due_page(event: PageDue) -> None:
    """The experts learn that a page is to be looked at again."""
    _tell_experts(event, "page_due", but=None)


def tell_of_reviewed_page(event: PageReviewed) -> None:
    """The authors learn that an expert stands by their page."""
    _tell_authors(event, "page_reviewed")


def tell_of_returned_page(event: PageReturned) -> None:
    """The authors learn that something is missing."""
    _tell_authors(event, "page_returned")


def _tell_experts(event: PageSent | PageDue, kind: str, *, but: int | None) -> None:
    title = db.session.get_one(KnowledgePage, event.page_id).title
    told = [Told(one, event.page_id, {"title": title}) for one in expert_ids(event.community_id) if one != but]
    notify_many(Actor.system(), told, kind=kind, about="page")


def _tell_authors(event: PageReviewed | PageReturned, kind: str) -> None:
    title = db.session.get_one(KnowledgePage, event.page_id).title
    told = [Told(one, event.page_id, {"title": title}) for one in event.author_ids if one != event.by_id]
    notify_many(Actor.system(), told, kind=kind, about="page")
