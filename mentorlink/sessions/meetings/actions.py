"""Use cases of meetings."""

from __future__ import annotations

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.sessions.meetings.models import Series, SeriesMember
from mentorlink.sessions.meetings.policy import may_begin_series


@action
def begin_series(actor: Actor, person_ids: tuple[int, ...]) -> Series:
    """Open a series in which exactly these people meet."""
    ensure(may_begin_series, actor, person_ids)
    series = Series(created_at=clock.now(), members=[SeriesMember(person_id=person_id) for person_id in person_ids])
    db.session.add(series)
    db.session.flush()
    return series
