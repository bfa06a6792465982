"""Places in gatherings: taken, given back, filled again; what becomes of them when somebody goes or the community closes.

Parts of use cases, inside an action that has asked whether the actor may; each gathering is held under its lock.
"""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.community.events.gatherings import (
    ComingChanged,
    GatheringAttended,
    GatheringCancelled,
    HostChanged,
    PlaceFreed,
)
from mentorlink.community.models.communities import Membership
from mentorlink.community.models.gatherings import Attendance, Gathering, Hand
from mentorlink.kernel import clock
from mentorlink.kernel.actions import record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock


def take(gathering: Gathering) -> bool:
    """One place, if there is one; the gathering is held under its lock."""
    if gathering.places is not None and gathering.taken >= gathering.places:
        return False
    gathering.taken += 1
    return True


def give_back(gathering: Gathering) -> None:
    """One place goes to who waits longest, or is free."""
    gathering.taken -= 1
    db.session.flush()
    fill(gathering)


def fill(gathering: Gathering) -> None:
    """Let who waits longest move up while there is room."""
    waiting = sa.select(Attendance).where(Attendance.gathering_id == gathering.id, Attendance.state == "waiting")
    for row in db.session.scalars(waiting.order_by(Attendance.answered_at, Attendance.person_id)).all():
        if not take(gathering):
            return
        row.state = "going"
        record(PlaceFreed(gathering.id, row.person_id))


def settle(gathering: Gathering) -> None:
    """It took place: it counts for everybody who was there."""
    close_round(gathering)
    gathering.state, gathering.held_at = "held", clock.now()
    for row in db.session.scalars(_present(gathering)).all():
        record(GatheringAttended(gathering.id, row.person_id, row.turn))


def call_off(actor: Actor, gathering: Gathering, reason: str) -> None:
    """It does not take place; who meant to come is told, and their calendars."""
    close_round(gathering)
    gathering.state, gathering.reason = "cancelled", reason
    gathering.revision, gathering.changed_at = gathering.revision + 1, clock.now()
    record(GatheringCancelled(gathering.id, gathering.community_id, actor.person_id))


def close_round(gathering: Gathering) -> None:
    """Who speaks stops, hands go down."""
    gathering.round_open = False
    theirs = sa.update(Hand).where(Hand.gathering_id == gathering.id, Hand.ended_at.is_(None))
    db.session.execute(theirs.values(ended_at=clock.now()))


def end_all(actor: Actor, community_id: int) -> None:
    """The community closes: what has begun and was attended took place, everything else that was planned is called off."""
    for gathering in _planned_in(community_id):
        if gathering.starts_at <= clock.now() and db.session.scalar(_present(gathering).limit(1)) is not None:
            settle(gathering)
        else:
            call_off(actor, gathering, "")


def leave_all(community_id: int, person_id: int) -> None:
    """Who belongs no more gives back their places, lowers their hand, and hosts nothing."""
    heir_id = None
    for gathering in _planned_in(community_id, person_id):
        row = db.session.get(Attendance, (gathering.id, person_id), populate_existing=True)
        held = row is not None and row.state == "going"
        if row is not None:
            row.state = "not_going"
        if held:
            give_back(gathering)
            record(ComingChanged(gathering.id, person_id, coming=False))
        theirs = sa.update(Hand).where(Hand.gathering_id == gathering.id, Hand.person_id == person_id, Hand.ended_at.is_(None))
        db.session.execute(theirs.values(ended_at=clock.now()))
        if gathering.host_id == person_id:
            heir_id = heir_id or _facilitator(community_id, person_id)
            if heir_id is not None:
                gathering.host_id = heir_id
                record(HostChanged(gathering.id, heir_id))


def _planned_in(community_id: int, person_id: int | None = None) -> list[Gathering]:
    """Planned gatherings under their locks, in one order; of ``person_id``: which they host, mean to attend or wait for."""
    query = sa.select(Gathering).where(Gathering.community_id == community_id, Gathering.state == "planned")
    if person_id is not None:
        answered = sa.select(Attendance.gathering_id).where(Attendance.person_id == person_id, Attendance.state != "not_going")
        query = query.where(sa.or_(Gathering.host_id == person_id, Gathering.id.in_(answered)))
    rows = [lock(row) for row in db.session.scalars(query.order_by(Gathering.id)).all()]
    return [row for row in rows if row.state == "planned"]


def _facilitator(community_id: int, but_id: int) -> int | None:
    """The facilitator of longest standing beside ``but_id``."""
    others = sa.select(Membership.person_id).where(
        Membership.community_id == community_id, Membership.role == "facilitator", Membership.person_id != but_id
    )
    return db.session.scalar(others.order_by(Membership.joined_at, Membership.person_id).limit(1))


def _present(gathering: Gathering) -> sa.Select[tuple[Attendance]]:
    there = sa.select(Attendance).where(Attendance.gathering_id == gathering.id, Attendance.present_at.is_not(None))
    return there.order_by(Attendance.person_id)
