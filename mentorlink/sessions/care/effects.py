"""What care does by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock, settings
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.sessions.care.actions import watch_pair
from mentorlink.sessions.care.models import Silence
from mentorlink.sessions.mentoring.models import Mentorship

AT_ONCE = 200
"""Pairs looked at in one run; the next run takes the rest."""


def watch_silence(_payload: dict[str, Any]) -> None:
    """Job ``care.watch_silence``: look at the pairs that may have become quiet and at those whose next look is due."""
    quiet = clock.now() - timedelta(days=settings.current().silence_days)
    watched = sa.exists().where(Silence.mentorship_id == Mentorship.id, Silence.due_at.is_not(None))
    fresh = sa.select(Mentorship.id).where(Mentorship.state == "active", Mentorship.touched_at <= quiet, sa.not_(watched))
    due = sa.select(Silence.mentorship_id).where(Silence.due_at <= clock.now())
    for query in (due.order_by(Silence.due_at), fresh.order_by(Mentorship.touched_at)):
        for id_ in db.session.scalars(query.limit(AT_ONCE)).all():
            watch_pair(Actor.system(), db.session.get_one(Mentorship, id_))
