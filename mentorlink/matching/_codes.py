"""The engine's words: names of terms, rules and filters, and the bit of each rule and filter."""

from __future__ import annotations

TERMS = ("cover", "text", "experience", "place", "field", "language", "grade")
TERM_AT = {name: at for at, name in enumerate(TERMS)}
RULES = (
    "self",
    "line_of_command",
    "no_room",
    "paused",
    "blocked",
    "past_failed_pair",
    "other_field",
    "same_unit",
    "grade_distance",
)
FILTERS = ("fields", "time_zones", "places", "languages", "unit", "covers", "min_years", "grades")

ABSENT = 1
"""Bit of a slot without a person."""
# What depends on the mentor alone comes first: it fits the byte that each slot keeps.
_OWN = ("no_room", "paused")
BIT = {name: 2 << place for place, name in enumerate((*_OWN, *(rule for rule in RULES if rule not in _OWN), *FILTERS))}
RULE_BITS = sum(BIT[name] for name in RULES)
