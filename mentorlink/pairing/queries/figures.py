"""What HR counts: offers, requests and pairs, by unit and period. Never a word of what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.pairing.models import Offer, Request
from mentorlink.pairing.stages import OPEN
from mentorlink.people.models import Person, Unit


@dataclass(frozen=True)
class Figures:
    """People and places. ``since`` bounds what was sent; offers and places are as of now."""

    offering: int
    """People with an open offer."""
    places: int
    free: int
    asked: int
    """People who asked."""
    requests: int
    paired: int
    """People of them who got a yes."""
    declined: int
    expired: int
    waiting: int
    """Requests open now."""


@dataclass(frozen=True)
class Stall:
    """A request that has waited long for somebody's move."""

    request_id: int
    state: str
    sent_at: datetime
    expires_at: datetime
    asker_id: int
    mentor_id: int


def figures_for(actor: Actor, *, since: datetime | None = None, kind: str = "mentor") -> Figures:
    """The figures of the units that the actor runs; nothing of units they do not run. Two queries."""
    offers = db.session.execute(
        sa.select(
            sa.func.count(sa.distinct(Offer.person_id)),
            sa.func.coalesce(sa.func.sum(Offer.capacity), 0),
            sa.func.coalesce(sa.func.sum(Offer.capacity - Offer.taken), 0),
        )
        .select_from(Offer)
        .join(Person, Offer.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .where(Offer.closed_at.is_(None), Person.state == "active", Offer.kind == kind, _in_scope(actor))
    ).one()
    asked = [Offer.kind == kind, _in_scope(actor), *([Request.sent_at >= since] if since else [])]
    requests = db.session.execute(
        sa.select(
            sa.func.count(sa.distinct(Request.person_id)),
            sa.func.count(Request.id),
            sa.func.count(sa.distinct(sa.case((Request.state == "accepted", Request.person_id)))),
            *(sa.func.count(sa.case((Request.state == state, 1))) for state in ("declined", "expired")),
            sa.func.count(sa.case((Request.state.in_(OPEN), 1))),
        )
        .select_from(Request)
        .join(Offer, Request.offer_id == Offer.id)
        .join(Person, Request.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .where(*asked)
    ).one()
    return Figures(*(int(number) for number in (*offers, *requests)))


def stalls_for(actor: Actor, *, days: int = 3, limit: int = 50) -> Sequence[Stall]:
    """Open requests sent more than ``days`` ago by people of the units that the actor runs, the longest waiting first."""
    rows = db.session.execute(
        sa.select(Request.id, Request.state, Request.sent_at, Request.expires_at, Request.person_id, Offer.person_id)
        .join(Offer, Request.offer_id == Offer.id)
        .join(Person, Request.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .where(Request.state.in_(OPEN), Request.sent_at < clock.now() - timedelta(days=days), _in_scope(actor))
        .order_by(Request.sent_at, Request.id)
        .limit(limit)
    )
    return [Stall(*row) for row in rows]


def _in_scope(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.has_over(None, Role.MANAGER, Role.ADMINISTRATOR):
        return sa.true()
    paths: list[Any] = [
        Unit.path.startswith(grant.unit_path, autoescape=True)
        for grant in actor.grants
        if grant.role in (Role.MANAGER, Role.ADMINISTRATOR) and grant.unit_path
    ]
    return sa.or_(sa.false(), *paths)
