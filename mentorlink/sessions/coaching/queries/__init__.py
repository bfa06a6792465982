"""Reads about coaching."""

from mentorlink.sessions.coaching.queries.engagements import (
    Engaging,
    engagement_for,
    engagement_of_series,
    engagements_for,
    engaging_for,
    session_for,
    superior_coaches,
)
from mentorlink.sessions.coaching.queries.facts import facts_of
from mentorlink.sessions.coaching.queries.papers import (
    Asked,
    Numbers,
    asked_for,
    commitment_for,
    commitments_for,
    end_for,
    goals_for,
    numbers_for,
    question_for,
    question_of,
    questions_for,
    reviews_for,
    sheet_for,
    sheeted,
)
from mentorlink.sessions.coaching.queries.sharing import Shared, caseload_of, credentials_of, shared_for, shares_of

__all__ = [
    "Asked",
    "Engaging",
    "Numbers",
    "Shared",
    "asked_for",
    "caseload_of",
    "commitment_for",
    "commitments_for",
    "credentials_of",
    "end_for",
    "engagement_for",
    "engagement_of_series",
    "engagements_for",
    "engaging_for",
    "facts_of",
    "goals_for",
    "numbers_for",
    "question_for",
    "question_of",
    "questions_for",
    "reviews_for",
    "session_for",
    "shared_for",
    "shares_of",
    "sheet_for",
    "sheeted",
    "superior_coaches",
]
