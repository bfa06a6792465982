"""The figures of a community: counted over the last months, of its present members."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mentorlink.community.models.communities import Community, Membership
from mentorlink.community.models.decisions import Decision, Stance
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.models.knowledge import KnowledgePage, PageAuthor, TopicQuestion
from mentorlink.community.models.lives import Focus
from mentorlink.community.models.messages import Message
from mentorlink.community.models.rooms import Room
from mentorlink.community.policy.figures import may_see_figures
from mentorlink.community.rules.figures import FEWEST, PERIOD_DAYS, Counts
from mentorlink.competencies.models import Assessment
from mentorlink.competencies.rules import current
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Person


def counts_for(actor: Actor, community: Community) -> Counts:
    """What was counted; of a community with too few members nothing but their number."""
    if not may_see_figures(actor, community):
        raise NotFound()
    here, since = community.id, clock.now() - timedelta(days=PERIOD_DAYS)
    members = {
        row.person_id: row.joined_at
        for row in db.session.execute(
            sa.select(Membership.person_id, Membership.joined_at).where(Membership.community_id == here)
        )
    }
    if len(members) < FEWEST:
        return Counts(len(members))
    said = dict(
        db.session.execute(
            sa.select(Message.author_id, sa.func.count()).where(*_said_in(here, since)).group_by(Message.author_id)
        ).all()
    )
    answered = _first_answers(here, {one for one, joined in members.items() if joined >= since})
    grown, assessed = _growth(here, list(members), since)
    return Counts(
        len(members),
        tuple(said.get(one, 0) for one in members),
        newcomers=len(answered),
        newcomers_answered=sum(hours is not None for hours in answered),
        first_answer_hours=median([hours for hours in answered if hours is not None] or [0.0]) if any(answered) else None,
        grown=grown,
        assessed=assessed,
        **_sums(here, since, len(members)),
    )


def _sums(here: int, since: datetime, members: int) -> dict[str, Any]:
    """Everything that is one number each, in one query."""
    replied, author, other = aliased(Message), aliased(Person), aliased(Person)
    replies = (
        sa.select(sa.func.count().label("n"), sa.func.sum(sa.case((author.unit_id != other.unit_id, 1), else_=0)).label("across"))
        .select_from(Message)
        .join(replied, replied.id == Message.reply_to_id)
        .join(author, author.id == Message.author_id)
        .join(other, other.id == replied.author_id)
        .where(*_said_in(here, since), Message.author_id != replied.author_id)
        .subquery()
    )
    answer = sa.select(Message.id).where(
        Message.topic_id == TopicQuestion.topic_id, Message.author_id != TopicQuestion.asker_id, Message.deleted_at.is_(None)
    )
    writers = sa.select(PageAuthor.page_id).group_by(PageAuthor.page_id).having(sa.func.count() > 1)
    page = sa.and_(KnowledgePage.community_id == here, KnowledgePage.state != "withdrawn")
    reviewed = sa.and_(page, KnowledgePage.reviewed_version.is_not(None))
    asked = TopicQuestion.community_id == here
    held = sa.and_(Gathering.community_id == here, Gathering.state == "held", Gathering.held_at >= since)
    decided = sa.and_(Decision.community_id == here, Decision.state == "decided", Decision.decided_at >= since)
    stances = sa.select(sa.func.count()).select_from(Stance).join(Decision, Decision.id == Stance.decision_id).where(decided)
    row = db.session.execute(
        sa.select(
            replies.c.n,
            sa.func.coalesce(replies.c.across, 0),
            _count(TopicQuestion, asked, TopicQuestion.accepted_id.is_(None), ~answer.exists()),
            _count(TopicQuestion, asked, TopicQuestion.accepted_at >= since),
            _count(KnowledgePage, page),
            _count(KnowledgePage, page, KnowledgePage.id.in_(writers)),
            _count(KnowledgePage, reviewed, KnowledgePage.open_to == "agency"),
            _count(KnowledgePage, reviewed),
            _count(KnowledgePage, page, KnowledgePage.review_on <= clock.today()),
            _count(Gathering, held),
            sa.select(sa.func.count(sa.distinct(Gathering.host_id))).where(held).scalar_subquery(),
            _count(Decision, decided),
            stances.scalar_subquery(),
        )
    ).one()
    names = ("replies", "replies_across", "unanswered", "accepted", "pages", "pages_together", "pages_open", "reviewed",
             "pages_due", "gatherings", "hosts", "decisions")  # fmt: skip
    found = dict(zip(names, map(int, row[:12]), strict=True))
    stance_share = row[12] / (found["decisions"] * members) if found["decisions"] else None
    return found | {"stance_share": stance_share}


def _first_answers(here: int, newcomers: set[int]) -> list[float | None]:
    """For each newcomer who spoke: hours until somebody else spoke in that topic, or None."""
    if not newcomers:
        return []
    later = aliased(Message)
    first = (
        sa.select(sa.func.min(Message.id).label("id"))
        .join(Room, Room.id == Message.room_id)
        .where(Room.community_id == here, Message.author_id.in_(newcomers), Message.deleted_at.is_(None))
        .group_by(Message.author_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Message.created_at, sa.func.min(later.created_at))
        .join(first, first.c.id == Message.id)
        .outerjoin(
            later,
            sa.and_(later.topic_id == Message.topic_id, later.seq > Message.seq, later.author_id != Message.author_id),
        )
        .group_by(Message.id, Message.created_at)
    )
    return [None if answer is None else (answer - asked).total_seconds() / 3600 for asked, answer in rows]


def _growth(here: int, members: list[int], since: datetime) -> tuple[int, int]:
    """How many members stand higher in what the community works on than at the beginning of the period, and of how many."""
    focus = list(db.session.scalars(sa.select(Focus.competency_id).where(Focus.community_id == here)))
    if not focus:
        return 0, 0
    found: dict[tuple[int, int], list[Assessment]] = {}
    rows = db.session.scalars(
        sa.select(Assessment).where(Assessment.person_id.in_(members), Assessment.competency_id.in_(focus)).limit(20_000)
    )
    for row in rows:
        found.setdefault((row.person_id, row.competency_id), []).append(row)
    grown, known = set(), set()
    for (person_id, _competency), ledger in found.items():
        before = current([row for row in ledger if row.created_at < since], since.date())
        now = current(ledger, clock.today())
        if before is not None and now is not None:
            known.add(person_id)
            if now.level > before.level:
                grown.add(person_id)
    return len(grown), len(known)


def _said_in(here: int, since: datetime) -> tuple[Any, ...]:
    rooms = sa.select(Room.id).where(Room.community_id == here)
    return Message.room_id.in_(rooms), Message.created_at >= since, Message.deleted_at.is_(None)


def _count(table: type[Any], *conditions: Any) -> Any:
    return sa.select(sa.func.count()).select_from(table).where(*conditions).scalar_subquery()
