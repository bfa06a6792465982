"""Reads about gatherings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.community.models.communities import Community, Membership
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.gatherings import AgendaPoint, Attendance, FollowUp, Gathering, Hand
from mentorlink.community.policy import gatherings as policy
from mentorlink.community.policy.lives import may_see_inside
from mentorlink.community.queries.lives import with_person
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Person

LISTED = 30


@dataclass(frozen=True)
class Sheet:
    """Everything the page of a gathering shows."""

    points: tuple[AgendaPoint, ...]
    people: tuple[Attendance, ...]
    follow_ups: tuple[FollowUp, ...]
    decisions: tuple[Decision, ...]
    mine: Attendance | None

    def those(self, state: str) -> list[Attendance]:
        """Who said so."""
        return [one for one in self.people if one.state == state]

    @property
    def present(self) -> list[Attendance]:
        """Who was there."""
        return [one for one in self.people if one.present_at is not None]


@dataclass(frozen=True)
class Turn:
    """Somebody's part in the round of talk: seconds spoken, and whether the hand is up or they speak."""

    person: Person
    seconds: int
    state: str


def gathering_for(actor: Actor, gathering_id: int) -> Gathering:
    """A gathering of a community to which the actor belongs."""
    row = db.session.scalar(
        sa.select(Gathering)
        .where(Gathering.id == gathering_id)
        .options(joinedload(Gathering.community), with_person(Gathering.host))
    )
    if row is None or not policy.may_see_gathering(actor, row):
        raise NotFound()
    return row


def gatherings_for(actor: Actor, community: Community, *, past: bool = False, limit: int = LISTED) -> list[Gathering]:
    """Gatherings to come, the next first; or those that are over, the last first."""
    if not may_see_inside(actor, community):
        raise NotFound()
    line = clock.now() - timedelta(hours=12)
    ahead = sa.and_(Gathering.state == "planned", Gathering.starts_at >= line)
    query = sa.select(Gathering).where(Gathering.community_id == community.id).options(with_person(Gathering.host)).limit(limit)
    if past:
        return list(db.session.scalars(query.where(sa.not_(ahead)).order_by(Gathering.starts_at.desc(), Gathering.id.desc())))
    return list(db.session.scalars(query.where(ahead).order_by(Gathering.starts_at, Gathering.id)))


CALENDAR_BACK, CALENDAR_AHEAD, CALENDAR_MOST = timedelta(days=90), timedelta(days=400), 500


def gatherings_of_calendar(person_id: int) -> list[Gathering]:
    """Gatherings to which somebody comes or came, of the communities to which they belong; for their own calendar."""
    instant = clock.now()
    query = (
        sa.select(Gathering)
        .join(Attendance, sa.and_(Attendance.gathering_id == Gathering.id, Attendance.person_id == person_id))
        .join(Membership, sa.and_(Membership.community_id == Gathering.community_id, Membership.person_id == person_id))
        .where(
            Gathering.state != "cancelled",
            sa.or_(Attendance.state == "going", Attendance.present_at.is_not(None)),
            Gathering.starts_at.between(instant - CALENDAR_BACK, instant + CALENDAR_AHEAD),
        )
        .options(joinedload(Gathering.community))
    )
    return list(db.session.scalars(query.order_by(Gathering.starts_at.desc(), Gathering.id).limit(CALENDAR_MOST)))


