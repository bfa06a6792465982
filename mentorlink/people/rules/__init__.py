"""Decisions about people: values in, values out."""

from mentorlink.people.rules.nip import mask_nip, nip_fault
from mentorlink.people.rules.passwords import hash_password, needs_new_hash, password_faults, password_matches
from mentorlink.people.rules.reference import LANGUAGES, PLACES, RANKS, TIMEZONES, Place, known_place
from mentorlink.people.rules.throttle import Count, after_failure, after_success, wait_seconds
from mentorlink.people.rules.tree import has_cycle, paths_of

__all__ = [
    "LANGUAGES",
    "PLACES",
    "RANKS",
    "TIMEZONES",
    "Count",
    "Place",
    "after_failure",
    "after_success",
    "has_cycle",
    "hash_password",
    "known_place",
    "mask_nip",
    "needs_new_hash",
    "nip_fault",
    "password_faults",
    "password_matches",
    "paths_of",
    "wait_seconds",
]
