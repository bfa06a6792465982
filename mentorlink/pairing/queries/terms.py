"""On what terms people meet now: the running programme's rules and weights, or the usual ones where none runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from mentorlink.kernel import settings
from mentorlink.matching import Rules, Weights
from mentorlink.programmes.queries import default_programme, rules_of, weights_of

PROGRAMME_KIND = {"mentor": "mentoring", "coach": "coaching"}


@dataclass(frozen=True)
class Terms:
    """What holds for a request of one kind."""

    programme_id: int | None
    rules: Rules
    weights: Weights
    most_open: int
    """Requests that one person may have open at a time."""
    answer_within: timedelta
    """A request without an answer returns after so long."""


def terms_of(kind: str) -> Terms:
    """The terms for an offer of ``kind``. A mentor stands outside the line of command; a coach may be one's own superior."""
    programme = default_programme(PROGRAMME_KIND[kind])
    own = rules_of(programme)
    return Terms(
        programme_id=programme.id if programme else None,
        rules=Rules(
            outside_line=kind == "mentor",
            same_field=own.same_field,
            other_unit=own.other_unit,
            grade_min=own.grade_min,
            grade_max=own.grade_max,
        ),
        weights=Weights(**weights_of(programme), grade_points=own.grade_points),
        most_open=own.open_requests,
        answer_within=timedelta(days=own.request_days if programme else settings.current().request_days),
    )