def sheet_for(actor: Actor, gathering: Gathering) -> Sheet:
    """What is on the agenda, who comes, what follows, what is decided. Four queries."""
    if not policy.may_see_gathering(actor, gathering):
        raise NotFound()
    here = gathering.id
    points = sa.select(AgendaPoint).where(AgendaPoint.gathering_id == here).options(with_person(AgendaPoint.by))
    people = sa.select(Attendance).where(Attendance.gathering_id == here).options(with_person(Attendance.person))
    owed = sa.select(FollowUp).where(FollowUp.gathering_id == here).options(with_person(FollowUp.owner))
    decided = sa.select(Decision).where(Decision.gathering_id == here).options(selectinload(Decision.alternatives))
    attendance = tuple(db.session.scalars(people.order_by(Attendance.answered_at, Attendance.person_id).limit(500)))
    return Sheet(
        points=tuple(db.session.scalars(points.order_by(AgendaPoint.id).limit(100))),
        people=attendance,
        follow_ups=tuple(db.session.scalars(owed.order_by(FollowUp.id).limit(100))),
        decisions=tuple(db.session.scalars(decided.order_by(Decision.id).limit(50))),
        mine=next((one for one in attendance if actor.is_person(one.person_id)), None),
    )


def follow_up_for(actor: Actor, follow_up_id: int) -> FollowUp:
    """What somebody does after a gathering that the actor may see."""
    row = db.session.get(FollowUp, follow_up_id)
    if row is None or not policy.may_see_gathering(actor, db.session.get_one(Gathering, row.gathering_id)):
        raise NotFound()
    return row


def point_for(actor: Actor, point_id: int) -> AgendaPoint:
    """A point of an agenda that the actor may see."""
    row = db.session.get(AgendaPoint, point_id)
    if row is None or not policy.may_see_gathering(actor, db.session.get_one(Gathering, row.gathering_id)):
        raise NotFound()
    return row


def members_by_id(community_id: int) -> list[tuple[int, str]]:
    """Members as id and name, by name: for choosing one."""
    rows = db.session.execute(
        sa.select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.community_id == community_id)
        .order_by(Person.folded_name, Person.id)
        .limit(500)
    )
    return [(row.id, row.name) for row in rows]


def next_host(community_id: int) -> int | None:
    """Whose turn it is to host: who has hosted least, and of those whose last time lies longest back."""
    hosted = (
        sa.select(Gathering.host_id, sa.func.count().label("n"), sa.func.max(Gathering.starts_at).label("last"))
        .where(Gathering.community_id == community_id, Gathering.state != "cancelled")
        .group_by(Gathering.host_id)
        .subquery()
    )
    return db.session.scalar(
        sa.select(Membership.person_id)
        .outerjoin(hosted, hosted.c.host_id == Membership.person_id)
        .where(Membership.community_id == community_id)
        .order_by(sa.func.coalesce(hosted.c.n, 0), hosted.c.last, Membership.joined_at, Membership.person_id)
        .limit(1)
    )


def round_for(actor: Actor, gathering: Gathering) -> list[Turn]:
    """The round of talk: who speaks, whose hand is up in the order of turns, and how long each has spoken."""
    if not policy.may_see_gathering(actor, gathering):
        raise NotFound()
    hands = db.session.scalars(
        sa.select(Hand).where(Hand.gathering_id == gathering.id).options(with_person(Hand.person)).order_by(Hand.id).limit(1000)
    ).all()
    spoken, people, since, speaking = spoken_of(hands), {}, {}, None
    for hand in hands:
        people[hand.person_id] = hand.person
        if hand.ended_at is None:
            if hand.began_at is None:
                since[hand.person_id] = hand.raised_at
            else:
                speaking = hand.person_id
    waiting = sorted(since, key=lambda one: (spoken.get(one, 0.0), since[one], one))
    done = sorted((one for one in people if one not in since and one != speaking), key=lambda one: people[one].name)
    states = [*([(speaking, "speaking")] if speaking else []), *((o, "waiting") for o in waiting), *((o, "done") for o in done)]
    return [Turn(people[one], int(spoken.get(one, 0)), state) for one, state in states]


def spoken_of(hands: list[Hand]) -> dict[int, float]:
    """Person → seconds spoken so far."""
    spoken: dict[int, float] = {}
    for hand in hands:
        if hand.began_at is not None:
            spoken[hand.person_id] = (
                spoken.get(hand.person_id, 0.0) + ((hand.ended_at or clock.now()) - hand.began_at).total_seconds()
            )
    return spoken
