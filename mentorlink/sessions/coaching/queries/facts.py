"""What the steps of engagements look at: four queries for any number of them."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from mentorlink.kernel.db import db
from mentorlink.sessions.coaching.models import Engagement, Review, Scale
from mentorlink.sessions.coaching.rules import Facts
from mentorlink.sessions.meetings.models import Meeting


def facts_of(engagements: Iterable[Engagement]) -> dict[int, Facts]:
    """Engagement → what its steps look at."""
    rows = {engagement.id: engagement for engagement in engagements}
    series = {row.series_id: row.id for row in rows.values()}
    held = {
        series[series_id]: count
        for series_id, count in db.session.execute(
            sa.select(Meeting.series_id, sa.func.count())
            .where(Meeting.series_id.in_(series), Meeting.state == "held")
            .group_by(Meeting.series_id)
        )
    }
    scaled: dict[int, dict[str, set[str]]] = {}
    said = sa.select(Scale.engagement_id, Scale.moment, Scale.person_id).where(Scale.engagement_id.in_(rows))
    for engagement_id, moment, person_id in db.session.execute(said):
        side = rows[engagement_id].side_of(person_id) or "superior"
        scaled.setdefault(engagement_id, {}).setdefault(moment, set()).add(side)
    reviewed: dict[int, set[str]] = {}
    written = sa.select(Review.engagement_id, Review.person_id).where(Review.engagement_id.in_(rows))
    for engagement_id, person_id in db.session.execute(written):
        reviewed.setdefault(engagement_id, set()).add(str(rows[engagement_id].side_of(person_id)))
    return {
        row.id: Facts(
            held=held.get(row.id, 0),
            yes=frozenset(side for side in ("coach", "coachee") if getattr(row, f"{side}_yes_at") is not None),
            goal=row.goal_number,
            scaled={moment: frozenset(sides) for moment, sides in scaled.get(row.id, {}).items()},
            reviewed=frozenset(reviewed.get(row.id, ())),
        )
        for row in rows.values()
    }
