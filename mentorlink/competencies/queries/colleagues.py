"""Whom one may ask how somebody works, what was asked, and who is waited for."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.competencies.models import Competency, PeerReview, PeerVoice
from mentorlink.competencies.policy import may_ask_colleagues
from mentorlink.competencies.shapes import Asking
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Person, Unit
from mentorlink.people.queries import kept_away_by, line_heads, search_people

SHOWN = 12
NEAR = 40


def not_to_ask(actor: Actor, person: Person) -> set[int]:
    """Who is no colleague here: the person, whoever asks, who stands above (they assess apart), whom the person keeps away."""
    return {person.id, actor.person_id or 0} | set(line_heads(person.unit.path)) | kept_away_by(person.id)


def colleagues_near(actor: Actor, person: Person, *, chosen: Collection[int] = (), text: str = "") -> list[Person]:
    """Whom to choose from: who is chosen, who fits ``text``, and who works in the same unit or in those beside it."""
    away = not_to_ask(actor, person)
    near = _near(person, away)
    found = search_people(actor, text, limit=20) if text.strip() else []
    kept = db.session.scalars(sa.select(Person).where(Person.id.in_(set(chosen)), Person.state == "active").limit(NEAR))
    rows = {row.id: row for row in [*sorted(kept, key=lambda row: row.folded_name), *found, *near] if row.id not in away}
    return list(rows.values())


def _near(person: Person, away: Collection[int]) -> list[Person]:
    parent_id, own = person.unit.parent_id, Person.unit_id == person.unit_id
    beside = sa.select(Unit.id).where(Unit.parent_id == parent_id, Unit.parent_id.is_not(None))
    query = (
        sa.select(Person)
        .where(Person.state == "active", Person.id.not_in(away), sa.or_(own, Person.unit_id.in_(beside)))
        .order_by(sa.case((own, 0), else_=1), Person.folded_name, Person.id)
        .limit(NEAR)
    )
    return list(db.session.scalars(query))


def reviews_of(actor: Actor, person: Person) -> list[Asking]:
    """What colleagues were asked about ``person``, newest first; nothing to whoever may not see the map."""
    if not may_ask_colleagues(actor, person):
        raise NotFound()
    query = (
        sa.select(PeerReview)
        .where(PeerReview.person_id == person.id)
        .options(selectinload(PeerReview.voices).joinedload(PeerVoice.person), joinedload(PeerReview.asked_by))
        .order_by(PeerReview.id.desc())
        .limit(SHOWN)
    )
    return [
        Asking(
            review,
            len(review.voices),
            sum(voice.state == "answered" for voice in review.voices),
            actor.is_person(review.asked_by_id),
        )
        for review in db.session.scalars(query)
    ]


def review_for(actor: Actor, review_id: int) -> PeerReview:
    """A review that the actor asked for; to others there is none."""
    review = db.session.get(PeerReview, review_id)
    if review is None or not actor.is_person(review.asked_by_id):
        raise NotFound()
    return review


def voice_for(actor: Actor, review_id: int) -> PeerVoice:
    """What the actor is asked in this review; to whoever is not asked it does not exist."""
    voice = db.session.get(PeerVoice, (review_id, actor.person_id or 0))
    if voice is None:
        raise NotFound()
    return voice


def asked_of(actor: Actor) -> list[PeerReview]:
    """The open reviews in which the actor is asked and has not spoken, the most urgent first."""
    query = (
        sa.select(PeerReview)
        .join(PeerVoice, PeerVoice.review_id == PeerReview.id)
        .where(
            PeerVoice.person_id == actor.person_id,
            PeerVoice.state == "asked",
            PeerReview.state == "open",
            PeerReview.closes_at > clock.now(),
        )
        .options(joinedload(PeerReview.person))
        .order_by(PeerReview.closes_at, PeerReview.id)
        .limit(SHOWN)
    )
    return list(db.session.scalars(query))


def asked_about(review: PeerReview) -> list[Competency]:
    """The competencies of a review with their levels, in the order in which they were chosen."""
    query = sa.select(Competency).where(Competency.id.in_(review.competency_ids)).options(selectinload(Competency.levels))
    rows = {row.id: row for row in db.session.scalars(query)}
    return [rows[id_] for id_ in review.competency_ids if id_ in rows]
