"""What a coachee lets their superior see, read through the consent itself: without an open share no query finds a word."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Person
from mentorlink.people.queries import superiors_of
from mentorlink.sessions.coaching.models import Commitment, Credential, Engagement, Goal, Review, Scale, Share
from mentorlink.sessions.coaching.policy import may_see_engagement
from mentorlink.sessions.coaching.rules import BOTH
from mentorlink.sessions.meetings.models import Meeting


def shares_of(actor: Actor, engagement: Engagement) -> list[Share]:
    """What the superior may see now, for the two."""
    if not may_see_engagement(actor, engagement):
        raise NotFound()
    query = sa.select(Share).where(Share.engagement_id == engagement.id, Share.withdrawn_at.is_(None))
    return list(db.session.scalars(query.order_by(Share.since, Share.id)))


def seen_by_superior(actor: Actor, engagement: Engagement) -> dict[str, str]:
    """Item → name of the superior who sees it now, for the two: what the page says beside each text. Nothing shared is empty."""
    rows = shares_of(actor, engagement)
    superior = superiors_of([engagement.coachee]).get(engagement.coachee_id) if rows else None
    return {row.item: superior.name for row in rows if superior is not None and superior.id == row.superior_id}


@dataclass
class Shared:
    """One coaching as far as the coachee lets their superior see it. What is not shared is not in here."""

    engagement_id: int
    coachee_id: int
    name: str
    items: set[str] = field(default_factory=set)
    state: str = ""
    goal: str | None = None
    goal_by: str | None = None
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    """Moment → side → number, of the moments of which both have said theirs."""
    sessions: int | None = None
    minutes: int | None = None
    commitments: dict[str, int] | None = None
    """State → how many."""
    review: dict[str, str] | None = None
    """The coachee's own, once both have written theirs."""


def shared_for(actor: Actor) -> list[Shared]:
    """Everything coachees let the actor see as their superior: a constant number of queries, each through the open shares."""
    rows = db.session.execute(
        sa.select(Engagement, Person, Share.item)
        .join(Share, Share.engagement_id == Engagement.id)
        .join(Person, Person.id == Engagement.coachee_id)
        .where(Share.superior_id == actor.person_id, Share.withdrawn_at.is_(None), Engagement.coach_id != actor.person_id)
        .options(joinedload(Person.unit))
        .order_by(Person.name, Engagement.id)
        .limit(600)
    ).all()
    still = superiors_of({person.id: person for _engagement, person, _item in rows}.values())
    found: dict[int, Shared] = {}
    sides: dict[int, Engagement] = {}
    for engagement, person, item in rows:
        if person.id in still and still[person.id].id == actor.person_id:
            shared = found.setdefault(engagement.id, Shared(engagement.id, person.id, person.name, state=engagement.state))
            shared.items.add(item)
            sides[engagement.id] = engagement
    if found:
        _goals(actor, found)
        _numbers(actor, found, sides)
        _sessions(actor, found)
        _commitments(actor, found)
        _reviews(actor, found, sides)
    return list(found.values())


def _open(actor: Actor, item: str, engagement_id: Any, found: dict[int, Shared]) -> sa.ColumnElement[bool]:
    """The condition under which a row may be read: the coachee shares this item with the actor, now."""
    share = sa.exists().where(
        Share.engagement_id == engagement_id, Share.item == item, Share.superior_id == actor.person_id,
        Share.withdrawn_at.is_(None),
    )  # fmt: skip
    return sa.and_(engagement_id.in_(found), share)


def _goals(actor: Actor, found: dict[int, Shared]) -> None:
    query = sa.select(Goal).join(Engagement, sa.and_(Engagement.id == Goal.engagement_id, Engagement.goal_number == Goal.number))
    for goal in db.session.scalars(query.where(_open(actor, "goal", Goal.engagement_id, found))):
        found[goal.engagement_id].goal, found[goal.engagement_id].goal_by = goal.text, goal.by_on.isoformat()


def _numbers(actor: Actor, found: dict[int, Shared], sides: dict[int, Engagement]) -> None:
    said: dict[int, dict[str, dict[str, int]]] = {}
    for row in db.session.scalars(sa.select(Scale).where(_open(actor, "numbers", Scale.engagement_id, found))):
        side = sides[row.engagement_id].side_of(row.person_id)
        if side:
            said.setdefault(row.engagement_id, {}).setdefault(row.moment, {})[side] = row.value
    for id_, moments in said.items():
        found[id_].numbers = {moment: values for moment, values in moments.items() if set(values) == BOTH}


def _sessions(actor: Actor, found: dict[int, Shared]) -> None:
    for shared in found.values():
        if "sessions" in shared.items:
            shared.sessions, shared.minutes = 0, 0
    query = (
        sa.select(Engagement.id, sa.func.count(), sa.func.sum(Meeting.minutes))
        .join(Meeting, Meeting.series_id == Engagement.series_id)
        .where(_open(actor, "sessions", Engagement.id, found), Meeting.state == "held")
        .group_by(Engagement.id)
    )
    for id_, count, minutes in db.session.execute(query):
        found[id_].sessions, found[id_].minutes = count, minutes


def _commitments(actor: Actor, found: dict[int, Shared]) -> None:
    query = (
        sa.select(Commitment.engagement_id, Commitment.state, sa.func.count())
        .where(_open(actor, "commitments", Commitment.engagement_id, found))
        .group_by(Commitment.engagement_id, Commitment.state)
    )
    for id_, state, count in db.session.execute(query):
        found[id_].commitments = (found[id_].commitments or {}) | {state: count}


def _reviews(actor: Actor, found: dict[int, Shared], sides: dict[int, Engagement]) -> None:
    written: dict[int, dict[str, Review]] = {}
    for row in db.session.scalars(sa.select(Review).where(_open(actor, "review", Review.engagement_id, found))):
        written.setdefault(row.engagement_id, {})[str(sides[row.engagement_id].side_of(row.person_id))] = row
    for id_, reviews in written.items():
        if set(reviews) == BOTH:
            found[id_].review = reviews["coachee"].body


def credentials_of(person_id: int) -> list[Credential]:
    """What a coach has learnt to coach by; everybody they coach may read it."""
    query = sa.select(Credential).where(Credential.person_id == person_id)
    return list(db.session.scalars(query.order_by(Credential.added_at.desc(), Credential.id.desc())))


def caseload_of(person_id: int | None) -> dict[str, int]:
    """How many coachees somebody has, by state."""
    query = sa.select(Engagement.state, sa.func.count()).where(Engagement.coach_id == person_id).group_by(Engagement.state)
    return dict(db.session.execute(query).all())
