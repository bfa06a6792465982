"""The rule by which a finding counts, in the database's tongue."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies import rules
from mentorlink.competencies.models import Assessment


def is_valid(day: date, assessment: Any = Assessment) -> sa.ColumnElement[bool]:
    """True for findings of ``assessment`` (the row or an alias of it) that are not too old on ``day``."""
    since = {source: sa.literal(first, sa.Date) for source, first in rules.valid_since(day).items()}
    return assessment.assessed_on >= sa.case(since, value=assessment.source)  # type: ignore[no-any-return]  # a column of an alias


def counting_first(day: date) -> tuple[sa.ColumnElement[Any], ...]:
    """``rules.current`` as an order: of one person and competency, the finding that counts on ``day`` comes first."""
    return (
        sa.case((is_valid(day), 1), else_=0).desc(),
        sa.case({source: rules.standing(source) for source in rules.SOURCES}, value=Assessment.source, else_=0).desc(),
        Assessment.assessed_on.desc(),
        Assessment.created_at.desc(),
        sa.case({source: rules.EVIDENCE[source].weight for source in rules.SOURCES}, value=Assessment.source, else_=0).desc(),
        Assessment.level.desc(),
        Assessment.id.desc(),
    )
