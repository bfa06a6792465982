"""Reads about people. A stranger's thing does not exist: ``<thing>_for(actor, id)`` raises NotFound."""

from mentorlink.people.queries.accounts import actor_of, sign_in_of, sign_ins_for
from mentorlink.people.queries.lines import blocked_with, line_heads, line_of, superior_of, superiors_of
from mentorlink.people.queries.people import nip_for, people_by_id, person_for, search_people
from mentorlink.people.queries.units import unit_for, units_for

__all__ = [
    "actor_of",
    "blocked_with",
    "line_heads",
    "line_of",
    "nip_for",
    "people_by_id",
    "person_for",
    "search_people",
    "sign_in_of",
    "sign_ins_for",
    "superior_of",
    "superiors_of",
    "unit_for",
    "units_for",
]
