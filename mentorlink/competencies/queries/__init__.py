"""Reads of competencies."""

from mentorlink.competencies.queries.needs import (
    among,
    competency_ids_by_code,
    effective_standards,
    job_person_match,
    levels_of,
    needs_for,
    needs_of,
)

__all__ = [
    "among",
    "competency_ids_by_code",
    "effective_standards",
    "job_person_match",
    "levels_of",
    "needs_for",
    "needs_of",
]
