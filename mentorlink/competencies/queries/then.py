"""Levels as they stood on an earlier day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from mentorlink.competencies.models import Assessment
from mentorlink.competencies.queries.order import counting_first


def levels_before(day: date, competency_ids: Collection[int]) -> sa.Subquery:
    """``rules.current`` by what had been found before ``day``: person, competency and level, as a subquery."""
    within = (Assessment.person_id, Assessment.competency_id)
    place = sa.func.row_number().over(partition_by=within, order_by=counting_first(day))
    ranked = (
        sa.select(Assessment.person_id, Assessment.competency_id, Assessment.level, place.label("place"))
        .where(Assessment.assessed_on < day, Assessment.competency_id.in_(competency_ids))
        .subquery()
    )
    return sa.select(ranked.c.person_id, ranked.c.competency_id, ranked.c.level).where(ranked.c.place == 1).subquery()
