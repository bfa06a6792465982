"""What lies on somebody's desk while they look for help: in one query, since every list asks for all of it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.pairing.models import FindingChoice, HeldPlace, Invitation, Offer, Request


@dataclass(frozen=True)
class Desk:
    """One person's own choices and what waits for them."""

    unranked: bool
    """Objects to automated ranking."""
    place_id: int | None
    """The place that is kept for them now."""
    invitations: int
    """Invitations that wait for their yes or no."""
    requests: int
    """Requests that wait for a move of theirs."""
    offers: bool
    """Offers help themself."""


def desk_of(person_id: int) -> Desk:
    """All of it, in one query."""
    mine = sa.select(Offer.id).where(Offer.person_id == person_id)
    row = db.session.execute(
        sa.select(
            sa.select(FindingChoice.unranked).where(FindingChoice.person_id == person_id).scalar_subquery(),
            sa.select(sa.func.max(HeldPlace.id))
            .where(HeldPlace.person_id == person_id, HeldPlace.state == "offered", HeldPlace.until > clock.now())
            .scalar_subquery(),
            _count(Invitation, Invitation.person_id == person_id, Invitation.state == "sent"),
            _count(Request, Request.state == "sent", Request.offer_id.in_(mine)),
            _count(Request, Request.state == "asked_back", Request.person_id == person_id),
            sa.exists(mine.where(Offer.closed_at.is_(None))),
        )
    ).one()
    return Desk(bool(row[0]), row[1], row[2], row[3] + row[4], bool(row[5]))


def _count(table: type[Invitation] | type[Request], *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(table).where(*conditions).scalar_subquery()
