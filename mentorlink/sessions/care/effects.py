"""What care does by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from mentorlink.kernel import clock, settings
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.sessions.care.actions import watch_coaching, watch_pair
from mentorlink.sessions.care.models import EngagementSilence, Silence
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.coaching.stages import OPEN_STATES
from mentorlink.sessions.mentoring.models import Mentorship

AT_ONCE = 200
"""Pairs looked at in one run; the next run takes the rest."""

log = structlog.get_logger(__name__)


def watch_silence(_payload: dict[str, Any]) -> None:
    """Job ``care.watch_silence``, apart: look at the pairs that may have become quiet and at those whose next look is due.

    Each pair is looked at for itself: one that cannot be looked at holds up no other.
    """
    quiet = clock.now() - timedelta(days=settings.current().silence_days)
    watched = sa.exists().where(Silence.mentorship_id == Mentorship.id, Silence.due_at.is_not(None))
    fresh = sa.select(Mentorship.id).where(Mentorship.state == "active", Mentorship.touched_at <= quiet, sa.not_(watched))
    due = sa.select(Silence.mentorship_id).where(Silence.due_at <= clock.now())
    pairs = (due.order_by(Silence.due_at), fresh.order_by(Mentorship.touched_at))
    _each(pairs, lambda id_: watch_pair(Actor.system(), db.session.get_one(Mentorship, id_)), "mentorship")

    watched = sa.exists().where(EngagementSilence.engagement_id == Engagement.id, EngagementSilence.due_at.is_not(None))
    fresh = sa.select(Engagement.id).where(
        Engagement.state.in_(OPEN_STATES), Engagement.paused_until.is_(None), sa.not_(watched), Engagement.started_at <= quiet,
        sa.or_(Engagement.touched_at.is_(None), Engagement.touched_at <= quiet),
    )  # fmt: skip
    due = sa.select(EngagementSilence.engagement_id).where(EngagementSilence.due_at <= clock.now())
    coachings = (due.order_by(EngagementSilence.due_at), fresh.order_by(Engagement.started_at))
    _each(coachings, lambda id_: watch_coaching(Actor.system(), db.session.get_one(Engagement, id_)), "engagement")


def _each(queries: tuple[sa.Select[tuple[int]], ...], look: Callable[[int], str], kind: str) -> None:
    ids = [id_ for query in queries for id_ in db.session.scalars(query.limit(AT_ONCE)).all()]
    for id_ in dict.fromkeys(ids):
        try:
            look(id_)
        except Exception:  # the others are looked at all the same, and this one at the next run
            log.exception("watch_failed", kind=kind, id=id_)
