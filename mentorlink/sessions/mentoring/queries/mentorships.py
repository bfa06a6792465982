"""Reads about mentorships. To anybody but the two a mentorship does not exist."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.policy import may_see_mentorship
from mentorlink.sessions.mentoring.stages import OPEN_STATES


def mentorship_for(actor: Actor, mentorship_id: int) -> Mentorship:
    """The mentorship, if the actor is one of its two."""
    mentorship = db.session.get(Mentorship, mentorship_id, options=[joinedload(Mentorship.stage_rule)])
    if mentorship is None or not may_see_mentorship(actor, mentorship):
        raise NotFound()
    return mentorship


def mentorships_for(actor: Actor, *, open_only: bool = False) -> list[Mentorship]:
    """The actor's mentorships on either side, running ones first, then the newest."""
    query = (
        sa.select(Mentorship)
        .where(sa.or_(Mentorship.mentor_id == actor.person_id, Mentorship.mentee_id == actor.person_id))
        .options(selectinload(Mentorship.mentor), selectinload(Mentorship.mentee), joinedload(Mentorship.stage_rule))
        .order_by(Mentorship.state.in_(OPEN_STATES).desc(), Mentorship.started_at.desc(), Mentorship.id.desc())
    )
    if open_only:
        query = query.where(Mentorship.state.in_(OPEN_STATES))
    return list(db.session.scalars(query))


def mentorship_of_series(series_id: int) -> Mentorship | None:
    """The mentorship whose meetings are this series; for effects, which have no actor."""
    return db.session.scalar(sa.select(Mentorship).where(Mentorship.series_id == series_id))
