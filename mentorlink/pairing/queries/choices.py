"""Reads about what people chose: being ranked, being found, whom they saved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from mentorlink.competencies.queries import among
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.pairing import rules
from mentorlink.pairing.models import FindingChoice, Offer, SavedPerson
from mentorlink.people.queries import blocked_with


@dataclass(frozen=True)
class Choices:
    """What holds for somebody."""

    unranked: bool = False
    """Objects to automated ranking."""
    open_to_offers: bool = False
    """Mentors may see what they look for, and invite them."""


def choices_of(person_id: int | None) -> Choices:
    """What a person chose, or what holds until they do. One query."""
    row = db.session.get(FindingChoice, person_id) if person_id is not None else None
    return Choices(row.unranked, row.open_to_offers) if row is not None else Choices()


def who_object(person_ids: Collection[int]) -> set[int]:
    """Those of these people who object to automated ranking. One query."""
    return set(
        db.session.scalars(
            sa.select(FindingChoice.person_id).where(FindingChoice.unranked, among(FindingChoice.person_id, person_ids))
        )
    )


@dataclass(frozen=True)
class Saved:
    """Somebody whom one saved, as they stand now."""

    row: SavedPerson
    offer: Offer | None
    """Their open offer; None when there is none."""
    stands: str
    news: str | None
    """What changed since it was saved or last noted."""


def saved_for(actor: Actor) -> list[Saved]:
    """Whom the actor saved, the latest first; not between people who blocked each other, nor who has left. Three queries."""
    rows = db.session.scalars(
        sa.select(SavedPerson)
        .where(SavedPerson.person_id == actor.person_id)
        .options(joinedload(SavedPerson.saved))
        .order_by(SavedPerson.saved_at.desc(), SavedPerson.saved_id)
    ).all()
    apart = blocked_with(actor.person_id) if rows and actor.person_id else set()
    rows = [row for row in rows if row.saved_id not in apart and row.saved.is_active]
    offers = _open_offers([row.saved_id for row in rows])
    today = clock.today()
    found = []
    for row in rows:
        offer = offers.get((row.saved_id, row.kind))
        stands = standing_of(offer, today)
        found.append(Saved(row, offer, stands, rules.news(row.stood, stands)))
    return found


def standing_of(offer: Offer | None, today: date) -> str:
    """How an offer stands for who looks at it."""
    if offer is None:
        return "closed"
    return rules.standing(free=offer.free, paused_until=offer.paused_until, is_open=offer.closed_at is None, today=today)


def _open_offers(person_ids: Sequence[int]) -> dict[tuple[int, str], Offer]:
    if not person_ids:
        return {}
    rows = db.session.scalars(sa.select(Offer).where(Offer.person_id.in_(person_ids), Offer.closed_at.is_(None)))
    return {(offer.person_id, offer.kind): offer for offer in rows}
